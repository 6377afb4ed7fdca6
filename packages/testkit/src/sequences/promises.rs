//! What the rules promise beside the invariants, seen by the events of a message.

use crate::{Outcome, Seen};
use cosmwasm_std::{Decimal, Decimal256, Uint128, Uint256};
use glidepath_interfaces::auction::{Mode, SALE_TERMS};
use glidepath_interfaces::events::auction::Filled;
use glidepath_interfaces::events::auction::LotStarted;
use glidepath_interfaces::events::vault::{DebtWrittenOff, TicketOpened, TicketPaid};
use glidepath_interfaces::fund::COVER_RULES;
use glidepath_interfaces::position_manager::PositionResponse;
use glidepath_interfaces::vault::{COVER, MARKETS};
use glidepath_risk::market::VIRTUAL_SHARES;

use super::world::{Failure, World};

/// Looks at all of them.
pub fn kept(world: &World, outcome: &Outcome) -> Result<(), Failure> {
    tickets(outcome)?;
    for event in outcome.all(DebtWrittenOff::TYPE) {
        covered(world, &event)?;
    }
    for event in outcome.all(LotStarted::TYPE) {
        by_its_terms(world, &event)?;
    }
    Ok(())
}

/// The fund pays no more of a loss than its rule allows.
fn covered(world: &World, event: &Seen) -> Result<(), Failure> {
    let [paid, burnt] = ["fund", "burnt"].map(|key| event.must::<Uint128>(key));
    if paid.is_zero() && burnt.is_zero() {
        return Ok(());
    }
    let peers = &world.suite.peers;
    let asset = event.text("asset").unwrap_or_default();
    let fund = world.suite.app.contract_storage(&peers.insurance_fund);
    let rule = COVER_RULES.load(&*fund, asset).expect("a rule");
    let vault = world.suite.app.contract_storage(&peers.vault);
    let covered = COVER.load(&*vault, asset).expect("a cover").covered;
    let held = MARKETS.load(&*vault, asset).expect("a market").fund_shares + burnt;
    let price: Decimal256 = event.must("price_before");
    // The price is for display: twelve digits of it are good.
    let worth = price * Decimal256::from_ratio(held, VIRTUAL_SHARES);
    let share =
        Decimal256::from(rule.max_share) * Decimal256::from_ratio(1_000_000_001u128, 1_000_000_000u128);
    let most = (worth * share).to_uint_ceil() + Uint256::from(2u8);
    if Uint256::from(paid) > most || covered > rule.epoch_cap {
        return Err(Failure::new(
            "cover",
            format!(
                "the fund paid {paid} {asset}, {covered} in its epoch; its rule is {rule:?}, worth {worth}"
            ),
        ));
    }
    Ok(())
}

/// A lot starts under the terms with which its sale was opened, whatever new ones say.
fn by_its_terms(world: &World, event: &Seen) -> Result<(), Failure> {
    let position: u64 = event.must("position");
    let auction = &world.suite.peers.liquidation_auction;
    let storage = world.suite.app.contract_storage(auction);
    // A sale that ended in the same message has none any more.
    let Some(running) = SALE_TERMS.may_load(&*storage, position).expect("terms") else {
        return Ok(());
    };
    let terms = running.terms.of(match event.text("mode") {
        Some("soft") => Mode::Soft,
        Some("asked") => Mode::Asked,
        _ => Mode::CloseOut,
    });
    let to: Decimal = event.must("to");
    let start_at: u64 = event.must("start_at");
    let first = event.text("cause") == Some("open");
    let on_time = first || start_at == world.now() + terms.spacing;
    if to != Decimal::one() - terms.curve.floor() || !on_time {
        let what = format!(
            "a lot to {to} from {start_at} on, at {}; its terms are {terms:?}",
            world.now()
        );
        return Err(Failure::new("terms", what));
    }
    Ok(())
}

/// Every ticket of a message was paid in it, once.
fn tickets(outcome: &Outcome) -> Result<(), Failure> {
    let of = |kind| {
        let mut all: Vec<(u64, String)> = outcome
            .all(kind)
            .map(|event| {
                let amount = event.text("owed").or(event.text("amount"));
                (event.must("position"), amount.unwrap_or_default().to_string())
            })
            .collect();
        all.sort();
        all
    };
    let (opened, paid) = (of(TicketOpened::TYPE), of(TicketPaid::TYPE));
    if opened != paid {
        let what = format!("tickets {opened:?} were opened, {paid:?} paid");
        return Err(Failure::new("ticket", what));
    }
    Ok(())
}

/// In the first pass of a close-out nothing is sold below the loan-to-value: no lender loses to a buyer who waited.
///
/// # Errors
/// Where it is.
pub fn first_pass(before: &PositionResponse, outcome: &Outcome) -> Result<(), Failure> {
    let Some(event) = outcome.event(Filled::TYPE) else {
        return Ok(());
    };
    if (event.text("mode"), event.text("pass")) != (Some("close_out"), Some("0")) {
        return Ok(());
    }
    let loan_to_value = before
        .debt_value
        .ratio(before.collateral_value)
        .map_or(Decimal::one(), |ratio| ratio.min(Decimal::one()));
    let multiplier: Decimal = event.must("multiplier");
    if multiplier < loan_to_value {
        let what = format!("sold at {multiplier} in the first pass, at a loan-to-value of {loan_to_value}");
        return Err(Failure::new("first-pass", what));
    }
    Ok(())
}
