//! Fills: what a liquidator pays for.

use anyhow::{anyhow, bail, Result};
use cosmwasm_std::{to_json_binary, Addr, Coin, Decimal256, WasmMsg};
use glidepath_interfaces::auction::{ExecuteMsg, PreviewBidResponse};
use glidepath_interfaces::events::auction::SaleEnded;
use glidepath_testkit::scenes::{calm, on_sale, to_lot, UNIT};
use glidepath_testkit::Suite;

use crate::rig::{Cost, Rig};

/// A message, and what it cost.
pub type Row = (String, Cost);

/// What of so much a bid would keep; all that the lot costs where it is more.
fn kept(suite: &Suite, position: u64, pay: u128) -> Result<u128> {
    match suite.ask().preview_bid(position, Some(pay))? {
        PreviewBidResponse::Fills(quote) => Ok(quote.paid.u128()),
        other => bail!("no fill: {other:?}"),
    }
}

/// More than any lot costs.
const RICH: u128 = 100_000_000 * UNIT;

/// The highest price as a bidder writes it: $11 a token, in base units.
pub fn max_price() -> Decimal256 {
    Decimal256::from_ratio(11 * UNIT, 1u128)
}

/// Somebody who has both coins already and bids with coins; whether the sale is over then.
fn bid(rig: &Rig, suite: &mut Suite, bidder: &Addr, position: u64, amount: u128) -> Result<(bool, Cost)> {
    let msg = ExecuteMsg::Bid {
        position,
        max_price: max_price(),
        recipient: None,
        min_received: None,
    };
    let msg = WasmMsg::Execute {
        contract_addr: suite.peers.liquidation_auction.to_string(),
        msg: to_json_binary(&msg)?,
        funds: vec![Coin::new(amount, "uusdc")],
    };
    let (done, cost) = rig.cost(suite, bidder, &msg.into())?;
    Ok((done.event(SaleEnded::TYPE).is_some(), cost))
}

/// The fills of a soft sale: the first of a lot, a part of a lot, all of the rest, more than the rest, and the one that
/// ends the sale.
///
/// # Errors
/// Where a step is refused, or none ends the sale.
pub fn all(rig: &Rig) -> Result<Vec<Row>> {
    let mut suite = rig.suite(calm());
    let position = on_sale(&mut suite);
    let bidder = suite.user("bidder");
    for asset in ["atom", "usdc"] {
        suite.give(&bidder, asset, 1_000_000_000 * UNIT);
    }
    let mut rows = vec![];
    let mut row = |name: &str, cost: Cost| rows.push((name.to_string(), cost));

    suite.elapse(45);
    let part = kept(&suite, position, 10_000 * UNIT)?;
    let (_, cost) = bid(rig, &mut suite, &bidder, position, part)?;
    row("bid: the first part of a lot", cost);
    suite.elapse(6);
    let part = kept(&suite, position, 10_000 * UNIT)?;
    let (_, cost) = bid(rig, &mut suite, &bidder, position, part)?;
    row("bid: a part of a lot", cost);
    suite.elapse(6);
    let (_, cost) = bid(rig, &mut suite, &bidder, position, 10_000 * UNIT)?;
    row("bid: a round sum, of which a base unit comes back", cost);
    let rest = kept(&suite, position, RICH)?;
    let (_, cost) = bid(rig, &mut suite, &bidder, position, rest)?;
    row("bid: the rest of a lot, and the next starts", cost);

    to_lot(&mut suite, position);
    suite.elapse(45);
    let rest = kept(&suite, position, RICH)?;
    let (_, cost) = bid(rig, &mut suite, &bidder, position, rest + 1_000 * UNIT)?;
    row("bid: more than a lot, with change", cost);
    for _ in 0..10 {
        to_lot(&mut suite, position);
        suite.elapse(45);
        let rest = kept(&suite, position, RICH)?;
        let (ended, cost) = bid(rig, &mut suite, &bidder, position, rest)?;
        if ended {
            row("bid: the sale ends", cost);
            return Ok(rows);
        }
    }
    Err(anyhow!("the sale does not end"))
}
