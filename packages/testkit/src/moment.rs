//! A moment of a chain, to come back to.

use cosmwasm_std::{BlockInfo, Order, Record, Storage};
use cw_asset::AssetInfo;

use crate::Suite;

/// What sums bytes up in a number: eight at a time, each step a bijection, so that no change of a single one is lost. Nobody
/// looks for two chains with the same sum, and this takes a fraction of the time of a hash that withstands that.
struct Sum(u64);

impl Sum {
    fn add(&mut self, bytes: &[u8]) {
        let mut step = |word: u64| {
            // An odd factor with bits all over it: 2⁶⁴ divided by the golden ratio.
            self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        };
        step(bytes.len() as u64);
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            step(u64::from_le_bytes(word));
        }
    }
}

/// All that is stored on a suite's chain, and its block, at a moment.
#[derive(Clone, Debug)]
pub struct Moment {
    storage: Vec<Record>,
    block: BlockInfo,
}

impl Moment {
    /// Now.
    pub fn of(suite: &Suite) -> Self {
        Moment {
            storage: suite.app.storage().range(None, None, Order::Ascending).collect(),
            block: suite.app.block_info(),
        }
    }

    /// Everything as it was then. Only what differs is written, so that a large state costs little to come back to.
    pub fn restore(&self, suite: &mut Suite) {
        let mut now = suite.app.storage().range(None, None, Order::Ascending).peekable();
        let (mut gone, mut differs) = (vec![], vec![]);
        for then in &self.storage {
            while let Some((key, _)) = now.next_if(|(key, _)| *key < then.0) {
                gone.push(key);
            }
            match now.next_if(|(key, _)| *key == then.0) {
                Some((_, value)) if value == then.1 => {}
                _ => differs.push(then),
            }
        }
        gone.extend(now.map(|(key, _)| key));
        let storage = suite.app.storage_mut();
        for key in gone {
            storage.remove(&key);
        }
        for (key, value) in differs {
            storage.set(key, value);
        }
        suite.app.set_block(self.block.clone());
        if let Some(mut watch) = suite.watch.take() {
            watch.rewound(suite);
            suite.watch = Some(watch);
        }
    }

    /// Is everything stored as it was then?
    pub fn is_now(&self, suite: &Suite) -> bool {
        let now = suite.app.storage().range(None, None, Order::Ascending);
        self.storage.iter().cloned().eq(now)
    }

    /// A number that changes with any balance of a coin or a listed token.
    pub fn coins(suite: &Suite) -> u64 {
        /// The bank module's part of a chain's storage: the length of its name, and its name.
        const BANK: &[u8] = b"\x00\x04bank";
        /// A standard token's balances, likewise.
        const BALANCES: &[u8] = b"\x00\x07balance";
        let mut sum = Sum(0);
        let mut add = |key: &[u8], value: &[u8]| {
            sum.add(key);
            sum.add(value);
        };
        let bank = suite.app.storage().range(Some(BANK), None, Order::Ascending);
        for (key, value) in bank.take_while(|(key, _)| key.starts_with(BANK)) {
            add(&key, &value);
        }
        for listed in suite.assets.values() {
            let AssetInfo::Cw20(token) = &listed.info else {
                continue;
            };
            let records = suite.app.dump_wasm_raw(token);
            for (key, value) in records.iter().filter(|(key, _)| key.starts_with(BALANCES)) {
                add(key, value);
            }
        }
        sum.0
    }

    /// A number that changes with anything that is stored.
    pub fn digest(suite: &Suite) -> u64 {
        let mut sum = Sum(0);
        for (key, value) in suite.app.storage().range(None, None, Order::Ascending) {
            sum.add(&key);
            sum.add(&value);
        }
        sum.0
    }
}
