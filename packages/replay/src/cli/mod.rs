//! The command line and what its commands do.

mod compare;
mod output;

use std::io::Write;
use std::path::{Path as FilePath, PathBuf};

use clap::{Args, Parser, Subcommand};

use crate::config::{self, Asset, Config, Kind, RangeError, StressKind};
use crate::error::Error;
use crate::figures::Figures;
use crate::path::{self, Path, Window};
use crate::population::PositionId;
use crate::report;
use crate::rules::{self, RulesKind};
use crate::scene::Scene;
use crate::show::{self, Story};
use crate::simulation::{self, Outcome};

pub use compare::compare;

/// Where a run without `--report` and `--quiet` writes its report.
const DEFAULT_REPORT: &str = "glidepath-report.html";

/// Replays a price path against liquidation rules and draws what happened. Without a command: `run`, and without
/// arguments on the built-in scenario.
#[derive(Debug, Parser)]
#[command(name = "glidepath-replay", version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Arguments of `run`, where no command is named.
    #[command(flatten)]
    pub run: RunArgs,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run one set of rules: timeline of a position, totals, HTML report
    Run(RunArgs),
    /// Run soft rules without and with each tool, and hard ones, on the same path and market, side by side
    Compare(SceneArgs),
    /// Write out the defaults as TOML, with the meaning of every key
    Config {
        /// Preset
        #[arg(long, value_enum, default_value_t)]
        kind: Kind,
    },
}

/// Arguments of `run`.
#[derive(Debug, Default, Args)]
pub struct RunArgs {
    /// Rules that positions are liquidated by
    #[arg(long, value_enum, default_value_t)]
    pub rules: RulesKind,
    /// What is run.
    #[command(flatten)]
    pub scene: SceneArgs,
    /// Position whose timeline is shown; by default one with a story
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    pub position: Option<PositionId>,
}

/// What is run, and where the results go.
#[derive(Debug, Args)]
pub struct SceneArgs {
    /// Candles: time,open,high,low,close,volume (unix seconds at the start; a minute to a day each). Given again, with a
    /// NAME, those of another collateral over the same time
    #[arg(long, value_name = "[NAME=]FILE.csv")]
    pub prices: Vec<PricesArg>,
    /// Part of the file
    #[arg(long, value_enum, default_value_t)]
    pub window: Window,
    /// Number of positions
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub positions: Option<u32>,
    /// All collateral together, in USD that move the price by 1 %
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    pub overhang: Option<f64>,
    /// Capital in standing orders, in depths of each collateral; what they buy is held. Soft rules only
    /// [0, and 5 in the column of `compare` that has them]
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    pub holders: Option<f64>,
    /// Number of keepers without capital, who sell in the callback of their bid. Soft rules only
    /// [0, and 6 in the column of `compare` that has them]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub flash: Option<u32>,
    /// Part of the owners with a glide path, who are sold in time. Soft rules only
    /// [0, and 1 in the column of `compare` that has them]
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    pub glide: Option<f64>,
    /// Seed of everything that is drawn
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true)]
    pub seed: u64,
    /// Risk parameters, sale terms, market model and population
    #[arg(long, value_name = "FILE.toml")]
    pub config: Option<PathBuf>,
    /// Starting figures: those of a major or of a volatile asset with its queue [major]
    #[arg(long, value_enum, conflicts_with = "config")]
    pub profile: Option<Kind>,
    /// What goes wrong besides, where the price falls most; told at the end
    #[arg(long, value_name = "KIND", value_enum, value_delimiter = ',')]
    pub stress: Vec<StressKind>,
    /// Write the figures as JSON (a list of them for `compare`)
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write the report here [run: ./glidepath-report.html unless --quiet]
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
    /// Print nothing
    #[arg(long)]
    pub quiet: bool,
}

/// A file of candles, and of which collateral they are if not of the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricesArg {
    /// The collateral's name.
    pub name: Option<String>,
    /// The file.
    pub file: PathBuf,
}

impl From<&str> for PricesArg {
    fn from(text: &str) -> Self {
        // What can be no name of an asset belongs to the path of the file.
        match text.split_once('=').filter(|(name, _)| config::is_name(name)) {
            Some((name, file)) => Self {
                name: Some(name.to_owned()),
                file: file.into(),
            },
            None => Self {
                name: None,
                file: text.into(),
            },
        }
    }
}

impl Default for SceneArgs {
    fn default() -> Self {
        Self {
            prices: Vec::new(),
            window: Window::default(),
            positions: None,
            overhang: None,
            holders: None,
            flash: None,
            glide: None,
            seed: 1,
            config: None,
            profile: None,
            stress: Vec::new(),
            json: None,
            report: None,
            quiet: false,
        }
    }
}

impl SceneArgs {
    /// Sets the scene.
    pub fn scene(&self) -> Result<Scene, Error> {
        let mut config = match &self.config {
            Some(file) => config::read(file)?,
            None => Config::preset(self.profile.unwrap_or_default()),
        };
        config.population.positions = self.positions.unwrap_or(config.population.positions);
        config.population.overhang = self.overhang.unwrap_or(config.population.overhang);
        config.holders.depths = self.holders.unwrap_or(config.holders.depths);
        config.bidders.flash_count = self.flash.unwrap_or(config.bidders.flash_count);
        config.owners.glide_share = self.glide.unwrap_or(config.owners.glide_share);
        let kinds = &mut config.stress.kinds;
        kinds.extend(&self.stress);
        let mut seen = Vec::new();
        kinds.retain(|kind| {
            !seen.contains(kind) && {
                seen.push(*kind);
                true
            }
        });
        let first = self.name_files(&mut config)?;
        config
            .check()
            .map_err(|error| Error::Argument(self.named(error)))?;
        config.check_names()?;

        let candles = match &first {
            Some(file) => path::read(file)?,
            None => path::builtin(self.seed),
        };
        let path = Path::new(&candles, self.window, self.seed, &config)?;
        let further = config.assets.iter().zip(1..).map(|(asset, number)| {
            if asset.prices.is_empty() {
                return Ok(path.following(asset.first_price, asset.beta, &config));
            }
            let candles = path::read(FilePath::new(&asset.prices))?;
            Ok(path.beside(&candles, number, self.seed, &config)?)
        });
        let others = further.collect::<Result<_, Error>>()?;
        Ok(Scene::new(config, self.seed, path, others))
    }

    /// Writes the named files of candles into the configuration, where a name that is new is one more collateral (or that
    /// of the first, if its file is the first one); returns the file of the first.
    fn name_files(&self, config: &mut Config) -> Result<Option<PathBuf>, Error> {
        let mut first = None;
        for (index, PricesArg { name, file }) in self.prices.iter().enumerate() {
            let found = config
                .assets
                .iter()
                .position(|asset| Some(&asset.name) == name.as_ref());
            if index == 0 && found.is_none() {
                config.risk.name = name.clone().unwrap_or_else(|| config.risk.name.clone());
            }
            let Some(name) = name.as_ref().filter(|name| **name != config.risk.name) else {
                if first.replace(file.clone()).is_some() {
                    return Err(Error::FirstTwice { file: file.clone() });
                }
                continue;
            };
            let at = found.unwrap_or_else(|| {
                let preset = Config::preset(config.risk.kind);
                config.assets.push(Asset {
                    name: name.clone(),
                    ..preset.collaterals().remove(0)
                });
                config.assets.len() - 1
            });
            if let Some(asset) = config.assets.get_mut(at) {
                asset.prices = file.to_string_lossy().into_owned();
            }
        }
        Ok(first)
    }

    /// A key that was set by an argument, by the name of that.
    fn named(&self, mut error: RangeError) -> RangeError {
        match error.key {
            "population.positions" if self.positions.is_some() => error.key = "--positions",
            "population.overhang" if self.overhang.is_some() => error.key = "--overhang",
            "holders.depths" if self.holders.is_some() => error.key = "--holders",
            "owners.glide_share" if self.glide.is_some() => error.key = "--glide",
            "bidders.flash_count" if self.flash.is_some() => error.key = "--flash",
            _ => {}
        }
        error
    }

    /// Fails where a file could not be written, or would be written over, before a run is made for it.
    fn check_files(&self, report: Option<&FilePath>) -> Result<(), Error> {
        let files = self.prices.iter().map(|prices| prices.file.as_path());
        let read = files
            .map(|file| ("--prices", Some(file)))
            .chain([("--config", self.config.as_deref())]);
        let written = [("--json", self.json.as_deref()), ("--report", report)];
        let mut named: Vec<(&'static str, &FilePath)> = Vec::new();
        for (argument, file) in read {
            named.extend(file.map(|file| (argument, file)));
        }
        for (argument, file) in written {
            let Some(file) = file else { continue };
            if let Some((first, _)) = named.iter().find(|(_, other)| is_same(other, file)) {
                return Err(Error::FileTwice {
                    first,
                    second: argument,
                    file: file.to_owned(),
                });
            }
            named.push((argument, file));
            output::check(file)?;
        }
        Ok(())
    }

    /// Tells a person something.
    fn tell(&self, text: &str) -> Result<(), Error> {
        if self.quiet {
            return Ok(());
        }
        say(text)
    }

    /// Tells what happened to each collateral and under each stress.
    fn tell_more(&self, scene: &Scene, figures: &[Figures]) -> Result<(), Error> {
        for told in [show::by_asset(figures), show::stresses(scene, figures)] {
            if !told.is_empty() {
                self.tell(&format!("\n{told}"))?;
            }
        }
        Ok(())
    }

    /// Writes a report and says where.
    fn write_report(&self, file: &FilePath, html: &str) -> Result<(), Error> {
        output::write(file, html)?;
        let shown = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
        self.tell(&format!("Report: {}\n", shown.display()))
    }
}

/// Prints a text. That nobody reads on (`| head`) is no failure; a full disk is one.
pub fn say(text: &str) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::Write {
            file: "standard output".into(),
            source: error,
        }),
        _ => Ok(()),
    }
}

/// Do two paths name the same file? What is no plain file (`/dev/null`) may be named twice.
fn is_same(one: &FilePath, other: &FilePath) -> bool {
    let place = |file: &FilePath| {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(FilePath::new(".")).canonicalize().ok()?;
        let whole = folder.join(file.file_name()?);
        Some(whole.canonicalize().unwrap_or(whole))
    };
    let (one, other) = (place(one), place(other));
    one == other && one.is_some_and(|file| !file.exists() || file.is_file())
}

/// Runs `kind` on `scene`, with a progress bar unless `quiet`.
fn simulate(scene: &Scene, kind: RulesKind, quiet: bool) -> Result<Outcome, Error> {
    let bar = show::progress(scene, kind, quiet);
    let mut rules = rules::open(kind, scene)?;
    let outcome = simulation::run(scene, kind, rules.as_mut(), &mut |done| bar.set(done));
    bar.finish();
    Ok(outcome?)
}

/// `run`.
pub fn run(args: &RunArgs) -> Result<(), Error> {
    let options = &args.scene;
    let scene = options.scene()?;
    if let Some(position) = args.position {
        let positions = scene.borrowers.len() as PositionId;
        if !(1..=positions).contains(&position) {
            return Err(Error::NoSuchPosition { position, positions });
        }
    }
    let default = (!options.quiet).then(|| PathBuf::from(DEFAULT_REPORT));
    let report = options.report.clone().or(default);
    options.check_files(report.as_deref())?;
    options.tell(&format!("{}\n", show::headline(&scene)))?;
    let outcome = simulate(&scene, args.rules, options.quiet)?;
    let figures = [Figures::new(&scene, &outcome)];
    let story = Story::new(&scene, &outcome, args.position);
    let timeline = show::timeline(&story, args.position.is_some());
    options.tell(&format!("\n{timeline}\n{}\n", show::totals(&figures)))?;
    options.tell_more(&scene, &figures)?;
    if let Some(file) = &options.json {
        let [figures] = &figures;
        write_json(file, figures)?;
    }
    if let Some(file) = &report {
        options.write_report(file, &report::html(&scene, &outcome, &figures, &story))?;
    }
    options.tell("Soft rules, their tools and hard rules side by side: glidepath-replay compare, with the same arguments\n")
}

fn write_json(file: &FilePath, figures: &impl serde::Serialize) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(figures).map_err(|source| Error::Write {
        file: file.to_owned(),
        source: source.into(),
    })?;
    output::write(file, &(text + "\n"))
}

#[cfg(test)]
mod tests;
