//! Where the code of the contracts comes from: the seam at which compiled Wasm can take the place of native code.

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
