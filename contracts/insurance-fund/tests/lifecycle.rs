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
use cosmwasm_std::{coins, Addr, StdError};
use cw_multi_test::Executor;
use cw_ownable::OwnershipError;
use glidepath_insurance_fund::contract::{CONTRACT_NAME, CONTRACT_VERSION};
use glidepath_insurance_fund::ContractError;
use glidepath_interfaces::admin::{AdminError, MigrateMsg, Ownership, OwnershipMsg};
use glidepath_interfaces::fund::{ConfigResponse, ExecuteMsg, InstantiateMsg, QueryMsg};
use glidepath_interfaces::payment::PaymentError;

#[test]
fn creation_keeps_owner_peers_params_and_version() {
    let suite = Suite::new();
    let config: ConfigResponse = suite.query(&QueryMsg::Config {});
    assert_eq!(config.params, PARAMS);
    assert_eq!(
        config.peers,
        peers(&suite.app, &suite.vault, &suite.fund)
            .validate(suite.app.api())
            .unwrap()
    );
    let ownership: Ownership<Addr> = suite.query(&QueryMsg::Ownership {});
    assert_eq!(
        (ownership.owner, ownership.pending_owner),
        (Some(suite.owner.clone()), None)
    );
    let version = cw2::query_contract_info(&suite.app.wrap(), suite.fund.as_str()).unwrap();
    assert_eq!(
        (version.contract.as_str(), version.version.as_str()),
        (CONTRACT_NAME, CONTRACT_VERSION)
    );
}

#[test]
fn attack_6_and_25_creation_checks_addresses_params_and_funds() {
    let mut suite = Suite::new();
    let create = |suite: &mut Suite, edit: &dyn Fn(&mut InstantiateMsg), paid: u128| {
        let mut msg = InstantiateMsg {
            owner: suite.owner.to_string(),
            peers: peers(&suite.app, &suite.vault, &address_of(&suite.app, suite.code, 3)),
            params: PARAMS,
        };
        edit(&mut msg);
        let funds = if paid == 0 { vec![] } else { coins(paid, "uusdc") };
        let owner = suite.owner.clone();
        refusal(
            suite
                .app
                .instantiate_contract(suite.code, owner, &msg, &funds, "fund", None),
        )
    };
    let refused = create(&mut suite, &|msg| msg.owner = msg.owner.to_uppercase(), 0);
    assert!(
        matches!(refused, ContractError::Std(StdError::GenericErr { .. })),
        "{refused:?}"
    );
    let refused = create(&mut suite, &|msg| msg.peers.vault = String::new(), 0);
    assert!(
        matches!(refused, ContractError::Admin(AdminError::Std(_))),
        "{refused:?}"
    );
    let refused = create(
        &mut suite,
        &|msg| msg.peers.insurance_fund = msg.peers.vault.clone(),
        0,
    );
    assert_eq!(
        refused,
        ContractError::Admin(AdminError::SamePeer {
            address: suite.vault.clone(),
        })
    );
    let refused = create(&mut suite, &|msg| msg.params.cooldown = 0, 0);
    assert!(
        matches!(
            refused,
            ContractError::BadParameter {
                field: "cooldown",
                ..
            }
        ),
        "{refused:?}"
    );
    let refused = create(&mut suite, &|_| {}, 7);
    assert_eq!(
        refused,
        ContractError::Payment(PaymentError::UnexpectedFunds {
            found: "native:uusdc:7".into()
        })
    );
}

#[test]
fn only_the_owner_governs() {
    let mut suite = Suite::new();
    let alice = suite.alice.clone();
    let recipient = alice.to_string();
    for msg in [
        ExecuteMsg::SetCover {
            asset: asset("usdc"),
            rule: rule(),
        },
        ExecuteMsg::SetParams { params: PARAMS },
        ExecuteMsg::WithdrawAccount {
            asset: asset("usdc"),
            amount: None,
            recipient,
        },
    ] {
        let refused = refusal(suite.execute(&alice, &msg));
        assert_eq!(
            refused,
            ContractError::Ownership(OwnershipError::NotOwner),
            "{msg:?}"
        );
    }
    assert_eq!(suite.usdc().rule, None);
}

#[test]
fn attack_20_ownership_moves_in_two_steps() {
    let mut suite = Suite::new();
    let (owner, next) = (suite.owner.clone(), suite.alice.clone());
    let propose = ExecuteMsg::UpdateOwnership(OwnershipMsg::Propose {
        owner: next.to_string(),
        expiry: None,
    });
    let accept = ExecuteMsg::UpdateOwnership(OwnershipMsg::Accept {});
    let not_owner = ContractError::Admin(AdminError::Ownership(OwnershipError::NotOwner));
    assert_eq!(refusal(suite.execute(&next, &propose)), not_owner);
    let response = suite.execute(&owner, &propose).unwrap();
    assert_eq!(
        event(&response, "ownership_updated"),
        rows(&[("owner", &owner), ("pending_owner", &next)])
    );
    suite.execute(&next, &accept).unwrap();
    let set = ExecuteMsg::SetParams { params: PARAMS };
    let refused = refusal(suite.execute(&owner, &set));
    assert_eq!(refused, ContractError::Ownership(OwnershipError::NotOwner));
    suite.execute(&next, &set).unwrap();
}

#[test]
fn attack_24_migration_refuses_the_same_version_and_other_contracts() {
    let mut suite = Suite::new();
    let (owner, fund) = (suite.owner.clone(), suite.fund.clone());
    let migrate = |suite: &mut Suite| {
        suite
            .app
            .migrate_contract(owner.clone(), fund.clone(), &MigrateMsg {}, suite.code)
    };
    let set = |suite: &mut Suite, name: &str, version: &str| {
        let mut storage = suite.app.contract_storage_mut(&fund);
        cw2::set_contract_version(storage.as_mut(), name, version).unwrap();
    };
    let code = CONTRACT_VERSION.to_string();
    let same = AdminError::NotNewer {
        stored: code.clone(),
        code,
    };
    assert_eq!(refusal(migrate(&mut suite)), ContractError::Admin(same));
    set(&mut suite, "crates.io:glidepath-vault", "0.0.1");
    let (found, expected) = ("crates.io:glidepath-vault".into(), CONTRACT_NAME.into());
    assert_eq!(
        refusal(migrate(&mut suite)),
        ContractError::Admin(AdminError::WrongContract { found, expected })
    );
    set(&mut suite, CONTRACT_NAME, "0.0.1");
    migrate(&mut suite).unwrap();
}
