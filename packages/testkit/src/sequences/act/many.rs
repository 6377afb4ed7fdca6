//! Several bids with one payment.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::{Decimal, Decimal256, Uint128};
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::auction::{BidItem, ExecuteMsg, PreviewBidResponse, Sale};
use glidepath_interfaces::events::auction::{BidPassedOver, Filled};
use glidepath_interfaces::vault::{self, Ledger};

use super::bids::{offered, pays_in, preview};
use super::purse::{bought, credited};
use crate::agent::TOLD;
use crate::sequences::op::{Coin, Leg, Legs, Limit, Much, Peer, Way, Who};
use crate::sequences::world::{Failure, Told, World};
use crate::{id, Moment, Outcome, Seen};

/// One fill of several: position, collateral and debt, price and multiplier.
type Fill = (u64, [Uint128; 2], Decimal256, Decimal);

fn fills(outcome: &Outcome) -> Vec<Fill> {
    let fill = |event: Seen| {
        (
            event.must("position"),
            [event.must("sold"), event.must("paid")],
            event.must("price"),
            event.must("multiplier"),
        )
    };
    outcome.all(Filled::TYPE).map(fill).collect()
}

/// The bids of a list, as they will be sent, and what pays for all of them.
struct Several {
    who: Who,
    way: Way,
    coin: Coin,
    pay: u128,
    items: Vec<BidItem>,
}

impl Several {
    fn of(world: &World, who: Who, way: Way, much: Much, legs: &Legs) -> Result<Option<Self>, Failure> {
        let legs = legs.0.iter();
        let legs: Vec<(u64, &Leg)> = legs
            .filter_map(|leg| Some((world.position(leg.slot)?, leg)))
            .collect();
        let Some((first, _)) = legs.first() else {
            return Ok(None);
        };
        let coin = pays_in(world, *first);
        let (mut items, mut total) = (vec![], 0);
        for (position, leg) in legs {
            let (price, sold, all) = match offered(world, position, None)? {
                Some((price, sold, paid)) => (price, Some(sold), paid.u128()),
                None => (Decimal256::MAX, None, world.units(coin, 100)),
            };
            let max = match leg.much {
                Much::All => None,
                much => Some(world.much(much, pays_in(world, position), all)),
            };
            if pays_in(world, position) == coin {
                total += max.map_or(all, |max| max.min(all));
            }
            items.push(BidItem {
                position,
                max_price: match leg.limit {
                    Limit::Low => price - Decimal256::raw(1),
                    Limit::Exact => price,
                    _ => Decimal256::MAX,
                },
                max_pay: max.map(Uint128::new),
                min_received: match leg.limit {
                    Limit::Greedy => sold.map(|sold| sold + Uint128::one()),
                    _ => None,
                },
            });
        }
        let pay = match much {
            Much::All => total + total / 10 + 1,
            much => world.much(much, coin, total),
        };
        Ok(Some(Several {
            who,
            way,
            coin,
            pay,
            items,
        }))
    }

    fn send(&self, world: &mut World) -> Result<Told, Failure> {
        let account = Amount {
            asset: id(self.coin.word()),
            amount: self.pay.into(),
        };
        let msg = ExecuteMsg::BidMany {
            bids: self.items.clone(),
            recipient: None,
            account: (self.way == Way::Account).then_some(account),
        };
        let (bidder, auction) = (world.who(self.who), world.peer(Peer::Auction));
        match self.way {
            Way::Coins => world.pay(&bidder, &auction, &msg, self.coin, self.pay),
            Way::Account => world.execute(&bidder, &auction, &msg, &[]),
        }
    }

    fn has_twice(&self) -> bool {
        let mut seen = BTreeSet::new();
        !self.items.iter().all(|item| seen.insert(item.position))
    }
}

/// Bids on several positions at once: to each what a bid of its own would have done, one after the other, on a fork. One that
/// orders come before is passed over.
///
/// # Errors
/// Where it is something else.
pub fn many(world: &mut World, who: Who, way: Way, much: Much, legs: &Legs) -> Result<(), Failure> {
    let Some(several) = Several::of(world, who, way, much, legs)? else {
        return Ok(());
    };
    let expected = match several.has_twice() {
        true => vec![],
        false => apart(world, &several)?,
    };
    let paid: u128 = expected.iter().flatten().map(|fill| fill.1[1].u128()).sum();
    let own = world.who(who);
    let set_aside = world.suite.ask().account_of(&own, several.coin.word())?.set_aside;
    let covered = way == Way::Coins || paid <= set_aside.u128();
    let before = Before::of(world, &several);
    let told = several.send(world)?;
    let differs = |what: String| Err(Failure::new("bid-many", what));
    let outcome = match told {
        Ok(outcome) if paid > 0 && covered => outcome,
        Err(_) if paid == 0 || !covered => return Ok(()),
        told => return differs(format!("apart it is {expected:?}, at once it came to {told:?}")),
    };
    let then: Vec<Fill> = expected.iter().flatten().copied().collect();
    let now = fills(&outcome);
    if now != then {
        return differs(format!("the fills are {now:?}, apart they were {then:?}"));
    }
    let passed_over: Vec<u64> = outcome
        .all(BidPassedOver::TYPE)
        .map(|event| event.must("position"))
        .collect();
    let nothing = several
        .items
        .iter()
        .zip(&expected)
        .filter(|(_, fill)| fill.is_none());
    let nothing: Vec<u64> = nothing.map(|(item, _)| item.position).collect();
    if passed_over != nothing {
        return differs(format!("{passed_over:?} were passed over, apart {nothing:?}"));
    }
    if !outcome.has(TOLD) {
        before.check(world, &several, &outcome, &nothing)?;
    }
    let filled = then.len();
    world.coverage.count(match way {
        Way::Coins => "several bids filled with coins",
        Way::Account => "several bids filled out of an account",
    });
    if filled > 1 {
        world.coverage.count("more than one of several bids filled");
    }
    if !nothing.is_empty() {
        world.coverage.count("one of several bids passed over");
    }
    Ok(())
}

/// What bids of their own would have done; none where one would have been refused, or orders come before it.
fn apart(world: &mut World, several: &Several) -> Result<Vec<Option<Fill>>, Failure> {
    let here = world.moment();
    let seen = std::mem::take(&mut world.coverage);
    let expected = one_by_one(world, several);
    let refusals = std::mem::replace(&mut world.coverage, seen);
    world.back_to(&here);
    let why = |name: &str| refusals.seen.contains_key(&format!("refused auction {name}"));
    for (name, what) in [
        ("BidAboveMaxPrice", "too dear for one of several bids"),
        ("Payment WrongPayment", "one of several bids in another debt"),
        ("OtherDebt", "one of several bids in another debt"),
        ("LotExpired", "one of several bids on a lot that is over"),
        ("LotNotStarted", "one of several bids on a lot that is to come"),
        ("NoSale", "one of several bids on nothing"),
    ] {
        if why(name) {
            world.coverage.count(what);
        }
    }
    if refusals.seen.contains_key("behind orders") {
        world.coverage.count("one of several bids behind orders");
    }
    if refusals.seen.contains_key("past orders that can't buy") {
        world
            .coverage
            .count("one of several bids past orders that can't buy");
    }
    expected
}

fn one_by_one(world: &mut World, several: &Several) -> Result<Vec<Option<Fill>>, Failure> {
    if several.way == Way::Account {
        // Enough for all of them, and all of it set aside: whether there was is not asked of each.
        let (own, vault) = (world.who(several.who), world.peer(Peer::Vault));
        let asset = id(several.coin.word());
        let deposit = vault::ExecuteMsg::Deposit {
            asset: asset.clone(),
            recipient: None,
        };
        if world
            .pay(&own, &vault, &deposit, several.coin, several.pay.max(1))?
            .is_ok()
        {
            let amount = world.suite.ask().account(&own, asset.as_str())?.into();
            let msg = vault::ExecuteMsg::SetAside { asset, amount };
            let _ = world.execute(&own, &vault, &msg, &[])?;
        }
    }
    let (mut left, mut all) = (several.pay, vec![]);
    for item in &several.items {
        let pay = item.max_pay.map_or(left, |max| left.min(max.u128()));
        match preview(world, item.position, pay)? {
            Some(PreviewBidResponse::OrdersFirst { .. }) => {
                if item.max_price == Decimal256::MAX && item.min_received.is_none() {
                    world.coverage.count("behind orders");
                }
                all.push(None);
                continue;
            }
            Some(PreviewBidResponse::Fills(fill))
                if super::front::is_past_idle_orders(world, item.position, fill.multiplier) =>
            {
                world.coverage.count("past orders that can't buy");
            }
            _ => {}
        }
        let msg = ExecuteMsg::Bid {
            position: item.position,
            max_price: item.max_price,
            recipient: None,
            min_received: item.min_received,
            pay: (several.way == Way::Account).then_some(glidepath_interfaces::auction::Pay::Account(
                Amount {
                    asset: id(several.coin.word()),
                    amount: pay.into(),
                },
            )),
        };
        let (own, auction) = (world.who(several.who), world.peer(Peer::Auction));
        let told = match several.way {
            Way::Coins => world.pay(&own, &auction, &msg, several.coin, pay)?,
            Way::Account => world.execute(&own, &auction, &msg, &[])?,
        };
        let fill = told.ok().and_then(|outcome| fills(&outcome).first().copied());
        left -= fill.map_or(0, |fill| fill.1[1].u128());
        all.push(fill);
    }
    Ok(all)
}

/// What there is before several bids.
struct Before {
    /// Coins, account and what of it is set aside, by asset.
    has: BTreeMap<Coin, [u128; 3]>,
    /// Ledgers and sales.
    positions: BTreeMap<u64, (Ledger, Option<Sale>)>,
    coins: u64,
}

impl Before {
    fn of(world: &World, several: &Several) -> Self {
        let who = world.who(several.who);
        let has = |coin: &Coin| {
            let account = world.suite.ask().account_of(&who, coin.word()).ok();
            let (account, set_aside) = account.map_or((0, 0), |a| (a.amount.u128(), a.set_aside.u128()));
            (
                *coin,
                [world.suite.balance(&who, coin.word()), account, set_aside],
            )
        };
        let position = |item: &BidItem| {
            let position = item.position;
            (position, (world.ledger(position), world.sale(position)))
        };
        Before {
            has: Coin::ALL.iter().map(has).collect(),
            positions: several.items.iter().map(position).collect(),
            coins: Moment::coins(&world.suite),
        }
    }

    /// The bidder has paid for what was filled and has it, and got the rest back; what was passed over is as it was.
    fn check(
        &self,
        world: &World,
        several: &Several,
        outcome: &Outcome,
        passed_over: &[u64],
    ) -> Result<(), Failure> {
        let who = world.who(several.who);
        let now = Before::of(world, several);
        let mut expected = self.has.clone();
        for (coin, [_, account, _]) in &mut expected {
            *account += credited(outcome, &who, *coin);
        }
        let [_, paid] = bought(outcome, &who);
        let mut change = |coin: Coin, by: &dyn Fn(&mut [u128; 3])| {
            expected.entry(coin).and_modify(by);
        };
        match several.way {
            Way::Coins => change(several.coin, &|has| has[0] += several.pay - paid),
            Way::Account => change(several.coin, &|[_, account, set_aside]| {
                *account -= paid;
                *set_aside -= paid;
            }),
        }
        for event in outcome.all(Filled::TYPE) {
            let sold = event.must::<Uint128>("sold").u128();
            let coin = world.coin(event.text("collateral").unwrap_or_default());
            let place = usize::from(several.way == Way::Account);
            change(coin, &|has| has[place] += sold);
        }
        let differs = |what: String| Err(Failure::new("bid-many", what));
        if now.has != expected {
            return differs(format!("the bidder has {:?}, not {expected:?}", now.has));
        }
        if several.way == Way::Account && now.coins != self.coins {
            return differs("bids out of an account moved coins".into());
        }
        for position in passed_over {
            let (then, now) = (&self.positions[position], &now.positions[position]);
            if then != now {
                return differs(format!(
                    "position {position} was passed over, and is {now:?}, not {then:?}"
                ));
            }
        }
        Ok(())
    }
}
