//! Situations that many tests start from.

use cosmwasm_std::{Addr, Decimal};
use glidepath_interfaces::position_manager::{AskedSale, Goal, OwnerOrder};

use crate::{AssetSpec, Outcome, Suite, SuiteBuilder};

/// Base units of a whole `atom` or `usdc`.
pub const UNIT: u128 = 1_000_000;

/// A suite in which clocks and grace do not depend on volatility, no interest is taken, and a lot of `atom` is
/// $100,000 (a depth of $200,000).
pub fn calm() -> SuiteBuilder {
    Suite::builder()
        .asset(AssetSpec::atom().calm().depth(200_000))
        .asset(AssetSpec::usdc().calm().no_interest())
}

/// The suite of [`calm`] with `atom` as a volatile asset (maintenance weight .70) whose lots queue: $1,600,000 an hour, and
/// $400,000 at once.
pub fn queued() -> SuiteBuilder {
    let atom = AssetSpec::atom().as_collateral(crate::defaults::VOLATILE);
    Suite::builder()
        .asset(atom.calm().depth(200_000).queue(8, 2))
        .asset(AssetSpec::usdc().calm().no_interest())
}

/// `who` opens a position of so many `atom` at $10 that owes 6.40 `usdc` for each: maintenance health 1.094, and .984, which
/// leaves no grace, at $9.
pub fn leaning(suite: &mut Suite, who: &str, atoms: u128) -> u64 {
    let who = suite.user(who);
    let (held, owed) = (atoms * UNIT, atoms * 64 * UNIT / 10);
    suite
        .positions()
        .open(&who, &[("atom", held)], &[("usdc", owed)])
        .expect("a position")
}

/// `alice` opens a position of 100,000 `atom` ($1,000,000) that owes 740,000 `usdc`: maintenance health 1.081.
pub fn leveraged(suite: &mut Suite) -> u64 {
    let alice = suite.user("alice");
    let (held, owed) = (100_000 * UNIT, 740_000 * UNIT);
    suite
        .positions()
        .open(&alice, &[("atom", held)], &[("usdc", owed)])
        .expect("a position")
}

/// An owner's wish to be sold below a maintenance health of 1.05 until his target health is 1, at 4 % below the market at most.
pub fn glide_path() -> OwnerOrder {
    OwnerOrder {
        sell_order: vec![],
        sale: Some(AskedSale {
            trigger: Some(Decimal::percent(105)),
            goal: Goal::Health(Decimal::one()),
            max_discount: Decimal::percent(4),
        }),
    }
}

/// The position of [`leveraged`], whose owner asks for a [`glide_path`], after a fall to $9.40 (maintenance health 1.0162), with a
/// sale that he asked for at the first second of its first lot.
pub fn gliding(suite: &mut Suite) -> u64 {
    let position = leveraged(suite);
    let alice = suite.user("alice");
    suite
        .positions()
        .set_order(&alice, position, glide_path())
        .expect("an order");
    suite.elapse(1);
    suite.set_price("atom", "9.40");
    suite.positions().advance(position).expect("a sale");
    to_lot(suite, position);
    position
}

/// The position of [`leveraged`] after a fall to $9.20 (maintenance health .9946) and a margin call.
pub fn called(suite: &mut Suite) -> u64 {
    let position = leveraged(suite);
    suite.set_price("atom", "9.20");
    suite.positions().advance(position).expect("a margin call");
    position
}

/// The position of [`called`] after its grace, with a soft sale open and its first lot.
pub fn opened(suite: &mut Suite) -> u64 {
    let position = called(suite);
    suite.elapse(901);
    suite.positions().advance(position).expect("a sale");
    position
}

/// The position of [`opened`] at the first second of its first lot.
pub fn on_sale(suite: &mut Suite) -> u64 {
    let position = opened(suite);
    to_lot(suite, position);
    position
}

/// The position of [`leveraged`] after a fall to $8.40 (maintenance health .908), called and seen twice: a close-out at
/// the first second of its first lot.
pub fn closing_out(suite: &mut Suite) -> u64 {
    let position = leveraged(suite);
    suite.set_price("atom", "8.40");
    suite.positions().advance(position).expect("a margin call");
    advance_all(suite, position);
    suite.elapse(60);
    advance_all(suite, position);
    to_lot(suite, position);
    position
}

/// Lets time pass until the first second of a position's lot.
pub fn to_lot(suite: &mut Suite, position: u64) {
    let lot = suite
        .ask()
        .sale(position)
        .expect("a sale")
        .sale
        .lot
        .expect("a lot");
    suite.until(lot.start_at);
}

/// Nobody buys from so many lots of a position, its running one the first; the last of them is over, and prices are new.
pub fn unsold(suite: &mut Suite, position: u64, lots: u32) {
    for nth in 1..=lots {
        let sale = suite.ask().sale(position).expect("a sale");
        suite.until(sale.last.expect("a lot") + 1);
        suite.refresh();
        if nth < lots {
            suite.positions().advance(position).expect("another lot");
        }
    }
}

/// Advances a position until nothing is due. Returns how often something was.
///
/// # Panics
/// Where it does not come to rest.
pub fn advance_all(suite: &mut Suite, position: u64) -> u32 {
    for steps in 0..20 {
        if suite.positions().advance(position).is_err() {
            return steps;
        }
    }
    panic!("position {position} does not come to rest");
}

/// Brings a position to its rest with a bidder who buys all he can at any price: advances it when something is due,
/// waits where only time helps. Returns what happened.
///
/// # Panics
/// Where it has not come to rest after a hundred steps.
pub fn run_down(suite: &mut Suite, position: u64, bidder: &Addr) -> Outcome {
    let mut all = Outcome::default();
    for _ in 0..100 {
        suite.refresh();
        if let Ok(done) = suite.positions().advance(position) {
            all = all.and(done);
            continue;
        }
        let Ok(sale) = suite.ask().sale(position) else {
            match suite.ask().due(position).expect("a position").not_before {
                Some(time) if time > suite.now() => suite.until(time),
                Some(_) => suite.elapse(1),
                None => return all,
            }
            continue;
        };
        let now = suite.now();
        match sale.sale.lot {
            Some(lot) if lot.start_at > now => suite.until(lot.start_at),
            Some(_) if sale.multiplier.is_some() => {
                let asset = sale.sale.debt.as_str();
                let rich = suite.units(asset, "100000000");
                match suite.auction().bid(bidder, position, rich) {
                    Ok(done) => all = all.and(done),
                    Err(_) => suite.until(sale.last.unwrap_or(now) + 1),
                }
            }
            _ => suite.elapse(30),
        }
    }
    panic!("position {position} has not come to rest");
}

/// A position's maintenance health as a number with 18 digits, for comparisons in tests.
pub fn health(suite: &Suite, position: u64) -> cosmwasm_std::Decimal {
    suite.ask().health(position).expect("a position").expect("a debt")
}

/// What a bidder has of an asset before and after something.
pub fn gained<T>(
    suite: &mut Suite,
    who: &Addr,
    asset: &str,
    does: impl FnOnce(&mut Suite) -> T,
) -> (T, i128) {
    let signed = |amount: u128| i128::try_from(amount).expect("fits");
    let before = signed(suite.balance(who, asset));
    let done = does(suite);
    (done, signed(suite.balance(who, asset)) - before)
}
