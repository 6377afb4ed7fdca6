//! What somebody tries who means no good. What is forged or paid wrongly must be refused.

use crate::{defaults, id};
use cosmwasm_std::{to_json_binary, Addr, Binary, Coin as Coins, CosmosMsg, Decimal, Decimal256, Uint128};
use cw20::Cw20ReceiveMsg;
use cw_asset::{AssetInfo, AssetInfoUnchecked};
use glidepath_interfaces::admin::OwnershipMsg;
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::auction::{self, EndReason, LotCause, Mode, Offer};
use glidepath_interfaces::oracle::{self, Report};
use glidepath_interfaces::position_manager::{self, Action};
use glidepath_interfaces::vault::{self, LedgerAction, Permission};
use glidepath_interfaces::{fund, AssetId};
use glidepath_risk::{Price, Value};
use serde::Serialize;

use super::money::send;
use crate::sequences::op::{Coin, Forged, Much, Peer, Slot, Who, Wrong};
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
fn refused(told: Told, what: impl std::fmt::Display) -> Result<(), Failure> {
    match told {
        Err(_) => Ok(()),
        Ok(outcome) => Err(Failure::new(
            "not-refused",
            format!("{what} was carried out: {:#?}", outcome.events),
        )),
    }
}

fn atom() -> AssetId {
    id("atom")
}

fn json<M: Serialize>(msg: &M) -> Binary {
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

// ---------------------------------------------------------------- payments

/// What is paid, in base units: enough of any asset to be worth a fill.
const PAID: u128 = 100_000_000;

/// A payment that is not what the message takes.
pub fn mispay(world: &mut World, who: Who, slot: Slot, what: Wrong) -> Result<(), Failure> {
    let position = world.position(slot).unwrap_or(1);
    let sender = world.who(who);
    for coin in [Coin::Atom, Coin::Usdc, Coin::Gold] {
        world.give(&sender, coin, PAID);
    }
    match what {
        Wrong::Token => {
            let junk = world.junk.clone();
            for (peer, msg) in doors(position) {
                let msg = send(&junk, &world.peer(peer), PAID, msg);
                let told = world.send(&sender, msg)?;
                refused(told, format!("{what} at {peer}"))?;
            }
            Ok(())
        }
        Wrong::Message => {
            let gold = gold(world);
            for peer in [Peer::Vault, Peer::Manager, Peer::Auction, Peer::Fund] {
                let nonsense = Binary::from(br#"{"give":{"everything":true}}"#);
                let msg = send(&gold, &world.peer(peer), PAID, nonsense);
                let unknown =
                    ["vault", "manager", "auction", "fund"].map(|name| format!("{name} Std ParseErr"));
                let unknown: Vec<&str> = unknown.iter().map(String::as_str).collect();
                let told = world.send_but(&sender, msg, &unknown)?;
                refused(told, format!("{what} at {peer}"))?;
            }
            Ok(())
        }
        Wrong::Nested => {
            let gold = gold(world);
            for (peer, msg) in doors(position) {
                let nested = vault::ExecuteMsg::Receive(Cw20ReceiveMsg {
                    sender: world.who(Who::Lena).to_string(),
                    amount: Uint128::new(PAID),
                    msg,
                });
                let msg = send(&gold, &world.peer(peer), PAID, json(&nested));
                let told = world.send(&sender, msg)?;
                refused(told, format!("{what} at {peer}"))?;
            }
            Ok(())
        }
        Wrong::Posing => {
            for (peer, msg) in doors(position) {
                let hook = vault::ExecuteMsg::Receive(Cw20ReceiveMsg {
                    sender: world.who(Who::Lena).to_string(),
                    amount: Uint128::new(PAID),
                    msg,
                });
                let contract = world.peer(peer);
                let told = world.execute(&sender, &contract, &hook, &[])?;
                refused(told, format!("{what} at {peer}"))?;
            }
            Ok(())
        }
        other => {
            let (peer, msg, funds) = mispaid(position, other);
            let msg = CosmosMsg::Wasm(cosmwasm_std::WasmMsg::Execute {
                contract_addr: world.peer(peer).to_string(),
                msg,
                funds,
            });
            refused(world.send(&sender, msg)?, what)
        }
    }
}

fn gold(world: &World) -> Addr {
    match &world.suite.listed("gold").info {
        AssetInfo::Cw20(token) => token.clone(),
        other => panic!("{other} is no token"),
    }
}

fn bid(position: u64) -> auction::ExecuteMsg {
    auction::ExecuteMsg::Bid {
        position,
        max_price: Decimal256::MAX,
        recipient: None,
        min_received: None,
        pay: None,
    }
}

fn many(position: u64) -> auction::ExecuteMsg {
    auction::ExecuteMsg::BidMany {
        bids: vec![auction::BidItem {
            position,
            max_price: Decimal256::MAX,
            max_pay: None,
            min_received: None,
        }],
        recipient: None,
        account: None,
    }
}

fn order() -> auction::ExecuteMsg {
    auction::ExecuteMsg::PlaceOrder {
        collateral: atom(),
        debt: id("usdc"),
        slot: 3,
    }
}

/// Every message that a token may bring, each as if it were paid in something else.
fn doors(position: u64) -> Vec<(Peer, Binary)> {
    let update = position_manager::ExecuteMsg::Update {
        position: Some(position),
        actions: vec![Action::Deposit(Amount {
            asset: atom(),
            amount: Uint128::new(PAID),
        })],
        recipient: None,
    };
    let apply = vault::ExecuteMsg::Apply {
        position,
        actions: vec![LedgerAction::Deposit(Amount {
            asset: id("gold"),
            amount: Uint128::new(PAID),
        })],
    };
    vec![
        (
            Peer::Vault,
            json(&vault::ExecuteMsg::Supply {
                asset: id("usdc"),
                recipient: None,
            }),
        ),
        (
            Peer::Vault,
            json(&vault::ExecuteMsg::Deposit {
                asset: atom(),
                recipient: None,
            }),
        ),
        (Peer::Vault, json(&apply)),
        (Peer::Manager, json(&update)),
        (Peer::Auction, json(&bid(position))),
        (Peer::Auction, json(&many(position))),
        (Peer::Auction, json(&order())),
        (Peer::Vault, json(&vault::ExecuteMsg::PayTicket { position })),
        (Peer::Fund, json(&fund::ExecuteMsg::Stake { asset: id("usdc") })),
    ]
}

fn mispaid(position: u64, what: Wrong) -> (Peer, Binary, Vec<Coins>) {
    let coins =
        |denoms: &[&str]| -> Vec<Coins> { denoms.iter().map(|denom| Coins::new(PAID, *denom)).collect() };
    let supply = || {
        json(&vault::ExecuteMsg::Supply {
            asset: id("usdc"),
            recipient: None,
        })
    };
    let update = |funds: Vec<Coins>| {
        let msg = position_manager::ExecuteMsg::Update {
            position: Some(position),
            actions: vec![Action::Deposit(Amount {
                asset: atom(),
                amount: Uint128::new(PAID),
            })],
            recipient: None,
        };
        (Peer::Manager, json(&msg), funds)
    };
    match what {
        // No debt of this world is paid in this coin.
        Wrong::BidDenom => (Peer::Auction, json(&bid(position)), coins(&["uatom"])),
        Wrong::BidTwo => (Peer::Auction, json(&bid(position)), coins(&["uatom", "uusdc"])),
        Wrong::BidNothing => (Peer::Auction, json(&bid(position)), vec![]),
        Wrong::BidBoth => {
            let msg = auction::ExecuteMsg::Bid {
                position,
                max_price: Decimal256::MAX,
                recipient: None,
                min_received: None,
                pay: Some(auction::Pay::Account(Amount {
                    asset: id("usdc"),
                    amount: Uint128::new(PAID),
                })),
            };
            (Peer::Auction, json(&msg), coins(&["uusdc"]))
        }
        Wrong::ManyNothing => (Peer::Auction, json(&many(position)), vec![]),
        Wrong::OrderDenom => (Peer::Auction, json(&order()), coins(&["uatom"])),
        Wrong::NoTicket => {
            let msg = vault::ExecuteMsg::PayTicket { position };
            (Peer::Vault, json(&msg), coins(&["uusdc"]))
        }
        Wrong::SupplyDenom => (Peer::Vault, supply(), coins(&["uatom"])),
        Wrong::SupplyNothing => (Peer::Vault, supply(), vec![]),
        Wrong::UpdateExtra => update(coins(&["uatom", "uusdc"])),
        Wrong::UpdateUnpaid => update(vec![]),
        Wrong::AdvancePaid => {
            let msg = position_manager::ExecuteMsg::Advance { position };
            (Peer::Manager, json(&msg), coins(&["uusdc"]))
        }
        Wrong::WithdrawPaid => {
            let msg = vault::ExecuteMsg::Withdraw {
                asset: id("usdc"),
                amount: None,
                recipient: None,
            };
            (Peer::Vault, json(&msg), coins(&["uusdc"]))
        }
        _ => {
            let msg = fund::ExecuteMsg::Stake { asset: id("usdc") };
            (Peer::Fund, json(&msg), coins(&["uatom"]))
        }
    }
}
