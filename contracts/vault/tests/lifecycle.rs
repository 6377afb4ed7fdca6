//! Creation, ownership and migration.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::*;
use cosmwasm_std::{Addr, Empty};
use cw_multi_test::{ContractWrapper, Executor};
use glidepath_interfaces::admin::{AdminError, Expiration, MigrateMsg, Ownership, OwnershipMsg};
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::vault::{ConfigResponse, ExecuteMsg, QueryMsg};
use glidepath_vault::{contract, ContractError};

fn ownership(suite: &Suite) -> Ownership<Addr> {
    suite.ask(&QueryMsg::Ownership {})
}

fn propose(suite: &Suite, who: &str, expiry: Option<Expiration>) -> ExecuteMsg {
    ExecuteMsg::UpdateOwnership(OwnershipMsg::Propose {
        owner: suite.addr(who).into(),
        expiry,
    })
}

#[test]
fn creation_keeps_peers_split_and_owner() {
    let suite = Suite::bare();
    let config: ConfigResponse = suite.ask(&QueryMsg::Config {});
    assert_eq!(config.penalty_split, split());
    assert_eq!(config.peers.vault, suite.vault);
    assert_eq!(config.peers.insurance_fund, suite.fund);
    assert_eq!(ownership(&suite).owner, Some(suite.owner.clone()));
    let version: cw2::ContractVersion = cw2::query_contract_info(&suite.app.wrap(), &suite.vault).unwrap();
    assert_eq!(version.contract, "crates.io:glidepath-vault");
    assert_eq!(version.version, contract::CONTRACT_VERSION);
}

#[test]
fn the_peers_name_this_very_vault() {
    let mut suite = Suite::bare();
    let named = suite.vault.clone();
    let own = address_of(&suite.app, suite.code, 3);
    assert_eq!(
        suite.instantiate(suite.peers(), split()).unwrap_err(),
        ContractError::NotItself { named, own }
    );
}

#[test]
fn attack_06_peers_are_addresses() {
    let mut suite = Suite::bare();
    let mut peers = suite.peers();
    peers.insurance_fund = peers.insurance_fund.to_uppercase();
    assert!(matches!(
        suite.instantiate(peers, split()).unwrap_err(),
        ContractError::Admin(AdminError::Std(_))
    ));
}

#[test]
fn attack_01_creation_takes_no_coins() {
    let mut suite = Suite::bare();
    let mut peers = suite.peers();
    peers.vault = address_of(&suite.app, suite.code, 3).into();
    let msg = glidepath_interfaces::vault::InstantiateMsg {
        owner: suite.owner.to_string(),
        peers,
        penalty_split: split(),
        guardian: None,
    };
    let (code, owner) = (suite.code, suite.owner.clone());
    let error = suite
        .app
        .instantiate_contract(code, owner, &msg, &coins("usd", 1), "vault", None)
        .unwrap_err();
    assert!(matches!(
        error.downcast::<ContractError>().unwrap(),
        ContractError::Payment(PaymentError::UnexpectedFunds { .. })
    ));
}

#[test]
fn attack_20_ownership_moves_in_two_steps() {
    let mut suite = Suite::bare();
    let accept = ExecuteMsg::UpdateOwnership(OwnershipMsg::Accept {});
    let cancel = ExecuteMsg::UpdateOwnership(OwnershipMsg::Cancel {});
    let msg = propose(&suite, "alice", None);
    assert!(matches!(
        suite.refused("alice", &msg, &[]),
        ContractError::Admin(AdminError::Ownership(_))
    ));
    let response = suite.ok("owner", &msg, &[]);
    let moved = event(&response, "ownership_updated");
    assert_eq!(attr(&moved, "pending_owner"), suite.addr("alice").as_str());
    assert!(matches!(
        suite.refused("bob", &accept, &[]),
        ContractError::Admin(_)
    ));
    assert!(matches!(
        suite.refused("alice", &cancel, &[]),
        ContractError::Admin(_)
    ));
    suite.ok("owner", &cancel, &[]);
    assert!(matches!(
        suite.refused("alice", &accept, &[]),
        ContractError::Admin(_)
    ));
    let until = Expiration::AtTime(suite.app.block_info().time.plus_seconds(10));
    let msg = propose(&suite, "alice", Some(until));
    suite.ok("owner", &msg, &[]);
    suite.pass(11);
    assert!(matches!(
        suite.refused("alice", &accept, &[]),
        ContractError::Admin(_)
    ));
    let msg = propose(&suite, "alice", None);
    suite.ok("owner", &msg, &[]);
    suite.ok("alice", &accept, &[]);
    assert_eq!(ownership(&suite).owner, Some(suite.addr("alice")));
    assert!(matches!(
        suite.refused("alice", &accept, &coins("usd", 1)),
        ContractError::Payment(PaymentError::UnexpectedFunds { .. })
    ));
}

#[test]
fn attack_24_migration_needs_the_name_and_an_older_version() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 1_000);
    let (owner, vault, code) = (suite.owner.clone(), suite.vault.clone(), suite.code);
    let stored = |suite: &mut Suite, name: &str, version: &str| {
        let vault = suite.vault.clone();
        let mut storage = suite.app.contract_storage_mut(&vault);
        cw2::set_contract_version(storage.as_mut(), name, version).unwrap();
    };
    let migrate = |suite: &mut Suite| {
        suite
            .app
            .migrate_contract(owner.clone(), vault.clone(), &MigrateMsg {}, code)
            .map_err(|error| error.downcast::<ContractError>().unwrap())
    };
    let same = contract::CONTRACT_VERSION.to_string();
    assert_eq!(
        migrate(&mut suite).unwrap_err(),
        ContractError::Admin(AdminError::NotNewer {
            stored: same.clone(),
            code: same
        })
    );
    stored(&mut suite, contract::CONTRACT_NAME, "99.0.0");
    assert!(matches!(
        migrate(&mut suite).unwrap_err(),
        ContractError::Admin(AdminError::NotNewer { .. })
    ));
    stored(&mut suite, "crates.io:other", "0.0.1");
    assert!(matches!(
        migrate(&mut suite).unwrap_err(),
        ContractError::Admin(AdminError::WrongContract { .. })
    ));
    stored(&mut suite, contract::CONTRACT_NAME, "one");
    assert!(matches!(
        migrate(&mut suite).unwrap_err(),
        ContractError::Admin(AdminError::BadVersion(_))
    ));
    stored(&mut suite, contract::CONTRACT_NAME, "0.0.1");
    migrate(&mut suite).unwrap();
    assert_eq!(suite.shares("alice", "usd").amount.u128(), 1_000);
}

#[test]
fn code_of_another_kind_leaves_nothing_that_reads_as_zero() {
    // A raw read of a contract that is no vault is an error (attack 69).
    let mut suite = Suite::bare();
    let other = suite.app.store_code(Box::new(ContractWrapper::new(
        |_: cosmwasm_std::DepsMut, _, _, _: Empty| -> cosmwasm_std::StdResult<_> {
            Ok(cosmwasm_std::Response::<Empty>::new())
        },
        |_: cosmwasm_std::DepsMut, _, _, _: Empty| -> cosmwasm_std::StdResult<_> {
            Ok(cosmwasm_std::Response::<Empty>::new())
        },
        |_: cosmwasm_std::Deps, _, _: Empty| -> cosmwasm_std::StdResult<_> {
            cosmwasm_std::to_json_binary(&Empty {})
        },
    )));
    let owner = suite.owner.clone();
    let other = suite
        .app
        .instantiate_contract(other, owner, &Empty {}, &[], "other", None)
        .unwrap();
    let read = glidepath_interfaces::vault::LEDGERS.query(&suite.app.wrap(), &other, 1);
    assert!(matches!(
        read,
        Err(glidepath_interfaces::record::ReadError::Missing { .. })
    ));
}
