//! `ListAsset`.
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
use cw_asset::{AssetInfo, AssetInfoUnchecked};
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::vault::{AssetResponse, ExecuteMsg, QueryMsg, VaultAsset, ASSETS};
use glidepath_vault::ContractError;

fn list(name: &str, info: AssetInfoUnchecked, decimals: u8) -> ExecuteMsg {
    ExecuteMsg::ListAsset {
        asset: id(name),
        info,
        decimals,
    }
}

fn native(denom: &str) -> AssetInfoUnchecked {
    AssetInfoUnchecked::native(denom)
}

#[test]
fn a_name_stands_for_a_token() {
    let mut suite = Suite::bare();
    let response = suite.ok("owner", &list("atom", native("uatom"), 6), &[]);
    let listed = event(&response, "asset_listed");
    assert_eq!(attr(&listed, "info"), "native:uatom");
    assert_eq!(attr(&listed, "decimals"), "6");
    let token = suite.token.to_string();
    suite.ok("owner", &list("tok", AssetInfoUnchecked::cw20(token), 8), &[]);
    let read = ASSETS.query(&suite.app.wrap(), &suite.vault, "tok").unwrap();
    let wanted = VaultAsset {
        info: AssetInfo::cw20(suite.token.clone()),
        decimals: 8,
    };
    assert_eq!(read, wanted);
}

#[test]
fn a_name_is_never_given_twice_nor_a_token_two_names() {
    let mut suite = Suite::bare();
    suite.ok("owner", &list("atom", native("uatom"), 6), &[]);
    assert_eq!(
        suite.refused("owner", &list("atom", native("uosmo"), 6), &[]),
        ContractError::AlreadyListed { asset: id("atom") }
    );
    assert_eq!(
        suite.refused("owner", &list("atom2", native("uatom"), 6), &[]),
        ContractError::AlsoListedAs {
            info: AssetInfo::native("uatom"),
            asset: id("atom")
        }
    );
    let token = suite.token.to_string();
    suite.ok("owner", &list("tok", AssetInfoUnchecked::cw20(&token), 8), &[]);
    assert!(matches!(
        suite.refused("owner", &list("tok2", AssetInfoUnchecked::cw20(&token), 8), &[]),
        ContractError::AlsoListedAs { .. }
    ));
}

#[test]
fn a_token_has_the_decimals_that_it_says() {
    let mut suite = Suite::bare();
    let token = suite.token.to_string();
    for decimals in [0, 7, 9, 18] {
        assert_eq!(
            suite.refused(
                "owner",
                &list("tok", AssetInfoUnchecked::cw20(&token), decimals),
                &[]
            ),
            ContractError::WrongDecimals {
                asset: id("tok"),
                decimals,
                token: 8
            }
        );
    }
    // Neither somebody's address nor a contract of another kind is a token.
    for nobody in [suite.addr("dave"), suite.fund.clone()] {
        let refused = suite.refused("owner", &list("tok", AssetInfoUnchecked::cw20(&nobody), 8), &[]);
        assert!(
            matches!(&refused, ContractError::NoToken { token, .. } if *token == nobody),
            "{refused:?}"
        );
    }
    // Nothing of it was written.
    suite.ok("owner", &list("tok", AssetInfoUnchecked::cw20(&token), 8), &[]);
}

#[test]
fn decimals_are_at_most_18() {
    let mut suite = Suite::bare();
    suite.ok("owner", &list("zero", native("uzero"), 0), &[]);
    suite.ok("owner", &list("eth", native("weth"), 18), &[]);
    assert_eq!(
        suite.refused("owner", &list("big", native("ubig"), 19), &[]),
        ContractError::TooManyDecimals {
            decimals: 19,
            max: 18
        }
    );
}

#[test]
fn only_the_owner_and_without_coins() {
    let mut suite = Suite::bare();
    let msg = list("atom", native("uatom"), 6);
    for who in ["alice", "pm", "auction", "fund"] {
        assert!(matches!(
            suite.refused(who, &msg, &[]),
            ContractError::Ownership(cw_ownable::OwnershipError::NotOwner)
        ));
    }
    assert!(matches!(
        suite.refused("owner", &msg, &coins("usd", 1)),
        ContractError::Payment(PaymentError::UnexpectedFunds { .. })
    ));
}

#[test]
fn attack_05_denoms_are_distinct_keys() {
    let mut suite = Suite::bare();
    let token = suite.token.to_string();
    let long = format!("factory/{token}/{}", "x".repeat(128 - 9 - token.len()));
    assert_eq!(long.len(), 128);
    let ibc = denom("atom");
    let infos = [
        ("token", AssetInfoUnchecked::cw20(&token)),
        ("as.denom", native(&token)),
        ("lower", native("uatom")),
        ("upper", native("uATOM")),
        ("ibc", native(&ibc)),
        ("ibc.low", native(&ibc.to_lowercase())),
        ("factory", native(&long)),
        ("short", native("abc")),
        ("prefix", native("native:uatom")),
    ];
    for (name, info) in infos.iter().cloned() {
        let decimals = if name == "token" { 8 } else { 6 };
        suite.ok("owner", &list(name, info, decimals), &[]);
    }
    let listed: Vec<AssetResponse> = suite.ask(&QueryMsg::Assets {
        start_after: None,
        limit: None,
    });
    assert_eq!(listed.len(), infos.len());
    for (name, info) in infos {
        let found = listed.iter().find(|row| row.asset == id(name)).unwrap();
        assert_eq!(AssetInfoUnchecked::from(&found.info), info);
    }
}

#[test]
fn attack_05_what_is_no_denom() {
    let mut suite = Suite::bare();
    let token = suite.token.to_string();
    let bad = [
        String::new(),
        "ab".into(),
        "1abc".into(),
        "ua tom".into(),
        "uatom\n".into(),
        "uätom".into(),
        "x".repeat(129),
        format!("cw20:{token}"),
        format!("CW20:{token}"),
    ];
    for denom in bad {
        assert_eq!(
            suite.refused("owner", &list("bad", native(&denom), 6), &[]),
            ContractError::BadDenom { denom }
        );
    }
}

#[test]
fn attack_06_a_token_is_an_address() {
    let mut suite = Suite::bare();
    let upper = suite.token.to_string().to_uppercase();
    for token in ["", "uatom", "osmo1qqqq", &upper] {
        assert!(matches!(
            suite.refused("owner", &list("bad", AssetInfoUnchecked::cw20(token), 6), &[]),
            ContractError::Asset(_)
        ));
    }
}

#[test]
fn attack_05_a_coin_named_like_a_token_is_no_token() {
    let mut suite = Suite::bare();
    let token = suite.token.to_string();
    suite.ok("owner", &list("coin", native(&token), 6), &[]);
    // The token itself is not listed, whatever a denom is called.
    let msg = ExecuteMsg::Deposit {
        asset: id("coin"),
        recipient: None,
    };
    assert_eq!(
        suite.claim("token", "alice", 5, &msg).unwrap_err(),
        ContractError::UnknownToken {
            token: suite.token.clone()
        }
    );
    suite.ok("owner", &list("tok", AssetInfoUnchecked::cw20(&token), 8), &[]);
    assert!(matches!(
        suite.send_refused("alice", 5, &msg),
        ContractError::Payment(PaymentError::WrongPayment { .. })
    ));
}
