//! `TakeOver`: what is paid for a position on sale that somebody else takes over.
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
    let msg = suite.distress(1, "0.1", Some(permission("atom", "usd", "500000")));
    suite.ok("pm", &msg, &[]);
    suite
}

/// Carol's position is taken over for so much.
fn take_over(suite: &Suite, credit: u128, penalty: u128) -> ExecuteMsg {
    ExecuteMsg::TakeOver {
        position: 1,
        owner: suite.addr("carol").into(),
        credit: credit.into(),
        penalty: penalty.into(),
        keepers: vec![suite.addr("caller").into(), suite.addr("opener").into()],
    }
}

#[test]
fn the_owner_is_credited_and_the_penalty_split_as_that_of_a_fill() {
    let mut suite = on_sale();
    let msg = take_over(&suite, 300_000_000, 100_003);
    let response = suite.ok("pm", &msg, &coins("usd", 300_100_003));
    assert_eq!(suite.account("carol", "usd"), 300_000_000);
    assert_eq!(suite.purse("carol", "usd"), PURSE);
    let taken = event(&response, "taken_over");
    let parts = [
        ("asset", "usd"),
        ("credit", "300000000"),
        ("penalty_fund", "50001"),
        ("penalty_keepers", "40001"),
        ("penalty_reserves", "10001"),
    ];
    for (name, value) in parts {
        assert_eq!(attr(&taken, name), value, "{name}");
    }
    // Half each, what does not divide to the first.
    assert_eq!(suite.account("caller", "usd"), 20_001);
    assert_eq!(suite.account("opener", "usd"), 20_000);
    let market = suite.market("usd").market;
    assert_eq!(market.dues.u128(), 0);
    let worth = |shares| market.assets_for_shares(shares).unwrap().u128();
    assert_eq!(worth(market.fund_shares), 50_001);
    assert_eq!(worth(market.reserve_shares), 10_001);
    assert_eq!(market.cash.u128(), 9_400_000_000 + 50_001 + 10_001);
}

#[test]
fn permission_surcharge_and_flag_end_with_it_and_nothing_else_changes() {
    let mut suite = on_sale();
    let mut flagged = suite.distress(1, "0.1", Some(permission("atom", "usd", "500000")));
    if let ExecuteMsg::SetDistress { insolvent, .. } = &mut flagged {
        *insolvent = true;
    }
    suite.ok("pm", &flagged, &[]);
    suite.pass(1_800);
    let before = suite.records();
    let msg = take_over(&suite, 1_000, 0);
    suite.ok("pm", &msg, &coins("usd", 1_000));
    let mut changed = suite.changed(&before);
    changed.retain(|key| !(key.starts_with("account") && key.ends_with("usd")));
    changed.sort();
    assert_eq!(changed, ["coverusd", "heldusd", "ledger", "marketusd"]);
    assert_eq!(suite.market("usd").cover.insolvent, 0);
    let ledger = suite.ledger(1);
    assert_eq!(ledger.sale, None);
    assert!(ledger.surcharge_rate.is_zero());
    assert_eq!(ledger.collateral, vec![amount("atom", 1_000_000_000)]);
    // What was due of the surcharge stays so, and nothing is added.
    assert_eq!(suite.owed(1), (600_000_000, 3_424));
    suite.pass(1_800);
    assert_eq!(suite.owed(1), (600_000_000, 3_424));
    let fill = suite.fill(1, 100, 100, 0);
    assert_eq!(
        suite.refused("auction", &fill, &coins("usd", 100)),
        ContractError::NoSale { position: 1 }
    );
}

#[test]
fn what_keepers_earned_of_fills_is_theirs_too() {
    let mut suite = on_sale();
    let fill = suite.fill(1, 100_000_000, 100_000_000, 1_000);
    suite.ok("auction", &fill, &coins("usd", 100_001_000));
    let msg = take_over(&suite, 0, 500);
    suite.ok("pm", &msg, &coins("usd", 500));
    assert_eq!(
        suite.account("caller", "usd") + suite.account("opener", "usd"),
        400 + 200
    );
    assert_eq!(suite.account("carol", "usd"), 0);
}

#[test]
fn what_costs_nothing_is_paid_with_nothing() {
    let mut suite = on_sale();
    let msg = take_over(&suite, 0, 0);
    assert!(matches!(
        suite.refused("pm", &msg, &coins("usd", 1)),
        ContractError::Payment(PaymentError::WrongPayment { .. })
    ));
    suite.ok("pm", &msg, &[]);
    assert_eq!(suite.ledger(1).sale, None);
    assert_eq!(suite.account("carol", "usd"), 0);
}

#[test]
fn a_token_comes_behind_it() {
    let mut suite = Suite::new();
    suite.send("alice", 10_000, &supply("tok")).unwrap();
    suite.deposit(1, "atom", 1_000);
    suite.borrow(1, "tok", 600);
    let msg = suite.distress(1, "0", Some(permission("atom", "tok", "500000")));
    suite.ok("pm", &msg, &[]);
    let msg = take_over(&suite, 300, 10);
    suite.pay_behind("pm", 310, &msg);
    assert_eq!(suite.account("carol", "tok"), 300);
    assert_eq!(suite.account("caller", "tok") + suite.account("opener", "tok"), 4);
}

#[test]
fn only_the_position_manager_and_exactly_what_it_says() {
    let mut suite = on_sale();
    let msg = take_over(&suite, 300, 10);
    for other in ["owner", "guardian", "alice", "auction", "oracle"] {
        assert!(matches!(
            suite.refused(other, &msg, &coins("usd", 310)),
            ContractError::Unauthorized { .. }
        ));
    }
    for paid in [coins("usd", 309), coins("usd", 311), coins("atom", 310), vec![]] {
        assert!(matches!(
            suite.refused("pm", &msg, &paid),
            ContractError::Payment(PaymentError::WrongPayment { .. })
        ));
    }
    // Not even where a token says that the position manager sent it.
    assert!(matches!(
        suite.claim("token", "pm", 310, &msg).unwrap_err(),
        ContractError::Payment(PaymentError::NotPayable {})
    ));
    suite.ok("pm", &msg, &coins("usd", 310));
    assert_eq!(
        suite.refused("pm", &msg, &coins("usd", 310)),
        ContractError::NoSale { position: 1 },
        "once"
    );
}

#[test]
fn only_of_a_position_on_sale_and_for_a_user() {
    let mut suite = on_sale();
    let mut nobody = take_over(&suite, 1, 0);
    if let ExecuteMsg::TakeOver { position, .. } = &mut nobody {
        *position = 9;
    }
    assert_eq!(
        suite.refused("pm", &nobody, &coins("usd", 1)),
        ContractError::NoPosition { position: 9 }
    );
    for peer in ["auction", "fund", "vault", "pm", "oracle"] {
        let mut msg = take_over(&suite, 1, 0);
        if let ExecuteMsg::TakeOver { owner, .. } = &mut msg {
            *owner = suite.addr(peer).into();
        }
        assert_eq!(
            suite.refused("pm", &msg, &coins("usd", 1)),
            ContractError::SuiteContract {
                address: suite.addr(peer)
            }
        );
    }
    let over = suite.distress(1, "0.1", None);
    suite.ok("pm", &over, &[]);
    let msg = take_over(&suite, 1, 0);
    assert_eq!(
        suite.refused("pm", &msg, &coins("usd", 1)),
        ContractError::NoSale { position: 1 }
    );
}

#[test]
fn a_penalty_needs_keepers() {
    let mut suite = on_sale();
    let mut msg = take_over(&suite, 0, 1_000);
    if let ExecuteMsg::TakeOver { keepers, .. } = &mut msg {
        keepers.clear();
    }
    assert_eq!(
        suite.refused("pm", &msg, &coins("usd", 1_000)),
        ContractError::NoKeepers {
            asset: id("usd"),
            amount: 400u128.into()
        }
    );
}
