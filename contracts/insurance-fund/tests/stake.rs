//! `Stake`, with coins and through the hook of a token.
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
use cosmwasm_std::{coin, coins, to_json_binary, BankMsg, Decimal, StdError, Uint128};
use cw_multi_test::Executor;
use glidepath_insurance_fund::ContractError;
use glidepath_interfaces::fund::{ExecuteMsg, PoolResponse, QueryMsg};
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::record::ReadError;
use glidepath_risk::pool::STREAM_FROM;

#[test]
fn coins_become_supply_shares_and_units() {
    let mut suite = Suite::new();
    let alice = suite.alice.clone();
    let response = suite.stake(&alice, 5_000_000).unwrap();
    let shares = suite.market("usdc").fund_shares;
    assert_eq!(shares, Uint128::new(5_000_000_000_000));
    let staked = suite.staked("usdc", &alice);
    assert_eq!(
        (staked.units, staked.shares, staked.amount),
        (shares, shares, Uint128::new(5_000_000))
    );
    assert_eq!(staked.exit, None);
    let pool = suite.usdc();
    assert_eq!(
        (pool.units, pool.shares, pool.worth),
        (shares, shares, Uint128::new(5_000_000))
    );
    assert!(pool.streaming.is_zero() && pool.rule.is_none());
    assert_eq!(
        event(&response, "staked"),
        rows(&[
            ("asset", &"usdc"),
            ("staker", &alice),
            ("amount", &5_000_000),
            ("shares", &shares),
            ("units", &shares),
        ])
    );
    assert_eq!(suite.balance(&suite.vault, "uusdc"), 5_000_000);
    assert_eq!(suite.balance(&suite.fund, "uusdc"), 0);
}

#[test]
fn tokens_are_staked_through_their_hook() {
    let mut suite = Suite::new();
    let alice = suite.alice.clone();
    suite.stake_token(&alice, 5_000_000).unwrap();
    let shares = suite.market("dai").fund_shares;
    assert_eq!(suite.staked("dai", &alice).units, shares);
    assert_eq!(suite.pool("dai").shares, shares);
    assert!(suite.pool("usdc").units.is_zero());
    let balance: cw20::BalanceResponse = suite
        .app
        .wrap()
        .query_wasm_smart(
            &suite.token,
            &cw20::Cw20QueryMsg::Balance {
                address: suite.vault.to_string(),
            },
        )
        .unwrap();
    assert_eq!(balance.balance.u128(), 5_000_000);
}

#[test]
fn shares_are_the_vault_s_own_to_the_unit_with_interest_under_way() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
    suite.lend("usdc", 777_777_777, Decimal::percent(37));
    for (who, amount, wait) in [
        (&alice, 1_234_567, 12_345),
        (&bob, 999_999_937, 6),
        (&alice, 1, 86_400),
        (&bob, 7, 0),
    ] {
        suite.wait(wait);
        suite.stake(who, amount).unwrap();
        let pool = suite.usdc();
        assert_eq!(
            pool.shares,
            suite.market("usdc").fund_shares,
            "no share unaccounted for"
        );
        assert!(pool.streaming.is_zero());
    }
}

#[test]
fn attack_1_and_2_the_payment_is_exactly_one_amount_of_the_asset() {
    let mut suite = Suite::new();
    let alice = suite.alice.clone();
    let wrong = |found: &str| {
        ContractError::Payment(PaymentError::WrongPayment {
            expected: "native:uusdc".into(),
            found: found.into(),
        })
    };
    for (funds, found) in [
        (vec![], "nothing"),
        (coins(5, "uatom"), "native:uatom:5"),
        (
            vec![coin(5, "uatom"), coin(5, "uusdc")],
            "native:uatom:5, native:uusdc:5",
        ),
    ] {
        assert_eq!(
            refusal(suite.pay(&alice, &stake_msg("usdc"), &funds)),
            wrong(found)
        );
    }
    // A coin for a token's market.
    let refused = refusal(suite.pay(&alice, &stake_msg("dai"), &coins(5, "uusdc")));
    assert!(
        matches!(refused, ContractError::Payment(PaymentError::WrongPayment { .. })),
        "{refused:?}"
    );
    assert_eq!(
        suite.balance(&suite.fund, "uusdc") + suite.balance(&suite.fund, "uatom"),
        0
    );

    let asset = asset("usdc");
    let unpayable = [
        ExecuteMsg::RequestExit {
            asset: asset.clone(),
            units: None,
        },
        ExecuteMsg::CancelExit { asset: asset.clone() },
        ExecuteMsg::Exit { asset: asset.clone() },
        ExecuteMsg::Book { asset: asset.clone() },
        ExecuteMsg::SetCover {
            asset: asset.clone(),
            rule: rule(),
        },
        ExecuteMsg::SetParams { params: PARAMS },
        ExecuteMsg::WithdrawAccount {
            asset,
            amount: None,
            recipient: alice.to_string(),
        },
        hook(&alice, 5, &stake_msg("dai")),
    ];
    let owner = suite.owner.clone();
    for msg in unpayable {
        let refused = refusal(suite.pay(&owner, &msg, &coins(1, "uusdc")));
        assert_eq!(
            refused,
            ContractError::Payment(PaymentError::UnexpectedFunds {
                found: "native:uusdc:1".into()
            }),
            "{msg:?}"
        );
    }
}

#[test]
fn attack_3_only_the_registered_token_speaks_for_its_senders() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
    // Anybody may call the hook; nobody but the token is believed.
    for name in ["dai", "usdc"] {
        let refused = refusal(suite.execute(&bob, &hook(&alice, 1_000_000, &stake_msg(name))));
        assert!(
            matches!(refused, ContractError::Payment(PaymentError::WrongPayment { .. })),
            "{refused:?}"
        );
    }
    // The real token, but for another market.
    let refused = refusal(suite.send_token(&alice, 5, &to_json_binary(&stake_msg("usdc")).unwrap()));
    assert_eq!(
        refused,
        ContractError::Payment(PaymentError::WrongPayment {
            expected: "native:uusdc".into(),
            found: format!("cw20:{}:5", suite.token)
        })
    );
    // The real token with something else inside.
    let inner = hook(&alice, 5, &stake_msg("dai"));
    for msg in [
        ExecuteMsg::Book { asset: asset("dai") },
        ExecuteMsg::Exit { asset: asset("dai") },
        inner,
    ] {
        let refused = refusal(suite.send_token(&alice, 5, &to_json_binary(&msg).unwrap()));
        assert_eq!(
            refused,
            ContractError::Payment(PaymentError::NotPayable {}),
            "{msg:?}"
        );
    }
    for text in [
        "{}",
        "{\"swap\":{}}",
        "{\"stake\":{\"asset\":\"dai\",\"extra\":1}}",
        "{\"stake\":{\"asset\":\"DAI\"}}",
        "",
    ] {
        let refused = refusal(suite.send_token(&alice, 5, &text.as_bytes().into()));
        assert!(
            matches!(
                refused,
                ContractError::Payment(PaymentError::Std(StdError::ParseErr { .. }))
            ),
            "{text}: {refused:?}"
        );
    }
    assert!(suite.pool("dai").units.is_zero() && suite.pool("usdc").units.is_zero());
}

#[test]
fn attack_6_a_hook_s_sender_is_a_valid_address() {
    let mut suite = Suite::new();
    let token = suite.token.clone();
    for text in [String::new(), suite.alice.to_string().to_uppercase()] {
        let msg = ExecuteMsg::Receive(cw20::Cw20ReceiveMsg {
            sender: text,
            amount: Uint128::one(),
            msg: to_json_binary(&stake_msg("dai")).unwrap(),
        });
        let refused = refusal(suite.execute(&token, &msg));
        assert!(
            matches!(
                refused,
                ContractError::Payment(PaymentError::Std(StdError::GenericErr { .. }))
            ),
            "{refused:?}"
        );
    }
}

#[test]
fn attack_8_nothing_is_no_stake() {
    let mut suite = Suite::new();
    let (alice, token) = (suite.alice.clone(), suite.token.clone());
    let refused = refusal(suite.execute(&token, &hook(&alice, 0, &stake_msg("dai"))));
    assert_eq!(refused, ContractError::Payment(PaymentError::ZeroAmount {}));
}

#[test]
fn coins_that_buy_no_share_are_refused() {
    let mut suite = Suite::new();
    let alice = suite.alice.clone();
    // Shares have become dear: one is worth ten units.
    suite.edit_market("usdc", |market| {
        market.cash = market.supply_shares * Uint128::new(10)
    });
    let small = ContractError::StakeTooSmall {
        asset: asset("usdc"),
        amount: Uint128::new(9),
    };
    assert_eq!(refusal(suite.stake(&alice, 9)), small);
    suite.stake(&alice, 11).unwrap();
}

#[test]
fn an_unknown_market_is_refused() {
    let mut suite = Suite::new();
    let alice = suite.alice.clone();
    let refused = refusal(suite.pay(&alice, &stake_msg("osmo"), &coins(5, "uusdc")));
    assert!(
        matches!(refused, ContractError::Read(ReadError::Missing { .. })),
        "{refused:?}"
    );
}

#[test]
fn attack_46_a_supply_that_the_vault_refuses_leaves_no_stake() {
    let mut suite = Suite::new();
    let alice = suite.alice.clone();
    suite.set_supply_cap("usdc", 1_000_000_100);
    suite.set_supply_cap("dai", 1_000_000_100);
    suite.stake(&alice, 101).unwrap_err();
    suite.stake_token(&alice, 101).unwrap_err();
    for name in ["usdc", "dai"] {
        assert!(suite.staked(name, &alice).units.is_zero());
        assert!(suite.pool(name).units.is_zero());
    }
    assert_eq!(suite.balance(&alice, "uusdc"), RICH);
    suite.stake(&alice, 100).unwrap();
}

#[test]
fn attack_10_coins_sent_to_the_fund_change_nothing() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
    let donate = |suite: &mut Suite| {
        let (to_address, amount) = (suite.fund.to_string(), coins(1_000_000_000, "uusdc"));
        suite
            .app
            .execute(bob.clone(), BankMsg::Send { to_address, amount }.into())
            .unwrap();
    };
    donate(&mut suite);
    suite.stake(&alice, 1_000_000).unwrap();
    let before = (suite.usdc(), suite.staked("usdc", &alice));
    donate(&mut suite);
    suite.book();
    assert_eq!((suite.usdc(), suite.staked("usdc", &alice)), before);
}

#[test]
fn attack_11_a_first_staker_can_t_inflate_the_unit() {
    // He stakes the least there is and gives the fund a fortune; then others stake.
    for fortune in [1_000_000u128, 1_000_000_000, 1_000_000_000_000] {
        let mut suite = Suite::new();
        let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
        suite.stake(&alice, 1).unwrap();
        suite.revenue("usdc", fortune);
        suite.book();
        suite.wait(30 * DAY);
        assert_eq!(
            suite.usdc().shares,
            Uint128::new(1_000_000),
            "dust gains nothing: the stream waits"
        );
        let stake = (fortune / 10).max(1_000_000);
        suite.stake(&bob, stake).unwrap();
        let bob_has = suite.staked("usdc", &bob).amount;
        assert!(bob_has.u128() >= stake - 1, "{bob_has} of {stake}");
        // From now on it flows, to whom it belongs.
        suite.wait(7 * DAY);
        let (alice_has, bob_has) = (
            suite.staked("usdc", &alice).amount,
            suite.staked("usdc", &bob).amount,
        );
        assert!(alice_has.u128() <= fortune / 1_000_000 + 2, "{alice_has}");
        assert!(bob_has.u128() > fortune / 1_000_000 * 999_998, "{bob_has}");
    }
}

#[test]
fn attack_11_several_victims_after_the_stream_lose_nothing_to_rounding() {
    // The smallest pool that gains anything, and a fortune that is all its own, in gains no larger than it may have.
    let mut suite = Suite::new();
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
    suite.stake(&alice, 1_000).unwrap();
    assert_eq!(suite.usdc().units, STREAM_FROM);
    let mut has = 1_000;
    while has < 1_000_000_000_000 {
        suite.revenue("usdc", has * 10);
        suite.book();
        suite.wait(7 * DAY);
        suite.book();
        let before = std::mem::replace(&mut has, suite.staked("usdc", &alice).amount.u128());
        assert!(has > before * 10, "{has} after {before}");
    }
    let mut before = 0;
    for _ in 0..5 {
        suite.stake(&bob, 500_000).unwrap();
        let has = suite.staked("usdc", &bob).amount.u128();
        // One unit is worth 2,358 base units now.
        assert!(has + 2_359 >= before + 500_000, "{has} after {before}");
        before = has;
    }
}

#[test]
fn attack_13_many_small_stakes_never_beat_one() {
    let mut many = Suite::new();
    let mut one = Suite::new();
    for suite in [&mut many, &mut one] {
        suite.lend("usdc", 900_000_000, Decimal::percent(50));
        let bob = suite.bob.clone();
        suite.stake(&bob, 1_234_567).unwrap();
        suite.revenue("usdc", 3_333_333);
        suite.book();
        suite.wait(9 * DAY);
    }
    let alice = many.alice.clone();
    for _ in 0..500 {
        many.stake(&alice, 7).unwrap();
    }
    one.stake(&alice, 3_500).unwrap();
    let (small, large) = (
        many.staked("usdc", &alice).units,
        one.staked("usdc", &alice).units,
    );
    assert!(small <= large, "{small} units for many, {large} for one");
}

#[test]
fn pools_are_listed_in_pages() {
    let mut suite = Suite::new();
    let alice = suite.alice.clone();
    suite.stake(&alice, 5).unwrap();
    suite.stake_token(&alice, 6).unwrap();
    let page = |start_after: Option<&str>, limit| -> Vec<PoolResponse> {
        suite.query(&QueryMsg::Pools {
            start_after: start_after.map(asset),
            limit,
        })
    };
    assert_eq!(page(None, None), [suite.pool("dai"), suite.pool("usdc")]);
    assert_eq!(page(None, Some(1)), [suite.pool("dai")]);
    assert_eq!(page(Some("dai"), None), [suite.pool("usdc")]);
}
