//! The meter that all calls of a transaction share.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::{Display, Formatter};
use std::ops::{Add, AddAssign, Index, IndexMut};
use std::rc::Rc;

use super::wasmd::{self, Entry};

/// What gas is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The transaction itself: its size, its signature, the sender's account.
    Transaction,
    /// Finding and loading a contract.
    Loads,
    /// Coins that the bank moves.
    Coins,
    /// Reading the state of contracts.
    Reads,
    /// Writing it.
    Writes,
    /// Events.
    Events,
    /// What the VM does, and reading what it answers.
    Compute,
}

/// All of them, as tables show them.
pub const PARTS: [Part; 7] = [
    Part::Transaction,
    Part::Loads,
    Part::Coins,
    Part::Reads,
    Part::Writes,
    Part::Events,
    Part::Compute,
];

/// Gas by part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts([u64; PARTS.len()]);

impl Parts {
    /// All of it.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }
}

impl Index<Part> for Parts {
    type Output = u64;

    fn index(&self, part: Part) -> &u64 {
        &self.0[part as usize]
    }
}

impl IndexMut<Part> for Parts {
    fn index_mut(&mut self, part: Part) -> &mut u64 {
        &mut self.0[part as usize]
    }
}

impl Add for Parts {
    type Output = Parts;

    fn add(mut self, other: Parts) -> Parts {
        self += other;
        self
    }
}

impl AddAssign for Parts {
    fn add_assign(&mut self, other: Parts) {
        for part in PARTS {
            self[part] += other[part];
        }
    }
}

/// How a key was touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// Read by the contract whose it is.
    Read,
    /// Read by another, by a raw query.
    Raw,
    /// A step of a range.
    Step,
    /// Written.
    Write,
    /// Removed.
    Remove,
}

/// A key that a call touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// How.
    pub touch: Touch,
    /// The contract's own key, without the chain's prefix of 33 bytes.
    pub key: Vec<u8>,
    /// Bytes of the value.
    pub value: usize,
    /// What it cost.
    pub gas: u64,
}

/// A call of a contract within a transaction, without the calls that it makes.
#[derive(Clone, Debug)]
pub struct Call {
    /// Which contract.
    pub code: &'static str,
    /// Which entry point.
    pub entry: Entry,
    /// The message.
    pub msg: String,
    /// What it cost.
    pub parts: Parts,
    /// The keys that it touched, in order.
    pub touched: Vec<Access>,
    /// Gas of the VM, 140,000 for one of the chain.
    pub vm: u64,
    /// Bytes of what it answered.
    pub answer: usize,
}

/// There is no gas left; the transaction is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfGas {
    /// What the transaction had.
    pub limit: u64,
}

impl Display for OutOfGas {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "out of gas: the limit is {}", self.limit)
    }
}

impl std::error::Error for OutOfGas {}

/// How much a transaction may use.
pub type Limit = u64;

#[derive(Debug, Default)]
struct Inner {
    /// Else each outermost call is a transaction of its own.
    begun: bool,
    pinned: bool,
    limit: Limit,
    parts: Parts,
    loaded: BTreeSet<&'static str>,
    calls: Vec<Call>,
    /// Which of `calls` are running, the innermost last.
    running: Vec<usize>,
}

/// Gas of the transaction that runs. Until one is begun, each outermost call is one of its own, with ample gas.
#[derive(Clone, Debug)]
pub struct Gas(Rc<RefCell<Inner>>);

impl Default for Gas {
    fn default() -> Self {
        Gas(Rc::new(RefCell::new(Inner {
            limit: Gas::AMPLE,
            ..Inner::default()
        })))
    }
}

impl Gas {
    /// More than any block has.
    pub const AMPLE: Limit = 1_000_000_000;

    /// A transaction of this limit begins, on a chain that has pinned the codes or not.
    pub fn begin(&self, limit: Limit, pinned: bool) {
        *self.0.borrow_mut() = Inner {
            begun: true,
            pinned,
            limit,
            ..Inner::default()
        };
    }

    /// What was used so far.
    pub fn used(&self) -> Parts {
        self.0.borrow().parts
    }

    /// The calls so far, in the order in which they began.
    pub fn calls(&self) -> Vec<Call> {
        self.0.borrow().calls.clone()
    }

    /// What is left, in gas of the VM.
    pub fn left(&self) -> u64 {
        let inner = self.0.borrow();
        inner.limit.saturating_sub(inner.parts.total()) * wasmd::VM_GAS
    }

    /// Charges the call that runs, or the transaction where none does.
    pub fn charge(&self, part: Part, gas: u64) -> Result<(), OutOfGas> {
        let mut inner = self.0.borrow_mut();
        inner.parts[part] += gas;
        if let Some(&call) = inner.running.last() {
            inner.calls[call].parts[part] += gas;
        }
        match inner.parts.total() > inner.limit {
            true => Err(OutOfGas { limit: inner.limit }),
            false => Ok(()),
        }
    }

    /// Charges for a key.
    pub fn touch(&self, part: Part, access: Access) -> Result<(), OutOfGas> {
        let gas = access.gas;
        {
            let mut inner = self.0.borrow_mut();
            if let Some(&call) = inner.running.last() {
                inner.calls[call].touched.push(access);
            }
        }
        self.charge(part, gas)
    }

    /// A call begins.
    pub fn enter(&self, code: &'static str, entry: Entry, msg: &[u8]) -> Result<(), OutOfGas> {
        let discount = {
            let mut inner = self.0.borrow_mut();
            if !inner.begun && inner.running.is_empty() {
                inner.parts = Parts::default();
                inner.calls.clear();
                inner.loaded.clear();
            }
            let call = inner.calls.len();
            inner.calls.push(Call {
                code,
                entry,
                msg: String::from_utf8_lossy(msg).into_owned(),
                parts: Parts::default(),
                touched: vec![],
                vm: 0,
                answer: 0,
            });
            inner.running.push(call);
            !inner.loaded.insert(code) || inner.pinned
        };
        self.charge(Part::Loads, wasmd::load(entry, discount))
    }

    /// The VM is done; what it used and the bytes that it answered.
    pub fn computed(&self, vm: u64, answer: usize) -> Result<(), OutOfGas> {
        {
            let mut inner = self.0.borrow_mut();
            if let Some(&call) = inner.running.last() {
                inner.calls[call].vm = vm;
                inner.calls[call].answer = answer;
            }
        }
        self.charge(Part::Compute, wasmd::compute(vm, answer))
    }

    /// The call that runs is over.
    pub fn leave(&self) {
        let mut inner = self.0.borrow_mut();
        inner.running.pop();
    }
}
