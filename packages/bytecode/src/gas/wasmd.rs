//! What `x/wasm` charges for a call: `keeper.go` and `gas_register.go` of wasmd v0.61.14.

use cosmwasm_std::{Attribute, Event};

use super::store::Kv;

/// Gas of the VM for one of the chain (`DefaultGasMultiplier`).
pub const VM_GAS: u64 = 140_000;

/// The first load of a code in a transaction (`DefaultInstanceCost`).
const LOAD: u64 = 60_000;
/// A further one, or of a pinned code (`DefaultInstanceCostDiscount`).
const LOAD_AGAIN: u64 = 2_000;
/// For each byte of what a contract answers (`DefaultDeserializationCostPerByte`).
const ANSWER_BYTE: u64 = 1;

/// Prefix of a contract's keys: a byte and its address.
pub(crate) const PREFIX: usize = 33;
/// `ContractInfo` as it is stored: creator and admin of 43 characters, a label of 27, the port `wasm2…`.
const CONTRACT_INFO: usize = 2 + 45 + 45 + 29 + 7 + 70;
/// `CodeInfo` as it is stored: checksum, creator, permission.
const CODE_INFO: usize = 34 + 45 + 4;

/// The entry points of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Entry {
    Instantiate,
    Execute,
    Query,
    Migrate,
}

/// Finding a contract and its code, asking whether it is pinned, loading it. A message goes by the router, which asks
/// the circuit breaker first.
pub(crate) fn load(entry: Entry, discount: bool) -> u64 {
    let routed = match entry {
        Entry::Query => 0,
        _ => Kv::HAS,
    };
    let found = Kv::get(PREFIX, CONTRACT_INFO) + Kv::get(9, CODE_INFO) + Kv::HAS;
    routed + found + if discount { LOAD_AGAIN } else { LOAD }
}

/// What the VM used, and reading what it answered. Rounded as a whole, as the keeper does.
pub(crate) fn compute(vm: u64, answer: usize) -> u64 {
    vm / VM_GAS + ANSWER_BYTE * answer as u64
}

/// What events cost (`EventCosts`).
pub struct Events;

impl Events {
    const EVENT: u64 = 20;
    const ATTRIBUTE: u64 = 10;
    /// Bytes of attributes that cost nothing, in an answer.
    const FREE: u64 = 100;

    /// Of one answer.
    pub fn cost(attributes: &[Attribute], events: &[Event]) -> u64 {
        let mut free = Self::FREE;
        let mut gas = Self::attributes(attributes, &mut free);
        for event in events {
            gas += Self::EVENT + event.ty.len() as u64 + Self::attributes(&event.attributes, &mut free);
        }
        gas
    }

    fn attributes(attributes: &[Attribute], free: &mut u64) -> u64 {
        let bytes: usize = attributes.iter().map(|one| one.key.len() + one.value.len()).sum();
        let paid = (bytes as u64).saturating_sub(*free);
        *free = free.saturating_sub(bytes as u64);
        paid + Self::ATTRIBUTE * attributes.len() as u64
    }
}
