//! What the VM sees of the chain: storage, queries and addresses of the call that runs.
//!
//! The VM wants a backend that it may keep as long as it likes; a call has references that end with it. So the backend
//! holds pointers, made by [`Backing::lend`] for the length of one call. This is the only unsafe code of the crate.
#![allow(unsafe_code)]

use std::cell::RefCell;
use std::rc::Rc;

use cosmwasm_std::{
    from_json, to_json_vec, Api, CanonicalAddr, ContractResult, Empty, Order, Querier, QuerierResult,
    QueryRequest, Record, Storage, SystemResult, WasmQuery,
};
use cosmwasm_vm::{BackendApi, BackendError, BackendResult, GasInfo};

use crate::gas::{Access, Gas, Kv, Part, Touch, VM_GAS};

/// Prefix of a contract's keys in the chain's store.
const PREFIX: usize = 33;
/// Gas of the VM for making an address readable, for reading one, for both.
const HUMANIZE: u64 = 5 * VM_GAS;
const CANONICALIZE: u64 = 4 * VM_GAS;

/// The VM's backend of one call.
pub type Backend = cosmwasm_vm::Backend<Addresses, Keys, Queries>;
/// An instance of a contract, for one call.
pub type Instance = cosmwasm_vm::Instance<Addresses, Keys, Queries>;

/// Queries of a call and what was answered, in order.
pub type Asked = Rc<RefCell<Vec<(Vec<u8>, QuerierResult)>>>;

/// What a call has.
pub struct Backing<'a> {
    /// Its storage.
    pub storage: &'a mut dyn Storage,
    /// The chain.
    pub querier: &'a dyn Querier,
    /// Addresses.
    pub api: &'a dyn Api,
    /// The meter.
    pub gas: &'a Gas,
    /// Where queries are written down.
    pub asked: &'a Asked,
}

impl Backing<'_> {
    /// Runs something that has a backend for as long as it takes.
    pub fn lend<T>(self, does: impl FnOnce(Backend) -> T) -> T {
        // SAFETY: only the lifetimes are changed. The backend goes to an instance that `does` makes and drops: nothing of
        // this crate keeps one, and the VM moves it into the instance. So no pointer is used after this function, for
        // which all references are borrowed; and the VM runs on this thread alone.
        let (storage, querier, api) = unsafe {
            (
                std::mem::transmute::<&mut dyn Storage, &'static mut dyn Storage>(self.storage),
                std::mem::transmute::<&dyn Querier, &'static dyn Querier>(self.querier),
                std::mem::transmute::<&dyn Api, &'static dyn Api>(self.api),
            )
        };
        does(Backend {
            api: Addresses(api),
            storage: Keys {
                storage,
                gas: self.gas.clone(),
                ranges: vec![],
            },
            querier: Queries {
                querier,
                gas: self.gas.clone(),
                asked: self.asked.clone(),
            },
        })
    }
}

/// Addresses as the chain writes them.
#[derive(Clone, Copy)]
pub struct Addresses(&'static dyn Api);

// SAFETY: the VM asks for `Send` because wasmd calls it from many threads; here an instance stays on its thread.
unsafe impl Send for Addresses {}

fn costs<T>(result: cosmwasm_std::StdResult<T>, vm: u64) -> BackendResult<T> {
    let result = result.map_err(|e| BackendError::user_err(e.to_string()));
    (result, GasInfo::with_cost(vm))
}

impl BackendApi for Addresses {
    fn addr_validate(&self, input: &str) -> BackendResult<()> {
        costs(self.0.addr_validate(input).map(drop), HUMANIZE + CANONICALIZE)
    }

    fn addr_canonicalize(&self, human: &str) -> BackendResult<Vec<u8>> {
        costs(
            self.0.addr_canonicalize(human).map(|bytes| bytes.to_vec()),
            CANONICALIZE,
        )
    }

    fn addr_humanize(&self, canonical: &[u8]) -> BackendResult<String> {
        let human = self.0.addr_humanize(&CanonicalAddr::from(canonical));
        costs(human.map(String::from), HUMANIZE)
    }
}

/// A contract's storage, metered as the chain's store is.
pub struct Keys {
    storage: &'static mut dyn Storage,
    gas: Gas,
    ranges: Vec<Range>,
}

/// What of a range is still to come.
struct Range {
    start: Option<Vec<u8>>,
    end: Option<Vec<u8>>,
    order: Order,
}

impl Range {
    fn first(&self, storage: &dyn Storage) -> Option<Record> {
        storage
            .range(self.start.as_deref(), self.end.as_deref(), self.order)
            .next()
    }

    fn pass(&mut self, key: &[u8]) {
        match self.order {
            Order::Ascending => self.start = Some([key, &[0]].concat()),
            Order::Descending => self.end = Some(key.to_vec()),
        }
    }
}

/// The store has charged this already; the VM only takes it off what is left.
fn charged<T>(gas: &Gas, part: Part, access: Access, value: T) -> BackendResult<T> {
    let info = GasInfo::with_externally_used(access.gas * VM_GAS);
    match gas.touch(part, access) {
        Ok(()) => (Ok(value), info),
        Err(_) => (Err(BackendError::out_of_gas()), info),
    }
}

impl cosmwasm_vm::Storage for Keys {
    fn get(&self, key: &[u8]) -> BackendResult<Option<Vec<u8>>> {
        let value = self.storage.get(key);
        charged(
            &self.gas,
            Part::Reads,
            read(Touch::Read, key, value.as_deref()),
            value,
        )
    }

    fn scan(
        &mut self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: cosmwasm_std_vm::Order,
    ) -> BackendResult<u32> {
        let range = Range {
            start: start.map(<[u8]>::to_vec),
            end: end.map(<[u8]>::to_vec),
            order: match order {
                cosmwasm_std_vm::Order::Ascending => Order::Ascending,
                cosmwasm_std_vm::Order::Descending => Order::Descending,
            },
        };
        let first = range.first(self.storage);
        let id = self.ranges.len() as u32;
        self.ranges.push(range);
        charged(&self.gas, Part::Reads, step(first.as_ref()), id)
    }

    fn next(&mut self, id: u32) -> BackendResult<Option<cosmwasm_std_vm::Record>> {
        let Some(range) = self.ranges.get_mut(id as usize) else {
            return (Err(BackendError::iterator_does_not_exist(id)), GasInfo::free());
        };
        let Some(entry) = range.first(self.storage) else {
            return (Ok(None), GasInfo::free());
        };
        range.pass(&entry.0);
        charged(&self.gas, Part::Reads, step(Some(&entry)), Some(entry))
    }

    fn set(&mut self, key: &[u8], value: &[u8]) -> BackendResult<()> {
        self.storage.set(key, value);
        let access = Access {
            touch: Touch::Write,
            key: key.to_vec(),
            value: value.len(),
            gas: Kv::set(PREFIX + key.len(), value.len()),
        };
        charged(&self.gas, Part::Writes, access, ())
    }

    fn remove(&mut self, key: &[u8]) -> BackendResult<()> {
        self.storage.remove(key);
        let access = Access {
            touch: Touch::Remove,
            key: key.to_vec(),
            value: 0,
            gas: Kv::DELETE,
        };
        charged(&self.gas, Part::Writes, access, ())
    }
}

fn read(touch: Touch, key: &[u8], value: Option<&[u8]>) -> Access {
    let value = value.map_or(0, <[u8]>::len);
    Access {
        touch,
        key: key.to_vec(),
        value,
        gas: Kv::get(PREFIX + key.len(), value),
    }
}

fn step(entry: Option<&Record>) -> Access {
    Access {
        touch: Touch::Step,
        key: entry.map_or(vec![], |(key, _)| key.clone()),
        value: entry.map_or(0, |(_, value)| value.len()),
        gas: Kv::step(entry.map(|(key, value)| (PREFIX + key.len(), value.len()))),
    }
}

/// What a contract asks the chain.
pub struct Queries {
    querier: &'static dyn Querier,
    gas: Gas,
    asked: Asked,
}

impl cosmwasm_vm::Querier for Queries {
    fn query_raw(
        &self,
        request: &[u8],
        _limit: u64,
    ) -> BackendResult<cosmwasm_std_vm::SystemResult<cosmwasm_std_vm::ContractResult<cosmwasm_std_vm::Binary>>>
    {
        let before = self.gas.used().total();
        let parsed = from_json::<QueryRequest<Empty>>(request);
        let mut answer = self.querier.raw_query(request);
        let mut left = Ok(());
        match parsed {
            Ok(QueryRequest::Wasm(WasmQuery::Raw { key, .. })) => {
                let value = match &answer {
                    SystemResult::Ok(ContractResult::Ok(value)) => Some(value.as_slice()),
                    _ => None,
                };
                left = self.gas.touch(Part::Reads, read(Touch::Raw, &key, value));
            }
            // So the chain passes on why a contract refused to answer.
            Ok(QueryRequest::Wasm(WasmQuery::Smart { .. })) => {
                if let SystemResult::Ok(ContractResult::Err(cause)) = &mut answer {
                    cause.push_str(": query wasm contract failed");
                }
            }
            _ => {}
        }
        self.asked.borrow_mut().push((request.to_vec(), answer.clone()));
        let used = self.gas.used().total().saturating_sub(before);
        let info = GasInfo::with_externally_used(used.saturating_mul(VM_GAS));
        if left.is_err() || self.gas.left() == 0 {
            return (Err(BackendError::out_of_gas()), info);
        }
        // The VM has types of its own for the same words.
        let same = to_json_vec(&answer).map_err(|e| e.to_string());
        let same = same.and_then(|bytes| cosmwasm_std_vm::from_json(bytes).map_err(|e| e.to_string()));
        (same.map_err(BackendError::unknown), info)
    }
}
