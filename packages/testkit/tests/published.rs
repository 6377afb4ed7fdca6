//! What others build on, frozen: events with their attributes, published records with their versions.
//! `UPDATE_GOLDEN=1 cargo test -p glidepath-testkit --test published` writes the golden files anew; a changed record needs
//! a new version.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use std::collections::BTreeSet;
use std::fmt::Write;

use cosmwasm_std::testing::MockStorage;
use cosmwasm_std::{Addr, Decimal, Decimal256, Storage, Uint128, Uint256};
use cw_asset::AssetInfo;
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::auction::{
    Book, MinOrder, Placed, BOOKS, CHECKPOINTS, ENDED, MIN_ORDERS, ORDERS, SLOTS,
};
use glidepath_interfaces::auction::{
    Draw, Line, Lot, Mode, ModeTerms, Reached, RunningTerms, Sale, SaleTerms, BACKLOGS, SALES, SALE_TERMS,
    TERMS,
};
use glidepath_interfaces::events;
use glidepath_interfaces::fund::{
    BackstopRule, CollateralCap, CoverRule, BACKSTOP_RULES, COVER_RULES, POOLS,
};
use glidepath_interfaces::oracle::{Care, PriceRecord, Stops, PRICES};
use glidepath_interfaces::record::{decode, encode, Record};
use glidepath_interfaces::vault::{
    Account, Backstop, Cover, Holdings, Ledger, LedgerDebt, MarketTerms, SalePermission, VaultAsset,
    ACCOUNTS, ASSETS, BACKSTOPS, COVER, HOLDINGS, LEDGERS, MARKETS, MARKET_TERMS,
};
use glidepath_risk::curve::{Curve, CurveTerms, Learning};
use glidepath_risk::debt::Debt;
use glidepath_risk::interest::RateModel;
use glidepath_risk::market::Market;
use glidepath_risk::pause::Pause;
use glidepath_risk::pool::Pool;
use glidepath_risk::queue::Backlog;
use glidepath_risk::slot::{Ended, Mark, Order, Slot};
use glidepath_risk::{Price, Value};
use glidepath_testkit::id;
use serde::Serialize;
use support::golden;

#[test]
fn events_and_their_attributes() {
    let mut text = String::new();
    let mut names = BTreeSet::new();
    for all in [
        events::vault::ALL,
        events::position_manager::ALL,
        events::oracle::ALL,
        events::auction::ALL,
        events::fund::ALL,
    ] {
        for (name, attributes) in all {
            assert!(names.insert(*name), "two events are called {name}");
            let distinct: BTreeSet<_> = attributes.iter().collect();
            assert_eq!(
                distinct.len(),
                attributes.len(),
                "an attribute of {name} is there twice"
            );
            writeln!(text, "{name}").unwrap();
            for attribute in *attributes {
                writeln!(text, "    {attribute}").unwrap();
            }
        }
        text.push('\n');
    }
    golden("events.txt", text.trim_start());
}

// ---------------------------------------------------------------- records

/// A record as it is stored: name, version, key and value.
fn stored<T: Record>(text: &mut String, contract: &str, save: impl FnOnce(&mut dyn Storage)) {
    let mut storage = MockStorage::new();
    save(&mut storage);
    let rows: Vec<_> = storage
        .range(None, None, cosmwasm_std::Order::Ascending)
        .collect();
    let [(key, value)] = &rows[..] else {
        panic!("{} is one record, not {}", T::NAME, rows.len());
    };
    stays_readable::<T>(contract);
    writeln!(
        text,
        "{contract}: {} (version {})\n    {}\n    {}\n    {}\n",
        T::NAME,
        T::VERSION,
        key.escape_ascii(),
        fields(&decode::<T>(value).unwrap()),
        hex(value),
    )
    .unwrap();
}

/// Within a version nothing changes: what was stored before must still be read as what it was, and be written as it was.
/// Anything else needs a new version; no `UPDATE_GOLDEN` helps.
fn stays_readable<T: Record>(contract: &str) {
    let head = format!("{contract}: {} (version {})", T::NAME, T::VERSION);
    let frozen = include_str!("golden/records.txt");
    let Some(old) = frozen
        .split("\n\n")
        .find(|record| record.lines().next() == Some(&*head))
    else {
        return;
    };
    let lines: Vec<&str> = old.lines().map(str::trim).collect();
    let [_, _, said, stored] = lines[..] else {
        panic!("{head}: {old}");
    };
    let bytes: Vec<u8> = (0..stored.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&stored[at..at + 2], 16).unwrap())
        .collect();
    let read = decode::<T>(&bytes).map(|record| (fields(&record), hex(&encode(&record).unwrap())));
    assert_eq!(
        read,
        Ok((said.to_string(), stored.to_string())),
        "{head} reads what it stored before as something else: raise its version"
    );
}

/// What is in a record, as a person reads it.
fn fields(record: &impl Serialize) -> String {
    serde_json::to_string(record).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn percent(percent: u64) -> Decimal {
    Decimal::percent(percent)
}

fn ledger() -> Ledger {
    Ledger {
        collateral: vec![Amount {
            asset: id("atom"),
            amount: Uint128::new(5),
        }],
        debts: vec![LedgerDebt {
            asset: id("usdc"),
            debt: Debt {
                shares: Uint128::new(7),
                surcharge: Uint128::new(1),
                since: 1_700_000_000,
            },
            insolvent: false,
        }],
        surcharge_rate: percent(10),
        sale: Some(SalePermission {
            collateral: id("atom"),
            debt: id("usdc"),
            min_price: Decimal256::percent(450),
            keepers: Uint128::new(2),
        }),
    }
}

fn market_terms() -> MarketTerms {
    MarketTerms {
        rate_model: RateModel {
            base: percent(1),
            kink: percent(80),
            slope_low: percent(4),
            slope_high: percent(60),
        },
        reserve_factor: percent(10),
        supply_cap: Uint128::new(1_000),
        borrow_cap: Uint128::new(900),
    }
}

fn vault(text: &mut String) {
    let market = Market {
        cash: Uint128::new(3),
        debt_shares: Uint128::new(7),
        tickets: Uint128::new(4),
        dues: Uint128::new(2),
        reserve_shares: Uint128::new(1),
        fund_shares: Uint128::new(6),
        supply_shares: Uint128::new(9),
        ..Market::new(1_700_000_000, percent(3))
    };
    let asset = VaultAsset {
        info: AssetInfo::cw20(Addr::unchecked("token")),
        decimals: 6,
    };
    let holdings = Holdings {
        collateral: Uint128::new(5),
        accounts: Uint128::new(8),
    };
    let cover = Cover {
        epoch: 655,
        covered: Uint128::new(2),
        insolvent: 1,
    };
    stored::<VaultAsset>(text, "vault", |s| ASSETS.save(s, "atom", &asset).unwrap());
    stored::<Holdings>(text, "vault", |s| HOLDINGS.save(s, "atom", &holdings).unwrap());
    stored::<Market>(text, "vault", |s| MARKETS.save(s, "usdc", &market).unwrap());
    stored::<MarketTerms>(text, "vault", |s| {
        MARKET_TERMS.save(s, "usdc", &market_terms()).unwrap();
    });
    stored::<Cover>(text, "vault", |s| COVER.save(s, "usdc", &cover).unwrap());
    let backstop = Backstop {
        epoch: 2_810,
        spent: Uint128::new(9),
        bought: vec![Amount {
            asset: id("atom"),
            amount: Uint128::new(2),
        }],
    };
    let account = Account {
        amount: Uint128::new(8),
        set_aside: Uint128::new(3),
    };
    stored::<Backstop>(text, "vault", |s| BACKSTOPS.save(s, "usdc", &backstop).unwrap());
    stored::<Account>(text, "vault", |s| {
        let owner = Addr::unchecked("owner");
        ACCOUNTS.save(s, (&owner, "atom"), &account).unwrap();
    });
    stored::<Ledger>(text, "vault", |s| LEDGERS.save(s, 258, &ledger()).unwrap());
}

fn oracle(text: &mut String) {
    let price = PriceRecord {
        price: Price(percent(1_000)),
        smoothed: Price(percent(1_010)),
        volatility: percent(60),
        slow_volatility: percent(50),
        confidence: Decimal::zero(),
        published_at: 1_700_000_000,
        checked_at: 1_700_000_006,
        outage: Pause {
            from: 1_600_000_000,
            until: None,
            before: 60,
        },
        stops: Stops {
            soft_until: 1_700_000_060,
            borrowing_until: 1_700_000_070,
            fills: Pause::NEVER.then(1_700_000_000, Some(1_700_014_400)),
            care: Some(Care {
                until: 1_700_000_180,
                band: percent(20),
            }),
        },
    };
    stored::<PriceRecord>(text, "oracle adapter", |s| {
        PRICES.save(s, "atom", &price).unwrap()
    });
}

fn sale_terms() -> SaleTerms {
    let mode = |floor, fall, lot| ModeTerms {
        curve: CurveTerms::Linear {
            premium: Decimal::permille(5),
            floor: percent(floor),
            fall,
        },
        penalty: Decimal::permille(1),
        tolerance: Decimal::permille(5),
        lot_min: Value::usd(lot),
        lot_max: Value::usd(lot * 1_000),
        spacing: 6,
    };
    SaleTerms {
        soft: mode(6, 450, 100),
        close_out: mode(10, 180, 400),
        asked: mode(5, 400, 100),
        learning: Learning {
            step: Decimal::permille(3),
            premium_max: percent(2),
        },
    }
}

fn auction(text: &mut String) {
    let lot = Lot {
        amount: Uint128::new(5),
        left: Uint128::new(4),
        start_at: 1_700_000_000,
        ends_at: 1_700_000_450,
        curve: Curve::Linear {
            from: Decimal::permille(1_005),
            to: percent(94),
            slope: Decimal::raw(144_444_444_444_444),
        },
        follows: true,
        reserved: 30,
        draw: Some(Draw {
            value: Value::usd(30),
            amount: Uint128::new(4),
        }),
    };
    let sale = Sale {
        mode: Mode::CloseOut,
        target: Decimal::one(),
        penalty: Decimal::permille(5),
        eta: percent(50),
        collateral: id("atom"),
        debt: id("usdc"),
        pass: 1,
        unsold: 2,
        lot: Some(lot),
        last: Some(Reached {
            multiplier: percent(99),
            at: 1_700_000_100,
        }),
        first_fill_at: Some(1_700_000_050),
        asleep_since: None,
    };
    let running = RunningTerms {
        terms: sale_terms(),
        breach_seen_at: 1_699_999_000,
        opened_at: 1_699_999_900,
    };
    stored::<SaleTerms>(text, "liquidation auction", |s| {
        TERMS.save(s, &sale_terms()).unwrap();
    });
    stored::<RunningTerms>(text, "liquidation auction", |s| {
        SALE_TERMS.save(s, 258, &running).unwrap();
    });
    stored::<Sale>(text, "liquidation auction", |s| {
        SALES.save(s, 258, &sale).unwrap()
    });
    let backlog = Backlog {
        value: Value::usd(70),
        at: 1_700_000_000,
    };
    let mark = Mark {
        run: 3,
        product: Uint128::new(70),
        sum: Uint256::from(9u128),
    };
    let slot = Slot {
        funds: Uint128::new(5),
        pending: Uint128::new(1),
        pending_at: 12_345,
        gained: Uint128::new(2),
        run: 3,
        product: Uint128::new(60),
        sum: Uint256::from(11u128),
    };
    let ended = Ended {
        sum: Uint256::from(4u128),
        steps: Some(1),
    };
    let placed = Placed {
        owner: Addr::unchecked("owner"),
        collateral: id("atom"),
        debt: id("usdc"),
        slot: 2,
        order: Order {
            amount: Uint128::new(5),
            placed_at: 12_340,
            mark,
        },
    };
    let min = MinOrder {
        amount: Some(Uint128::new(100)),
        least: Uint128::new(50),
    };
    let book = Book { id: 7, open: 5 };
    let auction = "liquidation auction";
    stored::<Book>(text, auction, |s| BOOKS.save(s, ("atom", "usdc"), &book).unwrap());
    stored::<Slot>(text, auction, |s| SLOTS.save(s, (7, 2), &slot).unwrap());
    stored::<Ended>(text, auction, |s| ENDED.save(s, (7, 2, 3), &ended).unwrap());
    stored::<Mark>(text, auction, |s| CHECKPOINTS.save(s, (7, 2, 9), &mark).unwrap());
    stored::<Placed>(text, auction, |s| ORDERS.save(s, 258, &placed).unwrap());
    stored::<MinOrder>(text, auction, |s| MIN_ORDERS.save(s, "usdc", &min).unwrap());
    stored::<Backlog>(text, "liquidation auction", |s| {
        let key = ("atom", Line::Distress.as_str());
        BACKLOGS.save(s, key, &backlog).unwrap();
    });
}

#[test]
fn records_and_their_versions() {
    let mut text = String::new();
    vault(&mut text);
    oracle(&mut text);
    auction(&mut text);
    let rule = CoverRule {
        max_share: percent(50),
        epoch_cap: Uint128::new(1_000),
        epoch: 86_400,
    };
    stored::<CoverRule>(&mut text, "insurance fund", |s| {
        COVER_RULES.save(s, "usdc", &rule).unwrap();
    });
    let rule = BackstopRule {
        max_share: percent(20),
        epoch: 604_800,
        collaterals: vec![CollateralCap {
            asset: id("atom"),
            epoch_cap: Uint128::new(1_000),
        }],
    };
    stored::<BackstopRule>(&mut text, "insurance fund", |s| {
        BACKSTOP_RULES.save(s, "usdc", &rule).unwrap();
    });
    let pool = Pool {
        units: Uint128::new(7),
        shares: Uint128::new(6),
        streaming: Uint128::new(2),
        stream_ends_at: 1_700_000_600,
        booked_at: 1_700_000_000,
        generation: 1,
    };
    stored::<Pool>(&mut text, "insurance fund", |s| {
        POOLS.save(s, "usdc", &pool).unwrap();
    });
    golden("records.txt", &format!("{}\n", text.trim_end()));
}
