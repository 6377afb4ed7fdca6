//! Other people: how many there are, and what they have.

use glidepath_testkit::handles::{borrow, deposit};
use glidepath_testkit::scenes::{advance_all, UNIT};
use glidepath_testkit::Suite;

/// How many others there are.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    /// Positions, those on sale included.
    pub positions: u64,
    /// Positions on sale.
    pub sales: u64,
    /// Suppliers; as many stakers who want to leave, and as many accounts in the vault.
    pub people: u64,
}

/// Just enough others for every page of a list.
pub const HANDFUL: Crowd = Crowd {
    positions: 6,
    sales: 3,
    people: 6,
};

/// Far more than a chain has seen.
pub const MANY: Crowd = Crowd {
    positions: 10_000,
    sales: 1_000,
    people: 10_000,
};

/// Comes to a suite of `atom` and `usdc`, all by messages. Time and prices go the same way however many there are:
/// `atom` falls to $9.20 and is at $10 again afterwards.
pub fn come(suite: &mut Suite, crowd: Crowd) {
    for nth in 0..crowd.people {
        let who = suite.user(&format!("somebody-{nth}"));
        suite.give(&who, "usdc", 30 * UNIT);
        suite.vault().supply(&who, "usdc", 10 * UNIT).unwrap();
        suite.vault().deposit(&who, "usdc", 10 * UNIT).unwrap();
        suite.fund().stake(&who, "usdc", 10 * UNIT).unwrap();
        suite.fund().request_exit(&who, "usdc", None).unwrap();
    }
    let mut failing = vec![];
    for nth in 0..crowd.positions {
        let who = suite.user(&format!("owner-{nth}"));
        let fails = nth < crowd.sales;
        // Of $20: at $9.20 the one is at a health of .988, the other at 1.33.
        let debt = if fails { 14_900_000 } else { 11 * UNIT };
        suite.give(&who, "atom", 2 * UNIT);
        let actions = vec![deposit("atom", 2 * UNIT), borrow("usdc", debt)];
        let done = suite
            .positions()
            .update(&who, None, actions, &[("atom", 2 * UNIT)])
            .unwrap();
        if fails {
            failing.push(
                done.of_suite()
                    .find_map(|(_, event)| event.get("position"))
                    .unwrap(),
            );
        }
    }
    for (wait, price) in [(6, "9.20"), (901, "9.20")] {
        suite.elapse(wait);
        suite.set_price("atom", price);
        for position in &failing {
            advance_all(suite, *position);
        }
    }
    for position in &failing {
        let sale = suite.ask().sale(*position).unwrap().sale;
        assert!(sale.lot.is_some(), "position {position} is not on sale: {sale:?}");
    }
    suite.elapse(600);
    suite.set_price("atom", "10");
    // The smoothed price follows.
    suite.elapse(86_400);
}
