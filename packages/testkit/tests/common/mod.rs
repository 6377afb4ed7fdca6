//! A position in native coins and the same in tokens.
#![allow(dead_code)]

use glidepath_interfaces::position_manager::Stage;
use glidepath_testkit::scenes::calm;
use glidepath_testkit::{defaults, AssetSpec, Suite};

/// A pair of collateral and debt with the same figures in other units: 100,000 tokens at $10 against $740,000.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    pub collateral: &'static str,
    pub debt: &'static str,
}

pub const NATIVE: Pair = Pair {
    collateral: "atom",
    debt: "usdc",
};
pub const TOKENS: Pair = Pair {
    collateral: "tok",
    debt: "cusd",
};

pub fn suite(stake: Option<&str>) -> Suite {
    let tok = AssetSpec::cw20("tok", 8, "10")
        .as_collateral(defaults::MAJOR)
        .calm()
        .depth(200_000);
    let mut suite = calm()
        .asset(tok)
        .asset(AssetSpec::cusd().calm().no_interest())
        .build();
    if let Some(stake) = stake {
        let staker = suite.user("staker");
        for asset in ["usdc", "cusd"] {
            let amount = suite.units(asset, stake);
            suite.give(&staker, asset, amount);
            suite.fund().stake(&staker, asset, amount).unwrap();
        }
    }
    suite
}

impl Pair {
    pub fn open(self, suite: &mut Suite) -> u64 {
        let alice = suite.user("alice");
        let held = suite.units(self.collateral, "100000");
        let owed = suite.units(self.debt, "740000");
        suite
            .positions()
            .open(&alice, &[(self.collateral, held)], &[(self.debt, owed)])
            .unwrap()
    }

    pub fn usd(self, suite: &Suite, units: u128) -> f64 {
        units as f64 / suite.units(self.debt, "1") as f64
    }
}

/// Where a position stands.
pub fn stage(suite: &Suite, position: u64) -> Stage {
    suite.ask().position(position).unwrap().stage
}
