//! Lots that nobody wanted: `SetBackstop`, `Bought`, `Claim`, and whose what was bought is.
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
use cosmwasm_std::{Addr, Decimal, Uint128};
use cw_asset::AssetInfo;
use glidepath_insurance_fund::state::CLAIMS;
use glidepath_insurance_fund::ContractError;
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::fund::{
    BackstopRule, CollateralCap, ExecuteMsg, PoolResponse, QueryMsg, BACKSTOP_RULES,
};
use glidepath_interfaces::record::ReadError;
use glidepath_interfaces::vault::{VaultAsset, ASSETS};
use glidepath_risk::RiskError;

fn backstop() -> BackstopRule {
    BackstopRule {
        max_share: Decimal::percent(20),
        epoch: 7 * DAY,
        collaterals: vec![cap("atom", 1_000_000)],
    }
}

fn cap(name: &str, epoch_cap: u128) -> CollateralCap {
    CollateralCap {
        asset: asset(name),
        epoch_cap: epoch_cap.into(),
    }
}

/// With so many further assets, `atom` and `a0`, `a1`, …
fn listed(more: usize) -> Suite {
    let mut suite = Suite::new();
    let vault = suite.vault.clone();
    let mut storage = suite.app.contract_storage_mut(&vault);
    let names = std::iter::once("atom".to_string()).chain((0..more).map(|nth| format!("a{nth}")));
    for name in names {
        let info = AssetInfo::native(format!("u{name}"));
        let token = VaultAsset { info, decimals: 6 };
        ASSETS.save(storage.as_mut(), &name, &token).unwrap();
    }
    drop(storage);
    suite
}

fn set(suite: &mut Suite, name: &str, rule: BackstopRule) -> Result<(), ContractError> {
    let owner = suite.owner.clone();
    let asset = asset(name);
    let done = suite.execute(&owner, &ExecuteMsg::SetBackstop { asset, rule });
    done.map(drop).map_err(|error| error.downcast().unwrap())
}

fn published(suite: &Suite, name: &str) -> Option<BackstopRule> {
    BACKSTOP_RULES.query(&suite.app.wrap(), &suite.fund, name).ok()
}

// ---------------------------------------------------------------- the rule

#[test]
fn a_rule_is_published() {
    let mut suite = listed(1);
    let owner = suite.owner.clone();
    let rule = BackstopRule {
        collaterals: vec![cap("atom", 5), cap("a0", 7)],
        ..backstop()
    };
    let msg = ExecuteMsg::SetBackstop {
        asset: asset("usdc"),
        rule: rule.clone(),
    };
    let response = suite.execute(&owner, &msg).unwrap();
    assert_eq!(
        event(&response, "backstop_set"),
        rows(&[
            ("asset", &"usdc"),
            ("max_share", &"0.2"),
            ("epoch", &(7 * DAY)),
            ("collaterals", &"atom:5,a0:7")
        ])
    );
    assert_eq!(published(&suite, "usdc"), Some(rule.clone()));
    assert_eq!(suite.usdc().backstop, Some(rule));
    assert_eq!(suite.pool("dai").backstop, None);
    // Nothing at all may be bought: how a backstop is ended.
    let none = BackstopRule {
        collaterals: vec![],
        ..backstop()
    };
    let msg = ExecuteMsg::SetBackstop {
        asset: asset("usdc"),
        rule: none,
    };
    let response = suite.execute(&owner, &msg).unwrap();
    assert_eq!(event(&response, "backstop_set").len(), 3);
}

#[test]
fn attack_25_a_rule_at_its_bounds_and_one_past() {
    let mut suite = listed(16);
    let share = |max_share| BackstopRule {
        max_share,
        ..backstop()
    };
    let epoch = |epoch| BackstopRule { epoch, ..backstop() };
    let of = |collaterals| BackstopRule {
        collaterals,
        ..backstop()
    };
    let many = |count: usize| of((0..count).map(|nth| cap(&format!("a{nth}"), 1)).collect());
    for good in [
        share(Decimal::raw(1)),
        share(Decimal::percent(50)),
        epoch(3_600),
        epoch(365 * DAY),
        of(vec![cap("atom", 0)]),
        of(vec![cap("atom", u128::MAX)]),
        many(16),
    ] {
        set(&mut suite, "usdc", good.clone()).unwrap();
        assert_eq!(published(&suite, "usdc"), Some(good));
    }
    let kept = published(&suite, "usdc");
    let mut full = many(16);
    full.collaterals.push(cap("atom", 1));
    for (bad, field) in [
        (share(Decimal::zero()), "max_share"),
        (share(Decimal::percent(50) + Decimal::raw(1)), "max_share"),
        (epoch(3_599), "epoch"),
        (epoch(365 * DAY + 1), "epoch"),
    ] {
        let refused = set(&mut suite, "usdc", bad).unwrap_err();
        assert!(
            matches!(refused, ContractError::BadParameter { field: of, .. } if of == field),
            "{refused:?}"
        );
    }
    let bad_collateral = |name: &str| ContractError::BadCollateral {
        asset: asset("usdc"),
        collateral: asset(name),
    };
    for (bad, error) in [
        (of(vec![cap("atom", 1), cap("atom", 2)]), bad_collateral("atom")),
        (of(vec![cap("usdc", 1)]), bad_collateral("usdc")),
        (
            full,
            ContractError::TooManyGoods {
                asset: asset("usdc"),
                assets: 17,
                max: 16,
            },
        ),
    ] {
        assert_eq!(set(&mut suite, "usdc", bad).unwrap_err(), error);
    }
    for (market, bad) in [("usdd", backstop()), ("usdc", of(vec![cap("aton", 1)]))] {
        let refused = set(&mut suite, market, bad).unwrap_err();
        assert!(
            matches!(refused, ContractError::Read(ReadError::Missing { .. })),
            "{refused:?}"
        );
    }
    assert_eq!(published(&suite, "usdc"), kept);
}

/// What was bought under earlier rules is settled, too: it counts among the assets that a rule may name.
#[test]
fn attack_7_the_assets_of_a_pool_are_bounded_over_all_its_rules() {
    let mut suite = listed(16);
    let alice = suite.alice.clone();
    suite.stake(&alice, 1_000_000).unwrap();
    suite.buy(1_000, 5).unwrap();
    let of = |count: usize| BackstopRule {
        collaterals: (0..count).map(|nth| cap(&format!("a{nth}"), 1)).collect(),
        ..backstop()
    };
    assert!(matches!(
        set(&mut suite, "usdc", of(16)).unwrap_err(),
        ContractError::TooManyGoods {
            assets: 17,
            max: 16,
            ..
        }
    ));
    set(&mut suite, "usdc", of(15)).unwrap();
    let mut same = of(15);
    same.collaterals.push(cap("atom", 1));
    set(&mut suite, "usdc", same).unwrap();
}

// ---------------------------------------------------------------- what is bought

#[test]
fn what_is_bought_is_no_loss_and_belongs_to_the_units() {
    let mut suite = listed(0);
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
    suite.stake(&alice, 3_000_000).unwrap();
    suite.stake(&bob, 1_000_000).unwrap();
    let streaming = suite.revenue("usdc", 40_000);
    let before: PoolResponse = suite.usdc();
    let paid = Uint128::new(400_000 * 1_000_000);
    let response = suite.buy(400_000, 1_000).unwrap();
    assert_eq!(
        event(&response, "goods_bought"),
        rows(&[
            ("asset", &"usdc"),
            ("collateral", &"atom"),
            ("amount", &1_000),
            ("shares", &paid),
            ("units", &before.units),
        ])
    );
    // Not a loss, and not from what is on its way.
    assert!(!has_event(&response, "loss_booked"));
    let after = suite.usdc();
    assert_eq!((after.shares, after.streaming), (before.shares - paid, streaming));
    assert_eq!(after.units, before.units);
    let (a, b) = (suite.goods(&alice), suite.goods(&bob));
    assert!(a + b <= 1_000 && a + b >= 998, "{a} and {b}");
    assert!((749..=750).contains(&a), "{a}");
    assert!((249..=250).contains(&b), "{b}");
}

#[test]
fn only_the_vault_says_so() {
    let mut suite = listed(0);
    let (owner, alice) = (suite.owner.clone(), suite.alice.clone());
    suite.stake(&alice, 1_000_000).unwrap();
    for who in [owner, alice, suite.fund.clone()] {
        assert_eq!(
            refusal(suite.execute(&who, &bought(Uint128::one(), 1))),
            ContractError::NotVault {
                sender: who,
                expected: suite.vault.clone()
            }
        );
    }
}

#[test]
fn more_than_the_stakes_own_is_refused() {
    let mut suite = listed(0);
    let vault = suite.vault.clone();
    let nobody = suite.execute(&vault, &bought(Uint128::zero(), 1));
    assert_eq!(refusal(nobody), ContractError::Risk(RiskError::DivisionByZero));
    let alice = suite.alice.clone();
    suite.stake(&alice, 1_000).unwrap();
    let owned = suite.usdc().shares;
    suite.revenue("usdc", 1_000_000);
    let refused = refusal(suite.execute(&vault, &bought(owned + Uint128::one(), 1)));
    assert!(
        matches!(refused, ContractError::Risk(RiskError::Underflow { .. })),
        "{refused:?}"
    );
}

// ---------------------------------------------------------------- whose it is

/// Who comes in before it shares what it costs and what it brings; who comes in behind it has no part of either.
#[test]
fn attack_71_nobody_buys_in_for_what_was_bought() {
    let mut suite = listed(0);
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
    suite.stake(&alice, 1_000_000).unwrap();
    suite.buy(200_000, 500).unwrap();
    suite.stake(&bob, 1_000_000).unwrap();
    assert_eq!(suite.goods(&bob), 0);
    let mine = suite.goods(&alice);
    assert!((499..=500).contains(&mine), "{mine}");
    // Bob paid for what the stakes are worth now, and has that.
    let worth = suite.staked("usdc", &bob).amount.u128();
    assert!((999_990..=1_000_000).contains(&worth), "{worth}");
    let left = suite.staked("usdc", &alice).amount.u128();
    assert!((799_990..=800_010).contains(&left), "{left}");
    // The next purchase is of both, by what each has at risk.
    suite.buy(180_000, 900).unwrap();
    let (a, b) = (suite.goods(&alice) - mine, suite.goods(&bob));
    assert!((399..=401).contains(&a), "{a}");
    assert!((499..=500).contains(&b), "{b}");
}

/// Who leaves takes his shares and keeps his claim; what was bought after he left is the others'.
#[test]
fn attack_71_who_leaves_keeps_what_his_units_bought_and_no_more() {
    let mut suite = listed(0);
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
    suite.stake(&alice, 1_000_000).unwrap();
    suite.stake(&bob, 1_000_000).unwrap();
    suite.request(&alice, None).unwrap();
    suite.wait(PARAMS.cooldown);
    suite.buy(400_000, 1_000).unwrap();
    suite.exit(&alice).unwrap();
    let got = suite.supplied("usdc", &alice).u128() / 1_000_000;
    assert!((799_990..=800_000).contains(&got), "{got}");
    suite.buy(100_000, 300).unwrap();
    let (a, b) = (suite.goods(&alice), suite.goods(&bob));
    assert!((499..=500).contains(&a), "{a}");
    assert!((798..=800).contains(&b), "{b}");
    suite.claim(&alice).unwrap();
    assert_eq!(suite.goods(&alice), 0);
    // Nothing is kept of somebody who has nothing.
    let storage = suite.app.contract_storage(&suite.fund);
    assert!(!CLAIMS.has(storage.as_ref(), ("usdc", &alice)));
    drop(storage);
    // Back again, he begins from nothing.
    suite.stake(&alice, 500_000).unwrap();
    assert_eq!(suite.goods(&alice), 0);
    assert_eq!(suite.goods(&bob), b);
}

/// A part of a stake that leaves takes its part of what was bought with it into the claim.
#[test]
fn a_part_that_leaves() {
    let mut suite = listed(0);
    let alice = suite.alice.clone();
    suite.stake(&alice, 1_000_000).unwrap();
    let units = suite.staked("usdc", &alice).units;
    suite.buy(100_000, 100).unwrap();
    suite
        .request(&alice, Some(units.multiply_ratio(1u8, 4u8)))
        .unwrap();
    suite.wait(PARAMS.cooldown);
    suite.exit(&alice).unwrap();
    let first = suite.goods(&alice);
    assert!((99..=100).contains(&first), "{first}");
    suite.buy(100_000, 100).unwrap();
    let both = suite.goods(&alice);
    assert!((198..=200).contains(&both), "{both}");
}

#[test]
fn attack_43_a_claim_is_paid_once() {
    let mut suite = listed(0);
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
    suite.stake(&alice, 1_000_000).unwrap();
    let nothing = ContractError::NothingToClaim {
        asset: asset("usdc"),
        collateral: asset("atom"),
    };
    assert_eq!(refusal(suite.claim(&alice)), nothing);
    suite.buy(200_000, 500).unwrap();
    let mine = suite.goods(&alice);
    assert_eq!(refusal(suite.claim(&bob)), nothing);
    let response = suite.claim(&alice).unwrap();
    assert_eq!(
        event(&response, "goods_claimed"),
        rows(&[
            ("asset", &"usdc"),
            ("staker", &alice),
            ("collateral", &"atom"),
            ("amount", &mine),
        ])
    );
    let storage = suite.app.contract_storage(&suite.vault);
    let paid = vault::WITHDRAWN.load(storage.as_ref()).unwrap();
    drop(storage);
    assert_eq!(paid, (asset("atom"), Some(mine.into()), Some(alice.to_string())));
    assert_eq!(refusal(suite.claim(&alice)), nothing);
}

/// A loss that leaves nothing ends a generation of stakes: what they had bought is still theirs, and what the next ones buy
/// is not.
#[test]
fn attack_42_what_was_bought_outlives_the_stake() {
    let mut suite = listed(0);
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
    suite.stake(&alice, 1_000_000).unwrap();
    suite.buy(200_000, 500).unwrap();
    let mine = suite.goods(&alice);
    let all = suite.usdc().shares;
    suite.burn("usdc", all);
    suite.book();
    assert_eq!(suite.usdc().generation, 1);
    assert_eq!(suite.staked("usdc", &alice).units, Uint128::zero());
    assert_eq!(suite.goods(&alice), mine);
    suite.stake(&bob, 1_000_000).unwrap();
    suite.buy(200_000, 700).unwrap();
    assert_eq!(suite.goods(&alice), mine);
    assert!((699..=700).contains(&suite.goods(&bob)));
    // Staking anew adds to it.
    suite.stake(&alice, 1_000_000).unwrap();
    assert_eq!(suite.goods(&alice), mine);
    suite.buy(180_000, 900).unwrap();
    let later = suite.goods(&alice) - mine;
    assert!((498..=500).contains(&later), "{later}");
    suite.claim(&alice).unwrap();
    assert_eq!(suite.goods(&alice), 0);
}

/// A loss that the fund has not booked yet, and a purchase behind it that finds next to nothing left: the goods are of the
/// units that paid.
#[test]
fn a_purchase_behind_a_loss_that_is_not_booked() {
    let mut suite = listed(0);
    let alice = suite.alice.clone();
    suite.stake(&alice, 1_000_000).unwrap();
    let all = suite.usdc().shares;
    suite.burn("usdc", all - Uint128::new(1_000));
    suite.burn("usdc", Uint128::new(500));
    suite.credit(10);
    let vault = suite.vault.clone();
    let response = suite.execute(&vault, &bought(Uint128::new(500), 10)).unwrap();
    assert!(has_event(&response, "loss_booked"));
    assert!(has_event(&response, "pool_retired"));
    assert!((9..=10).contains(&suite.goods(&alice)));
    suite.claim(&alice).unwrap();
}

// ---------------------------------------------------------------- the owner

fn withdraw(suite: &mut Suite, amount: Option<u128>) -> Result<(), ContractError> {
    let (owner, bob) = (suite.owner.clone(), suite.bob.clone());
    let msg = ExecuteMsg::WithdrawAccount {
        asset: asset("atom"),
        amount: amount.map(Uint128::new),
        recipient: bob.to_string(),
    };
    let done = suite.execute(&owner, &msg);
    done.map(drop).map_err(|error| error.downcast().unwrap())
}

fn last_withdrawn(suite: &Suite) -> Option<Uint128> {
    let storage = suite.app.contract_storage(&suite.vault);
    vault::WITHDRAWN.load(storage.as_ref()).unwrap().1
}

#[test]
fn attack_10_the_owner_has_no_hand_on_what_stakers_bought() {
    let mut suite = listed(0);
    let alice = suite.alice.clone();
    suite.stake(&alice, 1_000_000).unwrap();
    // 30 that could not be sold of somebody's, and 500 that were bought.
    suite.surrender("atom", 30);
    suite.buy(200_000, 500).unwrap();
    assert_eq!(
        withdraw(&mut suite, Some(31)).unwrap_err(),
        ContractError::StakersGoods {
            asset: asset("atom"),
            held: Uint128::new(500),
            free: Uint128::new(30),
            wanted: Uint128::new(31),
        }
    );
    withdraw(&mut suite, Some(30)).unwrap();
    withdraw(&mut suite, None).unwrap();
    assert_eq!(last_withdrawn(&suite), Some(Uint128::new(30)));
    // With nothing beside it, nothing.
    suite.surrender("atom", 0);
    assert!(matches!(
        withdraw(&mut suite, None).unwrap_err(),
        ContractError::Payment(_)
    ));
}

#[test]
fn what_is_held_is_listed() {
    let mut suite = listed(0);
    let alice = suite.alice.clone();
    suite.stake(&alice, 1_000_000).unwrap();
    let held = |suite: &Suite, start_after: Option<&str>| {
        suite.query::<Vec<Amount>>(&QueryMsg::Goods {
            start_after: start_after.map(asset),
            limit: None,
        })
    };
    assert_eq!(held(&suite, None), []);
    suite.buy(200_000, 500).unwrap();
    let row = |units: u128| Amount {
        asset: asset("atom"),
        amount: units.into(),
    };
    assert_eq!(held(&suite, None), [row(500)]);
    assert_eq!(held(&suite, Some("atom")), []);
    let mine = suite.goods(&alice);
    suite.claim(&alice).unwrap();
    let left = 500 - mine;
    assert_eq!(held(&suite, None), vec![row(left); usize::from(left > 0)]);
}

/// A thousand small stakes and purchases never add up to more than was bought.
#[test]
fn attack_13_parts_never_add_up_to_more() {
    let mut suite = listed(0);
    let users: Vec<Addr> = [suite.alice.clone(), suite.bob.clone(), suite.owner.clone()].into();
    let mut bought = 0;
    for nth in 0..60u128 {
        let who = users[(nth % 3) as usize].clone();
        suite.stake(&who, 1_000 + nth * 37).unwrap();
        let spend = suite.usdc().worth.u128() / 50;
        suite.buy(spend, 1 + nth * 13).unwrap();
        bought += 1 + nth * 13;
        let claimable: u128 = users.iter().map(|who| suite.goods(who)).sum();
        assert!(claimable <= bought, "{claimable} of {bought}");
        assert!(claimable + 3 * (nth + 1) >= bought, "{claimable} of {bought}");
    }
    for who in &users {
        suite.claim(who).unwrap();
    }
}
