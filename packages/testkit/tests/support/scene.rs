//! Somebody of each role on a suite in which every message can be carried out by somebody.

use cosmwasm_std::{Addr, CosmosMsg, Uint128, WasmMsg};
use cw_asset::AssetInfo;
use glidepath_interfaces::admin::OwnershipMsg;
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::{fund, vault};
use glidepath_testkit::scenes::{on_sale, UNIT};
use glidepath_testkit::{id, AssetSpec, Suite, SuiteBuilder};

use super::messages::{contracts, Row};
use super::{refusal, Moment};

/// Somebody of each role on a suite in which every message can be carried out by somebody: a position on sale, a lot
/// alive, another position, supplies, accounts, stakes and reserves.
pub struct Scene {
    pub suite: Suite,
    pub position: u64,
    pub roles: Vec<(&'static str, Addr)>,
    /// A healthy position of the same holder.
    pub sound: u64,
    /// Of the user called bob.
    pub order: u64,
}

impl Scene {
    pub fn new() -> Self {
        Scene::on(Scene::suite().build())
    }

    /// The suite on which it plays.
    pub fn suite() -> SuiteBuilder {
        Suite::builder()
            .asset(AssetSpec::atom().calm().depth(200_000))
            .asset(AssetSpec::usdc().calm())
            .asset(AssetSpec::gold())
            .unwatched()
    }

    /// The scene on such a suite, whatever else happened on it.
    pub fn on(mut suite: Suite) -> Self {
        let position = on_sale(&mut suite);
        let alice = suite.user("alice");
        let sound = suite
            .positions()
            .open(&alice, &[("atom", 1_000 * UNIT)], &[("usdc", 1_000 * UNIT)])
            .unwrap();
        let AssetInfo::Cw20(token) = suite.listed("gold").info.clone() else {
            panic!("gold is a token");
        };
        let peers = suite.peers.clone();
        let roles = vec![
            ("owner", suite.owner.clone()),
            ("guardian", suite.guardian.clone()),
            ("heir", suite.user("heir")),
            ("vault", peers.vault.clone()),
            ("manager", peers.position_manager.clone()),
            ("oracle", peers.oracle_adapter.clone()),
            ("auction", peers.liquidation_auction.clone()),
            ("fund", peers.insurance_fund.clone()),
            ("reporter", suite.reporters[0].clone()),
            ("user", suite.user("bob")),
            ("holder", suite.user("alice")),
            ("token", token),
        ];
        let mut scene = Scene {
            suite,
            position,
            roles,
            sound,
            order: 0,
        };
        scene.furnish();
        scene
    }

    /// Everybody who may have something has it; the heir is proposed everywhere.
    fn furnish(&mut self) {
        let Scene { suite, roles, .. } = self;
        let peers = suite.peers.clone();
        for (_, who) in roles.iter() {
            // Enough to take the position on sale over.
            suite.give(who, "usdc", 300_000 * UNIT);
            suite.give(who, "atom", 1_000 * UNIT);
            if peers.contains(who) {
                // What a token says that it has brought.
                suite.give(who, "gold", 1_000_000);
                continue;
            }
            suite.vault().supply(who, "usdc", 10 * UNIT).unwrap();
            suite.vault().deposit(who, "usdc", 10 * UNIT).unwrap();
            suite.fund().stake(who, "usdc", 10 * UNIT).unwrap();
            suite.fund().request_exit(who, "usdc", None).unwrap();
        }
        let (owner, fund) = (suite.owner.clone(), peers.insurance_fund.to_string());
        let to_fund = vault::ExecuteMsg::Deposit {
            asset: id("usdc"),
            recipient: Some(fund),
        };
        suite.vault().pay(&owner, &to_fund, "usdc", UNIT).unwrap();
        // What the stakers have bought and not taken out.
        let to_fund = vault::ExecuteMsg::Deposit {
            asset: id("atom"),
            recipient: Some(peers.insurance_fund.to_string()),
        };
        suite.give(&owner, "atom", 100 * UNIT);
        suite.vault().pay(&owner, &to_fund, "atom", 100 * UNIT).unwrap();
        let bought = fund::ExecuteMsg::Bought {
            asset: id("usdc"),
            shares: Uint128::one(),
            goods: Amount {
                asset: id("atom"),
                amount: Uint128::new(100 * UNIT),
            },
        };
        suite.fund().execute(&peers.vault, &bought).unwrap();
        // What is set aside, and an order that waits for a price far below.
        let bob = suite.user("bob");
        suite.vault().set_aside(&bob, "usdc", 5 * UNIT).unwrap();
        suite.auction().set_min_order("usdc", Some(UNIT)).unwrap();
        let order = suite
            .auction()
            .place_order(&bob, ("atom", "usdc"), 15, 5_000 * UNIT);
        let (alice, heir) = (suite.user("alice"), suite.user("heir"));
        suite.positions().offer(&alice, self.sound, Some(&heir)).unwrap();
        let heir = heir.to_string();
        let propose = vault::ExecuteMsg::UpdateOwnership(OwnershipMsg::Propose {
            owner: heir,
            expiry: None,
        });
        for contract in [
            &peers.vault,
            &peers.position_manager,
            &peers.oracle_adapter,
            &peers.liquidation_auction,
            &peers.insurance_fund,
        ] {
            suite.execute(&owner, contract, &propose, &[]).unwrap();
        }
        self.order = order.unwrap();
    }

    /// What becomes of a message by somebody.
    pub fn verdict(&mut self, sender: &Addr, contract: &Addr, row: &Row) -> String {
        let msg = WasmMsg::Execute {
            contract_addr: contract.to_string(),
            msg: row.msg.clone(),
            funds: row.funds.clone(),
        };
        match self.suite.send(sender, CosmosMsg::from(msg)) {
            Ok(_) => "yes".into(),
            Err(error) => {
                let refusal = refusal::of(&error);
                assert!(refusal.is_typed(), "{} by {sender}: {error:#}", row.name);
                refusal.name
            }
        }
    }
}

/// The first role that may send each message of each contract, in the scene as it starts.
pub fn rightful(scene: &mut Scene, start: &Moment) -> Vec<(&'static str, Addr, Row, Addr)> {
    let mut found = vec![];
    for (contract, address, rows) in contracts(scene) {
        for row in rows {
            let roles = scene.roles.clone();
            let sender = roles.into_iter().map(|(_, who)| who).find(|who| {
                start.restore(&mut scene.suite);
                scene.verdict(who, &address, &row) == "yes"
            });
            found.extend(sender.map(|sender| (contract, address.clone(), row, sender)));
        }
    }
    start.restore(&mut scene.suite);
    found
}
