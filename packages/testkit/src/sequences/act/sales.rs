//! Sales: advancing, bidding.

use crate::agent::TOLD;
use crate::{Outcome, Seen};
use cosmwasm_std::{Addr, Decimal, Decimal256, Uint128};
use glidepath_interfaces::auction::{BidPreview, ExecuteMsg, PreviewBidResponse};
use glidepath_interfaces::events::auction::Filled;
use glidepath_interfaces::events::position_manager as events;
use glidepath_interfaces::position_manager::{self, Advanced, PositionResponse};

use crate::sequences::op::{Coin, Limit, Much, Peer, Slot, Who};
use crate::sequences::world::{Failure, Told, World};

/// Moves a position on; what `Due` says beforehand is what happens.
pub fn advance(world: &mut World, who: Who, slot: Slot) -> Result<(), Failure> {
    let Some(position) = world.position(slot) else {
        return Ok(());
    };
    advance_position(world, who, position).map(|_| ())
}

/// The same by number.
pub fn advance_position(world: &mut World, who: Who, position: u64) -> Result<Told, Failure> {
    let due = world.suite.ask().due(position)?;
    let (who, manager) = (world.who(who), world.peer(Peer::Manager));
    let msg = position_manager::ExecuteMsg::Advance { position };
    let told = world.execute(&who, &manager, &msg, &[])?;
    let differs = |what: String| Err(Failure::new("due", what));
    match (&told, &due.due, &due.refused) {
        (Ok(outcome), Some(due), _) => {
            let event = outcome.event(events::Advanced::TYPE);
            if !event.is_some_and(|event| is_told(due, &event)) {
                return differs(format!("{due:?} was due, it came to {event:?}"));
            }
        }
        (Err(refusal), None, Some(reason)) if refusal.text == *reason => {}
        (told, due, reason) => {
            return differs(format!("due was {due:?} or {reason:?}, it came to {told:?}"));
        }
    }
    Ok(told)
}

/// Is it what the event tells?
fn is_told(due: &Advanced, event: &Seen) -> bool {
    let figure = match due {
        Advanced::Called { grace_until } => event.get("grace_until") == Some(*grace_until),
        Advanced::Sighted { confirm_from } => event.get("confirm_from") == Some(*confirm_from),
        Advanced::Opened { mode } => event.text("mode") == Some(mode.to_string().as_str()),
        _ => true,
    };
    figure && event.text("did") == Some(due.to_string().as_str())
}

/// A bid; a preview says what it does.
pub fn bid(world: &mut World, who: Who, slot: Slot, much: Much, limit: Limit) -> Result<(), Failure> {
    let Some(position) = world.position(slot) else {
        return Ok(());
    };
    bid_position(world, who, position, much, limit).map(|_| ())
}

/// The same by number. Returns what it came to; a bid on nothing is tried, too.
pub fn bid_position(
    world: &mut World,
    who: Who,
    position: u64,
    much: Much,
    limit: Limit,
) -> Result<Told, Failure> {
    let coin = pays_in(world, position);
    let pay = payment(world, position, coin, much)?;
    let preview = world.suite.ask().preview_bid(position, Some(pay)).ok();
    let fills = match &preview {
        Some(PreviewBidResponse::Fills(preview)) => Some(preview.clone()),
        _ => None,
    };
    let purse = Purse::of(world, who, position, coin, limit);
    let before = world.suite.ask().position(position)?;
    let told = send_bid(world, who, position, coin, pay, limit, fills.as_ref())?;
    if pay > 0 {
        compare(limit, fills.as_ref(), &told)?;
    }
    if let Ok(outcome) = &told {
        if !outcome.has(TOLD) {
            purse.check(world, pay, outcome)?;
        }
        first_pass(&before, outcome)?;
        let ledger = world.ledger(position);
        if ledger.collateral.len() > 1 {
            world.coverage.count("fill of several collaterals");
        }
        if ledger.debts.len() > 1 {
            world.coverage.count("fill of several debts");
        }
    }
    Ok(told)
}

/// The debt on sale; where nothing is, any.
fn pays_in(world: &World, position: u64) -> Coin {
    world
        .sale(position)
        .map_or(Coin::Usdc, |sale| world.coin(sale.debt.as_str()))
}

/// A part is one of what may be bought now; where nothing may, a little is tried.
fn payment(world: &World, position: u64, coin: Coin, much: Much) -> Result<u128, Failure> {
    let all = match world.suite.ask().preview_bid(position, None) {
        Ok(PreviewBidResponse::Fills(preview)) => preview.paid.u128(),
        _ => world.units(coin, 100),
    };
    Ok(match much {
        Much::All => all + all / 10 + 1,
        other => world.much(other, coin, all),
    })
}

fn send_bid(
    world: &mut World,
    who: Who,
    position: u64,
    coin: Coin,
    pay: u128,
    limit: Limit,
    preview: Option<&BidPreview>,
) -> Result<Told, Failure> {
    let price = preview.map_or(Decimal256::MAX, |preview| preview.price);
    let msg = ExecuteMsg::Bid {
        position,
        max_price: match limit {
            Limit::Exact => price,
            Limit::Low => price - Decimal256::raw(1),
            _ => Decimal256::MAX,
        },
        recipient: match limit {
            Limit::Suite => Some(world.peer(Peer::Fund).to_string()),
            Limit::Gift => Some(world.who(Who::Lena).to_string()),
            _ => None,
        },
        min_received: match limit {
            Limit::Greedy => preview.map(|preview| preview.sold + Uint128::one()),
            Limit::Exact => preview.map(|preview| preview.sold),
            _ => None,
        },
        pay: None,
    };
    let (who, auction) = (world.who(who), world.peer(Peer::Auction));
    world.pay(&who, &auction, &msg, coin, pay)
}

/// Invariant 8: a quote equals the execution.
fn compare(limit: Limit, preview: Option<&BidPreview>, told: &Told) -> Result<(), Failure> {
    let allowed = matches!(limit, Limit::Any | Limit::Exact | Limit::Gift);
    match (preview, told) {
        (Some(preview), Ok(outcome)) if allowed => same(preview, outcome),
        (Some(_), Err(_)) if !allowed => Ok(()),
        (None, Err(_)) => Ok(()),
        (preview, told) => Err(Failure::new(
            "preview-bid",
            format!("a preview of {preview:?} with limit {limit} came to {told:?}"),
        )),
    }
}

fn same(preview: &BidPreview, outcome: &Outcome) -> Result<(), Failure> {
    let Some(event) = outcome.event(Filled::TYPE) else {
        return Err(Failure::new(
            "preview-bid",
            "a bid was carried out and nothing was filled",
        ));
    };
    let amounts = ["sold", "paid", "repaid", "penalty"].map(|key| event.must::<Uint128>(key));
    let told = (
        amounts,
        event.must::<Decimal256>("price"),
        event.must("multiplier"),
        event.must("health_before"),
        event.get("health_after"),
        event.must::<Uint128>("lot_left").is_zero(),
    );
    let then = (
        [preview.sold, preview.paid, preview.repaid, preview.penalty],
        preview.price,
        preview.multiplier,
        preview.health_before,
        preview.health_after,
        preview.clears_lot,
    );
    if told != then {
        return Err(Failure::new(
            "preview-bid",
            format!("the fill was {told:?}, the preview {then:?}"),
        ));
    }
    Ok(())
}

/// In the first pass of a close-out nothing is sold below the loan-to-value: no lender loses to a buyer who waited.
fn first_pass(before: &PositionResponse, outcome: &Outcome) -> Result<(), Failure> {
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

/// What a bidder and who gets the collateral have before a bid.
struct Purse {
    bidder: Addr,
    pays: Coin,
    coins: u128,
    recipient: Addr,
    gets: Option<Coin>,
    collateral: u128,
}

impl Purse {
    fn of(world: &World, who: Who, position: u64, pays: Coin, limit: Limit) -> Self {
        let bidder = world.who(who);
        let recipient = match limit {
            Limit::Gift => world.who(Who::Lena),
            _ => bidder.clone(),
        };
        let gets = world
            .sale(position)
            .map(|sale| world.coin(sale.collateral.as_str()));
        let has = |who: &Addr, coin: Coin| world.suite.balance(who, coin.word());
        Purse {
            coins: has(&bidder, pays),
            collateral: gets.map_or(0, |coin| has(&recipient, coin)),
            bidder,
            pays,
            recipient,
            gets,
        }
    }

    /// The bidder, who was given `pay`, has paid what the fill says, and the recipient has got it.
    fn check(&self, world: &World, pay: u128, outcome: &Outcome) -> Result<(), Failure> {
        let (Some(event), Some(gets)) = (outcome.event(Filled::TYPE), self.gets) else {
            return Ok(());
        };
        let [sold, paid] = ["sold", "paid"].map(|key| event.must::<Uint128>(key).u128());
        let has = |who: &Addr, coin: Coin| world.suite.balance(who, coin.word());
        let now = (has(&self.bidder, self.pays), has(&self.recipient, gets));
        let expected = (self.coins + pay - paid, self.collateral + sold);
        if now != expected {
            return Err(Failure::new(
                "delivery",
                format!("after a fill of {sold} for {paid} they have {now:?}, not {expected:?}"),
            ));
        }
        Ok(())
    }
}

/// What somebody got for what.
#[derive(Default)]
struct Bought {
    sold: u128,
    paid: u128,
    dearest: Decimal256,
}

impl Bought {
    fn add(&mut self, event: &Seen) {
        self.sold += event.must::<Uint128>("sold").u128();
        self.paid += event.must::<Uint128>("paid").u128();
        self.dearest = self.dearest.max(event.must("price"));
    }
}

/// Invariant 9: what is bought in several bids of one block costs at least what one bid for it costs.
pub fn pieces(world: &mut World, who: Who, slot: Slot, much: Much, parts: u8) -> Result<(), Failure> {
    // Who calls back in the middle buys something else beside it.
    let Some(position) = world.position(slot).filter(|_| who != Who::Agent) else {
        return Ok(());
    };
    let coin = pays_in(world, position);
    let pay = payment(world, position, coin, much)?;
    let Some(sale) = world.sale(position) else {
        return Ok(());
    };
    let before = world.moment();
    let mut once = Bought::default();
    let Ok(outcome) = send_bid(world, who, position, coin, pay, Limit::Any, None)? else {
        return Ok(());
    };
    outcome.all(Filled::TYPE).for_each(|event| once.add(&event));
    world.back_to(&before);

    let mut often = Bought::default();
    let parts = u128::from(parts.clamp(2, 8));
    for _ in 0..parts {
        if let Ok(outcome) = send_bid(world, who, position, coin, pay / parts, Limit::Any, None)? {
            outcome.all(Filled::TYPE).for_each(|event| often.add(&event));
        }
    }
    if often.sold == 0 {
        return Ok(());
    }
    world.coverage.count("pieces");
    // What the pieces got, at the price of the one bid. A piece rounds by a unit of either asset, and the loan-to-value
    // (the bound of a first pass) by as much.
    let unit = 10u128.pow(world.suite.listed(sale.collateral.as_str()).decimals.into());
    let cost = |units: u128| {
        let cost = once.dearest * Decimal256::from_ratio(units, unit);
        Uint128::try_from(cost.to_uint_ceil()).expect("a cost").u128()
    };
    let slack = parts * (2 + cost(2)) + cost(often.sold) / 1_000_000_000_000;
    if often.paid + slack < cost(often.sold) {
        return Err(Failure::new(
            "invariant-9",
            format!(
                "{} were paid for {} in {parts} pieces, at once they cost {}",
                often.paid,
                often.sold,
                cost(often.sold)
            ),
        ));
    }
    Ok(())
}
