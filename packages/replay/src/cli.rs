//! The command line and what its commands do.

use std::path::{Path as FilePath, PathBuf};

use clap::{Args, Parser, Subcommand};

use crate::config::{self, Config, Kind};
use crate::error::Error;
use crate::figures::Figures;
use crate::path::{self, Path, Window};
use crate::population::PositionId;
use crate::report;
use crate::rules::{self, RulesKind};
use crate::scene::Scene;
use crate::show::{self, Story};
use crate::simulation::{self, Outcome};

/// Where a run without `--report` and `--quiet` writes its report.
const DEFAULT_REPORT: &str = "glidepath-report.html";

/// Replays a price path against liquidation rules and draws what happened. Without a command: `run` on the
/// built-in scenario.
#[derive(Debug, Parser)]
#[command(name = "glidepath-replay", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run one set of rules: timeline of a position, totals, HTML report
    Run(RunArgs),
    /// Run all sets of rules on the same path and market and show them side by side
    Compare(SceneArgs),
    /// Write out the defaults as TOML, with the meaning of every key
    Config {
        /// Preset
        #[arg(long, value_enum, default_value_t)]
        kind: Kind,
    },
}

impl Default for Command {
    fn default() -> Self {
        Command::Run(RunArgs::default())
    }
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
    #[arg(long, value_name = "ID")]
    pub position: Option<PositionId>,
}

/// What is run, and where the results go.
#[derive(Debug, Args)]
pub struct SceneArgs {
    /// Candles: time,open,high,low,close,volume (unix seconds at the start; a minute to a day each)
    #[arg(long, value_name = "FILE.csv")]
    pub prices: Option<PathBuf>,
    /// Part of the file
    #[arg(long, value_enum, default_value_t)]
    pub window: Window,
    /// Number of positions
    #[arg(long, value_name = "N")]
    pub positions: Option<u32>,
    /// All collateral together, in USD that move the price by 1 %
    #[arg(long, value_name = "X")]
    pub overhang: Option<f64>,
    /// Seed of everything that is drawn
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Risk parameters, sale terms, market model and population
    #[arg(long, value_name = "FILE.toml")]
    pub config: Option<PathBuf>,
    /// Write the figures (a list of them for `compare`)
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write the report here [run: ./glidepath-report.html unless --quiet; compare: one file per rules]
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
    /// Print nothing
    #[arg(long)]
    pub quiet: bool,
}

impl Default for SceneArgs {
    fn default() -> Self {
        Self {
            prices: None,
            window: Window::default(),
            positions: None,
            overhang: None,
            seed: 1,
            config: None,
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
            None => Config::default(),
        };
        config.population.positions = self.positions.unwrap_or(config.population.positions);
        config.population.overhang = self.overhang.unwrap_or(config.population.overhang);
        config.check().map_err(Error::Argument)?;

        let candles = match &self.prices {
            Some(file) => path::read(file)?,
            None => path::builtin(self.seed),
        };
        let path = Path::new(&candles, self.window, self.seed, &config.market)?;
        Ok(Scene::new(config, self.seed, path))
    }
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
    if !options.quiet {
        println!("{}", show::headline(&scene));
    }
    let outcome = simulate(&scene, args.rules, options.quiet)?;
    let figures = Figures::new(&scene, &outcome);
    let story = Story::new(&scene, &outcome, args.position);
    if !options.quiet {
        println!(
            "\n{}\n{}",
            show::timeline(&story),
            show::totals(std::slice::from_ref(&figures))
        );
    }
    if let Some(file) = &options.json {
        write_json(file, &figures)?;
    }
    let default = (!options.quiet).then(|| PathBuf::from(DEFAULT_REPORT));
    if let Some(file) = options.report.clone().or(default) {
        write(&file, &report::html(&scene, &outcome, &figures, &story))?;
        if !options.quiet {
            let shown = std::path::absolute(&file).unwrap_or(file);
            println!("Report: {}", shown.display());
        }
    }
    Ok(())
}

/// `compare`.
pub fn compare(args: &SceneArgs) -> Result<(), Error> {
    let scene = args.scene()?;
    if !args.quiet {
        println!("{}", show::headline(&scene));
    }
    let mut all = Vec::new();
    for kind in RulesKind::ALL {
        let outcome = simulate(&scene, kind, args.quiet)?;
        let figures = Figures::new(&scene, &outcome);
        if let Some(file) = &args.report {
            let file = beside(file, kind);
            let story = Story::new(&scene, &outcome, None);
            write(&file, &report::html(&scene, &outcome, &figures, &story))?;
            if !args.quiet {
                println!("Report: {}", file.display());
            }
        }
        all.push(figures);
    }
    if !args.quiet {
        println!("\n{}", show::totals(&all));
    }
    if let Some(file) = &args.json {
        write_json(file, &all)?;
    }
    Ok(())
}

/// `dir/name-soft.html` of `dir/name.html`.
fn beside(file: &FilePath, kind: RulesKind) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let extension = file.extension().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!("{stem}-{kind}.{extension}"))
}

fn write_json(file: &FilePath, figures: &impl serde::Serialize) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(figures).map_err(|source| Error::Write {
        file: file.to_owned(),
        source: source.into(),
    })?;
    write(file, &(text + "\n"))
}

fn write(file: &FilePath, text: &str) -> Result<(), Error> {
    std::fs::write(file, text).map_err(|source| Error::Write {
        file: file.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_interface_is_as_others_use_it() {
        Cli::command().debug_assert();
        let line =
            "glidepath-replay run --prices a.csv --window crash --rules hard --positions 9 --overhang 2.5 \
                    --seed 7 --config c.toml --json j --report r.html --position 3 --quiet";
        let cli = Cli::try_parse_from(line.split_whitespace()).unwrap();
        let Some(Command::Run(args)) = cli.command else {
            panic!("expected run")
        };
        assert_eq!(
            (args.rules, args.position, args.scene.seed),
            (RulesKind::Hard, Some(3), 7)
        );
        assert_eq!(
            (args.scene.window, args.scene.overhang),
            (Window::Crash, Some(2.5))
        );
        for line in [
            "glidepath-replay",
            "glidepath-replay compare --seed 2",
            "glidepath-replay config --kind volatile",
        ] {
            Cli::try_parse_from(line.split_whitespace()).unwrap();
        }
    }

    #[test]
    fn the_default_of_the_program_is_that_of_run() {
        let Ok(Cli {
            command: Some(Command::Run(parsed)),
        }) = Cli::try_parse_from(["x", "run"])
        else {
            panic!("expected run")
        };
        let Command::Run(default) = Command::default() else {
            panic!("expected run")
        };
        assert_eq!(format!("{parsed:?}"), format!("{default:?}"));
    }

    #[test]
    fn arguments_are_checked_like_the_file() {
        let args = SceneArgs {
            overhang: Some(-1.0),
            ..SceneArgs::default()
        };
        let said = args.scene().unwrap_err().to_string();
        assert_eq!(said, "`population.overhang` is -1, expected 0.001 to 1000");
        let run = RunArgs {
            position: Some(201),
            ..RunArgs::default()
        };
        let quiet = RunArgs {
            scene: SceneArgs {
                quiet: true,
                ..SceneArgs::default()
            },
            ..run
        };
        assert_eq!(
            super::run(&quiet).unwrap_err().to_string(),
            "there is no position 201: they are numbered 1 to 200"
        );
    }

    #[test]
    fn reports_of_a_comparison_lie_beside_each_other() {
        assert_eq!(
            beside(FilePath::new("out/r.html"), RulesKind::Hard),
            PathBuf::from("out/r-hard.html")
        );
    }
}
