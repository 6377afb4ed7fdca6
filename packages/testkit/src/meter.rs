//! Counts what contracts read and write: each `get`, each step of a range and each raw query is a read, each `set` and
//! `remove` a write. On a chain each of them costs gas whatever else the code does, and they are what could grow with
//! the state of others.

use std::cell::Cell;
use std::fmt::{Display, Formatter};
use std::ops::Sub;
use std::rc::Rc;

use anyhow::Result;
use cosmwasm_std::{
    from_json, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Order, Querier, QuerierResult, QuerierWrapper,
    QueryRequest, Record, Reply, Response, Storage, WasmQuery,
};
use cw_multi_test::Contract;

use crate::code::{Code, CodeSource, NativeCode};

/// What was read and written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counts {
    /// Values read: by key, by a step of a range, by a raw query.
    pub reads: u64,
    /// Values written or removed.
    pub writes: u64,
    /// Bytes of the values read.
    pub bytes_read: u64,
    /// Bytes of the values written.
    pub bytes_written: u64,
}

impl Display for Counts {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let Counts {
            reads,
            writes,
            bytes_read,
            bytes_written,
        } = self;
        write!(
            f,
            "{reads} reads ({bytes_read} bytes), {writes} writes ({bytes_written} bytes)"
        )
    }
}

impl Sub for Counts {
    type Output = Counts;

    fn sub(self, before: Counts) -> Counts {
        Counts {
            reads: self.reads - before.reads,
            writes: self.writes - before.writes,
            bytes_read: self.bytes_read - before.bytes_read,
            bytes_written: self.bytes_written - before.bytes_written,
        }
    }
}

/// The contracts as they are linked into this program, metered: `Suite::builder().code(meter.clone())`.
#[derive(Clone, Debug, Default)]
pub struct Meter(Rc<Cell<Counts>>);

impl Meter {
    /// What was counted so far, also in what was refused.
    pub fn counts(&self) -> Counts {
        self.0.get()
    }

    /// What something costs.
    pub fn of<T>(&self, does: impl FnOnce() -> T) -> (T, Counts) {
        let before = self.counts();
        let done = does();
        (done, self.counts() - before)
    }

    fn read(&self, value: Option<&[u8]>) {
        let mut counts = self.0.get();
        counts.reads += 1;
        counts.bytes_read += value.map_or(0, |value| value.len() as u64);
        self.0.set(counts);
    }

    fn wrote(&self, bytes: usize) {
        let mut counts = self.0.get();
        counts.writes += 1;
        counts.bytes_written += bytes as u64;
        self.0.set(counts);
    }

    fn code(&self, inner: Code) -> Code {
        let meter = self.clone();
        Box::new(Metered { inner, meter })
    }
}

impl CodeSource for Meter {
    fn vault(&self) -> Code {
        self.code(NativeCode.vault())
    }

    fn position_manager(&self) -> Code {
        self.code(NativeCode.position_manager())
    }

    fn oracle_adapter(&self) -> Code {
        self.code(NativeCode.oracle_adapter())
    }

    fn liquidation_auction(&self) -> Code {
        self.code(NativeCode.liquidation_auction())
    }

    fn insurance_fund(&self) -> Code {
        self.code(NativeCode.insurance_fund())
    }
}

/// A contract that sees its storage and the chain through a meter.
struct Metered {
    inner: Code,
    meter: Meter,
}

/// A contract's storage, metered.
struct Store<'a> {
    inner: &'a mut dyn Storage,
    meter: &'a Meter,
}

/// The same for a query, which writes nothing.
struct View<'a> {
    inner: &'a dyn Storage,
    meter: &'a Meter,
}

/// What a contract may ask the chain, metered.
struct Asked<'a> {
    inner: &'a dyn Querier,
    meter: &'a Meter,
}

fn range<'a>(
    storage: &'a dyn Storage,
    meter: &'a Meter,
    (start, end): (Option<&[u8]>, Option<&[u8]>),
    order: Order,
) -> Box<dyn Iterator<Item = Record> + 'a> {
    let rows = storage.range(start, end, order);
    Box::new(rows.inspect(|(_, value)| meter.read(Some(value))))
}

impl Storage for Store<'_> {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let value = self.inner.get(key);
        self.meter.read(value.as_deref());
        value
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        range(self.inner, self.meter, (start, end), order)
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.meter.wrote(value.len());
        self.inner.set(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        self.meter.wrote(0);
        self.inner.remove(key);
    }
}

impl Storage for View<'_> {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let value = self.inner.get(key);
        self.meter.read(value.as_deref());
        value
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        range(self.inner, self.meter, (start, end), order)
    }

    fn set(&mut self, _key: &[u8], _value: &[u8]) {
        unreachable!("a query has no storage to write to");
    }

    fn remove(&mut self, _key: &[u8]) {
        unreachable!("a query has no storage to write to");
    }
}

impl Querier for Asked<'_> {
    fn raw_query(&self, request: &[u8]) -> QuerierResult {
        let answer = self.inner.raw_query(request);
        // A smart query is counted where it is answered.
        if let Ok(QueryRequest::<Empty>::Wasm(WasmQuery::Raw { .. })) = from_json(request) {
            let value = match &answer {
                cosmwasm_std::SystemResult::Ok(cosmwasm_std::ContractResult::Ok(value)) => {
                    Some(value.as_slice())
                }
                _ => None,
            };
            self.meter.read(value);
        }
        answer
    }
}

/// Runs `$call` with storage and querier of `$deps` behind the meter.
macro_rules! metered {
    ($self:ident, $deps:ident, |$inner:ident| $call:expr) => {{
        let asked = Asked {
            inner: &*$deps.querier,
            meter: &$self.meter,
        };
        let mut storage = Store {
            inner: $deps.storage,
            meter: &$self.meter,
        };
        let $inner = DepsMut {
            storage: &mut storage,
            api: $deps.api,
            querier: QuerierWrapper::new(&asked),
        };
        $call
    }};
}

impl Contract<Empty> for Metered {
    fn instantiate(&self, deps: DepsMut, env: Env, info: MessageInfo, msg: Vec<u8>) -> Result<Response> {
        metered!(self, deps, |deps| self.inner.instantiate(deps, env, info, msg))
    }

    fn execute(&self, deps: DepsMut, env: Env, info: MessageInfo, msg: Vec<u8>) -> Result<Response> {
        metered!(self, deps, |deps| self.inner.execute(deps, env, info, msg))
    }

    fn query(&self, deps: Deps, env: Env, msg: Vec<u8>) -> Result<Binary> {
        let asked = Asked {
            inner: &*deps.querier,
            meter: &self.meter,
        };
        let storage = View {
            inner: deps.storage,
            meter: &self.meter,
        };
        let deps = Deps {
            storage: &storage,
            api: deps.api,
            querier: QuerierWrapper::new(&asked),
        };
        self.inner.query(deps, env, msg)
    }

    fn reply(&self, deps: DepsMut, env: Env, msg: Reply) -> Result<Response> {
        metered!(self, deps, |deps| self.inner.reply(deps, env, msg))
    }

    fn sudo(&self, deps: DepsMut, env: Env, msg: Vec<u8>) -> Result<Response> {
        metered!(self, deps, |deps| self.inner.sudo(deps, env, msg))
    }

    fn migrate(&self, deps: DepsMut, env: Env, msg: Vec<u8>) -> Result<Response> {
        metered!(self, deps, |deps| self.inner.migrate(deps, env, msg))
    }
}
