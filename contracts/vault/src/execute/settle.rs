//! `Settle`: one fill of a sale.

use cosmwasm_std::{Addr, Decimal256, Response, Storage, Uint128, Uint256};
use cw_asset::Asset;
use glidepath_interfaces::events::vault::Settled;
use glidepath_interfaces::payment::{some, Call};
use glidepath_interfaces::vault::PenaltySplit;
use glidepath_risk::math::{mul, mul_div_256, ten_pow};
use glidepath_risk::Rounding;

use crate::books::{minus, plus, to_fund, to_reserves, Books};
use crate::call::{paid_by_peer, payout};
use crate::error::ContractError;
use crate::execute::distress::{set, Distress};
use crate::state::{listed, CONFIG, LEDGERS, MAX_PENALTY};

/// What the auction settles.
pub struct Fill {
    /// Position.
    pub position: u64,
    /// Collateral base units.
    pub sold: Uint128,
    /// Debt base units that repay.
    pub repaid: Uint128,
    /// Debt base units of penalty.
    pub penalty: Uint128,
    /// Who gets the collateral.
    pub recipient: Addr,
    /// Who earned the keepers' part, if the sale ends with it.
    pub ends: Option<Vec<Addr>>,
}

/// Sells collateral of the permitted pair for the payment, which repays debt and pays the penalty. Writes three
/// records: the ledger, the debt's market, the collateral's holdings (and the count of insolvent debts with the
/// fill that clears one). The fill that ends its sale ends the position's distress with it: one write of each record where
/// the position manager's word behind it would take a second.
pub fn settle(
    storage: &mut dyn Storage,
    now: u64,
    call: &Call,
    fill: Fill,
) -> Result<Response, ContractError> {
    let Fill {
        position,
        sold,
        repaid,
        penalty,
        recipient,
        ends,
    } = fill;
    let config = CONFIG.load(storage)?;
    config.only_auction(&call.sender)?;
    config.user(&recipient)?;
    let mut ledger = LEDGERS
        .may_load(storage, position)?
        .ok_or(ContractError::NoPosition { position })?;
    let mut sale = ledger.sale.take().ok_or(ContractError::NoSale { position })?;
    let paid = plus(some(repaid)?, penalty)?;
    paid_by_peer(call, &[Asset::new(listed(storage, &sale.debt)?.info, paid)])?;

    let collateral = listed(storage, &sale.collateral)?;
    check_penalty(repaid, penalty)?;
    check_price(paid, some(sold)?, collateral.decimals, sale.min_price)?;

    let mut books = Books::open(now);
    books.release(storage, &mut ledger, &sale.collateral, sold)?;
    let owed = books.repay(storage, &mut ledger, &sale.debt, repaid)?;
    let parts = Parts::of(penalty, &config.penalty_split)?;
    let market = &mut books.market(storage, &sale.debt)?.state;
    to_fund(market, parts.fund)?;
    to_reserves(market, parts.reserves)?;
    market.dues = plus(market.dues, parts.keepers)?;
    sale.keepers = plus(sale.keepers, parts.keepers)?;

    let event = Settled {
        position,
        collateral: sale.collateral.clone(),
        debt: sale.debt.clone(),
        recipient: recipient.clone(),
        sold,
        principal: owed.principal,
        surcharge: owed.surcharge,
        penalty_fund: parts.fund,
        penalty_keepers: parts.keepers,
        penalty_reserves: parts.reserves,
    };
    ledger.sale = Some(sale);
    let ended = match ends {
        Some(keepers) => set(
            storage,
            &mut books,
            &mut ledger,
            position,
            Distress::over(keepers),
        )?,
        None => vec![],
    };
    books.close(storage)?;
    LEDGERS.save(storage, position, &ledger)?;

    Ok(Response::new()
        .add_message(payout(collateral.info, sold, &recipient)?)
        .add_event(event)
        .add_events(ended))
}

/// A penalty split to the unit.
struct Parts {
    fund: Uint128,
    keepers: Uint128,
    reserves: Uint128,
}

impl Parts {
    /// The fund's and the keepers' parts are rounded down; what does not divide goes to the reserves.
    fn of(penalty: Uint128, split: &PenaltySplit) -> Result<Self, ContractError> {
        let fund = mul(penalty, split.fund, Rounding::Down)?;
        let keepers = mul(penalty, split.keepers, Rounding::Down)?;
        let reserves = minus(penalty, plus(fund, keepers)?)?;
        Ok(Parts {
            fund,
            keepers,
            reserves,
        })
    }
}

fn check_penalty(repaid: Uint128, penalty: Uint128) -> Result<(), ContractError> {
    let max = mul(repaid, MAX_PENALTY, Rounding::Down)?;
    if penalty > max {
        return Err(ContractError::PenaltyTooHigh { penalty, max });
    }
    Ok(())
}

/// `paid · 10^decimals ≥ min_price · sold`, exactly.
fn check_price(
    paid: Uint128,
    sold: Uint128,
    decimals: u8,
    min_price: Decimal256,
) -> Result<(), ContractError> {
    let least = mul_div_256(
        min_price.atomics(),
        sold.into(),
        Decimal256::one().atomics(),
        Rounding::Up,
    )?;
    let offered = Uint256::from(paid)
        .checked_mul(ten_pow(decimals)?)
        .map_err(glidepath_risk::RiskError::from)?;
    if offered < least {
        return Err(ContractError::BelowMinPrice {
            paid,
            sold,
            min_price,
        });
    }
    Ok(())
}
