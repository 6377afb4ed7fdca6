//! What somebody tries who means no good. What is forged must be refused.

use crate::{defaults, id, scenes};
use cosmwasm_std::{to_json_binary, Addr, Binary, Coin as Coins, CosmosMsg, Decimal, Decimal256, Uint128};
use cw_asset::AssetInfoUnchecked;
use glidepath_interfaces::admin::OwnershipMsg;
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::auction::{self, EndReason, LotCause, Mode, Offer};
use glidepath_interfaces::oracle::{self, Report};
use glidepath_interfaces::position_manager;
use glidepath_interfaces::vault::{self, LedgerAction, Permission};
use glidepath_interfaces::{fund, AssetId};
use glidepath_risk::{Price, Value};
use serde::Serialize;

use crate::sequences::op::{Coin, Forged, Much, Peer, Slot, Who};
use crate::sequences::world::{Failure, Told, World};

/// Coins for a contract, without a message.
pub fn donate(world: &mut World, coin: Coin, peer: Peer, much: Much) -> Result<(), Failure> {
    let amount = world.much(much, coin, 0).max(1);
    let (donor, contract) = (world.who(Who::Mallory), world.peer(peer));
    world.give(&donor, coin, amount);
    let info = world.suite.listed(coin.word()).info.clone();
    let msg = cw_asset::Asset::new(info, amount)
        .transfer_msg(&contract)
        .expect("a transfer");
    if peer == Peer::Vault {
        world.watch.donated(&id(coin.word()), amount);
    }
    match world.send(&donor, msg)? {
        Ok(_) => Ok(()),
        Err(refusal) => Err(Failure::new("donation", refusal.text)),
    }
}

/// It must be refused.
pub fn refused(told: Told, what: impl std::fmt::Display) -> Result<(), Failure> {
    match told {
        Err(_) => Ok(()),
        Ok(outcome) => Err(Failure::new(
            "not-refused",
            format!("{what} was carried out: {:#?}", outcome.events),
        )),
    }
}

pub fn atom() -> AssetId {
    id("atom")
}

pub fn json<M: Serialize>(msg: &M) -> Binary {
    to_json_binary(msg).expect("a message")
}

/// A message that is not the sender's to send.
pub fn forge(world: &mut World, who: Who, slot: Slot, what: Forged) -> Result<(), Failure> {
    let position = world.position(slot).unwrap_or(1);
    let sender = world.who(who);
    if what == Forged::Ownership {
        for peer in Peer::ALL {
            let contract = world.peer(*peer);
            for step in [
                OwnershipMsg::Propose {
                    owner: sender.to_string(),
                    expiry: None,
                },
                OwnershipMsg::Cancel {},
            ] {
                let msg = vault::ExecuteMsg::UpdateOwnership(step);
                let told = world.execute(&sender, &contract, &msg, &[])?;
                refused(told, format!("ownership of {peer}"))?;
            }
        }
        return Ok(());
    }
    // What an owner asks for is his to ask.
    if what == Forged::SetOrder && who == slot.owner {
        return Ok(());
    }
    let (peer, msg, funds) = forged(world, &sender, position, what);
    for coin in &funds {
        world.give(&sender, Coin::Usdc, coin.amount.u128());
    }
    let msg = CosmosMsg::Wasm(cosmwasm_std::WasmMsg::Execute {
        contract_addr: world.peer(peer).to_string(),
        msg,
        funds,
    });
    refused(world.send(&sender, msg)?, what)
}

fn forged(world: &World, sender: &Addr, position: u64, what: Forged) -> (Peer, Binary, Vec<Coins>) {
    let me = sender.to_string();
    let one_usdc = || vec![Coins::new(1u128, "uusdc")];
    let offer = Offer {
        collateral: atom(),
        debt: id("usdc"),
        value: Value::usd(1_000),
        amount: Uint128::new(100_000_000),
        depth: Value::usd(100_000),
        calm: Decimal::one(),
        queue: None,
        min_left: Uint128::new(1),
    };
    let usdc = |amount: u128| Amount {
        asset: id("usdc"),
        amount: amount.into(),
    };
    let vault = |msg: vault::ExecuteMsg| (Peer::Vault, json(&msg), vec![]);
    let auction = |msg: auction::ExecuteMsg| (Peer::Auction, json(&msg), vec![]);
    let manager = |msg: position_manager::ExecuteMsg| (Peer::Manager, json(&msg), vec![]);
    let oracle = |msg: oracle::ExecuteMsg| (Peer::Oracle, json(&msg), vec![]);
    let fund = |msg: fund::ExecuteMsg| (Peer::Fund, json(&msg), vec![]);
    match what {
        Forged::Apply => vault(vault::ExecuteMsg::Apply {
            position,
            actions: vec![LedgerAction::Borrow {
                amount: usdc(1_000),
                recipient: me,
            }],
        }),
        Forged::SetDistress => vault(vault::ExecuteMsg::SetDistress {
            position,
            surcharge_rate: Decimal::one(),
            drop_stretch: true,
            sale: Some(Permission {
                collateral: atom(),
                debt: id("usdc"),
                min_price: Decimal256::zero(),
            }),
            keepers: vec![me],
            insolvent: true,
        }),
        Forged::Settle => {
            let msg = vault::ExecuteMsg::Settle {
                fills: vec![vault::Fill {
                    position,
                    sold: Uint128::new(1_000_000_000),
                    repaid: Uint128::one(),
                    penalty: Uint128::zero(),
                    ends: None,
                    matched_by: None,
                }],
                paid_by: vault::PaidBy::Coins {},
                recipient: me,
            };
            (Peer::Vault, json(&msg), one_usdc())
        }
        Forged::WriteOff => vault(vault::ExecuteMsg::WriteOff {
            position,
            keepers: vec![me],
        }),
        Forged::TakeOver => vault(vault::ExecuteMsg::TakeOver {
            position,
            owner: me.clone(),
            credit: 0u128.into(),
            penalty: 0u128.into(),
            keepers: vec![me.clone()],
        }),
        Forged::ListAsset => vault(vault::ExecuteMsg::ListAsset {
            asset: id("mine"),
            info: AssetInfoUnchecked::native("umine"),
            decimals: 6,
        }),
        Forged::SetMarket => vault(vault::ExecuteMsg::SetMarket {
            asset: atom(),
            terms: defaults::market_terms(),
        }),
        Forged::SetSplit => vault(vault::ExecuteMsg::SetPenaltySplit {
            split: defaults::penalty_split(),
        }),
        Forged::Reserves => vault(vault::ExecuteMsg::WithdrawReserves {
            asset: id("usdc"),
            amount: None,
            recipient: me,
        }),
        Forged::Open => auction(auction::ExecuteMsg::Open {
            position,
            mode: Mode::CloseOut,
            target: Decimal::one(),
            eta: Decimal::percent(50),
            max_discount: None,
            breach_seen_at: 0,
            offer,
        }),
        Forged::StartLot => auction(auction::ExecuteMsg::StartLot {
            position,
            cause: LotCause::Escalate,
            offer,
        }),
        Forged::Sleep => auction(auction::ExecuteMsg::Sleep { position }),
        Forged::End => auction(auction::ExecuteMsg::End {
            position,
            reason: EndReason::Cured,
        }),
        Forged::SetTerms => auction(auction::ExecuteMsg::SetTerms {
            terms: defaults::sale_terms(),
        }),
        Forged::Resume => auction(auction::ExecuteMsg::Resume(auction::Resume {
            bid: auction::BidItem {
                position,
                max_price: Decimal256::MAX,
                max_pay: None,
                min_received: None,
            },
            bidder: world.who(Who::Lena).to_string(),
            recipient: me,
            coins: None,
            pay: Some(auction::Pay::Account(usdc(1_000_000))),
            served: 0,
        })),
        Forged::MinOrder => auction(auction::ExecuteMsg::SetMinOrder {
            debt: id("usdc"),
            amount: None,
        }),
        Forged::TicketPaid => vault(vault::ExecuteMsg::TicketPaid { position }),
        Forged::IntoOrders => {
            let msg = vault::ExecuteMsg::Deposit {
                asset: id("usdc"),
                recipient: Some(world.peer(Peer::Auction).to_string()),
            };
            (Peer::Vault, json(&msg), one_usdc())
        }
        Forged::SetAsset => manager(position_manager::ExecuteMsg::SetAsset {
            asset: atom(),
            params: world.listed(Coin::Atom).params,
            ramp: 0,
        }),
        Forged::SetParams => manager(position_manager::ExecuteMsg::SetParams {
            params: defaults::rules(),
        }),
        Forged::SetOrder => manager(position_manager::ExecuteMsg::SetOrder {
            position,
            order: scenes::glide_path(),
        }),
        Forged::EndSale => manager(position_manager::ExecuteMsg::EndSale { position }),
        Forged::Post => oracle(oracle::ExecuteMsg::Post {
            reports: vec![Report {
                asset: atom(),
                price: Price(Decimal::one()),
                at: world.now(),
            }],
        }),
        Forged::OracleGuardian => oracle(oracle::ExecuteMsg::SetGuardian { guardian: Some(me) }),
        Forged::VaultGuardian => vault(vault::ExecuteMsg::SetGuardian { guardian: Some(me) }),
        Forged::ManagerGuardian => manager(position_manager::ExecuteMsg::SetGuardian { guardian: Some(me) }),
        Forged::SetFeed => oracle(oracle::ExecuteMsg::SetFeed {
            asset: atom(),
            feed: defaults::feed(1),
        }),
        Forged::SetReporters => oracle(oracle::ExecuteMsg::SetReporters { reporters: vec![me] }),
        Forged::SetCover => fund(fund::ExecuteMsg::SetCover {
            asset: id("usdc"),
            rule: defaults::cover_rule(),
        }),
        Forged::FundParams => fund(fund::ExecuteMsg::SetParams {
            params: defaults::fund_params(),
        }),
        Forged::FundAccount | Forged::Ownership => fund(fund::ExecuteMsg::WithdrawAccount {
            asset: atom(),
            amount: None,
            recipient: me,
        }),
    }
}
