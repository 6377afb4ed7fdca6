//! Coins that a call moves: what the bank charges for them hangs on how many digits the balances have.

use std::collections::BTreeMap;

use anyhow::Result;
use cosmwasm_std::{Api, BankMsg, Coin, CosmosMsg, QuerierWrapper, SubMsg, WasmMsg};

use crate::gas::{self, Kv, Purse};

/// The bank as a contract's call sees it.
pub struct Bank<'a> {
    pub querier: &'a QuerierWrapper<'a>,
    pub api: &'a dyn Api,
}

impl Bank<'_> {
    /// A message goes by the router, which asks the circuit breaker first.
    const MESSAGE: u64 = Kv::HAS;

    /// What it costs that these coins came with a call. The embedded chain has moved them already.
    pub fn attached(&self, from: &str, to: &str, coins: &[Coin]) -> Result<u64> {
        let mut moves = vec![];
        for coin in coins {
            let amount = coin.amount.u128();
            let (sent, got) = (self.balance(from, coin)?, self.balance(to, coin)?);
            moves.push((
                coin.denom.len(),
                self.purse(from, sent + amount, sent)?,
                self.purse(to, got.saturating_sub(amount), got)?,
            ));
        }
        Ok(gas::transfer(&moves))
    }

    /// What the payments among a contract's messages will cost; what it attaches to others is gone by then.
    pub fn payments(&self, contract: &str, messages: &[SubMsg]) -> Result<u64> {
        let mut gone: BTreeMap<&str, u128> = BTreeMap::new();
        let mut gas = 0;
        for message in messages {
            let coins = match &message.msg {
                CosmosMsg::Bank(BankMsg::Send { to_address, amount }) => {
                    gas += Self::MESSAGE + self.payment(contract, to_address, amount, &gone)?;
                    amount
                }
                CosmosMsg::Wasm(WasmMsg::Execute { funds, .. }) => funds,
                _ => continue,
            };
            for coin in coins {
                *gone.entry(coin.denom.as_str()).or_default() += coin.amount.u128();
            }
        }
        Ok(gas)
    }

    fn payment(&self, from: &str, to: &str, coins: &[Coin], gone: &BTreeMap<&str, u128>) -> Result<u64> {
        let mut moves = vec![];
        for coin in coins {
            let amount = coin.amount.u128();
            let gone = gone.get(coin.denom.as_str()).copied().unwrap_or_default();
            let (has, got) = (
                self.balance(from, coin)?.saturating_sub(gone),
                self.balance(to, coin)?,
            );
            moves.push((
                coin.denom.len(),
                self.purse(from, has, has.saturating_sub(amount))?,
                self.purse(to, got, got + amount)?,
            ));
        }
        Ok(gas::transfer(&moves))
    }

    fn purse(&self, address: &str, before: u128, after: u128) -> Result<Purse> {
        Ok(Purse {
            address: self.api.addr_canonicalize(address)?.len(),
            before,
            after,
        })
    }

    fn balance(&self, of: &str, coin: &Coin) -> Result<u128> {
        Ok(self.querier.query_balance(of, &coin.denom)?.amount.u128())
    }
}
