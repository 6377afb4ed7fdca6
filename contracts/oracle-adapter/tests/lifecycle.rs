//! Creation, owner and version.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod common;

use common::*;
use cosmwasm_std::{coins, from_json, Addr, StdError};
use cw_multi_test::Executor;
use cw_ownable::OwnershipError;
use glidepath_interfaces::admin::{AdminError, MigrateMsg, Ownership, OwnershipMsg};
use glidepath_interfaces::oracle::{ConfigResponse, ExecuteMsg, InstantiateMsg, QueryMsg, StopKind};
use glidepath_interfaces::payment::PaymentError;
use glidepath_oracle_adapter::contract::{CONTRACT_NAME, CONTRACT_VERSION};
use glidepath_oracle_adapter::ContractError;

fn create(suite: &mut Suite, edit: impl FnOnce(&mut InstantiateMsg)) -> Result<Addr, ContractError> {
    let mut msg = InstantiateMsg {
        owner: suite.owner.to_string(),
        peers: peers(&suite.app, suite.code, 1),
        reporters: vec![],
        guardian: None,
    };
    edit(&mut msg);
    suite
        .app
        .instantiate_contract(suite.code, suite.owner.clone(), &msg, &[], "oracle", None)
        .map_err(|e| e.downcast().unwrap())
}

#[test]
fn creation_keeps_owner_peers_reporters_and_version() {
    let suite = Suite::empty();
    let config: ConfigResponse = suite.query(&QueryMsg::Config {});
    assert_eq!(config.reporters, suite.reporters);
    let named = peers(&suite.app, suite.code, 0);
    assert_eq!(config.peers, named.validate(suite.app.api()).unwrap());
    let ownership: Ownership<Addr> = suite.query(&QueryMsg::Ownership {});
    assert_eq!(
        (ownership.owner, ownership.pending_owner),
        (Some(suite.owner.clone()), None)
    );
    let version = cw2::query_contract_info(&suite.app.wrap(), suite.oracle.as_str()).unwrap();
    assert_eq!(
        (version.contract.as_str(), version.version.as_str()),
        (CONTRACT_NAME, CONTRACT_VERSION)
    );
}

#[test]
fn attack_6_bad_addresses_are_refused_at_the_edge() {
    let mut suite = Suite::empty();
    let bad = |result| {
        assert!(matches!(
            result,
            Err(ContractError::Std(StdError::GenericErr { .. }) | ContractError::Admin(AdminError::Std(_)))
        ))
    };
    for text in ["", "cosmos1short", &suite.owner.to_string().to_uppercase()] {
        bad(create(&mut suite, |msg| msg.owner = text.to_string()));
        bad(create(&mut suite, |msg| msg.peers.vault = text.to_string()));
        bad(create(&mut suite, |msg| msg.reporters = vec![text.to_string()]));
        bad(create(&mut suite, |msg| msg.guardian = Some(text.to_string())));
    }
}

#[test]
fn attack_22_the_peers_must_name_this_contract() {
    let mut suite = Suite::empty();
    let (named, own) = (suite.oracle.clone(), address_of(&suite.app, suite.code, 1));
    let made = create(&mut suite, |msg| msg.peers.oracle_adapter = named.to_string());
    assert_eq!(made, Err(ContractError::NotItself { named, own }));
}

#[test]
fn a_twofold_reporter_is_refused_at_creation() {
    let mut suite = Suite::empty();
    let twice = suite.reporters[0].to_string();
    let result = create(&mut suite, |msg| {
        msg.reporters = vec![twice.clone(), twice.clone()]
    });
    assert_eq!(
        result,
        Err(ContractError::Duplicate {
            list: "reporters",
            entry: twice.clone()
        })
    );
}

#[test]
fn attack_1_no_message_takes_coins() {
    let mut suite = Suite::with_feed(feed(1));
    let owner = suite.owner.clone();
    let messages = [
        post_msg(&[("atom", "1", START)]),
        ExecuteMsg::UpdatePrices {
            assets: vec![asset("atom")],
        },
        ExecuteMsg::SetFeed {
            asset: asset("atom"),
            feed: feed(1),
        },
        ExecuteMsg::SetReporters { reporters: vec![] },
        ExecuteMsg::Stop {
            assets: vec![asset("atom")],
            kind: StopKind::Fills,
            seconds: 60,
        },
        ExecuteMsg::Lift {
            assets: vec![asset("atom")],
            kind: StopKind::Fills,
        },
        ExecuteMsg::SetGuardian { guardian: None },
        ExecuteMsg::UpdateOwnership(OwnershipMsg::Cancel {}),
    ];
    for msg in messages {
        let sent = suite
            .app
            .execute_contract(owner.clone(), suite.oracle.clone(), &msg, &coins(1, "utoken"));
        assert_eq!(
            refusal(sent),
            ContractError::Payment(PaymentError::UnexpectedFunds {
                found: "native:utoken:1".into()
            })
        );
    }
    let init = InstantiateMsg {
        owner: owner.to_string(),
        peers: peers(&suite.app, suite.code, 1),
        reporters: vec![],
        guardian: None,
    };
    let sent = suite
        .app
        .instantiate_contract(suite.code, owner, &init, &coins(1, "utoken"), "oracle", None);
    assert_eq!(
        refusal(sent),
        ContractError::Payment(PaymentError::UnexpectedFunds {
            found: "native:utoken:1".into()
        })
    );
    assert!(suite
        .app
        .wrap()
        .query_balance(&suite.oracle, "utoken")
        .unwrap()
        .amount
        .is_zero());
}

#[test]
fn attack_9_unknown_fields_and_deep_nesting_are_errors() {
    let deep = format!(
        "{{\"update_prices\":{{\"assets\":{}{}}}}}",
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    for text in [
        r#"{"update_prices":{"assets":["atom"],"force":true}}"#,
        r#"{"post":{"reports":[{"asset":"atom","price":"1","at":1,"decimals":6}]}}"#,
        r#"{"post":{"reports":[{"asset":"ATOM","price":"1","at":1}]}}"#,
        r#"{"post":{"reports":[{"asset":"atom","price":"-1","at":1}]}}"#,
        r#"{"post":{"reports":[{"asset":"atom","price":"1","at":-1}]}}"#,
        r#"{"set_price":{}}"#,
        &deep,
    ] {
        assert!(from_json::<ExecuteMsg>(text).is_err(), "{text}");
    }
    from_json::<ExecuteMsg>(r#"{"update_prices":{"assets":["atom"]}}"#).unwrap();
}

#[test]
fn attack_20_ownership_moves_in_two_steps() {
    let mut suite = Suite::empty();
    let (owner, next) = (suite.owner.clone(), suite.stranger.clone());
    let propose = ExecuteMsg::UpdateOwnership(OwnershipMsg::Propose {
        owner: next.to_string(),
        expiry: None,
    });
    let accept = ExecuteMsg::UpdateOwnership(OwnershipMsg::Accept {});
    let not_owner = ContractError::Admin(AdminError::Ownership(OwnershipError::NotOwner));
    assert_eq!(refusal(suite.execute(&next, &propose)), not_owner);
    let response = suite.execute(&owner, &propose).unwrap();
    assert_eq!(
        event(&response, "glidepath_oracle-adapter/ownership_updated"),
        rows(&[("owner", &owner), ("pending_owner", &next)])
    );
    assert_eq!(
        refusal(suite.execute(&owner, &accept)),
        ContractError::Admin(AdminError::Ownership(OwnershipError::NotPendingOwner))
    );
    suite.execute(&next, &accept).unwrap();
    let reporters = ExecuteMsg::SetReporters { reporters: vec![] };
    assert_eq!(
        refusal(suite.execute(&owner, &reporters)),
        ContractError::Ownership(OwnershipError::NotOwner)
    );
    suite.execute(&next, &reporters).unwrap();
}

#[test]
fn attack_24_migration_refuses_the_same_version_and_other_contracts() {
    let mut suite = Suite::empty();
    let (owner, oracle) = (suite.owner.clone(), suite.oracle.clone());
    let migrate = |suite: &mut Suite| {
        suite
            .app
            .migrate_contract(owner.clone(), oracle.clone(), &MigrateMsg {}, suite.code)
    };
    assert_eq!(
        refusal(migrate(&mut suite)),
        ContractError::Admin(AdminError::NotNewer {
            stored: CONTRACT_VERSION.into(),
            code: CONTRACT_VERSION.into()
        })
    );
    let set = |suite: &mut Suite, name: &str, version: &str| {
        let mut storage = suite.app.contract_storage_mut(&oracle);
        cw2::set_contract_version(storage.as_mut(), name, version).unwrap();
    };
    set(&mut suite, "crates.io:glidepath-vault", "0.0.1");
    assert_eq!(
        refusal(migrate(&mut suite)),
        ContractError::Admin(AdminError::WrongContract {
            found: "crates.io:glidepath-vault".into(),
            expected: CONTRACT_NAME.into()
        })
    );
    set(&mut suite, CONTRACT_NAME, "0.0.1");
    migrate(&mut suite).unwrap();
    let version = cw2::query_contract_info(&suite.app.wrap(), suite.oracle.as_str()).unwrap();
    assert_eq!(version.version, CONTRACT_VERSION);
}
