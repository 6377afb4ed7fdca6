//! `SetParams`, creation, ownership and migration.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{dec, manager, why};
use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env};
use cosmwasm_std::{coins, Decimal};
use cw_ownable::OwnershipError;
use glidepath_interfaces::admin::{AdminError, MigrateMsg, OwnershipMsg};
use glidepath_interfaces::events::position_manager::{OwnershipUpdated, ParamsSet};
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::position_manager::{ExecuteMsg, InstantiateMsg, Params};
use glidepath_interfaces::Peers;
use glidepath_position_manager::{contract, ContractError};
use glidepath_testkit::{defaults, Suite};

/// The field for which rules are refused.
#[track_caller]
fn bad(suite: &mut Suite, change: impl FnOnce(&mut Params)) -> &'static str {
    let mut params = defaults::rules();
    change(&mut params);
    let before = suite.ask().rules().unwrap();
    let field = match why(suite.positions().set_params(params)) {
        ContractError::BadParameter { field, value, bound } => {
            assert!(!value.is_empty() && !bound.is_empty());
            field
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(suite.ask().rules().unwrap(), before, "nothing is half-written");
    field
}

#[track_caller]
fn good(suite: &mut Suite, change: impl FnOnce(&mut Params)) {
    let mut params = defaults::rules();
    change(&mut params);
    suite.positions().set_params(params.clone()).unwrap();
    assert_eq!(suite.ask().rules().unwrap().params, params);
}

#[test]
fn the_owner_changes_the_rules() {
    let mut suite = Suite::default();
    let mut params = defaults::rules();
    params.grace = 600;
    let done = suite.positions().set_params(params.clone()).unwrap();
    assert_eq!(done.event(ParamsSet::TYPE).unwrap().must::<u64>("grace"), 600);
    assert_eq!(suite.ask().rules().unwrap().params, params);

    let bob = suite.user("bob");
    let msg = ExecuteMsg::SetParams { params };
    assert_eq!(
        why(suite.positions().execute(&bob, &msg)),
        ContractError::Ownership(OwnershipError::NotOwner)
    );
}

#[test]
fn attack_1_a_coin_on_a_message_that_takes_none() {
    let mut suite = Suite::default();
    let owner = suite.owner.clone();
    suite.give(&owner, "atom", 1);
    let manager = manager(&suite);
    for msg in [
        ExecuteMsg::SetParams {
            params: defaults::rules(),
        },
        ExecuteMsg::Advance { position: 1 },
        ExecuteMsg::UpdateOwnership(OwnershipMsg::Cancel {}),
    ] {
        let refused = suite.execute(&owner, &manager, &msg, &coins(1, "uatom"));
        let expected = ContractError::Payment(PaymentError::UnexpectedFunds {
            found: "native:uatom:1".into(),
        });
        assert_eq!(why(refused), expected, "{msg:?}");
    }
}

#[test]
fn attack_25_every_rule_at_its_bounds_and_one_past() {
    let mut suite = Suite::default();
    let s = &mut suite;
    let hair = Decimal::raw(1);
    assert_eq!(bad(s, |p| (p.grace, p.grace_memory) = (86_401, 90_000)), "grace");
    good(s, |p| p.grace = 86_400);
    good(s, |p| p.grace = 0);
    assert_eq!(bad(s, |p| p.grace_memory = p.grace - 1), "grace_memory");
    assert_eq!(bad(s, |p| (p.grace, p.grace_memory) = (0, 0)), "grace_memory");
    assert_eq!(bad(s, |p| p.grace_memory = 2_592_001), "grace_memory");
    good(s, |p| p.grace_memory = p.grace);
    good(s, |p| p.grace_memory = 2_592_000);
    assert_eq!(bad(s, |p| p.void_after = 0), "void_after");
    assert_eq!(bad(s, |p| p.void_after = 86_401), "void_after");
    good(s, |p| p.void_after = 1);
    good(s, |p| p.void_after = 86_400);
    // h_close < h_g < 1.
    assert_eq!(bad(s, |p| p.no_grace_below = Decimal::one()), "no_grace_below");
    good(s, |p| p.no_grace_below = Decimal::one() - hair);
    assert_eq!(
        bad(s, |p| p.close_out_below = p.no_grace_below),
        "close_out_below"
    );
    assert_eq!(bad(s, |p| p.close_out_below = Decimal::zero()), "close_out_below");
    good(s, |p| p.close_out_below = p.no_grace_below - hair);
    good(s, |p| p.close_out_below = hair);
    assert_eq!(bad(s, |p| p.confirm = 11), "confirm");
    assert_eq!(bad(s, |p| p.confirm = 3_601), "confirm");
    good(s, |p| p.confirm = 12);
    assert_eq!(
        bad(s, |p| p.confirm_unpublished = p.confirm - 1),
        "confirm_unpublished"
    );
    assert_eq!(bad(s, |p| p.confirm_unpublished = 3_601), "confirm_unpublished");
    good(s, |p| p.confirm_unpublished = p.confirm);
    assert_eq!(
        bad(s, |p| p.sighting_memory = p.confirm_unpublished),
        "sighting_memory"
    );
    assert_eq!(bad(s, |p| p.sighting_memory = 86_401), "sighting_memory");
    good(s, |p| p.sighting_memory = p.confirm_unpublished + 1);
    good(s, |p| p.sighting_memory = 86_400);
    assert_eq!(bad(s, |p| p.eta = Decimal::zero()), "eta");
    assert_eq!(bad(s, |p| p.eta = dec("0.75") + hair), "eta");
    good(s, |p| p.eta = dec("0.75"));
    assert_eq!(
        bad(s, |p| p.surcharge_soft = p.surcharge_close_out + hair),
        "surcharge_soft"
    );
    assert_eq!(
        bad(s, |p| p.surcharge_close_out = Decimal::one() + hair),
        "surcharge_close_out"
    );
    good(s, |p| p.surcharge_soft = p.surcharge_close_out);
    good(s, |p| p.surcharge_close_out = Decimal::one());
    good(s, |p| {
        (p.surcharge_soft, p.surcharge_close_out) = (Decimal::zero(), Decimal::zero())
    });
    assert_eq!(bad(s, |p| p.max_collaterals = 0), "max_collaterals");
    assert_eq!(bad(s, |p| p.max_collaterals = 9), "max_collaterals");
    good(s, |p| p.max_collaterals = 1);
    assert_eq!(bad(s, |p| p.max_debts = 0), "max_debts");
    assert_eq!(bad(s, |p| p.max_debts = 5), "max_debts");
    good(s, |p| p.max_debts = 1);
    // And above every limits.health: 900 s.
    assert_eq!(bad(s, |p| p.dead_after = 3_599), "dead_after");
    assert_eq!(bad(s, |p| p.dead_after = 2_592_001), "dead_after");
    good(s, |p| p.dead_after = 3_600);
    good(s, |p| p.dead_after = 2_592_000);
    // No price is gone by a change of the rules alone.
    s.advance_time(4_000);
    assert_eq!(bad(s, |p| p.dead_after = 3_600), "dead_after");
    good(s, |p| p.dead_after = 4_006);
    s.refresh();
    good(s, |p| p.dead_after = 3_600);
    let mut slow = s.ask().asset("atom").unwrap().target;
    slow.limits.health = 3_600;
    assert!(matches!(
        why(s.positions().set_asset("atom", slow.clone())),
        ContractError::BadParameter {
            field: "dead_after",
            ..
        }
    ));
    good(s, |p| p.dead_after = 3_601);
    s.positions().set_asset("atom", slow).unwrap();
    assert_eq!(bad(s, |p| p.dead_after = 3_600), "dead_after");
}

#[test]
fn creation_is_checked() {
    let mut deps = mock_dependencies();
    let mut env = mock_env();
    let own = deps.api.addr_make("own");
    env.contract.address = own.clone();
    let anybody = deps.api.addr_make("anybody");
    let name = |name: &str| deps.api.addr_make(name).to_string();
    let msg = InstantiateMsg {
        owner: name("owner"),
        peers: Peers {
            vault: name("vault"),
            position_manager: own.to_string(),
            oracle_adapter: name("oracle"),
            liquidation_auction: name("auction"),
            insurance_fund: name("fund"),
        },
        params: defaults::rules(),
        guardian: None,
    };
    let other = name("other");
    let mut create = |msg: InstantiateMsg, funds: &[cosmwasm_std::Coin]| {
        contract::instantiate(deps.as_mut(), env.clone(), message_info(&anybody, funds), msg)
    };
    let mut wrong = msg.clone();
    wrong.peers.position_manager = other;
    assert!(matches!(
        create(wrong, &[]).unwrap_err(),
        ContractError::NotItself { .. }
    ));
    let mut wrong = msg.clone();
    wrong.peers.vault = "VAULT".into();
    assert!(matches!(
        create(wrong, &[]).unwrap_err(),
        ContractError::Admin(AdminError::Std(_))
    ));
    let mut wrong = msg.clone();
    wrong.params.max_debts = 0;
    assert!(matches!(
        create(wrong, &[]).unwrap_err(),
        ContractError::BadParameter {
            field: "max_debts",
            ..
        }
    ));
    let paid = create(msg.clone(), &coins(1, "uatom"));
    assert!(matches!(
        paid.unwrap_err(),
        ContractError::Payment(PaymentError::UnexpectedFunds { .. })
    ));
    create(msg, &[]).unwrap();
}

#[test]
fn attack_20_ownership_moves_in_two_steps() {
    let mut suite = Suite::default();
    let (owner, next, bob) = (suite.owner.clone(), suite.user("next"), suite.user("bob"));
    let send = |suite: &mut Suite, who: &cosmwasm_std::Addr, msg: OwnershipMsg| {
        suite.positions().execute(who, &ExecuteMsg::UpdateOwnership(msg))
    };
    let propose = || OwnershipMsg::Propose {
        owner: next.to_string(),
        expiry: None,
    };
    let not_owner = ContractError::Admin(AdminError::Ownership(OwnershipError::NotOwner));
    assert_eq!(why(send(&mut suite, &bob, propose())), not_owner);
    let done = send(&mut suite, &owner, propose()).unwrap();
    let event = done.event(OwnershipUpdated::TYPE).unwrap();
    assert_eq!(event.text("pending_owner"), Some(next.as_str()));
    let not_pending = ContractError::Admin(AdminError::Ownership(OwnershipError::NotPendingOwner));
    assert_eq!(why(send(&mut suite, &bob, OwnershipMsg::Accept {})), not_pending);
    send(&mut suite, &next, OwnershipMsg::Accept {}).unwrap();
    let refused = suite.positions().set_params(defaults::rules());
    assert_eq!(why(refused), ContractError::Ownership(OwnershipError::NotOwner));
    let msg = ExecuteMsg::SetParams {
        params: defaults::rules(),
    };
    suite.positions().execute(&next, &msg).unwrap();
}

#[test]
fn attack_24_migration_takes_an_older_version_of_this_contract_only() {
    let mut deps = mock_dependencies();
    let mut from = |name: &str, version: &str| {
        cw2::set_contract_version(&mut deps.storage, name, version).unwrap();
        contract::migrate(deps.as_mut(), mock_env(), MigrateMsg {})
    };
    let old = from(contract::CONTRACT_NAME, "0.0.1").unwrap();
    assert_eq!(old.attributes[0].value, "0.0.1");
    for (name, version) in [
        ("crates.io:glidepath-vault", "0.0.1"),
        (contract::CONTRACT_NAME, contract::CONTRACT_VERSION),
        (contract::CONTRACT_NAME, "99.0.0"),
        (contract::CONTRACT_NAME, "new"),
    ] {
        let refused = from(name, version).unwrap_err();
        assert!(
            matches!(refused, ContractError::Admin(_)),
            "{name} {version}: {refused:?}"
        );
    }
}
