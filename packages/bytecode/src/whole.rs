//! Every message of the suite, and every way that a position can go: the list of the testkit's own test of sizes.

use anyhow::Result;
use cosmwasm_std::{Addr, CosmosMsg, WasmMsg};
use glidepath_testkit::{Outcome, Suite};

use crate::fills::Row;
use crate::rig::{Cost, Rig};

#[allow(dead_code)]
#[path = "../../testkit/tests/sizes/crowd.rs"]
mod crowd;
#[allow(dead_code)]
#[path = "../../testkit/tests/sizes/everything.rs"]
mod everything;
#[path = "../../testkit/tests/support/mod.rs"]
mod support;
#[path = "../../testkit/tests/sizes/walk.rs"]
mod walk;

use crowd::Crowd;
use support::messages::contracts;
use support::scene::Scene;
use walk::Walk;

/// How many others there are in the table of growth.
pub const SIZES: [u64; 5] = [1, 10, 100, 1_000, 10_000];

fn measure(rig: &Rig) -> impl Fn(&mut Suite, &Addr, CosmosMsg) -> Result<(Outcome, Cost)> + '_ {
    |suite, sender, msg| rig.cost(suite, sender, &msg)
}

/// Every message by the first who may send it, and the dearest of each kind of step that a position takes.
pub fn messages(rig: &Rig) -> Vec<Row> {
    let mut scene = Scene::on(rig.suite(rig.with_token(Scene::suite())));
    let measure = measure(rig);
    let mut rows: Vec<Row> = vec![];
    let all = everything::messages(&mut scene, &measure).into_iter();
    let walked = everything::walks(&mut scene, &measure).into_iter();
    for (name, cost) in all.map(|(name, cost)| (sentence(&name), cost)) {
        if !rows.iter().any(|(known, _)| *known == name) {
            rows.push((name, cost));
        }
    }
    for (name, cost) in walked {
        let what = name.split_once(": ").map_or(name.as_str(), |(_, what)| what);
        dearest(&mut rows, what, cost);
    }
    rows
}

/// Keeps the dearest of each name.
fn dearest(rows: &mut Vec<Row>, name: &str, cost: Cost) {
    match rows.iter_mut().find(|(known, _)| known == name) {
        Some((_, dearest)) if dearest.pinned.total() >= cost.pinned.total() => {}
        Some((_, dearest)) => *dearest = cost,
        None => rows.push((name.to_string(), cost)),
    }
}

/// Messages of the table of growth beside the steps of a position.
const GROWING: [&str; 5] = [
    "vault supply",
    "vault withdraw own",
    "vault deposit",
    "insurance_fund stake",
    "oracle_adapter post",
];

/// Without who sent it.
fn sentence(name: &str) -> String {
    name.split_once(" by ").map_or(name, |(what, _)| what).to_string()
}

/// What the same steps cost among so many others: as many positions, all of them on sale, as many lenders, stakers and
/// accounts.
pub fn growth(rig: &Rig, others: u64) -> Vec<Row> {
    let crowd = Crowd {
        positions: others,
        sales: others,
        people: others,
    };
    let mut suite = rig.suite(rig.with_token(Scene::suite()));
    crowd::come(&mut suite, crowd);
    let mut scene = Scene::on(suite);
    let measure = measure(rig);
    let start = support::Moment::of(&scene.suite);
    let position = scene.position;
    let mut rows = vec![];
    for (contract, address, messages) in contracts(&scene) {
        for message in messages {
            let name = format!("{contract} {}", message.name);
            if !GROWING.contains(&name.as_str()) {
                continue;
            }
            let sender = match contract {
                "oracle_adapter" => scene.suite.reporters[0].clone(),
                _ => scene.suite.user("bob"),
            };
            let msg = WasmMsg::Execute {
                contract_addr: address.to_string(),
                msg: message.msg,
                funds: message.funds,
            };
            if let Ok((_, cost)) = measure(&mut scene.suite, &sender, msg.into()) {
                dearest(&mut rows, &name, cost);
            }
            start.restore(&mut scene.suite);
        }
    }
    let mut walk = |does: &dyn Fn(&mut Walk<'_, Cost>)| {
        start.restore(&mut scene.suite);
        let mut walk = Walk::new(&mut scene.suite, &measure);
        does(&mut walk);
        for (name, cost) in walk.rows {
            dearest(&mut rows, &name, cost);
        }
    };
    walk(&|walk| {
        walk.suite.advance_time(6);
        walk.suite.set_price("atom", "10");
        let position = walk.opens(&[("atom", 1_000_000_000)], &[("usdc", 7_200_000_000)]);
        walk.wait(6);
        walk.suite.set_price("atom", "8.95");
        walk.run(position, 1, "");
    });
    walk(&|walk| walk.own_position());
    walk(&|walk| walk.run(position, 1, ""));
    walk(&|walk| {
        walk.suite.advance_time(6);
        walk.suite.set_price("atom", "6");
        walk.run(position, 1, "");
    });
    rows
}
