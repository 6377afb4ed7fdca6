//! Money in and out: positions, lending, stakes.

use std::collections::BTreeMap;

use crate::agent::TOLD;
use crate::{id, Outcome};
use cosmwasm_std::{to_json_binary, Addr, Coin as Coins, Uint128};
use cw20::Cw20ExecuteMsg;
use cw_asset::AssetInfo;
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::position_manager::{Action, AssetStatus, ExecuteMsg, PreviewUpdateResponse};
use glidepath_interfaces::{fund, vault};

use crate::sequences::op::{Act, Acts, Coin, Much, Peer, Slot, Verb, Who};
use crate::sequences::world::{Failure, Told, World};

// ---------------------------------------------------------------- positions

/// An `update` with exactly what its actions need, by the door that its payment takes.
pub fn update(world: &mut World, who: Who, slot: Slot, acts: &Acts) -> Result<(), Failure> {
    let position = world.position(slot);
    if position.is_none() && who != slot.owner {
        return Ok(());
    }
    let (actions, payment) = amounts(world, position, acts)?;
    let preview = match position {
        Some(position) => world.suite.ask().position(position)?.stage.to_string(),
        None => "healthy".into(),
    };
    // In distress an update may first end it, and drop the surcharge that no preview can know to be dropped.
    let calm = ["healthy", "restricted", "callable"].contains(&preview.as_str());
    let preview = world.suite.ask().preview_update(position, actions.clone());
    let msg = ExecuteMsg::Update {
        position,
        actions,
        recipient: None,
    };
    let told = pay_manager(world, who, &msg, &payment)?;
    if let (Ok(outcome), None) = (&told, position) {
        let opened = outcome
            .of_suite()
            .find_map(|(_, event)| event.get::<u64>("position"));
        world.slots.extend(opened.map(|number| (slot, number)));
    }
    let called_back = told.as_ref().is_ok_and(|outcome| outcome.has(TOLD));
    if who == slot.owner && calm && !called_back {
        if let Ok(preview) = preview {
            compare(world, world.position(slot), &preview, &told)?;
        }
    }
    Ok(())
}

/// What the actions come to, and what they take.
pub fn amounts(
    world: &World,
    position: Option<u64>,
    acts: &Acts,
) -> Result<(Vec<Action>, BTreeMap<Coin, u128>), Failure> {
    let mut room = Room::of(world, position)?;
    let (mut actions, mut payment) = (vec![], BTreeMap::<Coin, u128>::new());
    for Act { verb, coin, much } in &acts.0 {
        let asset = id(coin.word());
        let amount = match verb {
            Verb::Deposit => world.much(*much, *coin, 0),
            Verb::Withdraw => world.much(*much, *coin, room.held(*coin)),
            Verb::Borrow => world.much(*much, *coin, room.borrowable(world, *coin)),
            Verb::Repay => world.much(*much, *coin, room.owed(*coin)),
        };
        let base = Amount {
            asset: asset.clone(),
            amount: amount.into(),
        };
        let exact = (*much != Much::All).then_some(Uint128::new(amount));
        actions.push(match verb {
            Verb::Deposit => Action::Deposit(base),
            Verb::Withdraw => Action::Withdraw { asset, amount: exact },
            Verb::Borrow => Action::Borrow(base),
            Verb::Repay => Action::Repay { asset, amount: exact },
        });
        match verb {
            Verb::Deposit => {
                *payment.entry(*coin).or_default() += amount;
                room.deposit(world, *coin, amount);
            }
            // All that is owed, and a bit for what accrues: the rest comes back.
            Verb::Repay if *much == Much::All => {
                *payment.entry(*coin).or_default() += amount + amount / 100 + 1
            }
            Verb::Repay => *payment.entry(*coin).or_default() += amount,
            Verb::Withdraw | Verb::Borrow => {}
        }
    }
    payment.retain(|_, amount| *amount > 0);
    Ok((actions, payment))
}

/// One token goes by its hook, coins are attached; tokens that come with others are left out, and missed.
pub fn pay_manager(
    world: &mut World,
    who: Who,
    msg: &ExecuteMsg,
    payment: &BTreeMap<Coin, u128>,
) -> Result<Told, Failure> {
    let (sender, manager) = (world.who(who), world.peer(Peer::Manager));
    if let [(coin, amount)] = payment.iter().collect::<Vec<_>>()[..] {
        return world.pay(&sender, &manager, msg, *coin, *amount);
    }
    let mut funds = vec![];
    for (coin, amount) in payment {
        let info = world.suite.listed(coin.word()).info.clone();
        if let AssetInfo::Native(denom) = info {
            world.give(&sender, *coin, *amount);
            funds.push(Coins::new(*amount, denom));
        }
    }
    funds.sort_by(|a, b| a.denom.cmp(&b.denom));
    world.execute(&sender, &manager, msg, &funds)
}

/// A preview says what the execution does.
fn compare(
    world: &World,
    position: Option<u64>,
    preview: &PreviewUpdateResponse,
    told: &Told,
) -> Result<(), Failure> {
    let differs = |what: String| Err(Failure::new("preview-update", what));
    match (told, &preview.refused) {
        (Ok(_), Some(reason)) => differs(format!("it was done, the preview said: {reason}")),
        (Ok(_), None) => {
            let Some(position) = position else { return Ok(()) };
            let asked = world.suite.ask().position(position)?;
            let now = (&asked.health, asked.collateral_value, asked.debt_value);
            let then = (&preview.after, preview.collateral_value, preview.debt_value);
            if now != then {
                return differs(format!("the position is {now:?}, the preview said {then:?}"));
            }
            Ok(())
        }
        (Err(refusal), None) if refusal.name.starts_with("manager") && !is_payment(&refusal.name) => differs(
            format!("the preview had no objection, it was refused: {}", refusal.text),
        ),
        (Err(refusal), Some(reason)) if refusal.name.starts_with("manager") && !is_payment(&refusal.name) => {
            if refusal.text != *reason {
                return differs(format!(
                    "refused for `{}`, the preview said `{reason}`",
                    refusal.text
                ));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// A preview takes the payment for granted.
pub fn is_payment(name: &str) -> bool {
    let ends = ["Unpaid", "WrongToken", "PaymentsFirst"]
        .iter()
        .any(|end| name.ends_with(end));
    ends || name.starts_with("manager Payment ")
}

/// What a position may still borrow, roughly: the point is to land near the bound, on either side.
struct Room {
    held: BTreeMap<Coin, u128>,
    owed: BTreeMap<Coin, u128>,
    usd: f64,
}

impl Room {
    fn of(world: &World, position: Option<u64>) -> Result<Self, Failure> {
        let mut room = Room {
            held: BTreeMap::new(),
            owed: BTreeMap::new(),
            usd: 0.0,
        };
        let Some(position) = position else { return Ok(room) };
        let ledger = world.suite.ask().ledger(position)?;
        for held in &ledger.ledger.collateral {
            let coin = world.coin(held.asset.as_str());
            room.deposit(world, coin, held.amount.u128());
        }
        for owed in &ledger.owed {
            let coin = world.coin(owed.asset.as_str());
            let amount = (owed.principal + owed.surcharge).u128();
            room.owed.insert(coin, amount);
            room.usd -= counted(world, coin, amount);
        }
        Ok(room)
    }

    fn deposit(&mut self, world: &World, coin: Coin, amount: u128) {
        *self.held.entry(coin).or_default() += amount;
        let listed = world.listed(coin);
        let record = world.record(coin);
        let price = float(record.price.min(record.smoothed).0);
        // Only what is listed lends.
        let lends = listed.params.status == AssetStatus::Listed;
        let collateral = listed.params.collateral.filter(|_| lends);
        let weight = collateral.map_or(0.0, |c| float(c.weights.initial));
        self.usd += amount as f64 / 10f64.powi(listed.decimals.into()) * price * weight;
    }

    fn held(&self, coin: Coin) -> u128 {
        self.held.get(&coin).copied().unwrap_or_default()
    }

    fn owed(&self, coin: Coin) -> u128 {
        self.owed.get(&coin).copied().unwrap_or_default()
    }

    fn borrowable(&self, world: &World, coin: Coin) -> u128 {
        let unit = 10u128.pow(world.listed(coin).decimals.into());
        (self.usd.max(0.0) / counted(world, coin, unit) * unit as f64) as u128
    }
}

/// What a debt counts for, in dollars.
fn counted(world: &World, coin: Coin, amount: u128) -> f64 {
    let listed = world.listed(coin);
    let record = world.record(coin);
    let price = float(record.price.max(record.smoothed).0);
    let factor = listed.params.debt.map_or(1.0, |d| float(d.factors.initial));
    amount as f64 / 10f64.powi(listed.decimals.into()) * price * factor
}

fn float(decimal: cosmwasm_std::Decimal) -> f64 {
    decimal.to_string().parse().expect("a number")
}

// ---------------------------------------------------------------- lending

pub fn supply(world: &mut World, who: Who, coin: Coin, much: Much) -> Result<(), Failure> {
    let msg = vault::ExecuteMsg::Supply {
        asset: id(coin.word()),
        recipient: None,
    };
    let amount = world.much(much, coin, 0);
    pay_vault(world, who, &msg, coin, amount)
}

pub fn withdraw(world: &mut World, who: Who, coin: Coin, much: Much) -> Result<(), Failure> {
    let all = world.suite.ask().supply(&world.who(who), coin.word())?.amount;
    let msg = vault::ExecuteMsg::Withdraw {
        asset: id(coin.word()),
        amount: some(world, much, coin, all.u128()),
        recipient: None,
    };
    tell_vault(world, who, &msg)
}

pub fn hand(world: &mut World, who: Who, coin: Coin, much: Much, to: Who) -> Result<(), Failure> {
    let all = world.suite.ask().supply(&world.who(who), coin.word())?.shares;
    let msg = vault::ExecuteMsg::TransferSupply {
        asset: id(coin.word()),
        shares: world.much(much, coin, all.u128()).into(),
        recipient: world.who(to).to_string(),
    };
    tell_vault(world, who, &msg)
}

pub fn some(world: &World, much: Much, coin: Coin, all: u128) -> Option<Uint128> {
    (much != Much::All).then(|| world.much(much, coin, all).into())
}

fn tell_vault(world: &mut World, who: Who, msg: &vault::ExecuteMsg) -> Result<(), Failure> {
    let (who, vault) = (world.who(who), world.peer(Peer::Vault));
    world.execute(&who, &vault, msg, &[]).map(|_| ())
}

fn pay_vault(
    world: &mut World,
    who: Who,
    msg: &vault::ExecuteMsg,
    coin: Coin,
    amount: u128,
) -> Result<(), Failure> {
    let (who, vault) = (world.who(who), world.peer(Peer::Vault));
    world.pay(&who, &vault, msg, coin, amount).map(|_| ())
}

// ---------------------------------------------------------------- the fund

pub fn stake(world: &mut World, who: Who, coin: Coin, much: Much) -> Result<(), Failure> {
    let msg = fund::ExecuteMsg::Stake {
        asset: id(coin.word()),
    };
    let amount = world.much(much, coin, 0);
    let (who, fund) = (world.who(who), world.peer(Peer::Fund));
    let before = world.suite.ask().supply(&fund, coin.word())?.shares;
    if let Ok(outcome) = world.pay(&who, &fund, &msg, coin, amount)? {
        promised(world, &outcome, &fund, coin, before)?;
    }
    Ok(())
}

/// The fund computes the shares of a stake itself: they must be those that the vault minted.
fn promised(
    world: &World,
    outcome: &Outcome,
    fund: &Addr,
    coin: Coin,
    before: Uint128,
) -> Result<(), Failure> {
    let staked = outcome.event(glidepath_interfaces::events::fund::Staked::TYPE);
    let promised: Uint128 = staked.map_or(Uint128::zero(), |event| event.must("shares"));
    let after = world.suite.ask().supply(fund, coin.word())?.shares;
    if after - before != promised {
        let what = format!(
            "the fund counted {promised} shares, the vault minted {}",
            after - before
        );
        return Err(Failure::new("stake-shares", what));
    }
    Ok(())
}

pub fn request(world: &mut World, who: Who, coin: Coin, much: Much) -> Result<(), Failure> {
    let all = world.suite.ask().stake(&world.who(who), coin.word())?.units;
    let msg = fund::ExecuteMsg::RequestExit {
        asset: id(coin.word()),
        units: some(world, much, coin, all.u128()),
    };
    tell_fund(world, who, &msg)
}

pub fn cancel(world: &mut World, who: Who, coin: Coin) -> Result<(), Failure> {
    let asset = id(coin.word());
    tell_fund(world, who, &fund::ExecuteMsg::CancelExit { asset })
}

pub fn exit(world: &mut World, who: Who, coin: Coin) -> Result<(), Failure> {
    let asset = id(coin.word());
    tell_fund(world, who, &fund::ExecuteMsg::Exit { asset })
}

pub fn book(world: &mut World, who: Who, coin: Coin) -> Result<(), Failure> {
    let asset = id(coin.word());
    tell_fund(world, who, &fund::ExecuteMsg::Book { asset })
}

fn tell_fund(world: &mut World, who: Who, msg: &fund::ExecuteMsg) -> Result<(), Failure> {
    let (who, fund) = (world.who(who), world.peer(Peer::Fund));
    world.execute(&who, &fund, msg, &[]).map(|_| ())
}

/// A token's `Send` with any message inside.
pub fn send(
    token: &Addr,
    contract: &Addr,
    amount: u128,
    msg: cosmwasm_std::Binary,
) -> cosmwasm_std::CosmosMsg {
    cosmwasm_std::WasmMsg::Execute {
        contract_addr: token.to_string(),
        msg: to_json_binary(&Cw20ExecuteMsg::Send {
            contract: contract.to_string(),
            amount: amount.into(),
            msg,
        })
        .expect("a message"),
        funds: vec![],
    }
    .into()
}
