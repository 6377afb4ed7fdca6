//! `Takeover`: somebody assumes a position that is being sold, as a whole.

use cosmwasm_std::{Addr, BlockInfo, CosmosMsg, Decimal, DepsMut, Response, Storage, Uint128};
use cw_asset::{Asset, AssetInfo};
use glidepath_interfaces::asset::{self, call_then_pay};
use glidepath_interfaces::auction::{self, EndReason, Lot, Mode, Sale};
use glidepath_interfaces::events::position_manager::{DistressEnded, PositionUpdated};
use glidepath_interfaces::oracle::Purpose;
use glidepath_interfaces::payment::Call;
use glidepath_interfaces::position_manager::{Action, Refusal};
use glidepath_interfaces::vault::{self, Ledger};
use glidepath_risk::health::Tier;
use glidepath_risk::takeover::Takeover;

use super::advance::{bare, recovered};
use super::transfer::hand_over;
use super::update::{refunds, to_vault, user, vouch};
use crate::actions::{carry_out, check_margin, Actor, Change};
use crate::choose::sizing;
use crate::decide::without_distress;
use crate::ledger;
use crate::purse::Purse;
use crate::query::sellable::{protection, refusal};
use crate::records::Records;
use crate::state::{load_position, save_position, Config, Position, KEPT};
use crate::view::{subject, View};
use crate::ContractError;

/// What is paid for a position that can be taken over right now.
pub struct Deal {
    /// The sale that ends with it.
    pub sale: Sale,
    /// The debt on sale, as it is paid.
    pub pay: AssetInfo,
    /// The price.
    pub price: Takeover,
}

/// Makes the sender the owner of a position on sale for what it costs right now, and carries out his actions, behind which
/// initial margin must be met at prices that are good for borrowing. The vault is told first that the position is not on sale
/// any more; the old owner is credited and never sent anything, so that he can't be in the way. A position's memory of the
/// grace that it has used stays with it.
///
/// # Errors
/// Those of [`deal`] and of an update; `AboveMaxPay`, `Unpaid`, `BelowInitialMargin`.
pub fn takeover(
    deps: DepsMut,
    block: &BlockInfo,
    call: &Call,
    id: u64,
    max_pay: Uint128,
    actions: Vec<Action>,
) -> Result<Response, ContractError> {
    let now = block.time.seconds();
    let mut records = Records::open(deps.as_ref(), now)?;
    let taker = user(&records.config, call, None)?;
    let mut purse = Purse::Paid(call.each()?.to_vec());
    let before = load_position(deps.storage, id)?;
    let ledger = records.ledger(id)?;
    let parties = (&before, Some(&taker));
    let deal = deal(deps.storage, &mut records, block.height, id, parties, &ledger)?;
    vouch(&mut records, call, &actions, Some(&deal.pay))?;
    let paid = deal.price.paid()?;
    if paid > max_pay {
        return Err(ContractError::AboveMaxPay {
            asset: deal.sale.debt,
            paid,
            max: max_pay,
        });
    }
    if !paid.is_zero() {
        purse.take(&deal.sale.debt, &deal.pay, paid)?;
    }
    let rest = Call {
        sender: taker.clone(),
        paid: purse.left(),
        token: call.token.clone(),
    };
    let mut purse = Purse::Paid(rest.paid.clone());
    let mut change = assumed(&mut records, id, &taker, &ledger, &actions, &mut purse)?;
    change.initial_health = check_margin(&View::whole(&mut records, &change.ledger)?, now)?;
    let left = purse.rest(&deal.pay, Uint128::zero());
    if !left.is_zero() {
        purse.take(&deal.sale.debt, &deal.pay, left)?;
        change.refunds.push(Asset::new(deal.pay.clone(), left));
    }
    purse.is_spent()?;
    let health = bare(&mut records, &before, &change.ledger, None)?.map(|figures| figures.maintenance);
    let config = records.config;

    let mut after = without_distress(&before, &config.params, now, None);
    let handed_over = hand_over(deps.storage, now, id, &mut after, &taker)?;
    save_position(deps.storage, id, &after)?;

    // Tokens move when all is told: one that calls back finds nothing half-done.
    let (sold, price_in_tokens) = deal.messages(&config, id, &before)?;
    let (apply, tokens) = to_vault(&config, id, &rest, &change)?;
    let called_at = before.distress.as_ref().map_or(now, |call| call.called_at);
    Ok(Response::new()
        .add_messages(sold)
        .add_message(apply)
        .add_messages(price_in_tokens)
        .add_messages(tokens)
        .add_messages(refunds(&change, &taker)?)
        .add_event(handed_over)
        .add_event(DistressEnded {
            position: id,
            reason: EndReason::TakenOver.to_string(),
            called_at,
            health,
        })
        .add_event(PositionUpdated {
            position: id,
            sender: taker,
            actions: u32::try_from(actions.len()).unwrap_or(u32::MAX),
            initial_health: change.initial_health,
        }))
}

/// The actions of a position's next owner, carried out on its ledger as it is behind the sale.
pub fn assumed(
    records: &mut Records,
    id: u64,
    taker: &Addr,
    ledger: &Ledger,
    actions: &[Action],
    purse: &mut Purse,
) -> Result<Change, ContractError> {
    let mut ledger = ledger.clone();
    ledger::calm(records, &mut ledger, false)?;
    let actor = Actor {
        position: Some(id),
        owner: taker,
        sender: taker,
        recipient: taker,
        // What cures a position may exceed a cap, whoever brings it.
        in_distress: true,
        on_sale: false,
    };
    carry_out(records, &actor, ledger, actions, purse)
}

/// What a position costs right now who takes it over. That is known exactly while anybody may bid for its lot, and asks no less:
/// what nobody could sell, or what has recovered, is taken from nobody. More than a bid it asks of the prices: those of all that
/// the position holds and owes are what it changes hands at, so each must be good for a fill and for a loan, and no jump of one
/// be unconfirmed. What is dead has no price, and no lot would take it from its owner.
///
/// # Errors
/// `OwnPosition`, `RecipientIsSuite`, `NoSale`, `NoLot`, `Kept`, `Price`, `ReduceOnly`, `Recovered`, `Insolvent`, `Refused`.
pub fn deal(
    storage: &dyn Storage,
    records: &mut Records,
    height: u64,
    id: u64,
    (position, taker): (&Position, Option<&Addr>),
    ledger: &Ledger,
) -> Result<Deal, ContractError> {
    check_taker(&records.config, id, position, taker)?;
    let now = records.now;
    let sale = records
        .sale_of(id, position)?
        .ok_or(ContractError::NoSale { position: id })?;
    check_owner(storage, id, position, &sale, now)?;
    let no_lot = || ContractError::NoLot { position: id };
    let view = View::of(records, ledger)?.ok_or_else(no_lot)?;
    check_prices(&view, now)?;
    if recovered(records, position, ledger, Some(&sale))?.is_some() {
        return Err(ContractError::Recovered { position: id });
    }
    check_solvent(&view, id)?;
    let price = price(records, height, &view, ledger, &sale)?.ok_or_else(no_lot)?;
    let pay = records.asset(&sale.debt)?.info.clone();
    Ok(Deal { sale, pay, price })
}

fn check_taker(
    config: &Config,
    id: u64,
    position: &Position,
    taker: Option<&Addr>,
) -> Result<(), ContractError> {
    match taker {
        Some(taker) if *taker == position.owner => Err(ContractError::OwnPosition {
            position: id,
            owner: taker.clone(),
        }),
        Some(taker) if config.peers.contains(taker) => Err(ContractError::RecipientIsSuite {
            recipient: taker.clone(),
        }),
        _ => Ok(()),
    }
}

/// While soft an owner may refuse; in a close-out the lenders come first.
fn check_owner(
    storage: &dyn Storage,
    id: u64,
    position: &Position,
    sale: &Sale,
    now: u64,
) -> Result<(), ContractError> {
    let refused_from = match sale.mode {
        Mode::Soft => KEPT.may_load(storage, id)?,
        Mode::CloseOut => None,
        // It is in no distress: its owner wants some of it sold, and none of it taken.
        Mode::Asked => return Err(ContractError::NoSale { position: id }),
    };
    match refused_from {
        Some(since) if since <= now => Err(ContractError::Kept {
            position: id,
            owner: position.owner.clone(),
            since,
        }),
        _ => Ok(()),
    }
}

fn check_prices(view: &View, now: u64) -> Result<(), ContractError> {
    let held = view.held.iter().map(|held| (&held.asset, &held.quote));
    let owed = view.owed.iter().map(|owed| (&owed.asset, &owed.quote));
    for (asset, quote) in held.chain(owed) {
        if quote.is_dead() {
            return Err(ContractError::ReduceOnly {
                asset: asset.clone(),
                status: quote.status,
            });
        }
        for purpose in [Purpose::Fill, Purpose::RiskIncreasing] {
            quote.record.judge(asset, purpose, &quote.limits, now)?;
        }
    }
    Ok(())
}

fn check_solvent(view: &View, id: u64) -> Result<(), ContractError> {
    let plain = view.plain()?;
    if view.is_insolvent()? {
        return Err(ContractError::Insolvent {
            position: id,
            collateral: plain.collateral,
            debt: plain.debt,
        });
    }
    Ok(())
}

/// The price by what the clock of the lot says, or standing orders that pay more; none where nobody may bid.
fn price(
    records: &Records,
    height: u64,
    view: &View,
    ledger: &Ledger,
    sale: &Sale,
) -> Result<Option<Takeover>, ContractError> {
    let now = records.now;
    let pair = (view.held(&sale.collateral), view.owed(&sale.debt));
    let pauses = view.pauses(&sale.collateral, &sale.debt);
    let may_bid = |lot: &&Lot| lot.is_alive(&pauses, now) && lot.reserved_until(&pauses, now).is_none();
    let lot = sale.lot.as_ref().filter(may_bid);
    let (Some(permission), Some(lot), (Some(held), Some(owed))) = (&ledger.sale, lot, pair) else {
        return Ok(None);
    };
    let subject = subject(&view.book()?, held, owed);
    let health = subject.health(Tier::Maintenance)?;
    if sale.needs_breach(lot, &pauses, now) && health >= Decimal::one() {
        return Err(Refusal::NotInDistress {
            health,
            trigger: Decimal::one(),
        }
        .into());
    }
    let clock = lot.multiplier(&pauses, now)?;
    let multiplier = records.dearest_order(sale, clock, height)?.unwrap_or(clock);
    let terms = sizing(held, owed, sale.target, sale.penalty, protection(sale, lot)?);
    let price = match subject.takeover(multiplier, &terms)? {
        Ok(price) => price,
        Err(none) => return Err(refusal(none, &subject)?.into()),
    };
    if price.price < permission.min_price {
        return Err(Refusal::BelowMinPrice {
            price: price.price,
            min_price: permission.min_price,
        }
        .into());
    }
    Ok(Some(price))
}

impl Deal {
    /// The end of the sale: for the vault, with the price in coins, and for the auction; and the price in tokens, behind all.
    fn messages(
        &self,
        config: &Config,
        id: u64,
        before: &Position,
    ) -> Result<(Vec<CosmosMsg>, Vec<CosmosMsg>), ContractError> {
        let take_over = vault::ExecuteMsg::TakeOver {
            position: id,
            owner: before.owner.to_string(),
            credit: self.price.credit,
            penalty: self.price.penalty,
            keepers: before.keepers(),
        };
        let end = auction::ExecuteMsg::End {
            position: id,
            reason: EndReason::TakenOver,
        };
        let paid = Asset::new(self.pay.clone(), self.price.paid()?);
        let paid = Some(paid).filter(|paid| !paid.amount.is_zero());
        let (take_over, tokens) = call_then_pay(&config.peers.vault, &take_over, paid.as_slice())?;
        let end = asset::call(&config.peers.liquidation_auction, &end)?;
        Ok((vec![take_over, end], tokens))
    }
}
