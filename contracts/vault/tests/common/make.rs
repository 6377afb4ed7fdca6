//! Messages, names and figures of the tests.

use std::str::FromStr;

use cosmwasm_std::testing::MockStorage;
use cosmwasm_std::{coin, Addr, Coin, Decimal, Decimal256, Empty, Uint128};
use cw_multi_test::{AddressGenerator, App, ContractWrapper, SimpleAddressGenerator};
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::vault::{ExecuteMsg, Fill, LedgerAction, MarketTerms, PenaltySplit, Permission};
use glidepath_interfaces::AssetId;
use glidepath_risk::interest::RateModel;
use glidepath_vault::contract;

use super::PURSE;

pub fn id(name: &str) -> AssetId {
    AssetId::from_str(name).unwrap()
}

pub fn amount(asset: &str, units: u128) -> Amount {
    Amount {
        asset: id(asset),
        amount: units.into(),
    }
}

pub fn denom(asset: &str) -> String {
    match asset {
        "atom" => "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2".into(),
        other => format!("u{other}"),
    }
}

pub fn coins(asset: &str, units: u128) -> Vec<Coin> {
    vec![coin(units, denom(asset))]
}

pub fn dec(text: &str) -> Decimal {
    Decimal::from_str(text).unwrap()
}

pub fn dec256(text: &str) -> Decimal256 {
    Decimal256::from_str(text).unwrap()
}

pub fn split() -> PenaltySplit {
    PenaltySplit {
        fund: dec("0.5"),
        keepers: dec("0.4"),
        reserves: dec("0.1"),
    }
}

/// 2 % a year, 12 % at 80 %, 112 % at 100 %; a tenth of it to the reserves.
pub fn terms() -> MarketTerms {
    MarketTerms {
        rate_model: RateModel {
            base: dec("0.02"),
            kink: dec("0.8"),
            slope_low: dec("0.1"),
            slope_high: dec("1"),
        },
        reserve_factor: dec("0.1"),
        supply_cap: Uint128::new(PURSE * 10),
        borrow_cap: Uint128::new(PURSE * 10),
    }
}

/// No interest: figures stay round.
pub fn free() -> MarketTerms {
    MarketTerms {
        rate_model: RateModel {
            base: Decimal::zero(),
            kink: dec("0.8"),
            slope_low: Decimal::zero(),
            slope_high: Decimal::zero(),
        },
        ..terms()
    }
}

pub fn supply(asset: &str) -> ExecuteMsg {
    ExecuteMsg::Supply {
        asset: id(asset),
        recipient: None,
    }
}

pub fn withdraw(asset: &str, units: Option<u128>) -> ExecuteMsg {
    ExecuteMsg::Withdraw {
        asset: id(asset),
        amount: units.map(Uint128::new),
        recipient: None,
    }
}

pub fn apply(position: u64, actions: Vec<LedgerAction>) -> ExecuteMsg {
    ExecuteMsg::Apply { position, actions }
}

pub fn filling(position: u64, sold: u128, repaid: u128, penalty: u128) -> Fill {
    Fill {
        position,
        sold: sold.into(),
        repaid: repaid.into(),
        penalty: penalty.into(),
        matched_by: None,
        ends: None,
    }
}

pub fn permission(collateral: &str, debt: &str, min_price: &str) -> Permission {
    Permission {
        collateral: id(collateral),
        debt: id(debt),
        min_price: dec256(min_price),
    }
}

/// Addresses that the chain gives to contracts, in their order.
pub fn address_of(app: &App, code: u64, nth: u64) -> Addr {
    SimpleAddressGenerator
        .contract_address(app.api(), &mut MockStorage::new(), code, nth)
        .unwrap()
}

pub fn vault_code() -> Box<dyn cw_multi_test::Contract<Empty>> {
    Box::new(
        ContractWrapper::new(contract::execute, contract::instantiate, contract::query)
            .with_migrate(contract::migrate),
    )
}
