//! The compiled contracts behind the testkit's seam.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};

use cosmwasm_std::Coin;
use glidepath_testkit::{Code, CodeSource, NativeCode};

use crate::artifacts;
use crate::contract::Compiled;
use crate::gas::Gas;
use crate::machine::{self, Checksum};

/// The compiled contracts, with a meter.
#[derive(Clone, Debug, Default)]
pub struct Bytecode {
    gas: Gas,
    mode: Rc<Cell<Mode>>,
    heard: Rc<RefCell<Vec<Heard>>>,
}

/// A message as a contract got it.
#[derive(Clone, Debug)]
pub struct Heard {
    /// When, in unix seconds.
    pub at: u64,
    /// Which code.
    pub code: &'static str,
    /// Who sent it.
    pub sender: String,
    /// Which contract got it.
    pub contract: String,
    /// Does it make the contract?
    pub instantiates: bool,
    /// The message.
    pub msg: Vec<u8>,
    /// With these coins.
    pub funds: Vec<Coin>,
}

/// What a call runs on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Bytecode, and native code beside it, which must do exactly the same.
    #[default]
    Both,
    /// Bytecode.
    Bytecode,
    /// Native code, unmetered: to get somewhere fast. What is stored is the same.
    Native,
}

impl Bytecode {
    /// The messages that contracts got so far, those from other contracts among them.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.borrow().clone()
    }

    /// From now on, calls run on this.
    pub fn run(&self, mode: Mode) {
        self.mode.set(mode);
    }

    /// The meter.
    pub fn gas(&self) -> &Gas {
        &self.gas
    }

    /// Any compiled contract, by the name of its file.
    ///
    /// # Panics
    /// Where it was not built, or is none that a chain takes.
    pub fn load(&self, name: &'static str, twin: Code) -> Code {
        Box::new(Compiled {
            name,
            code: stored(name),
            gas: self.gas.clone(),
            twin,
            mode: self.mode.clone(),
            heard: self.heard.clone(),
        })
    }
}

/// The code of a file, compiled once in a process.
fn stored(name: &'static str) -> Checksum {
    static STORED: Mutex<BTreeMap<&'static str, Checksum>> = Mutex::new(BTreeMap::new());
    let mut stored = STORED.lock().unwrap_or_else(PoisonError::into_inner);
    *stored.entry(name).or_insert_with(|| {
        artifacts::read(name)
            .and_then(|wasm| machine::store(&wasm))
            .unwrap_or_else(|e| panic!("{e:#}"))
    })
}

impl CodeSource for Bytecode {
    fn vault(&self) -> Code {
        self.load("glidepath_vault", NativeCode.vault())
    }

    fn position_manager(&self) -> Code {
        self.load("glidepath_position_manager", NativeCode.position_manager())
    }

    fn oracle_adapter(&self) -> Code {
        self.load("glidepath_oracle_adapter", NativeCode.oracle_adapter())
    }

    fn liquidation_auction(&self) -> Code {
        self.load("glidepath_liquidation_auction", NativeCode.liquidation_auction())
    }

    fn insurance_fund(&self) -> Code {
        self.load("glidepath_insurance_fund", NativeCode.insurance_fund())
    }
}
