//! Creation, ownership and migration.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{dec, error};
use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env, MockApi};
use cosmwasm_std::{coins, from_json, Addr};
use cw2::ContractVersion;
use cw_ownable::OwnershipError;
use glidepath_interfaces::admin::{AdminError, MigrateMsg, Ownership, OwnershipMsg};
use glidepath_interfaces::auction::{ConfigResponse, ExecuteMsg, InstantiateMsg, QueryMsg};
use glidepath_interfaces::events::auction::OwnershipUpdated;
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::Peers;
use glidepath_liquidation_auction::contract::{instantiate, migrate, query, CONTRACT_NAME, CONTRACT_VERSION};
use glidepath_liquidation_auction::ContractError;
use glidepath_testkit::{defaults, Suite};

fn message() -> InstantiateMsg {
    let user = |name: &str| MockApi::default().addr_make(name).to_string();
    InstantiateMsg {
        owner: user("owner"),
        peers: Peers {
            vault: user("vault"),
            position_manager: user("position-manager"),
            oracle_adapter: user("oracle-adapter"),
            liquidation_auction: mock_env().contract.address.to_string(),
            insurance_fund: user("insurance-fund"),
        },
        terms: defaults::sale_terms(),
    }
}

fn create(msg: InstantiateMsg, funds: u128) -> Result<ConfigResponse, ContractError> {
    let mut deps = mock_dependencies();
    let paid = if funds > 0 { coins(funds, "uatom") } else { vec![] };
    let info = message_info(&Addr::unchecked("anyone"), &paid);
    instantiate(deps.as_mut(), mock_env(), info, msg)?;
    let stored = cw2::get_contract_version(&deps.storage).unwrap();
    let expected = ContractVersion {
        contract: CONTRACT_NAME.into(),
        version: CONTRACT_VERSION.into(),
    };
    assert_eq!(stored, expected);
    Ok(from_json(query(deps.as_ref(), mock_env(), QueryMsg::Config {}).unwrap()).unwrap())
}

#[test]
fn it_keeps_peers_and_terms() {
    let config = create(message(), 0).unwrap();
    assert_eq!(
        config.peers,
        message().peers.validate(&MockApi::default()).unwrap()
    );
    assert_eq!(config.terms, defaults::sale_terms());
}

#[test]
fn it_checks_what_it_is_told() {
    let mut wrong = message();
    wrong.peers.liquidation_auction = wrong.peers.vault.clone();
    let twice = AdminError::SamePeer {
        address: Addr::unchecked(&wrong.peers.vault),
    };
    match create(wrong, 0) {
        Err(ContractError::Admin(error)) => assert_eq!(error, twice),
        other => panic!("{other:?}"),
    }

    let mut wrong = message();
    wrong.terms.soft.penalty = dec("0.06");
    assert!(matches!(
        create(wrong, 0),
        Err(ContractError::BadTerms { field: "penalty", .. })
    ));

    assert_eq!(
        create(message(), 1),
        Err(ContractError::Payment(PaymentError::UnexpectedFunds {
            found: "native:uatom:1".into()
        }))
    );
}

#[test]
fn attack_6_addresses_are_checked() {
    for bad in ["", "COSMWASM1XYZ", "osmo1234", "not an address"] {
        for field in 0..3 {
            let mut wrong = message();
            match field {
                0 => wrong.owner = bad.into(),
                1 => wrong.peers.vault = bad.into(),
                _ => wrong.peers.position_manager = bad.into(),
            }
            assert!(create(wrong, 0).is_err(), "field {field}: `{bad}`");
        }
    }
    let mut upper = message();
    upper.owner = upper.owner.to_uppercase();
    assert!(create(upper, 0).is_err(), "upper case");
}

#[test]
fn attack_20_ownership_moves_in_two_steps() {
    let mut suite = Suite::default();
    let (owner, next, mallory) = (suite.owner.clone(), suite.user("next"), suite.user("mallory"));
    let propose = ExecuteMsg::UpdateOwnership(OwnershipMsg::Propose {
        owner: next.to_string(),
        expiry: None,
    });
    let accept = ExecuteMsg::UpdateOwnership(OwnershipMsg::Accept {});
    let cancel = ExecuteMsg::UpdateOwnership(OwnershipMsg::Cancel {});
    let admin = |e| ContractError::Admin(AdminError::Ownership(e));

    assert_eq!(
        error(suite.auction().execute(&mallory, &propose)),
        admin(OwnershipError::NotOwner)
    );
    suite.auction().execute(&owner, &propose).unwrap();
    assert_eq!(
        error(suite.auction().execute(&mallory, &accept)),
        admin(OwnershipError::NotPendingOwner)
    );
    suite.auction().execute(&owner, &cancel).unwrap();
    assert_eq!(
        error(suite.auction().execute(&next, &accept)),
        admin(OwnershipError::TransferNotFound)
    );
    suite.auction().execute(&owner, &propose).unwrap();
    let done = suite.auction().execute(&next, &accept).unwrap();
    let event = done.event(OwnershipUpdated::TYPE).unwrap();
    assert_eq!(event.text("owner"), Some(next.as_str()));
    let auction = suite.peers.liquidation_auction.clone();
    let ownership: Ownership<Addr> = suite.ask().smart(&auction, &QueryMsg::Ownership {}).unwrap();
    assert_eq!((ownership.owner, ownership.pending_owner), (Some(next), None));
}

#[test]
fn attack_24_migration_checks_name_and_version() {
    let mut deps = mock_dependencies();
    cw2::set_contract_version(&mut deps.storage, CONTRACT_NAME, "0.0.1").unwrap();
    migrate(deps.as_mut(), mock_env(), MigrateMsg {}).unwrap();
    let again = migrate(deps.as_mut(), mock_env(), MigrateMsg {});
    assert!(matches!(
        again,
        Err(ContractError::Admin(AdminError::NotNewer { .. }))
    ));
    cw2::set_contract_version(&mut deps.storage, "crates.io:glidepath-vault", "0.0.1").unwrap();
    let other = migrate(deps.as_mut(), mock_env(), MigrateMsg {});
    assert!(matches!(
        other,
        Err(ContractError::Admin(AdminError::WrongContract { .. }))
    ));
}
