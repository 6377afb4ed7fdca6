//! What a transaction costs before its message runs: the ante handlers of wasmd, for one signer and no fee.

use cosmwasm_std::{CosmosMsg, WasmMsg};

use super::bank::account_bytes;
use super::store::Kv;

/// Address of a person.
const PERSON: usize = 20;
/// `Params` of `x/auth` as they are stored.
const AUTH_PARAMS: usize = 13;

/// A transaction with one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tx {
    /// Bytes of it as it is signed and sent.
    pub bytes: usize,
}

impl Tx {
    /// With this message: `MsgExecuteContract`.
    pub fn of(msg: &CosmosMsg) -> Self {
        let (msg, funds) = match msg {
            CosmosMsg::Wasm(WasmMsg::Execute { msg, funds, .. }) => (msg.len(), funds.as_slice()),
            _ => (0, [].as_slice()),
        };
        let coins: usize = funds
            .iter()
            .map(|coin| field(field(coin.denom.len()) + field(coin.amount.to_string().len())))
            .sum();
        // Sender, contract, message, coins; its type; memo, timeout and the rest of the body are empty.
        let message = field(43) + field(63) + field(msg) + coins;
        let any = field("/cosmwasm.wasm.v1.MsgExecuteContract".len()) + field(message);
        let body = field(any);
        // Key, sign mode and sequence; gas limit, no fee.
        let signer =
            field(field("/cosmos.crypto.secp256k1.PubKey".len()) + field(field(33))) + field(field(2)) + 3;
        let auth = field(signer) + field(4);
        Tx {
            bytes: field(body) + field(auth) + field(64),
        }
    }

    /// What it costs.
    pub fn gas(self) -> u64 {
        let account = Kv::get(1 + PERSON, account_bytes(PERSON));
        let params = Kv::get(1, AUTH_PARAMS);
        // The count of transactions in a block.
        let counted = Kv::get(1, 12) + Kv::set(1, 12);
        // Ten a byte.
        let size = params + 10 * self.bytes as u64;
        // The payer; the key; count, price and check of signatures.
        let checked = account + account + params + (params + account + 1_000) + account;
        // The sequence: the account read and written, and its number listed anew.
        let number = 13 + 8;
        let sequence = account
            + (account + Kv::DELETE + Kv::HAS + Kv::set(number, PERSON))
            + Kv::set(1 + PERSON, account_bytes(PERSON));
        // The circuit breaker.
        let allowed = Kv::HAS;
        counted + allowed + size + checked + sequence
    }
}

/// Bytes of a field of protobuf that has a length: tag, length, itself.
fn field(bytes: usize) -> usize {
    1 + if bytes > 127 { 2 } else { 1 } + bytes
}
