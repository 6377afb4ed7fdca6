//! Fills: what a liquidator pays for.

use anyhow::{anyhow, bail, Result};
use cosmwasm_std::{to_json_binary, Addr, Coin, Decimal256, WasmMsg};
use glidepath_interfaces::asset::{self, Amount};
use glidepath_interfaces::auction::{BidItem, ExecuteMsg, Pay, PreviewBidResponse};
use glidepath_interfaces::events::auction::SaleEnded;
use glidepath_testkit::flash::{self, FlashMsg};
use glidepath_testkit::scenes::{calm, on_sale, to_lot, UNIT};
use glidepath_testkit::{id, Suite};

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
        pay: None,
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
            rows.extend(from_accounts(rig)?);
            rows.extend(callback(rig)?);
            rows.extend(orders(rig)?);
            return Ok(rows);
        }
    }
    Err(anyhow!("the sale does not end"))
}

/// A message without coins to the auction.
fn tell(rig: &Rig, suite: &mut Suite, sender: &Addr, msg: &ExecuteMsg) -> Result<Cost> {
    let auction = suite.peers.liquidation_auction.clone();
    let (_, cost) = rig.cost(suite, sender, &asset::call(&auction, msg)?)?;
    Ok(cost)
}

/// Fills out of an account and into it: one, and eleven in one message.
fn from_accounts(rig: &Rig) -> Result<Vec<Row>> {
    let mut suite = rig.suite(calm());
    let mut positions = vec![];
    for nth in 0..11 {
        let owner = suite.user(&format!("owner-{nth}"));
        let (held, owed) = (20_000 * UNIT, 148_000 * UNIT);
        let opened = suite
            .positions()
            .open(&owner, &[("atom", held)], &[("usdc", owed)])?;
        positions.push(opened);
    }
    suite.set_price("atom", "9.20");
    for position in &positions {
        suite.positions().advance(*position)?;
    }
    suite.elapse(901);
    for position in &positions {
        suite.positions().advance(*position)?;
    }
    suite.elapse(45);
    let bidder = suite.user("bidder");
    suite.vault().fund_bids(&bidder, "usdc", RICH)?;
    let one = |position: u64, amount: u128| ExecuteMsg::Bid {
        position,
        max_price: max_price(),
        recipient: None,
        min_received: None,
        pay: Some(Pay::Account(Amount {
            asset: id("usdc"),
            amount: amount.into(),
        })),
    };
    let many = |positions: &[u64]| ExecuteMsg::BidMany {
        bids: positions
            .iter()
            .map(|position| BidItem {
                position: *position,
                max_price: max_price(),
                max_pay: Some((5_000 * UNIT).into()),
                min_received: None,
            })
            .collect(),
        recipient: None,
        account: Some(Amount {
            asset: id("usdc"),
            amount: (1_000_000 * UNIT).into(),
        }),
    };
    let mut rows = vec![];
    // The first makes the account that the collateral goes into, and is the first part of each lot.
    tell(rig, &mut suite, &bidder, &many(&positions))?;
    suite.elapse(6);
    let cost = tell(rig, &mut suite, &bidder, &one(positions[0], 5_000 * UNIT))?;
    rows.push(("bid: a part of a lot, from and to an account".to_string(), cost));
    suite.elapse(6);
    let cost = tell(rig, &mut suite, &bidder, &many(&positions[..1]))?;
    rows.push(("bid_many: one, from and to an account".to_string(), cost));
    suite.elapse(6);
    let cost = tell(rig, &mut suite, &bidder, &many(&positions))?;
    rows.push(("bid_many: eleven of them".to_string(), cost));
    Ok(rows)
}

/// A part of a lot that is paid in a callback: what the suite's contracts cost, without the bidder's own, which is native code
/// here, and the market that he sells at.
fn callback(rig: &Rig) -> Result<Vec<Row>> {
    let mut suite = rig.suite(calm());
    let position = on_sale(&mut suite);
    let pool = flash::pool(&mut suite, [("atom", "10000000"), ("usdc", "92000000")]);
    let (bidder, anyone) = (flash::bidder(&mut suite, &pool), suite.user("anyone"));
    suite.auction().bid(&anyone, position, 5_000 * UNIT)?;
    // Until the pool pays more than the lot costs.
    suite.elapse(200);
    let msg = WasmMsg::Execute {
        contract_addr: bidder.to_string(),
        msg: to_json_binary(&FlashMsg::Buy {
            positions: vec![position],
            max: Some((5_000 * UNIT).into()),
            meanwhile: vec![],
        })?,
        funds: vec![],
    };
    let (_, cost) = rig.cost(&mut suite, &anyone, &msg.into())?;
    let name = "bid: a part of a lot, paid in a callback (without the bidder's contract)";
    Ok(vec![(name.to_string(), cost)])
}

/// Standing orders: placing, matching a part of a slot, a bid behind one, claiming, cancelling.
fn orders(rig: &Rig) -> Result<Vec<Row>> {
    let mut suite = rig.suite(calm());
    let position = on_sale(&mut suite);
    suite.auction().set_min_order("usdc", Some(UNIT))?;
    let (bidder, keeper) = (suite.user("bidder"), suite.user("keeper"));
    suite.give(&bidder, "usdc", 1_000_000_000 * UNIT);
    let place = |slot: u8| ExecuteMsg::PlaceOrder {
        collateral: id("atom"),
        debt: id("usdc"),
        slot,
    };
    let auction = suite.peers.liquidation_auction.clone();
    let placed = |suite: &mut Suite, slot: u8, amount: u128| {
        let msg = WasmMsg::Execute {
            contract_addr: auction.to_string(),
            msg: to_json_binary(&place(slot))?,
            funds: vec![Coin::new(amount, "uusdc")],
        };
        rig.cost(suite, &bidder, &msg.into())
    };
    let mut rows = vec![];
    let mut row = |name: &str, cost: Cost| rows.push((name.to_string(), cost));
    placed(&mut suite, 0, 2_000 * UNIT)?;
    placed(&mut suite, 1, 100_000 * UNIT)?;
    let (_, cost) = placed(&mut suite, 1, 2_000_000 * UNIT)?;
    row("place_order", cost);
    suite.elapse(6);
    // All of the first slot, which makes the accounts that it goes from and to.
    let matched = ExecuteMsg::Match { position };
    let cost = tell(rig, &mut suite, &keeper, &matched)?;
    row("match: all of a slot, the first part of a lot", cost);
    let claim = ExecuteMsg::ClaimOrder {
        order: 1,
        recipient: None,
    };
    let cost = tell(rig, &mut suite, &bidder, &claim)?;
    row("claim_order", cost);
    let cost = tell(rig, &mut suite, &keeper, &matched)?;
    row("match: a lot, and the next starts", cost);
    let cancel = ExecuteMsg::CancelOrder {
        order: 2,
        recipient: None,
    };
    let cost = tell(rig, &mut suite, &bidder, &cancel)?;
    row("cancel_order", cost);
    Ok(rows)
}
