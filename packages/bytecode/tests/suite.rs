//! The tests of the suite, once more, on bytecode: the same files, with nothing changed. Native code runs beside each
//! call and must answer, write and ask the same.
//!
//! What is not here has nothing to do with the code of the contracts (`security`), or counts on native code what
//! `scripts/gas` measures on bytecode (`sizes`).

// Each of the files brings what they share.
#![allow(clippy::duplicate_mod)]

use glidepath_bytecode::Bytecode;

/// Before any test runs.
#[ctor::ctor(unsafe)]
fn on_bytecode() {
    glidepath_testkit::run_on(|| Box::new(Bytecode::default()));
    // Random sequences are slow here: a call takes a millisecond, and there are many.
    for (setting, count) in [("GLIDEPATH_SEQUENCES", "60"), ("GLIDEPATH_LIVENESS", "20")] {
        if std::env::var_os(setting).is_none() {
            std::env::set_var(setting, count);
        }
    }
}

macro_rules! also_here {
    ($($path:literal $name:ident),+ $(,)?) => {
        $(#[path = $path] mod $name;)+
    };
}

also_here! {
    "../../testkit/tests/attacks_access.rs" attacks_access,
    "../../testkit/tests/attacks_callers.rs" attacks_callers,
    "../../testkit/tests/attacks_clocks.rs" attacks_clocks,
    "../../testkit/tests/attacks_crowd.rs" attacks_crowd,
    "../../testkit/tests/attacks_cw20.rs" attacks_cw20,
    "../../testkit/tests/attacks_guards.rs" attacks_guards,
    "../../testkit/tests/attacks_lifecycle.rs" attacks_lifecycle,
    "../../testkit/tests/attacks_losses.rs" attacks_losses,
    "../../testkit/tests/attacks_prices.rs" attacks_prices,
    "../../testkit/tests/attacks_pyth.rs" attacks_pyth,
    "../../testkit/tests/attacks_queue.rs" attacks_queue,
    "../../testkit/tests/attacks_records.rs" attacks_records,
    "../../testkit/tests/attacks_sales.rs" attacks_sales,
    "../../testkit/tests/attacks_strangers.rs" attacks_strangers,
    "../../testkit/tests/attacks_tokens.rs" attacks_tokens,
    "../../testkit/tests/attacks_words.rs" attacks_words,
    "../../testkit/tests/distress.rs" distress,
    "../../testkit/tests/life.rs" life,
    "../../testkit/tests/liveness.rs" liveness,
    "../../testkit/tests/published.rs" published,
    "../../testkit/tests/roles.rs" roles,
    "../../testkit/tests/sequences.rs" sequences,
    "../../testkit/tests/storage_keys.rs" storage_keys,
    "../../testkit/tests/suite.rs" suite,
    "../../testkit/tests/write_off.rs" write_off,
}
