//! What it costs to move coins: `SendCoins` of `x/bank`, between accounts that exist.

use super::store::Kv;

/// A balance before or after.
#[derive(Clone, Copy, Debug)]
pub struct Purse {
    /// Bytes of the address: 20 of a person, 32 of a contract.
    pub address: usize,
    /// What was there.
    pub before: u128,
    /// What is there then.
    pub after: u128,
}

/// `BaseAccount` as it is stored. A person has a key, and has signed before.
pub fn account_bytes(address: usize) -> usize {
    let (text, key) = match address {
        20 => (43, 72),
        _ => (63, 0),
    };
    // Its type, then address, key, number and, of a person, sequence.
    let inner = 2 + text + key + 2 + if key > 0 { 2 } else { 0 };
    34 + 2 + inner + usize::from(inner > 127)
}

/// A balance is stored as its digits, under denom and address, and listed under denom and address the other way round.
fn balance(denom: usize, purse: Purse) -> u64 {
    let digits = |amount: u128| match amount {
        0 => 0,
        some => some.to_string().len(),
    };
    let key = 2 + purse.address + denom;
    let read = Kv::get(key, digits(purse.before));
    let written = match purse.after {
        0 => 2 * Kv::DELETE,
        after => Kv::set(key + 1, 0) + Kv::set(key, digits(after)),
    };
    read + written
}

/// Coins from one account to another, as (length of the denom, from, to): may the denom be sent, is anything locked, both
/// balances, is there an account.
pub fn transfer(coins: &[(usize, Purse, Purse)]) -> u64 {
    let Some((_, payer, _)) = coins.first() else {
        return 0;
    };
    let locked = Kv::get(1 + payer.address, account_bytes(payer.address));
    let once = Kv::get(1, 2) + locked + Kv::HAS;
    let each =
        |(denom, from, to): &(usize, Purse, Purse)| Kv::HAS + balance(*denom, *from) + balance(*denom, *to);
    once + coins.iter().map(each).sum::<u64>()
}
