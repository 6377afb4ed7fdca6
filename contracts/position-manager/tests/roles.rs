//! Who may send what: every message of every role, against a golden file.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{why, UNIT};
use cosmwasm_schema::schema_for;
use cosmwasm_std::{to_json_binary, Addr};
use cw20::Cw20ReceiveMsg;
use glidepath_interfaces::admin::OwnershipMsg;
use glidepath_interfaces::position_manager::ExecuteMsg;
use glidepath_position_manager::ContractError;
use glidepath_testkit::handles::{borrow, deposit, repay, repay_all, withdraw};
use glidepath_testkit::{defaults, id, scenes, AssetSpec, Suite};

/// What a message of a sender leads to: `ok`, or the name of the error.
fn outcome(suite: &mut Suite, sender: &Addr, msg: &ExecuteMsg, payment: &[(&str, u128)]) -> String {
    for (asset, amount) in payment {
        suite.give(sender, asset, *amount);
    }
    let manager = common::manager(suite);
    match suite.pay_all(sender, &manager, msg, payment) {
        Ok(_) => "ok".into(),
        Err(error) => {
            let error: ContractError = error.downcast().expect("an error of the position manager");
            let name = match error {
                ContractError::Ownership(inner) => format!("{inner:?}"),
                ContractError::Admin(inner) => format!("{inner:?}"),
                other => format!("{other:?}"),
            };
            name.split([' ', '{', '(', ')'])
                .find(|part| !part.is_empty() && *part != "Ownership")
                .unwrap()
                .into()
        }
    }
}

/// A message, how it is made for a position, and its payment.
type Message = (
    &'static str,
    fn(&Suite, u64) -> ExecuteMsg,
    &'static [(&'static str, u128)],
);

/// A role, and who has it.
type Role = (&'static str, fn(&Suite) -> Addr);

fn update(position: Option<u64>, action: glidepath_interfaces::position_manager::Action) -> ExecuteMsg {
    common::update(position, vec![action])
}

const MESSAGES: &[Message] = &[
    (
        "update: open",
        |_, _| update(None, deposit("atom", UNIT)),
        &[("atom", UNIT)],
    ),
    (
        "update: add what is held",
        |_, p| update(Some(p), deposit("atom", UNIT)),
        &[("atom", UNIT)],
    ),
    (
        "update: add another asset",
        |_, p| update(Some(p), deposit("eth", 1)),
        &[("eth", 1)],
    ),
    (
        "update: repay",
        |_, p| update(Some(p), repay("usdc", UNIT)),
        &[("usdc", UNIT)],
    ),
    (
        "update: withdraw",
        |_, p| update(Some(p), withdraw("atom", 1)),
        &[],
    ),
    ("update: borrow", |_, p| update(Some(p), borrow("usdc", 1)), &[]),
    ("advance", |_, position| ExecuteMsg::Advance { position }, &[]),
    (
        "set_asset",
        |_, _| ExecuteMsg::SetAsset {
            asset: id("atom"),
            params: AssetSpec::atom().calm().depth(200_000).params,
            ramp: 0,
        },
        &[],
    ),
    (
        "set_guardian",
        |_, _| ExecuteMsg::SetGuardian { guardian: None },
        &[],
    ),
    (
        "lower_overhang_cap",
        |_, _| ExecuteMsg::LowerOverhangCap {
            asset: id("atom"),
            overhang_cap: cosmwasm_std::Decimal::percent(1_900),
        },
        &[],
    ),
    (
        "set_params",
        |_, _| ExecuteMsg::SetParams {
            params: defaults::rules(),
        },
        &[],
    ),
    (
        "offer_position",
        |_, position| ExecuteMsg::OfferPosition {
            position,
            to: None,
            expires_at: None,
        },
        &[],
    ),
    (
        "take_position",
        |_, position| ExecuteMsg::TakePosition {
            position,
            min_equity: None,
        },
        &[],
    ),
    (
        "set_order",
        |_, position| ExecuteMsg::SetOrder {
            position,
            order: Default::default(),
        },
        &[],
    ),
    (
        "takeover",
        |_, position| ExecuteMsg::Takeover {
            position,
            max_pay: cosmwasm_std::Uint128::MAX,
            actions: vec![repay("usdc", UNIT)],
        },
        &[("usdc", UNIT)],
    ),
    (
        "set_takeover",
        |_, position| ExecuteMsg::SetTakeover {
            position,
            allowed: false,
        },
        &[],
    ),
    ("end_sale", |_, position| ExecuteMsg::EndSale { position }, &[]),
    (
        "target_met",
        |_, position| ExecuteMsg::TargetMet {
            position,
            health: None,
        },
        &[],
    ),
    (
        "update_ownership: propose",
        |suite, _| {
            ExecuteMsg::UpdateOwnership(OwnershipMsg::Propose {
                owner: suite.user("next").to_string(),
                expiry: None,
            })
        },
        &[],
    ),
    (
        "update_ownership: cancel",
        |_, _| ExecuteMsg::UpdateOwnership(OwnershipMsg::Cancel {}),
        &[],
    ),
    (
        "update_ownership: accept",
        |_, _| ExecuteMsg::UpdateOwnership(OwnershipMsg::Accept {}),
        &[],
    ),
    (
        "receive: update as the position's owner",
        |suite, p| {
            ExecuteMsg::Receive(Cw20ReceiveMsg {
                sender: suite.user("alice").to_string(),
                amount: UNIT.into(),
                msg: to_json_binary(&update(Some(p), repay_all("usdc"))).unwrap(),
            })
        },
        &[],
    ),
];

#[test]
fn attack_19_role_by_message() {
    let roles: [Role; 9] = [
        ("owner of the contract", |suite| suite.owner.clone()),
        ("guardian", |suite| suite.user("guardian")),
        ("owner of the position", |suite| suite.user("alice")),
        ("anybody", |suite| suite.user("anybody")),
        ("vault", |suite| suite.peers.vault.clone()),
        ("position manager", |suite| suite.peers.position_manager.clone()),
        ("oracle adapter", |suite| suite.peers.oracle_adapter.clone()),
        ("liquidation auction", |suite| {
            suite.peers.liquidation_auction.clone()
        }),
        ("insurance fund", |suite| suite.peers.insurance_fund.clone()),
    ];
    let mut table = String::new();
    for (name, msg, payment) in MESSAGES {
        table.push_str(&format!("{name}\n"));
        for (role, who) in &roles {
            let mut suite = scenes::calm().asset(AssetSpec::eth().calm()).unwatched().build();
            let position = scenes::leveraged(&mut suite);
            let sender = who(&suite);
            let msg = msg(&suite, position);
            let outcome = outcome(&mut suite, &sender, &msg, payment);
            table.push_str(&format!("    {role:<24}{outcome}\n"));
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/roles.golden");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &table).unwrap();
    }
    let golden = std::fs::read_to_string(path).unwrap();
    assert!(
        table == golden,
        "not as {path} says; UPDATE_GOLDEN=1 writes it anew"
    );

    // Every message is in the table.
    let variants = schema_for!(ExecuteMsg).schema.subschemas.unwrap().one_of.unwrap();
    for variant in variants {
        let name = variant
            .into_object()
            .object
            .unwrap()
            .required
            .first()
            .unwrap()
            .clone();
        let told = MESSAGES
            .iter()
            .any(|(text, ..)| text.split(':').next() == Some(name.as_str()));
        assert!(told, "{name} is not in the table");
    }
}

#[test]
fn attack_9_unknown_fields_are_errors() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    let alice = suite.user("alice");
    let manager = common::manager(&suite);
    for text in [
        "{\"advance\":{\"position\":1,\"force\":true}}",
        "{\"update\":{\"position\":1,\"actions\":[{\"withdraw\":{\"asset\":\"atom\",\"amount\":null,\"to\":\"me\"}}],\"recipient\":null}}",
        "{\"update\":{\"position\":1,\"actions\":[],\"recipient\":null},\"advance\":{\"position\":1}}",
        "{\"liquidate\":{\"position\":1}}",
    ] {
        let msg = cosmwasm_std::WasmMsg::Execute {
            contract_addr: manager.to_string(),
            msg: text.as_bytes().into(),
            funds: vec![],
        };
        assert!(suite.send(&alice, msg.into()).is_err(), "{text}");
    }
    let nested = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let msg = cosmwasm_std::WasmMsg::Execute {
        contract_addr: manager.to_string(),
        msg: nested.as_bytes().into(),
        funds: vec![],
    };
    assert!(suite.send(&alice, msg.into()).is_err());
    let refused = suite
        .positions()
        .execute(&alice, &ExecuteMsg::Advance { position });
    assert!(matches!(why(refused), ContractError::NothingToAdvance { .. }));
}
