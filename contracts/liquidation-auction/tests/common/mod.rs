//! What the tests of the auction share.
#![allow(dead_code)]

use cosmwasm_std::{Addr, Decimal};
use glidepath_interfaces::auction::{ExecuteMsg, LotCause, Mode, Offer, Sale};
use glidepath_liquidation_auction::ContractError;
use glidepath_risk::Value;
use glidepath_testkit::handles::BidTerms;
use glidepath_testkit::scenes::{leveraged, UNIT};
use glidepath_testkit::{id, refused, Outcome, Result, Suite};

/// Why the auction refused.
pub fn error(result: Result<Outcome>) -> ContractError {
    refused(result)
}

/// A decimal.
pub fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// A sale of a position.
pub fn sale(suite: &Suite, position: u64) -> Sale {
    suite.ask().sale(position).unwrap().sale
}

/// The position of `scenes::leveraged` after a fall to $9.10 (maintenance health .984): no grace is left there, so the
/// sale opens with the call and its first lot starts a block later.
pub fn opened_with_its_call(suite: &mut Suite) -> u64 {
    let position = leveraged(suite);
    suite.set_price("atom", "9.10");
    suite.positions().advance(position).expect("a sale");
    position
}

/// Positions of so many `atom` at $10 that owe 7.40 `usdc` for each, after a fall to $9.10: no grace is left there.
pub fn fallen(suite: &mut Suite, owners: &[&str], atoms: u128) -> Vec<u64> {
    let open = |who: &&str| {
        let owner = suite.user(who);
        let (held, owed) = (atoms * UNIT, atoms * 74 * UNIT / 10);
        let position = suite
            .positions()
            .open(&owner, &[("atom", held)], &[("usdc", owed)]);
        position.unwrap()
    };
    let positions = owners.iter().map(open).collect();
    suite.set_price("atom", "9.10");
    positions
}

/// A bid in `usdc` under terms, by a bidder who is given what he pays.
pub fn bid_with(
    suite: &mut Suite,
    bidder: &Addr,
    position: u64,
    terms: BidTerms,
    amount: u128,
) -> Result<Outcome> {
    suite.give(bidder, "usdc", amount);
    suite.auction().bid_with(bidder, position, terms, "usdc", amount)
}

/// A suite whose position manager the test plays itself: nothing else is on sale, and invariants are not watched
/// because the vault knows of no such sale.
pub struct Puppet {
    pub suite: Suite,
    pub manager: Addr,
}

impl Puppet {
    pub fn new() -> Self {
        Self::with(|_| ())
    }

    pub fn with(change: impl FnOnce(&mut glidepath_interfaces::auction::SaleTerms)) -> Self {
        let suite = Suite::builder().terms(change).unwatched().build();
        let manager = suite.peers.position_manager.clone();
        Puppet { suite, manager }
    }

    pub fn send(&mut self, msg: &ExecuteMsg) -> Result<Outcome> {
        let manager = self.manager.clone();
        self.suite.auction().execute(&manager, msg)
    }

    pub fn open(&mut self, position: u64, mode: Mode, offer: Offer) -> Result<Outcome> {
        let breach_seen_at = self.suite.now() - 900;
        self.send(&ExecuteMsg::Open {
            position,
            mode,
            target: Decimal::one(),
            eta: Decimal::percent(50),
            max_discount: None,
            breach_seen_at,
            offer,
        })
    }

    pub fn start_lot(&mut self, position: u64, cause: LotCause, offer: Offer) -> Result<Outcome> {
        self.send(&ExecuteMsg::StartLot {
            position,
            cause,
            offer,
        })
    }
}

/// An offer of atoms at $10 each for `usd`, in a market with a depth of $1,000,000: a soft lot is $500,000.
pub fn offer(usd: u128) -> Offer {
    Offer {
        collateral: id("atom"),
        debt: id("usdc"),
        value: Value::usd(usd),
        amount: (usd * 100_000).into(),
        depth: Value::usd(1_000_000),
        calm: Decimal::one(),
        queue: None,
        min_left: 100_000u128.into(),
    }
}
