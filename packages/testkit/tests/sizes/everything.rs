//! All that can be done with the suite, each message measured.

use cosmwasm_std::{Addr, CosmosMsg, WasmMsg};
use glidepath_testkit::scenes::UNIT;
use glidepath_testkit::Moment;

use super::support::messages::{contracts, Row};
use super::support::scene::Scene;
use super::walk::{Measure, Walk};

/// Every message of every contract, by everybody who may send it.
pub fn messages<C>(scene: &mut Scene, measure: Measure<C>) -> Vec<(String, C)> {
    let start = Moment::of(&scene.suite);
    let mut all = vec![];
    for (contract, address, rows) in contracts(scene) {
        for row in rows {
            for (role, sender) in scene.roles.clone() {
                let msg = call(&address, &row);
                if let Ok((_, cost)) = measure(&mut scene.suite, &sender, msg) {
                    all.push((format!("{contract} {} by {role}", row.name), cost));
                    start.restore(&mut scene.suite);
                }
            }
        }
    }
    all
}

fn call(contract: &Addr, row: &Row) -> CosmosMsg {
    WasmMsg::Execute {
        contract_addr: contract.to_string(),
        msg: row.msg.clone(),
        funds: row.funds.clone(),
    }
    .into()
}

/// What one message alone does not show: a position's own life, an exit in time, and each way a sale can go.
pub fn walks<C>(scene: &mut Scene, measure: Measure<C>) -> Vec<(String, C)> {
    let start = Moment::of(&scene.suite);
    let position = scene.position;
    let mut all = vec![];
    let mut walk = |name: &str, does: &dyn Fn(&mut Walk<'_, C>)| {
        start.restore(&mut scene.suite);
        let mut walk = Walk::new(&mut scene.suite, measure);
        does(&mut walk);
        let rows = walk.rows.into_iter();
        all.extend(rows.map(|(what, cost)| (format!("{name}: {what}"), cost)));
    };
    walk("own", &|walk| walk.own_position());
    walk("fund", &|walk| walk.exit());
    walk("bought", &|walk| walk.run(position, 1, ""));
    walk("every second lot", &|walk| walk.run(position, 2, ""));
    walk("recovered", &|walk| {
        walk.bid(position, "1000");
        walk.wait(600);
        walk.suite.set_price("atom", "9.40");
        walk.run(position, 0, "slept");
        walk.suite.advance_time(60);
        walk.suite.set_price("atom", "9.10");
        walk.run(position, 2, "");
    });
    walk("closed out", &|walk| {
        walk.suite.advance_time(6);
        walk.suite.set_price("atom", "8.30");
        walk.run(position, 2, "");
    });
    walk("insolvent", &|walk| {
        walk.suite.advance_time(6);
        walk.suite.set_price("atom", "6");
        walk.run(position, 1, "");
    });
    for price in ["8.20", "6.50"] {
        walk("of two collaterals", &|walk| {
            let deposits = [("atom", 10_000 * UNIT), ("gold", 2_000_000_000)];
            let position = walk.opens(&deposits, &[("usdc", 94_000 * UNIT)]);
            walk.wait(6);
            walk.suite.set_price("atom", price);
            walk.run(position, 1, "");
        });
    }
    walk("paid in a token", &|walk| {
        let deposits = [("atom", 10_000 * UNIT)];
        let position = walk.opens(&deposits, &[("gold", 3_400_000_000)]);
        walk.wait(6);
        walk.suite.set_price("atom", "8.40");
        walk.run(position, 1, "");
    });
    start.restore(&mut scene.suite);
    all
}
