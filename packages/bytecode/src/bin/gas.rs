//! Measures what messages cost, and keeps docs/gas.md. `scripts/gas` runs it.

use anyhow::{bail, Result};
use glidepath_bytecode::{document, fills, report, transcript, whole, Rig};

fn main() -> Result<()> {
    let option = std::env::args().nth(1);
    let rig = Rig::default();
    match option.as_deref() {
        Some("--quick") => print!("{}", report::table(&fills::all(&rig)?)),
        Some("--calls") => print!("{}", report::calls(&fills::all(&rig)?)),
        Some("--transcript") => print!("{}", transcript::text(&rig)?),
        None => {
            let text = written(&rig)?;
            print!("{text}");
            document::write(&text)?;
        }
        Some("--check") => document::check(&written(&rig)?)?,
        Some(other) => bail!("{other} is no option"),
    }
    Ok(())
}

fn written(rig: &Rig) -> Result<String> {
    let fills = fills::all(rig)?;
    let messages = whole::messages(rig);
    let growth = whole::SIZES.map(|others| (others, whole::growth(rig, others)));
    document::text(&fills, &messages, &growth)
}
