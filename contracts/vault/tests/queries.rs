//! Queries.
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
use glidepath_interfaces::record::ReadError;
use glidepath_interfaces::vault::AccountResponse;
use glidepath_interfaces::vault::{
    AssetResponse, ExecuteMsg, LedgerResponse, MarketResponse, QueryMsg, COVER, HOLDINGS, LEDGERS, MARKETS,
    MARKET_TERMS,
};
use glidepath_risk::debt::debt_of;
use glidepath_vault::ContractError;

fn names<T>(rows: &[T], name: impl Fn(&T) -> String) -> Vec<String> {
    rows.iter().map(name).collect()
}

#[test]
fn assets_and_markets_page_by_name() {
    let suite = Suite::new();
    let page = |after: Option<&str>, limit| -> Vec<AssetResponse> {
        suite.ask(&QueryMsg::Assets {
            start_after: after.map(id),
            limit,
        })
    };
    let asset = |row: &AssetResponse| row.asset.to_string();
    assert_eq!(names(&page(None, None), asset), ["atom", "eth", "tok", "usd"]);
    assert_eq!(names(&page(None, Some(2)), asset), ["atom", "eth"]);
    assert_eq!(names(&page(Some("eth"), Some(1)), asset), ["tok"]);
    assert_eq!(names(&page(Some("usd"), None), asset), Vec::<String>::new());
    assert_eq!(names(&page(None, Some(0)), asset), Vec::<String>::new());

    let markets = |after: Option<&str>, limit| -> Vec<MarketResponse> {
        suite.ask(&QueryMsg::Markets {
            start_after: after.map(id),
            limit,
        })
    };
    let market = |row: &MarketResponse| row.asset.to_string();
    assert_eq!(names(&markets(None, None), market), ["atom", "tok", "usd"]);
    assert_eq!(names(&markets(Some("atom"), Some(1)), market), ["tok"]);
}

#[test]
fn accounts_page_by_name_and_belong_to_one() {
    let mut suite = Suite::new();
    for (who, asset) in [
        ("alice", "usd"),
        ("alice", "atom"),
        ("alice", "eth"),
        ("bob", "usd"),
    ] {
        let msg = ExecuteMsg::Deposit {
            asset: id(asset),
            recipient: None,
        };
        suite.ok(who, &msg, &coins(asset, 7));
    }
    let page = |who: &str, after: Option<&str>, limit| -> Vec<AccountResponse> {
        suite.ask(&QueryMsg::Accounts {
            account: suite.addr(who).into(),
            start_after: after.map(id),
            limit,
        })
    };
    let row = |row: &AccountResponse| format!("{} {}", row.asset, row.amount);
    assert_eq!(
        names(&page("alice", None, None), row),
        ["atom 7", "eth 7", "usd 7"]
    );
    assert_eq!(names(&page("alice", Some("atom"), Some(1)), row), ["eth 7"]);
    assert_eq!(names(&page("bob", None, None), row), ["usd 7"]);
    assert_eq!(names(&page("carol", None, None), row), Vec::<String>::new());
}

#[test]
fn a_market_is_shown_with_interest_up_to_now() {
    let mut suite = Suite::with(terms());
    suite.lend("alice", "usd", 1_000_000);
    suite.deposit(1, "atom", 1);
    suite.borrow(1, "usd", 800_000);
    let before = suite.market("usd");
    assert_eq!(before.utilisation, dec("0.8"));
    assert_eq!(before.borrow_rate, dec("0.12"));
    assert_eq!(before.supply_rate, dec("0.0864"));
    assert_eq!(before.total_assets.u128(), 1_000_000);
    suite.pass(31_536_000);
    let after = suite.market("usd");
    assert_eq!(after.total_debt.u128(), 901_997);
    assert_eq!(after.total_assets.u128(), 200_000 + 901_997);
    assert_eq!(after.market.accrued_at, suite.now());
    assert!(after.supply_price > before.supply_price);
    // A message in the same block finds the very same market.
    suite.lend("bob", "usd", 1_000_000);
    let touched = suite.market("usd");
    assert_eq!(touched.market.index, after.market.index);
    assert_eq!(touched.market.reserve_shares, after.market.reserve_shares);
    assert_eq!(touched.total_assets.u128(), 1_000_000 + after.total_assets.u128());
}

#[test]
fn a_ledger_is_shown_with_what_others_compute_from_the_records() {
    let mut suite = Suite::with(terms());
    suite.lend("alice", "usd", 1_000_000_000);
    suite.deposit(1, "atom", 1);
    suite.borrow(1, "usd", 800_000_000);
    let msg = suite.distress(1, "0.1", None);
    suite.ok("pm", &msg, &[]);
    suite.pass(1_234);
    let response: LedgerResponse = suite.ask(&QueryMsg::Ledger { position: 1 });
    let (app, vault) = (suite.app.wrap(), &suite.vault);
    let ledger = LEDGERS.query(&app, vault, 1).unwrap();
    let market = MARKETS.query(&app, vault, "usd").unwrap();
    assert_eq!(response.ledger, ledger);
    let owed = debt_of(&ledger.debts[0].debt, &market, ledger.surcharge_rate, suite.now()).unwrap();
    assert_eq!(response.owed[0].principal, owed.principal);
    assert_eq!(response.owed[0].surcharge, owed.surcharge);
    assert!(owed.principal.u128() > 800_000_000 && owed.surcharge.u128() > 0);
}

#[test]
fn published_records_are_there_from_the_listing_on() {
    let suite = Suite::new();
    let (app, vault) = (suite.app.wrap(), &suite.vault);
    assert_eq!(HOLDINGS.query(&app, vault, "eth").unwrap(), Default::default());
    assert_eq!(COVER.query(&app, vault, "usd").unwrap(), Default::default());
    assert_eq!(MARKET_TERMS.query(&app, vault, "usd").unwrap(), free());
    assert!(matches!(
        MARKETS.query(&app, vault, "eth"),
        Err(ReadError::Missing { .. })
    ));
    assert!(matches!(
        LEDGERS.query(&app, vault, 1),
        Err(ReadError::Missing { .. })
    ));
}

#[test]
fn what_is_not_there_is_an_error_not_a_zero() {
    let suite = Suite::new();
    let ledger = QueryMsg::Ledger { position: 4 };
    assert_eq!(suite.ask_err(&ledger), ContractError::NoPosition { position: 4 });
    let alice = suite.addr("alice").to_string();
    let without_market = [
        QueryMsg::Market { asset: id("eth") },
        QueryMsg::Supply {
            asset: id("eth"),
            account: alice.clone(),
        },
    ];
    for query in without_market {
        assert_eq!(
            suite.ask_err(&query),
            ContractError::NoMarket { asset: id("eth") }
        );
    }
    let unlisted = [
        QueryMsg::Account {
            account: alice.clone(),
            asset: id("nope"),
        },
        QueryMsg::Solvency { asset: id("nope") },
    ];
    for query in unlisted {
        assert_eq!(
            suite.ask_err(&query),
            ContractError::NotListed { asset: id("nope") }
        );
    }
    let upper = QueryMsg::Account {
        account: alice.to_uppercase(),
        asset: id("usd"),
    };
    assert!(matches!(suite.ask_err(&upper), ContractError::Std(_)));
}

#[test]
fn solvency_shows_what_is_owed_beside_what_is_there() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 1_000);
    suite.deposit(1, "usd", 300);
    suite.deposit(1, "atom", 500);
    suite.borrow(1, "usd", 200);
    let msg = ExecuteMsg::Deposit {
        asset: id("usd"),
        recipient: None,
    };
    suite.ok("bob", &msg, &coins("usd", 40));
    let msg = suite.distress(1, "0", Some(permission("atom", "usd", "1")));
    suite.ok("pm", &msg, &[]);
    let fill = suite.fill(1, 100, 100, 10);
    suite.ok("auction", &fill, &coins("usd", 110));
    suite.donate("usd", 5);
    let held = suite.solvency("usd");
    assert_eq!(held.collateral.u128(), 300);
    assert_eq!(held.cash.u128(), 800 + 100 + 6);
    assert_eq!(held.dues.u128(), 4);
    assert_eq!(held.accounts.u128(), 40);
    assert_eq!(held.balance.u128(), 300 + 906 + 4 + 40 + 5);
}
