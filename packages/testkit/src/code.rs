//! Where the code of the contracts comes from: the seam at which compiled Wasm can take the place of native code.

use std::sync::OnceLock;

use cosmwasm_std::Empty;
use cw_multi_test::{Contract, ContractWrapper};

/// Code that the embedded chain can run.
pub type Code = Box<dyn Contract<Empty>>;

/// Gives the code of the five contracts.
pub trait CodeSource {
    /// The vault.
    fn vault(&self) -> Code;
    /// The position manager.
    fn position_manager(&self) -> Code;
    /// The oracle adapter.
    fn oracle_adapter(&self) -> Code;
    /// The liquidation auction.
    fn liquidation_auction(&self) -> Code;
    /// The insurance fund.
    fn insurance_fund(&self) -> Code;
}

static DEFAULT: OnceLock<fn() -> Box<dyn CodeSource>> = OnceLock::new();

/// The code of suites that are not told which: what [`run_on`] said, native code otherwise.
pub fn default_code() -> Box<dyn CodeSource> {
    match DEFAULT.get() {
        Some(source) => source(),
        None => Box::new(NativeCode),
    }
}

/// From now on, suites of this process that are not told which code run on this. That is how the same tests run on
/// native code and on bytecode.
///
/// # Panics
/// Where it was said before.
pub fn run_on(source: fn() -> Box<dyn CodeSource>) {
    assert!(DEFAULT.set(source).is_ok(), "a process has one code");
}

/// The contracts as they are linked into this program.
#[derive(Clone, Copy, Debug, Default)]
pub struct NativeCode;

macro_rules! native {
    ($contract:ident) => {
        Box::new(
            ContractWrapper::new(
                $contract::contract::execute,
                $contract::contract::instantiate,
                $contract::contract::query,
            )
            .with_migrate($contract::contract::migrate),
        )
    };
}

impl CodeSource for NativeCode {
    fn vault(&self) -> Code {
        native!(glidepath_vault)
    }

    fn position_manager(&self) -> Code {
        native!(glidepath_position_manager)
    }

    fn oracle_adapter(&self) -> Code {
        native!(glidepath_oracle_adapter)
    }

    fn liquidation_auction(&self) -> Code {
        native!(glidepath_liquidation_auction)
    }

    fn insurance_fund(&self) -> Code {
        native!(glidepath_insurance_fund)
    }
}

/// The standard token, for assets that are no native coins.
pub fn cw20_token() -> Code {
    Box::new(ContractWrapper::new(
        cw20_base::contract::execute,
        cw20_base::contract::instantiate,
        cw20_base::contract::query,
    ))
}
