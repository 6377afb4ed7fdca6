//! Payments that are not what a message takes: all are refused.

use cosmwasm_std::{Addr, Binary, Coin as Coins, CosmosMsg, Decimal256, Uint128};
use cw20::Cw20ReceiveMsg;
use cw_asset::AssetInfo;
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::position_manager::{self, Action};
use glidepath_interfaces::vault::{self, LedgerAction};
use glidepath_interfaces::{auction, fund};

use super::attack::{atom, json, refused};
use super::money::send;
use crate::id;
use crate::sequences::op::{Coin, Peer, Slot, Who, Wrong};
use crate::sequences::world::{Failure, World};

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
