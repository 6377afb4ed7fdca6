//! Coins that a call moves: what the bank charges for them hangs on how many digits the balances have.

use anyhow::Result;
use cosmwasm_std::{Api, Coin, QuerierWrapper};

use crate::gas::{self, Kv, Purse};

/// The bank as a contract's call sees it.
pub struct Bank<'a> {
    pub querier: &'a QuerierWrapper<'a>,
    pub api: &'a dyn Api,
}

/// Did the embedded chain move the coins already?
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum When {
    Done,
    ToCome,
}

impl Bank<'_> {
    /// A message goes by the router, which asks the circuit breaker first.
    pub const MESSAGE: u64 = Kv::HAS;

    /// What it costs to move coins.
    pub fn transfer(&self, from: &str, to: &str, coins: &[Coin], when: When) -> Result<u64> {
        let mut moves = vec![];
        for coin in coins {
            let amount = coin.amount.u128();
            let (sent, got) = (self.balance(from, coin)?, self.balance(to, coin)?);
            let ((from_before, from_after), (to_before, to_after)) = match when {
                When::Done => ((sent + amount, sent), (got.saturating_sub(amount), got)),
                When::ToCome => ((sent, sent.saturating_sub(amount)), (got, got + amount)),
            };
            let purse = |address: &str, before, after| -> Result<Purse> {
                Ok(Purse {
                    address: self.api.addr_canonicalize(address)?.len(),
                    before,
                    after,
                })
            };
            moves.push((
                coin.denom.len(),
                purse(from, from_before, from_after)?,
                purse(to, to_before, to_after)?,
            ));
        }
        Ok(gas::transfer(&moves))
    }

    fn balance(&self, of: &str, coin: &Coin) -> Result<u128> {
        Ok(self.querier.query_balance(of, &coin.denom)?.amount.u128())
    }
}
