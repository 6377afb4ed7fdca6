//! A life of two positions as a list of messages that can be sent to a real chain, with what the model says that each
//! costs there: `scripts/gas --chain`.

use std::collections::BTreeMap;

use anyhow::{bail, Result};
use cosmwasm_std::{to_json_binary, Addr, Coin, CosmosMsg, WasmMsg};
use glidepath_interfaces::{auction, position_manager, vault};
use glidepath_testkit::handles::{borrow, deposit, repay};
use glidepath_testkit::scenes::{calm, UNIT};
use glidepath_testkit::{id, AssetSpec, Suite};
use serde::Serialize;
use serde_json::{json, Value};

use crate::rig::{Cost, Rig};

/// People of the transcript.
const PEOPLE: [&str; 8] = [
    "owner",
    "guardian",
    "reporter-0",
    "deployer",
    "lender",
    "alice",
    "bella",
    "bidder",
];
/// Seconds of a lot that pass before a bid.
const WAITS: u64 = 120;
/// More than a lot costs.
const ALL: u128 = 200_000 * UNIT;

/// What was measured, by the place of its message among all that were heard.
type Measured = BTreeMap<usize, (String, Cost)>;

struct Play<'a> {
    rig: &'a Rig,
    suite: Suite,
    measured: Measured,
    pinned: Vec<usize>,
}

impl Play<'_> {
    fn sends<M: Serialize>(
        &mut self,
        name: &str,
        who: &Addr,
        to: &Addr,
        msg: &M,
        funds: Vec<Coin>,
    ) -> Result<()> {
        let msg: CosmosMsg = WasmMsg::Execute {
            contract_addr: to.to_string(),
            msg: to_json_binary(msg)?,
            funds,
        }
        .into();
        let (_, cost) = self.rig.cost(&mut self.suite, who, &msg)?;
        // It was sent twice, and is heard last from the contract that it went to.
        let heard = self.rig.heard();
        let place = heard.iter().rposition(|one| one.sender == who.as_str());
        self.measured
            .insert(place.unwrap_or_default(), (name.into(), cost));
        Ok(())
    }

    /// A bid of a round sum: a chain's clock is some seconds off, and with it the price of what is bought.
    fn bids(&mut self, name: &str, position: u64, pay: u128) -> Result<()> {
        let (bidder, auction) = (
            self.suite.user("bidder"),
            self.suite.peers.liquidation_auction.clone(),
        );
        let msg = auction::ExecuteMsg::Bid {
            position,
            max_price: crate::fills::max_price(),
            recipient: None,
            min_received: None,
            pay: None,
        };
        self.sends(name, &bidder, &auction, &msg, vec![Coin::new(pay, "uusdc")])
    }

    fn advances(&mut self, name: &str, position: u64) -> Result<()> {
        let (keeper, manager) = (
            self.suite.user("bidder"),
            self.suite.peers.position_manager.clone(),
        );
        let msg = position_manager::ExecuteMsg::Advance { position };
        self.sends(name, &keeper, &manager, &msg, vec![])
    }

    fn updates(
        &mut self,
        name: &str,
        who: &str,
        position: Option<u64>,
        actions: Vec<position_manager::Action>,
        funds: Vec<Coin>,
    ) -> Result<()> {
        let (who, manager) = (self.suite.user(who), self.suite.peers.position_manager.clone());
        let msg = position_manager::ExecuteMsg::Update {
            position,
            actions,
            recipient: None,
        };
        self.sends(name, &who, &manager, &msg, funds)
    }

    /// A position from its opening to the end of its sale.
    fn life(&mut self, who: &str, position: u64) -> Result<()> {
        let vault = self.suite.peers.vault.clone();
        let lender = self.suite.user("lender");
        let supply = vault::ExecuteMsg::Supply {
            asset: id("usdc"),
            recipient: None,
        };
        self.sends(
            "vault supply",
            &lender,
            &vault,
            &supply,
            vec![Coin::new(1_000 * UNIT, "uusdc")],
        )?;
        let withdraw = vault::ExecuteMsg::Withdraw {
            asset: id("usdc"),
            amount: Some((10 * UNIT).into()),
            recipient: None,
        };
        self.sends("vault withdraw", &lender, &vault, &withdraw, vec![])?;
        // A price that was looked at long ago costs one more look: on the chain it may be so by then, so it never is.
        self.suite.elapse(6);
        let opening = vec![deposit("atom", 100_000 * UNIT), borrow("usdc", 740_000 * UNIT)];
        let funds = vec![Coin::new(100_000 * UNIT, "uatom")];
        self.updates("update: deposit, borrow", who, None, opening, funds)?;
        self.suite.set_price("atom", "9.20");
        self.suite.elapse(6);
        self.advances("advance: called", position)?;
        self.suite.elapse(905);
        self.advances("advance: opened", position)?;
        for (name, pay) in [
            ("bid: the first part of a lot", 10_000 * UNIT),
            ("bid: a part of a lot", 20_000 * UNIT),
            ("bid: the rest of a lot, and the next starts, with change", ALL),
        ] {
            self.waits(position);
            self.bids(name, position, pay)?;
        }
        let funds = vec![Coin::new(1_000 * UNIT, "uusdc")];
        self.updates(
            "update: repay",
            who,
            Some(position),
            vec![repay("usdc", 1_000 * UNIT)],
            funds,
        )?;
        for _ in 0..10 {
            if self.suite.ask().sale(position).is_err() {
                return Ok(());
            }
            self.waits(position);
            self.bids("bid: a lot or the end of the sale, with change", position, ALL)?;
        }
        bail!("the sale does not end")
    }

    /// Until some time of the lot has passed.
    fn waits(&mut self, position: u64) {
        let lot = self
            .suite
            .ask()
            .sale(position)
            .ok()
            .and_then(|sale| sale.sale.lot);
        if let Some(lot) = lot {
            self.suite.until(lot.start_at + WAITS);
        }
    }
}

/// All messages in order.
///
/// # Errors
/// Where one is refused.
pub fn text(rig: &Rig) -> Result<String> {
    let builder = calm().asset(AssetSpec::usdc().calm().no_interest().lent(5_000_000));
    let mut play = Play {
        rig,
        suite: rig.suite(builder),
        measured: BTreeMap::new(),
        pinned: vec![],
    };
    for who in ["alice", "bella", "bidder", "lender"] {
        let who = play.suite.user(who);
        for asset in ["atom", "usdc"] {
            play.suite.give(&who, asset, 5_000_000 * UNIT);
        }
    }
    play.life("alice", 1)?;
    play.suite.set_price("atom", "10");
    play.suite.elapse(86_400);
    play.pinned.push(rig.heard().len());
    play.life("bella", 2)?;
    Ok(play.steps()?.iter().map(|step| format!("{step}\n")).collect())
}

impl Play<'_> {
    fn steps(&self) -> Result<Vec<Value>> {
        let peers = &self.suite.peers;
        let mut names: Vec<(String, String)> = PEOPLE
            .iter()
            .map(|name| (self.suite.user(name).to_string(), format!("<{name}>")))
            .collect();
        for (peer, name) in [
            (&peers.vault, "vault"),
            (&peers.position_manager, "position-manager"),
            (&peers.oracle_adapter, "oracle-adapter"),
            (&peers.liquidation_auction, "liquidation-auction"),
            (&peers.insurance_fund, "insurance-fund"),
        ] {
            names.push((peer.to_string(), format!("<{name}>")));
        }
        let named = |text: &str| {
            names.iter().fold(text.to_string(), |text, (address, name)| {
                text.replace(address, name)
            })
        };
        let heard = self.rig.heard();
        let mut steps = vec![];
        for (place, one) in heard.iter().enumerate() {
            if self.pinned.contains(&place) {
                steps.push(json!({ "pin": true }));
            }
            let by_contract = heard.iter().any(|other| other.contract == one.sender);
            // Of the two runs of a measured message only the second counts.
            let again = heard
                .iter()
                .enumerate()
                .skip(place + 1)
                .find(|(_, other)| other.sender == one.sender);
            let twice = again.is_some_and(|(nth, other)| {
                self.measured.contains_key(&nth)
                    && other.msg == one.msg
                    && other.at == one.at
                    && !self.measured.contains_key(&place)
            });
            if by_contract || twice {
                continue;
            }
            let mut step = json!({
                "at": one.at,
                "sender": named(&one.sender),
                "contract": named(&one.contract),
                "instantiates": one.instantiates,
                "msg": serde_json::from_str::<Value>(&named(&String::from_utf8_lossy(&one.msg)))?,
                "funds": one.funds,
            });
            if let Some((name, cost)) = self.measured.get(&place) {
                step["name"] = json!(name);
                step["unpinned"] = json!(cost.unpinned.total());
                step["pinned"] = json!(cost.pinned.total());
            }
            steps.push(step);
        }
        Ok(steps)
    }
}
