//! Attack 19: who may send what. `roles.golden` is the frozen matrix; `UPDATE_GOLDEN=1` writes it anew.
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
use cosmwasm_std::Coin;
use cw_asset::AssetInfoUnchecked;
use cw_multi_test::{BankSudo, Executor, SudoMsg};
use glidepath_interfaces::admin::{AdminError, OwnershipMsg};
use glidepath_interfaces::vault::{ExecuteMsg, LedgerAction};
use glidepath_vault::ContractError;

const ROLES: [&str; 8] = [
    "owner", "guardian", "alice", "pm", "auction", "oracle", "fund", "vault",
];

/// Every message once. A new variant does not compile before it is in here.
fn name(msg: &ExecuteMsg) -> &'static str {
    match msg {
        ExecuteMsg::Supply { .. } => "supply",
        ExecuteMsg::Withdraw { .. } => "withdraw",
        ExecuteMsg::TransferSupply { .. } => "transfer_supply",
        ExecuteMsg::Deposit { .. } => "deposit",
        ExecuteMsg::WithdrawAccount { .. } => "withdraw_account",
        ExecuteMsg::Apply { .. } => "apply",
        ExecuteMsg::SetDistress { .. } => "set_distress",
        ExecuteMsg::Settle { .. } => "settle",
        ExecuteMsg::SetAside { .. } => "set_aside",
        ExecuteMsg::TakeOver { .. } => "take_over",
        ExecuteMsg::PayTicket { .. } => "pay_ticket",
        ExecuteMsg::TicketPaid { .. } => "ticket_paid",
        ExecuteMsg::WriteOff { .. } => "write_off",
        ExecuteMsg::ListAsset { .. } => "list_asset",
        ExecuteMsg::SetMarket { .. } => "set_market",
        ExecuteMsg::SetPenaltySplit { .. } => "set_penalty_split",
        ExecuteMsg::WithdrawReserves { .. } => "withdraw_reserves",
        ExecuteMsg::LowerCaps { .. } => "lower_caps",
        ExecuteMsg::SetGuardian { .. } => "set_guardian",
        ExecuteMsg::UpdateOwnership(_) => "update_ownership",
        ExecuteMsg::Receive(_) => "receive",
    }
}

fn messages(suite: &Suite) -> Vec<(ExecuteMsg, Vec<Coin>)> {
    let bob = suite.addr("bob").to_string();
    let usd = || id("usd");
    vec![
        (
            ExecuteMsg::Supply {
                asset: usd(),
                recipient: Some(bob.clone()),
            },
            coins("usd", 10),
        ),
        (
            ExecuteMsg::Withdraw {
                asset: usd(),
                amount: Some(1u128.into()),
                recipient: Some(bob.clone()),
            },
            vec![],
        ),
        (
            ExecuteMsg::TransferSupply {
                asset: usd(),
                shares: 1u128.into(),
                recipient: bob.clone(),
            },
            vec![],
        ),
        (
            ExecuteMsg::Deposit {
                asset: usd(),
                recipient: Some(bob.clone()),
            },
            coins("usd", 10),
        ),
        (
            ExecuteMsg::WithdrawAccount {
                asset: usd(),
                amount: Some(1u128.into()),
                recipient: Some(bob.clone()),
            },
            vec![],
        ),
        (
            apply(1, vec![LedgerAction::Deposit(amount("atom", 5))]),
            coins("atom", 5),
        ),
        (suite.distress(1, "0", None), vec![]),
        (suite.fill(1, 100, 100, 0), coins("usd", 100)),
        (
            ExecuteMsg::TakeOver {
                position: 1,
                owner: bob.clone(),
                credit: 5u128.into(),
                penalty: 0u128.into(),
                keepers: vec![suite.addr("caller").into()],
            },
            coins("usd", 5),
        ),
        (suite.write_off(1), vec![]),
        (
            ExecuteMsg::ListAsset {
                asset: id("new"),
                info: AssetInfoUnchecked::native("unew"),
                decimals: 6,
            },
            vec![],
        ),
        (
            ExecuteMsg::SetMarket {
                asset: usd(),
                terms: terms(),
            },
            vec![],
        ),
        (ExecuteMsg::SetPenaltySplit { split: split() }, vec![]),
        (
            ExecuteMsg::WithdrawReserves {
                asset: usd(),
                amount: Some(1u128.into()),
                recipient: bob,
            },
            vec![],
        ),
        (
            ExecuteMsg::LowerCaps {
                asset: usd(),
                supply_cap: Some(200_000u128.into()),
                borrow_cap: None,
            },
            vec![],
        ),
        (
            ExecuteMsg::SetAside {
                asset: usd(),
                amount: 1u128.into(),
            },
            vec![],
        ),
        (ExecuteMsg::PayTicket { position: 1 }, coins("usd", 10)),
        (ExecuteMsg::TicketPaid { position: 1 }, vec![]),
        (ExecuteMsg::SetGuardian { guardian: None }, vec![]),
        (ExecuteMsg::UpdateOwnership(OwnershipMsg::Cancel {}), vec![]),
        (
            ExecuteMsg::Receive(cw20::Cw20ReceiveMsg {
                sender: suite.pm.to_string(),
                amount: 5u128.into(),
                msg: cosmwasm_std::to_json_binary(&supply("tok")).unwrap(),
            }),
            vec![],
        ),
    ]
}

/// A market with reserves; a position on sale; everybody has coins, supply and an account.
fn stage() -> Suite {
    let mut suite = Suite::new();
    for who in ROLES.iter().filter(|who| **who != "vault") {
        if *who == "fund" {
            let mint = BankSudo::Mint {
                to_address: suite.fund.to_string(),
                amount: [coins("atom", 1_000), coins("usd", 1_000)].concat(),
            };
            suite.app.sudo(SudoMsg::Bank(mint)).unwrap();
        }
    }
    suite.lend("alice", "usd", 100_000);
    suite.deposit(1, "atom", 1_000);
    suite.borrow(1, "usd", 600);
    let msg = suite.distress(1, "0", Some(permission("atom", "usd", "1")));
    suite.ok("pm", &msg, &[]);
    let fill = suite.fill(1, 100, 100, 10);
    suite.ok("auction", &fill, &coins("usd", 110));
    suite
}

/// `yes`: carried out. `no`: not this role's message. `own`: anybody's, on what is his own, and he has nothing.
fn verdict(role: &str, nth: usize) -> &'static str {
    let mut suite = stage();
    let (msg, funds) = messages(&suite).remove(nth);
    let (sender, vault) = (suite.addr(role), suite.vault.clone());
    let Err(error) = suite.app.execute_contract(sender, vault, &msg, &funds) else {
        return "yes";
    };
    match error.downcast::<ContractError>() {
        Ok(
            ContractError::Unauthorized { .. }
            | ContractError::Ownership(_)
            | ContractError::Admin(AdminError::Ownership(_) | AdminError::NotGuardian { .. })
            | ContractError::UnknownToken { .. },
        ) => "no",
        Ok(ContractError::NotEnoughShares { .. } | ContractError::NotEnoughInAccount { .. }) => "own",
        // Anybody may pay what is owed; here nothing is.
        Ok(ContractError::NoTicket { .. }) => "yes",
        Ok(other) => panic!("{role} {}: {other}", name(&msg)),
        // The vault calls itself: nobody can make it, and it has no coins to spare here.
        Err(error) => panic!("{role} {}: {error:#}", name(&msg)),
    }
}

#[test]
fn attack_19_who_may_send_what() {
    let all = messages(&stage());
    let mut table = format!("{:18}", "");
    for role in ROLES {
        table.push_str(&format!("{role:10}"));
    }
    table.push('\n');
    for (nth, (msg, _)) in all.iter().enumerate() {
        let mut line = format!("{:18}", name(msg));
        for role in ROLES {
            line.push_str(&format!("{:10}", verdict(role, nth)));
        }
        table.push_str(line.trim_end());
        table.push('\n');
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/roles.golden");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &table).unwrap();
    }
    let frozen = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(table, frozen, "the matrix of roles changed:\n{table}");
}
