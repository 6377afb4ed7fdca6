//! A compiled contract as the embedded chain calls it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use anyhow::{anyhow, bail, Context, Result};
use cosmwasm_std::{
    from_json, to_json_vec, Binary, ContractResult, Deps, DepsMut, Empty, Env, MessageInfo, Reply, Response,
};
use cosmwasm_vm::{call_execute_raw, call_instantiate_raw, call_migrate_raw, call_query_raw, VmError};
use cw_multi_test::Contract;
use glidepath_testkit::Code;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::bridge::{Asked, Backing, Instance};
use crate::code::{Heard, Mode};
use crate::coins::Bank;
use crate::gas::{Entry, Events, Gas, Part};
use crate::machine::{self, Checksum};
use crate::overlay::{apply, Overlay, Writes};
use crate::twin;

/// Bytecode in the VM, and the native code that must do the same, if any.
pub struct Compiled {
    /// Its file.
    pub name: &'static str,
    /// Its code in the VM.
    pub code: Checksum,
    /// What is charged.
    pub gas: Gas,
    /// The same contract as it is linked into this program.
    pub twin: Code,
    /// Which of the two runs.
    pub mode: Rc<Cell<Mode>>,
    /// Where messages are written down.
    pub heard: Rc<RefCell<Vec<Heard>>>,
}

/// What a call did: the same on bytecode and on native code.
pub struct Did<T> {
    /// What it answered, or why it refused.
    pub answer: Result<T, String>,
    /// What it wrote.
    pub writes: Writes,
    /// What it asked.
    pub asked: Asked,
}

impl Compiled {
    /// Runs an entry point in the VM, on top of a storage that stays as it is.
    fn run<T: DeserializeOwned>(
        &self,
        deps: Deps,
        call: impl FnOnce(&mut Instance) -> Result<Vec<u8>, VmError>,
    ) -> Result<Did<T>> {
        let asked = Asked::default();
        let mut storage = Overlay::new(deps.storage);
        let backing = Backing {
            storage: &mut storage,
            querier: &*deps.querier,
            api: deps.api,
            gas: &self.gas,
            asked: &asked,
        };
        let (data, used) = backing.lend(|backend| -> Result<_, VmError> {
            let mut instance = machine::instance(&self.code, backend, self.gas.left())?;
            let data = call(&mut instance);
            Ok((data, instance.create_gas_report().used_internally))
        })?;
        self.gas.computed(used, data.as_ref().map_or(0, Vec::len))?;
        let data = data
            .map_err(|e| anyhow!("{e}"))
            .with_context(|| format!("{} in the VM", self.name))?;
        let answer = match from_json::<ContractResult<T>>(&data)? {
            ContractResult::Ok(answer) => Ok(answer),
            ContractResult::Err(cause) => Err(cause),
        };
        Ok(Did {
            answer,
            writes: storage.into_writes(),
            asked,
        })
    }

    /// A message: what it did is charged, compared and, if it was not refused, written.
    fn send(
        &self,
        deps: DepsMut,
        env: &Env,
        info: Option<&MessageInfo>,
        call: impl FnOnce(&mut Instance) -> Result<Vec<u8>, VmError>,
        native: impl FnOnce(DepsMut) -> Result<Response>,
    ) -> Result<Response> {
        let bank = Bank {
            querier: &deps.querier,
            api: deps.api,
        };
        let contract = env.contract.address.as_str();
        if let Some(info) = info.filter(|info| !info.funds.is_empty()) {
            let gas = bank.attached(info.sender.as_str(), contract, &info.funds)?;
            self.gas.charge(Part::Coins, gas)?;
        }
        let did = self.run::<Response>(deps.as_ref(), call)?;
        if self.mode.get() == Mode::Both {
            twin::same_message(self.name, &did, deps.as_ref(), native)?;
        }
        let answer = did.answer.map_err(|cause| anyhow!(cause))?;
        self.gas
            .charge(Part::Events, Events::cost(&answer.attributes, &answer.events))?;
        self.gas
            .charge(Part::Coins, bank.payments(contract, &answer.messages)?)?;
        apply(did.writes, deps.storage);
        Ok(answer)
    }

    fn hear(&self, env: &Env, info: &MessageInfo, instantiates: bool, msg: &[u8]) {
        self.heard.borrow_mut().push(Heard {
            at: env.block.time.seconds(),
            code: self.name,
            sender: info.sender.to_string(),
            contract: env.contract.address.to_string(),
            instantiates,
            msg: msg.to_vec(),
            funds: info.funds.clone(),
        });
    }

    /// A call, from its beginning to its end.
    fn metered<T>(&self, entry: Entry, msg: &[u8], does: impl FnOnce() -> Result<T>) -> Result<T> {
        let begun = self.gas.enter(self.name, entry, msg);
        let done = begun.map_err(Into::into).and_then(|()| does());
        self.gas.leave();
        done
    }
}

/// The environment as wasmd gives it, which names the transaction's hash.
fn environment(env: &Env) -> Result<Vec<u8>> {
    let mut words = serde_json::to_value(env)?;
    if let Some(transaction) = words
        .get_mut("transaction")
        .and_then(|value| value.as_object_mut())
    {
        transaction.insert("hash".into(), json!(Binary::from([7; 32])));
    }
    Ok(serde_json::to_vec(&words)?)
}

impl Contract<Empty> for Compiled {
    fn instantiate(&self, deps: DepsMut, env: Env, info: MessageInfo, msg: Vec<u8>) -> Result<Response> {
        self.hear(&env, &info, true, &msg);
        if self.mode.get() == Mode::Native {
            return self.twin.instantiate(deps, env, info, msg);
        }
        let (env_words, info_words) = (environment(&env)?, to_json_vec(&info)?);
        self.metered(Entry::Instantiate, &msg, || {
            self.send(
                deps,
                &env,
                Some(&info),
                |vm| call_instantiate_raw(vm, &env_words, &info_words, &msg),
                |deps| {
                    self.twin
                        .instantiate(deps, env.clone(), info.clone(), msg.clone())
                },
            )
        })
    }

    fn execute(&self, deps: DepsMut, env: Env, info: MessageInfo, msg: Vec<u8>) -> Result<Response> {
        self.hear(&env, &info, false, &msg);
        if self.mode.get() == Mode::Native {
            return self.twin.execute(deps, env, info, msg);
        }
        let (env_words, info_words) = (environment(&env)?, to_json_vec(&info)?);
        self.metered(Entry::Execute, &msg, || {
            self.send(
                deps,
                &env,
                Some(&info),
                |vm| call_execute_raw(vm, &env_words, &info_words, &msg),
                |deps| self.twin.execute(deps, env.clone(), info.clone(), msg.clone()),
            )
        })
    }

    fn migrate(&self, deps: DepsMut, env: Env, msg: Vec<u8>) -> Result<Response> {
        if self.mode.get() == Mode::Native {
            return self.twin.migrate(deps, env, msg);
        }
        let env_words = environment(&env)?;
        self.metered(Entry::Migrate, &msg, || {
            self.send(
                deps,
                &env,
                None,
                |vm| call_migrate_raw(vm, &env_words, &msg),
                |deps| self.twin.migrate(deps, env.clone(), msg.clone()),
            )
        })
    }

    fn query(&self, deps: Deps, env: Env, msg: Vec<u8>) -> Result<Binary> {
        if self.mode.get() == Mode::Native {
            return self.twin.query(deps, env, msg);
        }
        let env_words = environment(&env)?;
        self.metered(Entry::Query, &msg, || {
            let did = self.run::<Binary>(deps, |vm| call_query_raw(vm, &env_words, &msg))?;
            if self.mode.get() == Mode::Both {
                twin::same_answer(self.name, &did, deps, |deps| {
                    self.twin.query(deps, env.clone(), msg.clone())
                })?;
            }
            did.answer.map_err(|cause| anyhow!(cause))
        })
    }

    fn reply(&self, _deps: DepsMut, _env: Env, _msg: Reply) -> Result<Response> {
        bail!("{} has no reply", self.name)
    }

    fn sudo(&self, _deps: DepsMut, _env: Env, _msg: Vec<u8>) -> Result<Response> {
        bail!("{} has no sudo", self.name)
    }
}
