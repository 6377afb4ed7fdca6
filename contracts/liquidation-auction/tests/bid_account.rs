//! `Bid` out of an account: no coin moves, and everything else is as with coins.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{error, sale};
use cosmwasm_std::Uint128;
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::auction::Pay;
use glidepath_interfaces::events::auction::{Filled, SaleEnded};
use glidepath_interfaces::events::vault::Settled;
use glidepath_interfaces::payment::PaymentError;
use glidepath_liquidation_auction::ContractError;
use glidepath_testkit::handles::BidTerms;
use glidepath_testkit::scenes::{calm, on_sale, to_lot, UNIT};
use glidepath_testkit::{id, refused, Suite};
use glidepath_vault::ContractError as VaultError;

fn terms(asset: &str, amount: u128) -> BidTerms {
    BidTerms {
        pay: Some(Pay::Account(Amount {
            asset: id(asset),
            amount: amount.into(),
        })),
        ..BidTerms::default()
    }
}

#[test]
fn a_fill_from_and_to_an_account_is_the_one_with_coins() {
    let mut coined = calm().build();
    let position = on_sale(&mut coined);
    let bob = coined.user("bob");
    let paid = coined.auction().bid(&bob, position, 924_600_000).unwrap();

    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    suite.vault().fund_bids(&bob, "usdc", 1_000 * UNIT).unwrap();
    let vault = suite.peers.vault.clone();
    let before = suite.balance(&vault, "atom");
    let done = suite
        .auction()
        .bid_from_account(&bob, position, 924_600_000)
        .unwrap();
    for key in ["sold", "paid", "repaid", "penalty", "price", "health_after"] {
        let of = |outcome: &glidepath_testkit::Outcome| {
            let event = outcome.event(Filled::TYPE).unwrap();
            event.text(key).map(ToString::to_string)
        };
        assert_eq!(of(&done), of(&paid), "{key}");
    }
    assert_eq!(
        done.event(Settled::TYPE).unwrap().text("payer"),
        Some(bob.as_str())
    );
    let account = suite.ask().account_of(&bob, "usdc").unwrap();
    assert_eq!(
        (account.amount.u128(), account.set_aside.u128()),
        (75_400_000, 75_400_000)
    );
    assert_eq!(suite.ask().account(&bob, "atom").unwrap(), 100_000_000);
    assert_eq!(suite.balance(&bob, "atom"), 0);
    assert_eq!(suite.balance(&vault, "atom"), before, "no coin moves");
    assert_eq!(sale(&suite, position), sale(&coined, position));

    suite.vault().withdraw_account(&bob, "atom", None).unwrap();
    assert_eq!(suite.balance(&bob, "atom"), 100_000_000);
}

#[test]
fn it_takes_what_may_be_sold_and_leaves_the_rest_where_it_is() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    suite.vault().fund_bids(&bob, "usdc", 2_000_000 * UNIT).unwrap();
    let mut spent = 0;
    let ended = (0..20).any(|_| {
        to_lot(&mut suite, position);
        let done = suite
            .auction()
            .bid_from_account(&bob, position, 900_000 * UNIT)
            .unwrap();
        spent += done.event(Filled::TYPE).unwrap().must::<Uint128>("paid").u128();
        done.has(SaleEnded::TYPE)
    });
    assert!(ended);
    assert_eq!(
        suite.ask().account(&bob, "usdc").unwrap(),
        2_000_000 * UNIT - spent
    );
}

#[test]
fn nobody_else_gets_it() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let (bob, carol) = (suite.user("bob"), suite.user("carol"));
    suite.vault().fund_bids(&bob, "usdc", 1_000 * UNIT).unwrap();
    let to = |who: &cosmwasm_std::Addr| BidTerms {
        recipient: Some(who.to_string()),
        ..terms("usdc", 924_600_000)
    };
    let why: ContractError = error(bid(&mut suite, &bob, position, to(&carol)));
    assert_eq!(why, ContractError::AccountBuysForItself { recipient: carol });
    bid(&mut suite, &bob, position, to(&bob)).unwrap();
    assert_eq!(suite.ask().account(&bob, "atom").unwrap(), 100_000_000);
    // Least of all a contract of the suite: the auction's account is that of standing orders.
    for contract in [&suite.peers.liquidation_auction, &suite.peers.insurance_fund].map(Clone::clone) {
        let terms = BidTerms {
            recipient: Some(contract.to_string()),
            ..self::terms("usdc", 10 * UNIT)
        };
        let why: ContractError = error(bid(&mut suite, &bob, position, terms));
        assert_eq!(why, ContractError::RecipientIsSuite { recipient: contract });
    }
}

fn bid(
    suite: &mut Suite,
    who: &cosmwasm_std::Addr,
    position: u64,
    terms: BidTerms,
) -> glidepath_testkit::Result<glidepath_testkit::Outcome> {
    suite.auction().execute(who, &terms.on(position))
}

#[test]
fn nothing_is_spent_that_was_not_set_aside_and_nobody_elses() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let (bob, mallory) = (suite.user("bob"), suite.user("mallory"));
    suite.vault().fund_bids(&bob, "usdc", 1_000 * UNIT).unwrap();
    suite.vault().set_aside(&bob, "usdc", 500 * UNIT).unwrap();
    let why: VaultError = refused(bid(&mut suite, &bob, position, terms("usdc", 924_600_000)));
    assert_eq!(
        why,
        VaultError::NotEnoughInAccount {
            asset: id("usdc"),
            held: Uint128::new(500 * UNIT),
            wanted: Uint128::new(924_600_000),
        }
    );
    let why: VaultError = refused(bid(&mut suite, &mallory, position, terms("usdc", 924_600_000)));
    assert!(matches!(
        why,
        VaultError::NotEnoughInAccount { held, .. } if held.is_zero()
    ));
    bid(&mut suite, &bob, position, terms("usdc", 500 * UNIT)).unwrap();
    assert_eq!(suite.ask().account(&bob, "usdc").unwrap(), 500 * UNIT);
}

#[test]
fn of_another_asset_of_nothing_or_with_coins_beside_it_is_refused() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    suite.vault().fund_bids(&bob, "atom", 1_000 * UNIT).unwrap();
    let why: ContractError = error(bid(&mut suite, &bob, position, terms("atom", 900 * UNIT)));
    assert_eq!(
        why,
        ContractError::OtherDebt {
            position,
            debt: id("usdc"),
            paid: id("atom"),
        }
    );
    let why: ContractError = error(bid(&mut suite, &bob, position, terms("usdc", 0)));
    assert_eq!(why, ContractError::Payment(PaymentError::ZeroAmount {}));
    suite.give(&bob, "usdc", 5);
    let why: ContractError = error(
        suite
            .auction()
            .bid_with(&bob, position, terms("usdc", 5), "usdc", 5),
    );
    assert!(matches!(
        why,
        ContractError::Payment(PaymentError::UnexpectedFunds { .. })
    ));
}
