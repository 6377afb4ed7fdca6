//! `compare`: rules and tools side by side, on the same path, market and population.

use super::{simulate, write_json, SceneArgs};
use crate::error::Error;
use crate::figures::{Figures, Tools};
use crate::report;
use crate::rules::RulesKind;
use crate::scene::Scene;
use crate::show::{self, Story};
use crate::simulation::Outcome;

/// Depths in standing orders, where the arguments name none.
const HOLDERS_DEPTHS: f64 = 5.0;
/// Keepers without capital, where they name none: as many as there are with it.
const FLASH_BIDDERS: u32 = 6;

/// Part of the owners with a glide path, where they name none.
const GLIDE_SHARE: f64 = 1.0;

/// What stands side by side: each tool by itself, between the soft rules without and the hard ones.
pub(super) fn columns(scene: &Scene) -> [(RulesKind, Scene); 5] {
    let asked = Tools::of(scene);
    let orders = Tools {
        holders_depths: match asked.holders_depths > 0.0 {
            true => asked.holders_depths,
            false => HOLDERS_DEPTHS,
        },
        ..Tools::default()
    };
    let callback = Tools {
        flash_bidders: match asked.flash_bidders {
            0 => FLASH_BIDDERS,
            asked => asked,
        },
        ..Tools::default()
    };
    let glide = Tools {
        glide_share: match asked.glide_share > 0.0 {
            true => asked.glide_share,
            false => GLIDE_SHARE,
        },
        ..Tools::default()
    };
    let none = Tools::default();
    [
        (RulesKind::Soft, scene.with_tools(none)),
        (RulesKind::Soft, scene.with_tools(orders)),
        (RulesKind::Soft, scene.with_tools(callback)),
        (RulesKind::Soft, scene.with_tools(glide)),
        (RulesKind::Hard, scene.with_tools(none)),
    ]
}

/// `compare`.
pub fn compare(args: &SceneArgs) -> Result<(), Error> {
    let scene = args.scene()?;
    args.check_files(args.report.as_deref())?;
    args.tell(&format!("{}\n", show::headline(&scene)))?;
    let mut runs: Vec<(Scene, Outcome)> = Vec::new();
    for (kind, scene) in columns(&scene) {
        let outcome = simulate(&scene, kind, args.quiet)?;
        runs.push((scene, outcome));
    }
    let of_run = |(scene, outcome): &(Scene, Outcome)| Figures::new(scene, outcome);
    let figures: Vec<Figures> = runs.iter().map(of_run).collect();
    args.tell(&format!("\n{}\n", show::totals(&figures)))?;
    args.tell_more(&scene, &figures)?;
    if let Some(file) = &args.json {
        write_json(file, &figures)?;
    }
    if let (Some(file), [(scene, outcome), others @ ..]) = (&args.report, runs.as_slice()) {
        let story = Story::new(scene, outcome, None);
        let html = report::compared(scene, outcome, &figures, &story, others);
        args.write_report(file, &html)?;
    }
    Ok(())
}
