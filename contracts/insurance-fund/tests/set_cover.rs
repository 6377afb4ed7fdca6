//! `SetCover`.
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
use cosmwasm_std::Decimal;
use glidepath_insurance_fund::ContractError;
use glidepath_interfaces::fund::{CoverRule, ExecuteMsg, COVER_RULES};
use glidepath_interfaces::record::ReadError;

fn set_cover(suite: &mut Suite, name: &str, rule: CoverRule) -> Result<(), ContractError> {
    let owner = suite.owner.clone();
    let asset = asset(name);
    let set = suite.execute(&owner, &ExecuteMsg::SetCover { asset, rule });
    set.map(drop).map_err(|e| e.downcast().unwrap())
}

fn published(suite: &Suite, name: &str) -> Result<CoverRule, ReadError> {
    COVER_RULES.query(&suite.app.wrap(), &suite.fund, name)
}

#[test]
fn a_cover_rule_is_published() {
    let mut suite = Suite::new();
    assert!(matches!(
        published(&suite, "usdc"),
        Err(ReadError::Missing {
            record: "cover rule",
            ..
        })
    ));
    let owner = suite.owner.clone();
    let msg = ExecuteMsg::SetCover {
        asset: asset("usdc"),
        rule: rule(),
    };
    let response = suite.execute(&owner, &msg).unwrap();
    assert_eq!(
        event(&response, "cover_set"),
        rows(&[
            ("asset", &"usdc"),
            ("max_share", &"0.5"),
            ("epoch_cap", &1_000_000),
            ("epoch", &(7 * DAY))
        ])
    );
    assert_eq!(published(&suite, "usdc").unwrap(), rule());
    assert_eq!(suite.usdc().rule, Some(rule()));
    assert_eq!(suite.pool("dai").rule, None);
}

#[test]
fn attack_25_a_rule_at_its_bounds_and_one_past() {
    let mut suite = Suite::new();
    let share = |max_share| CoverRule { max_share, ..rule() };
    let epoch = |epoch| CoverRule { epoch, ..rule() };
    let cap = |cap: u128| CoverRule {
        epoch_cap: cap.into(),
        ..rule()
    };
    for good in [
        share(Decimal::raw(1)),
        share(Decimal::one()),
        epoch(3_600),
        epoch(365 * DAY),
        cap(0),
        cap(u128::MAX),
    ] {
        set_cover(&mut suite, "usdc", good.clone()).unwrap();
        assert_eq!(published(&suite, "usdc").unwrap(), good);
    }
    let kept = published(&suite, "usdc").unwrap();
    for (bad, name) in [
        (share(Decimal::zero()), "max_share"),
        (share(Decimal::one() + Decimal::raw(1)), "max_share"),
        (epoch(3_599), "epoch"),
        (epoch(365 * DAY + 1), "epoch"),
    ] {
        let refused = set_cover(&mut suite, "usdc", bad).unwrap_err();
        assert!(
            matches!(refused, ContractError::BadParameter { field, .. } if field == name),
            "{refused:?}"
        );
        assert_eq!(
            published(&suite, "usdc").unwrap(),
            kept,
            "a refused update leaves nothing half-written"
        );
    }
    let refused = set_cover(&mut suite, "usdd", rule()).unwrap_err();
    assert!(
        matches!(
            refused,
            ContractError::Read(ReadError::Missing { record: "market", .. })
        ),
        "{refused:?}"
    );
    assert!(published(&suite, "usdd").is_err());
}
