//! Fills that the insurance fund pays for with its supply shares.

use cosmwasm_std::{Addr, CosmosMsg, Event, QuerierWrapper, Storage};
use glidepath_interfaces::asset::{call, Amount};
use glidepath_interfaces::events::vault::FundBought;
use glidepath_interfaces::fund::{self, Purse};

use super::settle::Fill;
use crate::books::Books;
use crate::error::ContractError;
use crate::state::BACKSTOPS;

/// What the fund buys.
pub struct Purchase {
    /// Position.
    pub position: u64,
    /// Of the debt.
    pub paid: Amount,
    /// Of the collateral.
    pub goods: Amount,
}

/// One fill, without a penalty.
pub fn check(fills: &[Fill]) -> Result<(), ContractError> {
    match fills {
        [fill] if fill.penalty.is_zero() => Ok(()),
        [fill] => Err(ContractError::FundPaysNoPenalty {
            penalty: fill.penalty,
        }),
        _ => Err(ContractError::OneFillForTheFund { fills: fills.len() }),
    }
}

/// Burns the fund's shares for what is paid, within its published rule, and credits what it bought to its account; returns
/// what the fund has to be told. The debt is repaid already: the market's cash, which rose by that, falls again. Nobody else's
/// shares are worth less for it.
///
/// # Errors
/// `NoBackstop`, `BackstopExceeded`.
// Chains refuse a function of more than 100 locals, which inlining makes of it.
#[inline(never)]
pub fn pay(
    storage: &mut dyn Storage,
    querier: &QuerierWrapper,
    books: &mut Books,
    fund: &Addr,
    purchase: Purchase,
) -> Result<(CosmosMsg, Event), ContractError> {
    let Purchase {
        position,
        paid: Amount {
            asset: debt,
            amount: paid,
        },
        goods,
    } = purchase;
    let none = || ContractError::NoBackstop {
        collateral: goods.asset.clone(),
        debt: debt.clone(),
    };
    let now = books.now;
    let purse = Purse::read(querier, fund, &debt)?.ok_or_else(none)?;
    let used = BACKSTOPS.may_load(storage, debt.as_str())?.unwrap_or_default();
    let used = used.at(&purse.rule, now)?;
    let market = &mut books.market(storage, &debt)?.state;
    let room = purse.room(market, &used, &goods.asset)?.ok_or_else(none)?;
    if paid > room.pay || goods.amount > room.take {
        return Err(ContractError::BackstopExceeded {
            collateral: goods.asset,
            debt,
            sold: goods.amount,
            paid,
            take: room.take,
            pay: room.pay,
        });
    }
    let burnt = market.spend_fund(paid)?;
    let used = used.and(paid, &goods)?;
    BACKSTOPS.save(storage, debt.as_str(), &used)?;
    books.credit(storage, fund, &goods.asset, goods.amount)?;
    let event = FundBought {
        position,
        collateral: goods.asset.clone(),
        debt: debt.clone(),
        sold: goods.amount,
        paid,
        burnt,
        epoch: used.epoch,
        spent: used.spent,
    };
    let told = fund::ExecuteMsg::Bought {
        asset: debt,
        shares: burnt,
        goods,
    };
    Ok((call(fund, &told)?, event.into()))
}
