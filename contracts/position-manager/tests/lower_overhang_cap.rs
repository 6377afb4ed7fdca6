//! `LowerOverhangCap`, `SetGuardian`, and how many assets there may be.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{dec, manager, why, UNIT};
use cosmwasm_std::{Addr, Decimal};
use cw_asset::AssetInfo;
use cw_ownable::OwnershipError;
use glidepath_interfaces::admin::AdminError;
use glidepath_interfaces::events::position_manager::{GuardianSet, OverhangCapLowered};
use glidepath_interfaces::position_manager::{ExecuteMsg, QueryMsg};
use glidepath_position_manager::validate::MAX_ASSETS;
use glidepath_position_manager::ContractError;
use glidepath_testkit::scenes::calm;
use glidepath_testkit::{defaults, id, Outcome, Suite};

fn lower(suite: &mut Suite, who: &Addr, cap: &str) -> glidepath_testkit::Result<Outcome> {
    let msg = ExecuteMsg::LowerOverhangCap {
        asset: id("atom"),
        overhang_cap: dec(cap),
    };
    suite.positions().execute(who, &msg)
}

fn cap(suite: &Suite) -> Decimal {
    suite
        .ask()
        .asset("atom")
        .unwrap()
        .params
        .collateral
        .unwrap()
        .overhang_cap
}

#[test]
fn attack_25_a_cap_is_lowered_to_what_is_in_use_and_never_raised() {
    let mut suite = calm().build();
    let (guardian, bob, alice) = (suite.guardian.clone(), suite.user("bob"), suite.user("alice"));
    // $200,000 of depth; $500,000 held: 2.5 depths.
    suite
        .positions()
        .open(&alice, &[("atom", 50_000 * UNIT)], &[])
        .unwrap();
    assert_eq!(
        why(lower(&mut suite, &bob, "10")),
        ContractError::Admin(AdminError::NotGuardian { sender: bob.clone() })
    );
    let refused = |suite: &mut Suite, wanted: &str| {
        let before = cap(suite);
        let refused = why(lower(suite, &guardian, wanted));
        assert!(
            matches!(
                refused,
                ContractError::BadParameter {
                    field: "overhang_cap",
                    ..
                }
            ),
            "{refused:?}"
        );
        assert_eq!(cap(suite), before);
    };
    refused(&mut suite, "20.000000000000000001");
    refused(&mut suite, "2.499999999999999999");
    let done = lower(&mut suite, &guardian, "2.5").unwrap();
    let event = done.event(OverhangCapLowered::TYPE).unwrap();
    assert_eq!(event.must::<Decimal>("overhang_cap"), dec("2.5"));
    assert_eq!(event.text("by"), Some(suite.guardian.as_str()));
    refused(&mut suite, "2.6");
    assert!(matches!(
        why(suite.positions().deposit(&alice, 1, "atom", UNIT)),
        ContractError::OverhangCap { .. }
    ));
    // A higher price has more in use than the cap lets in: it stays, and goes no lower.
    suite.set_price("atom", "20");
    refused(&mut suite, "2.4");
    lower(&mut suite, &guardian, "2.5").unwrap();
    // Everybody may leave.
    suite
        .positions()
        .withdraw(&alice, 1, "atom", 50_000 * UNIT)
        .unwrap();
    refused(&mut suite, "0");
    let owner = suite.owner.clone();
    lower(&mut suite, &owner, "0.000000000000000001").unwrap();
    let refused = suite.positions().execute(
        &owner,
        &ExecuteMsg::LowerOverhangCap {
            asset: id("usdc"),
            overhang_cap: Decimal::one(),
        },
    );
    assert_eq!(why(refused), ContractError::NotCollateral { asset: id("usdc") });
}

#[test]
fn the_owner_names_the_guardian() {
    let mut suite = calm().build();
    let (owner, guardian, bob) = (suite.owner.clone(), suite.guardian.clone(), suite.user("bob"));
    let named = |suite: &Suite| -> Option<Addr> {
        suite
            .ask()
            .smart(&manager(suite), &QueryMsg::Guardian {})
            .unwrap()
    };
    assert_eq!(named(&suite), Some(guardian.clone()));
    let name = |who: Option<&Addr>| ExecuteMsg::SetGuardian {
        guardian: who.map(Addr::to_string),
    };
    assert_eq!(
        why(suite.positions().execute(&guardian, &name(Some(&bob)))),
        ContractError::Admin(AdminError::Ownership(OwnershipError::NotOwner))
    );
    let done = suite.positions().execute(&owner, &name(Some(&bob))).unwrap();
    assert_eq!(
        done.event(GuardianSet::TYPE).unwrap().text("guardian"),
        Some(bob.as_str())
    );
    assert!(lower(&mut suite, &guardian, "19").is_err());
    lower(&mut suite, &bob, "19").unwrap();
    suite.positions().execute(&owner, &name(None)).unwrap();
    assert_eq!(named(&suite), None);
    assert!(lower(&mut suite, &bob, "18").is_err());
    // What it lowered the owner raises again.
    let mut params = suite.ask().asset("atom").unwrap().target;
    params.collateral.as_mut().unwrap().overhang_cap = dec("20");
    suite.positions().set_asset("atom", params).unwrap();
}

#[test]
fn so_many_assets_may_be_listed() {
    let mut suite = calm().build();
    for n in 2..=MAX_ASSETS {
        let name = format!("a{n}");
        let info = AssetInfo::native(format!("ua{n}"));
        suite.vault().list_asset(&name, info, 6).unwrap();
        let done = suite.positions().set_asset(&name, defaults::asset_params());
        if n < MAX_ASSETS {
            done.unwrap();
        } else {
            assert_eq!(why(done), ContractError::TooManyAssets { max: MAX_ASSETS });
        }
    }
    // What is listed can still be changed.
    suite
        .positions()
        .set_asset("a2", defaults::asset_params())
        .unwrap();
}
