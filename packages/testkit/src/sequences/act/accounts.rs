//! Accounts in the vault, and what of them is set aside for bids.

use glidepath_interfaces::vault;

use super::money::some;
use crate::agent::TOLD;
use crate::id;
use crate::sequences::op::{Coin, Much, Peer, Who};
use crate::sequences::world::{Failure, World};

/// What comes in is not set aside.
pub fn put(world: &mut World, who: Who, coin: Coin, much: Much) -> Result<(), Failure> {
    let (address, vault) = (world.who(who), world.peer(Peer::Vault));
    let before = world.suite.ask().account_of(&address, coin.word())?;
    let amount = world.much(much, coin, 0);
    let msg = vault::ExecuteMsg::Deposit {
        asset: id(coin.word()),
        recipient: None,
    };
    let came = match world.pay(&address, &vault, &msg, coin, amount)? {
        Ok(_) => amount,
        Err(_) => 0,
    };
    let after = world.suite.ask().account_of(&address, coin.word())?;
    if (after.amount.u128(), after.set_aside) != (before.amount.u128() + came, before.set_aside) {
        let what = format!("putting {came} into {before:?} made it {after:?}");
        return Err(Failure::new("account", what));
    }
    Ok(())
}

/// What is taken out beyond what is not set aside comes out of that.
pub fn take(world: &mut World, who: Who, coin: Coin, much: Much) -> Result<(), Failure> {
    let (address, vault) = (world.who(who), world.peer(Peer::Vault));
    let before = world.suite.ask().account_of(&address, coin.word())?;
    let msg = vault::ExecuteMsg::WithdrawAccount {
        asset: id(coin.word()),
        amount: some(world, much, coin, before.amount.u128()),
        recipient: None,
    };
    let told = world.execute(&address, &vault, &msg, &[])?;
    let called_back = told.as_ref().is_ok_and(|outcome| outcome.has(TOLD));
    let after = world.suite.ask().account_of(&address, coin.word())?;
    if after.set_aside != before.set_aside.min(after.amount) && !called_back {
        let what = format!("taking out of {before:?} made it {after:?}");
        return Err(Failure::new("set-aside", what));
    }
    Ok(())
}

/// What is set aside is at most what there is, and replaces what was set aside before.
pub fn aside(world: &mut World, who: Who, coin: Coin, much: Much) -> Result<(), Failure> {
    let address = world.who(who);
    let before = world.suite.ask().account_of(&address, coin.word())?;
    let amount = world.much(much, coin, before.amount.u128());
    let msg = vault::ExecuteMsg::SetAside {
        asset: id(coin.word()),
        amount: amount.into(),
    };
    let vault = world.peer(Peer::Vault);
    let told = world.execute(&address, &vault, &msg, &[])?;
    let after = world.suite.ask().account_of(&address, coin.word())?;
    let may = amount <= before.amount.u128();
    let set_aside = if may { amount.into() } else { before.set_aside };
    if told.is_ok() != may || (after.amount, after.set_aside) != (before.amount, set_aside) {
        let what = format!("{amount} of {before:?} were set aside, that made it {after:?}");
        return Err(Failure::new("set-aside", what));
    }
    Ok(())
}
