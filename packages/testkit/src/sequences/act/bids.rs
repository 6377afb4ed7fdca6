//! Bids, however they are paid: a preview says what they do, and who pays and who gets what is looked at to the unit.

use cosmwasm_std::{Decimal, Decimal256, Uint128};
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::auction::{BidPreview, ExecuteMsg, Pay, PreviewBidResponse};
use glidepath_interfaces::events::auction::{BidPassedOver, Filled};
use glidepath_interfaces::position_manager::SellableResponse;

use super::front;
use super::purse::Purse;
use crate::agent::{Bargain, TOLD};
use crate::sequences::op::{Coin, Limit, Much, Peer, Slot, Who};
use crate::sequences::promises;
use crate::sequences::world::{Failure, Told, World};
use crate::{id, Outcome};

/// How a bid is paid.
#[derive(Clone)]
pub enum Means {
    /// With coins, which the bidder is given.
    Coins,
    /// Out of what he set aside.
    Account,
    /// When he is called.
    Ticket(Bargain),
}

/// A bid as it will be sent.
#[derive(Clone)]
pub struct Bid {
    /// Whose.
    pub who: Who,
    /// On what.
    pub position: u64,
    /// What it pays in.
    pub coin: Coin,
    /// Most base units of it.
    pub pay: u128,
    /// What else he asks for.
    pub limit: Limit,
    /// How it is paid.
    pub means: Means,
    /// What such a bid costs and gets before any order is served: a limit is relative to it.
    pub quoted: Option<(Decimal256, Uint128)>,
}

impl Bid {
    /// A bid of a part of what may be bought now.
    ///
    /// # Errors
    /// Where a question has no answer.
    pub fn of(
        world: &World,
        who: Who,
        position: u64,
        much: Much,
        limit: Limit,
        means: Means,
    ) -> Result<Self, Failure> {
        let coin = pays_in(world, position);
        let all = match offered(world, position, None)? {
            Some((_, _, paid)) => paid.u128(),
            None => world.units(coin, 100),
        };
        let pay = match much {
            Much::All => all + all / 10 + 1,
            other => world.much(other, coin, all),
        };
        let quoted = offered(world, position, Some(pay))?.map(|(price, sold, _)| (price, sold));
        Ok(Bid {
            who,
            position,
            coin,
            pay,
            limit,
            means,
            quoted,
        })
    }

    /// May it be refused only for what is on sale, not for what the bidder asks?
    pub fn is_modest(&self) -> bool {
        matches!(self.limit, Limit::Any | Limit::Exact | Limit::Gift)
    }

    /// Is what an account would pay for meant for somebody else? It is for its owner only.
    pub fn is_given_away(&self, world: &World) -> bool {
        let to_others = self.limit == Limit::Gift && world.who(self.who) != world.who(Who::Lena);
        to_others && matches!(self.means, Means::Account)
    }

    /// Does it ask for something in return, so that it is refused rather than passed over behind orders?
    pub fn is_strict(&self) -> bool {
        self.min_received().is_some()
    }

    fn min_received(&self) -> Option<Uint128> {
        let sold = self.quoted.map(|(_, sold)| sold);
        match self.limit {
            Limit::Greedy => sold.map(|sold| sold + Uint128::one()),
            Limit::Exact => sold,
            _ => None,
        }
    }

    fn max_price(&self) -> Decimal256 {
        let price = self.quoted.map_or(Decimal256::MAX, |(price, _)| price);
        match self.limit {
            Limit::Exact => price,
            Limit::Low => price - Decimal256::raw(1),
            _ => Decimal256::MAX,
        }
    }

    /// Who gets the collateral.
    pub fn recipient(&self) -> Who {
        match self.limit {
            Limit::Gift => Who::Lena,
            _ => self.who,
        }
    }

    /// As a message.
    pub fn message(&self, world: &World) -> ExecuteMsg {
        ExecuteMsg::Bid {
            position: self.position,
            max_price: self.max_price(),
            recipient: match self.limit {
                Limit::Suite => Some(world.peer(Peer::Fund).to_string()),
                Limit::Gift => Some(world.who(Who::Lena).to_string()),
                _ => None,
            },
            min_received: self.min_received(),
            pay: match &self.means {
                Means::Coins => None,
                Means::Account => Some(Pay::Account(Amount {
                    asset: id(self.coin.word()),
                    amount: self.pay.into(),
                })),
                Means::Ticket(bargain) => Some(Pay::Callback {
                    max: Some(self.pay.into()),
                    msg: cosmwasm_std::to_json_binary(bargain).expect("a bargain"),
                }),
            },
        }
    }

    /// Sends it. Who pays when he is called is given enough for it.
    ///
    /// # Errors
    /// Those of [`World::send`].
    pub fn send(&self, world: &mut World) -> Result<Told, Failure> {
        let (bidder, auction) = (world.who(self.who), world.peer(Peer::Auction));
        let msg = self.message(world);
        match &self.means {
            Means::Coins => world.pay(&bidder, &auction, &msg, self.coin, self.pay),
            Means::Account => world.execute(&bidder, &auction, &msg, &[]),
            Means::Ticket(_) => {
                // For twice and one more, whatever it will say.
                world.give(&bidder, self.coin, 2 * self.pay + 1);
                let msg = cosmwasm_std::WasmMsg::Execute {
                    contract_addr: auction.to_string(),
                    msg: cosmwasm_std::to_json_binary(&msg).expect("a bid"),
                    funds: vec![],
                };
                // Whoever is no contract can't be called.
                let nobody: &[&str] = match self.who {
                    Who::Agent => &[],
                    _ => &["chain"],
                };
                world.send_but(&bidder, msg.into(), nobody)
            }
        }
    }

    /// What was given for it.
    pub fn given(&self) -> u128 {
        match self.means {
            Means::Coins => self.pay,
            Means::Account => 0,
            Means::Ticket(_) => 2 * self.pay + 1,
        }
    }

    /// Is there what it will pay with?
    fn is_covered(&self, world: &World, paid: Uint128) -> Result<bool, Failure> {
        Ok(match &self.means {
            Means::Coins => true,
            Means::Account => {
                let account = world
                    .suite
                    .ask()
                    .account_of(&world.who(self.who), self.coin.word())?;
                paid <= account.set_aside
            }
            Means::Ticket(bargain) => self.who == Who::Agent && bargain.pays == crate::agent::Pays::Exactly,
        })
    }
}

/// The debt on sale; where nothing is, any.
pub fn pays_in(world: &World, position: u64) -> Coin {
    world
        .sale(position)
        .map_or(Coin::Usdc, |sale| world.coin(sale.debt.as_str()))
}

/// Price, collateral and cost of what so much buys now, whether orders come before it or not.
pub fn offered(
    world: &World,
    position: u64,
    pay: Option<u128>,
) -> Result<Option<(Decimal256, Uint128, Uint128)>, Failure> {
    match world.suite.ask().preview_bid(position, pay) {
        Ok(PreviewBidResponse::Fills(fill)) => Ok(Some((fill.price, fill.sold, fill.paid))),
        Ok(PreviewBidResponse::OrdersFirst { .. }) => {
            let clock = world.suite.ask().sale(position)?.multiplier.unwrap_or_default();
            match world.suite.ask().sellable(position, clock, pay)? {
                SellableResponse::Fill(fill) => Ok(Some((fill.price, fill.sold, fill.paid))),
                SellableResponse::Refused(refusal) => Err(Failure::new(
                    "preview-bid",
                    format!("orders come first where nothing may be sold: {refusal}"),
                )),
            }
        }
        _ => Ok(None),
    }
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
    let bid = Bid::of(world, who, position, much, limit, Means::Coins)?;
    place_bid(world, &bid)
}

/// A bid out of what the bidder set aside.
pub fn spend(world: &mut World, who: Who, slot: Slot, much: Much, limit: Limit) -> Result<(), Failure> {
    let Some(position) = world.position(slot) else {
        return Ok(());
    };
    let bid = Bid::of(world, who, position, much, limit, Means::Account)?;
    let told = place_bid(world, &bid)?;
    if told.is_ok_and(|outcome| outcome.has(Filled::TYPE)) {
        world.coverage.count("fill out of an account");
    }
    Ok(())
}

/// Sends a bid and looks at what it came to.
///
/// # Errors
/// Where that is something else than what the preview said, or than what the rules say of it.
pub fn place_bid(world: &mut World, bid: &Bid) -> Result<Told, Failure> {
    let preview = preview(world, bid.position, bid.pay)?;
    if bid.is_given_away(world) {
        let told = bid.send(world)?;
        if told.is_ok() {
            let what = "what an account paid for went to somebody else";
            return Err(Failure::new("gift", what));
        }
        world.coverage.count("what an account buys given away: refused");
        return Ok(told);
    }
    let purse = Purse::of(world, bid);
    let before = world.suite.ask().position(bid.position)?;
    let told = match &preview {
        Some(PreviewBidResponse::OrdersFirst { .. }) => front::behind_orders(world, bid)?,
        preview => {
            let fills = match preview {
                Some(PreviewBidResponse::Fills(fill)) => Some(fill),
                _ => None,
            };
            let covered = match fills {
                Some(fill) => bid.is_covered(world, fill.paid)?,
                None => true,
            };
            let past_new =
                fills.is_some_and(|fill| front::is_past_new_orders(world, bid.position, fill.multiplier));
            let past_idle =
                fills.is_some_and(|fill| front::is_past_idle_orders(world, bid.position, fill.multiplier));
            let told = bid.send(world)?;
            if told.is_ok() && past_idle {
                world.coverage.count("bid past orders that can't buy");
            }
            if bid.pay > 0 {
                compare(bid, fills.filter(|_| covered), &told)?;
            }
            if told.is_ok() && past_new {
                world.coverage.count("bid past orders of its block");
            }
            told
        }
    };
    if let Ok(outcome) = &told {
        if !outcome.has(TOLD) {
            purse.check(world, bid, outcome)?;
        }
        promises::first_pass(&before, outcome)?;
        let ledger = world.ledger(bid.position);
        if ledger.collateral.len() > 1 {
            world.coverage.count("fill of several collaterals");
        }
        if ledger.debts.len() > 1 {
            world.coverage.count("fill of several debts");
        }
        if outcome.has(BidPassedOver::TYPE) {
            world.coverage.count("bid passed over behind orders");
        }
    }
    Ok(told)
}

/// What a bid would do, by the auction's word. That no order comes before a bid, or which, is what the orders say by themselves.
///
/// # Errors
/// Where they don't.
pub fn preview(world: &World, position: u64, pay: u128) -> Result<Option<PreviewBidResponse>, Failure> {
    let preview = world.suite.ask().preview_bid(position, Some(pay)).ok();
    let multiplier = match &preview {
        Some(PreviewBidResponse::Fills(fill)) => fill.multiplier,
        Some(PreviewBidResponse::OrdersFirst { .. }) => Decimal::zero(),
        _ => return Ok(preview),
    };
    let first = front::first(world, position, pay)?;
    match &preview {
        Some(PreviewBidResponse::OrdersFirst { slot, multiplier })
            if first.map(|(nth, pays, _)| (nth, pays)) == Some((*slot, *multiplier)) => {}
        Some(PreviewBidResponse::Fills(_)) if first.is_none() => {}
        preview => {
            return Err(Failure::new(
                "orders-first",
                format!("{first:?} comes before a bid at {multiplier}; the preview is {preview:?}"),
            ))
        }
    }
    Ok(preview)
}

/// Invariant 8: a quote equals the execution.
fn compare(bid: &Bid, preview: Option<&BidPreview>, told: &Told) -> Result<(), Failure> {
    match (preview, told) {
        (Some(preview), Ok(outcome)) if bid.is_modest() => same(preview, outcome),
        (Some(_), Err(_)) if !bid.is_modest() => Ok(()),
        (None, Err(_)) => Ok(()),
        (preview, told) => Err(Failure::new(
            "preview-bid",
            format!(
                "a preview of {preview:?} with limit {} came to {told:?}",
                bid.limit
            ),
        )),
    }
}

/// Is the first fill of a message what the preview said?
///
/// # Errors
/// Where it is not.
pub fn same(preview: &BidPreview, outcome: &Outcome) -> Result<(), Failure> {
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
