//! A contract that calls back. Coins of the chain tell nobody that they came in; a token may call whom it pays, so this
//! one calls the agent in the middle of its payout, and the agent sends a message of its own. What is refused of it is
//! forgotten, and the payout goes on.

use cosmwasm_std::{CosmosMsg, Decimal256, WasmMsg};
use glidepath_interfaces::asset::{call_with, Amount};
use glidepath_interfaces::position_manager::{self, Action};
use glidepath_interfaces::{auction, fund, oracle, vault};
use serde::Serialize;

use super::bids::pays_in;
use crate::agent::{self, Bargain, Run};
use crate::hostile::{self, Mischief};
use crate::id;
use crate::sequences::op::{Back, Coin, Peer, Slot, Who};
use crate::sequences::world::{Failure, World};

/// The dollars that it brings along.
const BRINGS: u64 = 500;

/// The agent is told what to do when it is paid next.
pub fn hook(world: &mut World, what: Back, slot: Slot, coin: Coin) -> Result<(), Failure> {
    let Some(position) = world.position(slot) else {
        return Ok(());
    };
    let msgs = vec![message(world, what, position, coin)];
    let nth = Back::ALL.iter().position(|one| *one == what).unwrap_or_default();
    let (all, first) = (false, nth as u64);
    let agent = world.who(Who::Agent);
    let call = agent::call(&agent, &Run { msgs, all, first });
    let mischief = Mischief::ReenterTo(agent, vec![call]);
    hostile::tell(&mut world.suite, Coin::Gold.word(), &mischief);
    Ok(())
}

/// What it is about for a position: its debt on sale, or its collateral where that is what counts.
pub fn coin_of(world: &World, what: Back, position: u64) -> Coin {
    let sale = world.sale(position);
    let ledger = world.ledger(position);
    let collateral = match &sale {
        Some(sale) => Some(sale.collateral.to_string()),
        None => ledger.collateral.first().map(|row| row.asset.to_string()),
    };
    let debt = match &sale {
        Some(sale) => Some(sale.debt.to_string()),
        None => ledger.debts.first().map(|row| row.asset.to_string()),
    };
    let asset = match what {
        Back::Deposit | Back::Withdraw => collateral,
        _ => debt,
    };
    asset.map_or(Coin::Usdc, |asset| world.coin(&asset))
}

/// What it sends.
pub fn message(world: &mut World, what: Back, position: u64, coin: Coin) -> CosmosMsg {
    let asset = id(coin.word());
    let amount = world.units(coin, BRINGS).max(1);
    let base = Amount {
        asset: asset.clone(),
        amount: amount.into(),
    };
    let update = |action| position_manager::ExecuteMsg::Update {
        position: Some(position),
        actions: vec![action],
        recipient: None,
    };
    match what {
        Back::Deposit => paid(world, Peer::Manager, &update(Action::Deposit(base)), coin, amount),
        Back::Repay => {
            let some = Some(base.amount);
            let action = Action::Repay { asset, amount: some };
            paid(world, Peer::Manager, &update(action), coin, amount)
        }
        Back::Bid => {
            // In whatever is on sale.
            let pays = world
                .sale(position)
                .map_or(coin, |sale| world.coin(sale.debt.as_str()));
            let amount = world.units(pays, BRINGS).max(1);
            let msg = auction::ExecuteMsg::Bid {
                position,
                max_price: Decimal256::MAX,
                recipient: None,
                min_received: None,
                pay: None,
            };
            paid(world, Peer::Auction, &msg, pays, amount)
        }
        Back::Supply => {
            let msg = vault::ExecuteMsg::Supply {
                asset,
                recipient: None,
            };
            paid(world, Peer::Vault, &msg, coin, amount)
        }
        Back::Stake => paid(
            world,
            Peer::Fund,
            &fund::ExecuteMsg::Stake { asset },
            coin,
            amount,
        ),
        Back::Withdraw => {
            let amount = Some(base.amount);
            plain(world, Peer::Manager, &update(Action::Withdraw { asset, amount }))
        }
        Back::Borrow => plain(world, Peer::Manager, &update(Action::Borrow(base))),
        Back::Advance => plain(
            world,
            Peer::Manager,
            &position_manager::ExecuteMsg::Advance { position },
        ),
        Back::Ask => {
            let assets = Coin::ALL.iter().map(|coin| id(coin.word())).collect();
            plain(world, Peer::Oracle, &oracle::ExecuteMsg::UpdatePrices { assets })
        }
        Back::Recall => {
            let (amount, recipient) = (None, None);
            plain(
                world,
                Peer::Vault,
                &vault::ExecuteMsg::Withdraw {
                    asset,
                    amount,
                    recipient,
                },
            )
        }
        Back::Take => {
            let (amount, recipient) = (None, None);
            plain(
                world,
                Peer::Vault,
                &vault::ExecuteMsg::WithdrawAccount {
                    asset,
                    amount,
                    recipient,
                },
            )
        }
        Back::Request => plain(
            world,
            Peer::Fund,
            &fund::ExecuteMsg::RequestExit { asset, units: None },
        ),
        Back::Exit => plain(world, Peer::Fund, &fund::ExecuteMsg::Exit { asset }),
        Back::Book => plain(world, Peer::Fund, &fund::ExecuteMsg::Book { asset }),
        Back::Flash => {
            let pays = pays_in(world, position);
            let amount = world.units(pays, BRINGS).max(1);
            let agent = world.who(Who::Agent);
            world.give(&agent, pays, amount);
            let bargain = Bargain {
                runs: vec![],
                pays: agent::Pays::Exactly,
            };
            let msg = auction::ExecuteMsg::Bid {
                position,
                max_price: Decimal256::MAX,
                recipient: None,
                min_received: None,
                pay: Some(auction::Pay::Callback {
                    max: Some(amount.into()),
                    msg: cosmwasm_std::to_json_binary(&bargain).expect("a bargain"),
                }),
            };
            plain(world, Peer::Auction, &msg)
        }
        Back::Match => plain(world, Peer::Auction, &auction::ExecuteMsg::Match { position }),
        Back::Place => {
            let sale = world.sale(position);
            let collateral = sale.map_or(id("atom"), |sale| sale.collateral);
            let debt = pays_in(world, position);
            let amount = world.units(debt, BRINGS).max(1);
            let msg = auction::ExecuteMsg::PlaceOrder {
                collateral,
                debt: id(debt.word()),
                slot: 0,
            };
            paid(world, Peer::Auction, &msg, debt, amount)
        }
        Back::Unplace => {
            let own = world.orders.of(&world.who(Who::Agent));
            let (order, recipient) = (own.first().copied().unwrap_or_default(), None);
            plain(
                world,
                Peer::Auction,
                &auction::ExecuteMsg::CancelOrder { order, recipient },
            )
        }
    }
}

fn plain<M: Serialize>(world: &World, peer: Peer, msg: &M) -> CosmosMsg {
    let msg = WasmMsg::Execute {
        contract_addr: world.peer(peer).to_string(),
        msg: cosmwasm_std::to_json_binary(msg).expect("a message"),
        funds: vec![],
    };
    msg.into()
}

fn paid<M: Serialize>(world: &mut World, peer: Peer, msg: &M, coin: Coin, amount: u128) -> CosmosMsg {
    let agent = world.who(Who::Agent);
    world.give(&agent, coin, amount);
    let info = &world.suite.listed(coin.word()).info;
    call_with(&world.peer(peer), msg, info, amount.into()).expect("a payment")
}
