//! `Settle`.
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
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::vault::ExecuteMsg;
use glidepath_vault::ContractError;

/// A position with 1,000 whole atom that owes 600 whole usd, on sale at half a usd or more each.
fn on_sale() -> Suite {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 10_000_000_000);
    suite.deposit(1, "atom", 1_000_000_000);
    suite.borrow(1, "usd", 600_000_000);
    let msg = suite.distress(1, "0", Some(permission("atom", "usd", "500000")));
    suite.ok("pm", &msg, &[]);
    suite
}

#[test]
fn collateral_goes_out_and_debt_goes_down() {
    let mut suite = on_sale();
    let fill = suite.fill(1, 100_000_000, 100_000_000, 100_003);
    let response = suite.ok("auction", &fill, &coins("usd", 100_100_003));
    assert_eq!(suite.purse("bob", "atom"), PURSE + 100_000_000);
    assert_eq!(suite.ledger(1).collateral, vec![amount("atom", 900_000_000)]);
    assert_eq!(suite.owed(1), (500_000_000, 0));

    // 50 % fund, 40 % keepers, the rest with what does not divide to the reserves.
    let settled = event(&response, "settled");
    assert_eq!(attr(&settled, "principal"), "100000000");
    assert_eq!(attr(&settled, "surcharge"), "0");
    assert_eq!(attr(&settled, "penalty_fund"), "50001");
    assert_eq!(attr(&settled, "penalty_keepers"), "40001");
    assert_eq!(attr(&settled, "penalty_reserves"), "10001");
    let market = suite.market("usd").market;
    assert_eq!(market.dues.u128(), 40_001);
    assert_eq!(suite.ledger(1).sale.unwrap().keepers.u128(), 40_001);
    assert_eq!(
        market.assets_for_shares(market.fund_shares).unwrap().u128(),
        50_001
    );
    assert_eq!(
        market.assets_for_shares(market.reserve_shares).unwrap().u128(),
        10_001
    );
    assert_eq!(market.cash.u128(), 9_500_000_000 + 50_001 + 10_001);
}

#[test]
fn exactly_three_records_change() {
    let mut suite = on_sale();
    suite.pass(6);
    let before = suite.records();
    let fill = suite.fill(1, 100_000_000, 100_000_000, 100_003);
    suite.ok("auction", &fill, &coins("usd", 100_100_003));
    assert_eq!(suite.changed(&before), ["heldatom", "ledger", "marketusd"]);
}

#[test]
fn a_cw20_debt_is_paid_behind_the_fill() {
    let mut suite = Suite::new();
    suite.send("alice", 10_000, &supply("tok")).unwrap();
    suite.deposit(1, "atom", 1_000);
    suite.borrow(1, "tok", 600);
    let msg = suite.distress(1, "0", Some(permission("atom", "tok", "500000")));
    suite.ok("pm", &msg, &[]);
    let fill = suite.fill(1, 100, 100, 10);
    suite.pay_behind("auction", 110, &fill);
    assert_eq!(suite.purse("bob", "atom"), PURSE + 100);
    assert_eq!(suite.owed(1), (500, 0));
    // Tokens can't pay a debt of coins, nor coins one of tokens.
    assert!(matches!(
        suite.refused("auction", &fill, &coins("usd", 110)),
        ContractError::Payment(PaymentError::WrongPayment { .. })
    ));
}

#[test]
fn a_cw20_collateral_is_delivered() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 10_000);
    let deposit = apply(
        1,
        vec![glidepath_interfaces::vault::LedgerAction::Deposit(amount(
            "tok", 1_000,
        ))],
    );
    suite.pay_behind("pm", 1_000, &deposit);
    suite.borrow(1, "usd", 600);
    // 8 decimals: a whole token is 100,000,000 units.
    let msg = suite.distress(1, "0", Some(permission("tok", "usd", "100000000")));
    suite.ok("pm", &msg, &[]);
    let fill = suite.fill(1, 101, 100, 0);
    assert_eq!(
        suite.refused("auction", &fill, &coins("usd", 100)),
        ContractError::BelowMinPrice {
            paid: 100u128.into(),
            sold: 101u128.into(),
            min_price: dec256("100000000")
        }
    );
    let fill = suite.fill(1, 100, 100, 0);
    suite.ok("auction", &fill, &coins("usd", 100));
    assert_eq!(suite.purse("bob", "tok"), PURSE + 100);
}

#[test]
fn surcharge_is_repaid_last_and_supplied_for_the_fund() {
    let mut suite = on_sale();
    let msg = suite.distress(1, "0.1", Some(permission("atom", "usd", "500000")));
    suite.ok("pm", &msg, &[]);
    suite.pass(1_800);
    let fill = suite.fill(1, 1_000_000_000, 600_003_424, 0);
    let response = suite.ok("auction", &fill, &coins("usd", 600_003_424));
    let settled = event(&response, "settled");
    assert_eq!(attr(&settled, "principal"), "600000000");
    assert_eq!(attr(&settled, "surcharge"), "3424");
    assert_eq!(suite.shares("fund", "usd").amount.u128(), 3_424);
    let ledger = suite.ledger(1);
    assert!(ledger.collateral.is_empty() && ledger.debts.is_empty());
}

#[test]
fn the_fill_that_clears_an_insolvent_debt_counts_it_out() {
    let mut suite = on_sale();
    let mut msg = suite.distress(1, "0", Some(permission("atom", "usd", "500000")));
    if let ExecuteMsg::SetDistress { insolvent, .. } = &mut msg {
        *insolvent = true;
    }
    suite.ok("pm", &msg, &[]);
    assert_eq!(suite.market("usd").cover.insolvent, 1);
    let fill = suite.fill(1, 1_000_000_000, 600_000_000, 0);
    suite.ok("auction", &fill, &coins("usd", 600_000_000));
    assert_eq!(suite.market("usd").cover.insolvent, 0);
}

#[test]
fn not_more_than_is_held_or_owed() {
    let mut suite = on_sale();
    let fill = suite.fill(1, 1_000_000_001, 600_000_000, 0);
    assert_eq!(
        suite.refused("auction", &fill, &coins("usd", 600_000_000)),
        ContractError::NotEnoughCollateral {
            asset: id("atom"),
            held: 1_000_000_000u128.into(),
            wanted: 1_000_000_001u128.into()
        }
    );
    let fill = suite.fill(1, 1_000_000_000, 600_000_001, 0);
    assert_eq!(
        suite.refused("auction", &fill, &coins("usd", 600_000_001)),
        ContractError::RepaysTooMuch {
            asset: id("usd"),
            owed: 600_000_000u128.into(),
            amount: 600_000_001u128.into()
        }
    );
}

#[test]
fn the_penalty_is_at_most_a_tenth() {
    let mut suite = on_sale();
    let fill = suite.fill(1, 1_000, 1_009, 101);
    assert_eq!(
        suite.refused("auction", &fill, &coins("usd", 1_110)),
        ContractError::PenaltyTooHigh {
            penalty: 101u128.into(),
            max: 100u128.into()
        }
    );
    let fill = suite.fill(1, 1_000, 1_009, 100);
    suite.ok("auction", &fill, &coins("usd", 1_109));
}

#[test]
fn not_under_the_lowest_price() {
    let mut suite = on_sale();
    // Penalty counts: it is what the buyer pays.
    let fill = suite.fill(1, 1_000_001, 500_000, 0);
    assert_eq!(
        suite.refused("auction", &fill, &coins("usd", 500_000)),
        ContractError::BelowMinPrice {
            paid: 500_000u128.into(),
            sold: 1_000_001u128.into(),
            min_price: dec256("500000")
        }
    );
    let fill = suite.fill(1, 1_000_001, 500_000, 1);
    suite.ok("auction", &fill, &coins("usd", 500_001));
    let fill = suite.fill(1, 1_000_000, 500_000, 0);
    suite.ok("auction", &fill, &coins("usd", 500_000));
}

#[test]
fn no_permission_no_sale() {
    let mut suite = on_sale();
    let fill = suite.fill(2, 1, 1, 0);
    assert_eq!(
        suite.refused("auction", &fill, &coins("usd", 1)),
        ContractError::NoPosition { position: 2 }
    );
    suite.deposit(2, "atom", 10);
    suite.borrow(2, "usd", 1);
    assert_eq!(
        suite.refused("auction", &fill, &coins("usd", 1)),
        ContractError::NoSale { position: 2 }
    );
    let msg = suite.distress(1, "0", None);
    suite.ok("pm", &msg, &[]);
    let fill = suite.fill(1, 1, 1, 0);
    assert_eq!(
        suite.refused("auction", &fill, &coins("usd", 1)),
        ContractError::NoSale { position: 1 }
    );
}

#[test]
fn attack_02_the_payment_is_exact() {
    let mut suite = on_sale();
    let fill = suite.fill(1, 100, 100, 1);
    for funds in [vec![], coins("usd", 100), coins("usd", 102), coins("eth", 101)] {
        assert!(matches!(
            suite.refused("auction", &fill, &funds),
            ContractError::Payment(PaymentError::WrongPayment { .. })
        ));
    }
    let mut two = coins("usd", 101);
    two.extend(coins("eth", 1));
    assert!(matches!(
        suite.refused("auction", &fill, &two),
        ContractError::Payment(PaymentError::WrongPayment { .. })
    ));
    assert_eq!(
        suite.send_refused("auction", 101, &fill),
        ContractError::Payment(PaymentError::NotPayable {})
    );
}

/// A position that is counted insolvent, with a surcharge, on sale.
fn distressed() -> Suite {
    let mut suite = on_sale();
    suite.lend("alice", "atom", 1_000);
    suite.borrow(1, "atom", 300);
    let mut msg = suite.distress(1, "0.2", Some(permission("atom", "usd", "500000")));
    if let ExecuteMsg::SetDistress { insolvent, .. } = &mut msg {
        *insolvent = true;
    }
    suite.ok("pm", &msg, &[]);
    suite.pass(86_400);
    suite
}

/// The same fill as the last of its sale.
fn ending(mut fill: ExecuteMsg, keepers: &[cosmwasm_std::Addr]) -> ExecuteMsg {
    if let ExecuteMsg::Settle { fills, .. } = &mut fill {
        fills[0].ends = Some(keepers.iter().map(ToString::to_string).collect());
    }
    fill
}

#[test]
fn the_last_fill_is_a_fill_and_then_the_end_of_the_distress() {
    let (mut one, mut two) = (distressed(), distressed());
    let keepers = [one.addr("caller"), one.addr("opener")];
    let paid = coins("usd", 100_100_003);
    let fill = one.fill(1, 100_000_000, 100_000_000, 100_003);
    let response = one.ok("auction", &ending(fill.clone(), &keepers), &paid);
    two.ok("auction", &fill, &paid);
    let end = two.distress(1, "0", None);
    two.ok("pm", &end, &[]);
    assert_eq!(one.records(), two.records());

    let ledger = one.ledger(1);
    assert_eq!(ledger.sale, None);
    assert!(ledger.surcharge_rate.is_zero());
    assert!(ledger.debts.iter().all(|debt| !debt.insolvent));
    assert_eq!(
        (one.account("caller", "usd"), one.account("opener", "usd")),
        (20_001, 20_000)
    );
    assert_eq!(attr(&event(&response, "distress_set"), "surcharge_rate"), "0");
    assert_eq!(
        one.refused("auction", &fill, &paid),
        ContractError::NoSale { position: 1 }
    );
}

#[test]
fn the_last_fill_names_who_earned() {
    let mut suite = on_sale();
    let before = suite.records();
    let fill = suite.fill(1, 100_000_000, 100_000_000, 100_003);
    let refused = suite.refused("auction", &ending(fill.clone(), &[]), &coins("usd", 100_100_003));
    assert_eq!(
        refused,
        ContractError::NoKeepers {
            asset: id("usd"),
            amount: 40_001u128.into()
        }
    );
    let nobody = cosmwasm_std::Addr::unchecked("nobody");
    let refused = suite.refused("auction", &ending(fill, &[nobody]), &coins("usd", 100_100_003));
    assert!(matches!(refused, ContractError::Std(_)), "{refused}");
    assert_eq!(suite.records(), before);
}

#[test]
fn attack_08_zero_amounts() {
    let mut suite = on_sale();
    for (sold, repaid) in [(0, 1), (1, 0), (0, 0)] {
        let fill = suite.fill(1, sold, repaid, 0);
        let funds = if repaid == 0 { vec![] } else { coins("usd", repaid) };
        assert_eq!(
            suite.refused("auction", &fill, &funds),
            ContractError::Payment(PaymentError::ZeroAmount {})
        );
    }
}

#[test]
fn only_the_auction_and_to_a_user() {
    let mut suite = on_sale();
    let fill = suite.fill(1, 100, 100, 0);
    for who in ["owner", "alice", "pm"] {
        assert_eq!(
            suite.refused(who, &fill, &coins("usd", 100)),
            ContractError::Unauthorized {
                sender: suite.addr(who),
                role: "liquidation auction"
            }
        );
    }
    for who in ["vault", "pm", "auction", "oracle", "fund"] {
        let fill = ExecuteMsg::Settle {
            fills: vec![glidepath_interfaces::vault::Fill {
                position: 1,
                sold: 100u128.into(),
                repaid: 100u128.into(),
                penalty: 0u128.into(),
                ends: None,
                matched_by: None,
            }],
            paid_by: glidepath_interfaces::vault::PaidBy::Coins {},
            recipient: suite.addr(who).into(),
        };
        assert_eq!(
            suite.refused("auction", &fill, &coins("usd", 100)),
            ContractError::SuiteContract {
                address: suite.addr(who)
            }
        );
    }
}

#[test]
fn many_fills_lose_nothing() {
    let mut suite = on_sale();
    for units in 1..40u128 {
        let (sold, repaid, penalty) = (units * 997, units * 991, units * 7);
        let fill = suite.fill(1, sold, repaid, penalty);
        suite.ok("auction", &fill, &coins("usd", repaid + penalty));
        suite.pass(6);
    }
    let total: u128 = (1..40).sum();
    assert_eq!(suite.owed(1).0, 600_000_000 - total * 991);
    let market = suite.market("usd").market;
    let parts = market
        .assets_for_shares(market.fund_shares + market.reserve_shares)
        .unwrap();
    let penalties = total * 7;
    let missing = penalties - market.dues.u128() - parts.u128();
    assert!(missing <= 1, "{missing} of {penalties} lost beyond rounding");
}
