//! Invariant 3: a donation of any coin to any contract changes nothing.

use cosmwasm_std::Addr;

use super::{holds, Broken};
use crate::Suite;

/// Base units of each asset that [`donation_changes_nothing`] gives to each contract.
pub const DONATION: u128 = 1_234_567_890_123;

/// Donates [`DONATION`] of every asset to each of the five contracts and compares everything that can be asked: markets,
/// prices, pools, these positions, their sales and bids.
///
/// # Errors
/// Where an answer differs.
pub fn donation_changes_nothing(suite: &mut Suite, positions: &[u64]) -> Result<(), Broken> {
    let before = snapshot(suite, positions);
    let donor = suite.user("donor");
    let contracts: [Addr; 5] = [
        suite.peers.vault.clone(),
        suite.peers.position_manager.clone(),
        suite.peers.oracle_adapter.clone(),
        suite.peers.liquidation_auction.clone(),
        suite.peers.insurance_fund.clone(),
    ];
    for asset in suite.ask().asset_ids() {
        for contract in &contracts {
            suite.give(&donor, asset.as_str(), DONATION);
            suite
                .transfer(&donor, contract, asset.as_str(), DONATION)
                .expect("a donation");
        }
    }
    let after = snapshot(suite, positions);
    for (before, after) in before.iter().zip(&after) {
        holds(3, before == after, || {
            format!("a donation changed {before} into {after}")
        })?;
    }
    Ok(())
}

/// An answer, or why there was none (a market that an asset has not, a sale that is not there).
fn shown(answer: anyhow::Result<impl std::fmt::Debug>) -> String {
    match answer {
        Ok(answer) => format!("{answer:?}"),
        Err(error) => format!("{error:#}"),
    }
}

fn snapshot(suite: &Suite, positions: &[u64]) -> Vec<String> {
    let ask = suite.ask();
    let mut all = vec![];
    for asset in ask.asset_ids() {
        let asset = asset.as_str();
        all.push(shown(ask.market(asset)));
        all.push(shown(ask.price(asset)));
        all.push(shown(ask.pool(asset)));
    }
    for position in positions {
        all.push(shown(ask.position(*position)));
        all.push(shown(ask.ledger(*position)));
        all.push(shown(ask.due(*position)));
        all.push(shown(ask.sale(*position)));
        all.push(shown(ask.preview_bid(*position, None)));
        all.push(shown(ask.preview_backstop(*position)));
    }
    all
}
