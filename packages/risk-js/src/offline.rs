//! A chain that consists of the records that were read. It remembers what is looked for and not there.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::{
    from_json, Addr, Api, Binary, BlockInfo, CanonicalAddr, ContractInfo, ContractResult, Deps, Env, Order,
    Querier, QuerierResult, QuerierWrapper, QueryRequest, Record, RecoverPubkeyError, StdError, StdResult,
    Storage, SystemError, SystemResult, Timestamp, VerificationError, WasmQuery,
};
use glidepath_interfaces::auction::TryPrice;
use glidepath_interfaces::oracle::PRICES;
use glidepath_liquidation_auction as auction;
use glidepath_position_manager as manager;

use crate::{AskError, Contract, Key, Question, Records};

/// Changed storage of one contract.
type Changes = BTreeMap<Vec<u8>, Vec<u8>>;

/// A contract's answer, or its words of refusal.
type Told = Result<Binary, String>;

/// The records with the prices that are tried, at a moment.
pub struct Chain<'a> {
    records: &'a Records,
    question: &'a Question,
    tried: Changes,
    missing: RefCell<BTreeSet<Key>>,
    has_list: Cell<bool>,
}

impl<'a> Chain<'a> {
    pub fn new(records: &'a Records, question: &'a Question) -> Result<Self, AskError> {
        let mut chain = Chain {
            records,
            question,
            tried: Changes::new(),
            missing: RefCell::default(),
            has_list: Cell::new(false),
        };
        chain.tried = chain.with_prices()?;
        Ok(chain)
    }

    /// What was looked for and is not there, and whether a list was walked.
    pub fn into_missing(self) -> (Vec<Key>, bool) {
        (
            self.missing.into_inner().into_iter().collect(),
            self.has_list.get(),
        )
    }

    /// Asks a contract.
    pub fn answer(&self, to: Contract, query: &[u8]) -> Result<Told, AskError> {
        let address = self.address(to);
        let storage = self.storage(address.as_str());
        let (name, version) = match to {
            Contract::PositionManager => (
                manager::contract::CONTRACT_NAME,
                manager::contract::CONTRACT_VERSION,
            ),
            Contract::LiquidationAuction => (
                auction::contract::CONTRACT_NAME,
                auction::contract::CONTRACT_VERSION,
            ),
        };
        if let Some(found) = cw2::CONTRACT.may_load(&storage)? {
            if (found.contract.as_str(), found.version.as_str()) != (name, version) {
                return Err(AskError::Version {
                    found: format!("{} {}", found.contract, found.version),
                    expected: format!("{name} {version}"),
                });
            }
        }
        let deps = Deps {
            storage: &storage,
            api: &NoApi,
            querier: QuerierWrapper::new(self),
        };
        let env = self.env(address);
        Ok(match to {
            Contract::PositionManager => {
                manager::contract::query(deps, env, from_json(query)?).map_err(|e| e.to_string())
            }
            Contract::LiquidationAuction => {
                auction::contract::query(deps, env, from_json(query)?).map_err(|e| e.to_string())
            }
        })
    }

    fn address(&self, of: Contract) -> &Addr {
        match of {
            Contract::PositionManager => &self.question.contracts.position_manager,
            Contract::LiquidationAuction => &self.question.contracts.liquidation_auction,
        }
    }

    fn env(&self, address: &Addr) -> Env {
        Env {
            block: BlockInfo {
                // Later than all that was read: an order of the last block is active, as it is in the next.
                height: u64::MAX,
                time: Timestamp::from_seconds(self.question.time),
                chain_id: String::new(),
            },
            transaction: None,
            contract: ContractInfo {
                address: address.clone(),
            },
        }
    }

    fn storage(&self, contract: &str) -> Read<'_> {
        Read {
            chain: self,
            contract: contract.to_string(),
        }
    }

    /// A record; none, and remembered, where it was not read.
    fn get(&self, contract: &str, key: &[u8]) -> Option<Vec<u8>> {
        if contract == self.question.contracts.oracle_adapter.as_str() {
            if let Some(tried) = self.tried.get(key) {
                return Some(tried.clone());
            }
        }
        let key = Key {
            contract: contract.to_string(),
            key: key.into(),
        };
        match self
            .records
            .get(contract)
            .and_then(|records| records.get(&key.key.to_hex()))
        {
            Some(value) => value.clone().map(Binary::into),
            None => {
                self.missing.borrow_mut().insert(key);
                None
            }
        }
    }

    /// The oracle's records with the prices that are tried, as `sellable` tries them.
    fn with_prices(&self) -> Result<Changes, AskError> {
        let oracle = self.storage(self.question.contracts.oracle_adapter.as_str());
        let mut changes = Writes::default();
        for TryPrice { asset, price } in &self.question.prices {
            let record = PRICES.may_load(&oracle, asset.as_str()).map_err(unreadable)?;
            let Some(record) = record else { continue };
            let tried = record.tried(*price, self.question.time);
            PRICES
                .save(&mut changes, asset.as_str(), &tried)
                .map_err(unreadable)?;
        }
        Ok(changes.0)
    }
}

fn unreadable(error: impl std::fmt::Display) -> StdError {
    StdError::generic_err(error.to_string())
}

impl Querier for Chain<'_> {
    fn raw_query(&self, request: &[u8]) -> QuerierResult {
        let unsupported =
            |kind: &str| SystemResult::Err(SystemError::UnsupportedRequest { kind: kind.into() });
        match from_json::<QueryRequest>(request) {
            Ok(QueryRequest::Wasm(WasmQuery::Raw { contract_addr, key })) => {
                let value = self.get(&contract_addr, &key).unwrap_or_default();
                SystemResult::Ok(ContractResult::Ok(value.into()))
            }
            Ok(QueryRequest::Wasm(WasmQuery::Smart { contract_addr, msg })) => {
                let asked = [Contract::PositionManager, Contract::LiquidationAuction]
                    .into_iter()
                    .find(|one| self.address(*one).as_str() == contract_addr);
                match asked.map(|to| self.answer(to, &msg)) {
                    Some(Ok(Ok(answer))) => SystemResult::Ok(ContractResult::Ok(answer)),
                    Some(Ok(Err(refusal))) => SystemResult::Ok(ContractResult::Err(refusal)),
                    Some(Err(error)) => SystemResult::Ok(ContractResult::Err(error.to_string())),
                    None => SystemResult::Err(SystemError::NoSuchContract { addr: contract_addr }),
                }
            }
            _ => unsupported("only contracts are asked"),
        }
    }
}

/// One contract's storage, to be read.
struct Read<'a> {
    chain: &'a Chain<'a>,
    contract: String,
}

impl Storage for Read<'_> {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.chain.get(&self.contract, key)
    }

    fn range<'b>(
        &'b self,
        _: Option<&[u8]>,
        _: Option<&[u8]>,
        _: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'b> {
        self.chain.has_list.set(true);
        Box::new(std::iter::empty())
    }

    fn set(&mut self, _: &[u8], _: &[u8]) {}

    fn remove(&mut self, _: &[u8]) {}
}

/// Storage to be written.
#[derive(Default)]
struct Writes(Changes);

impl Storage for Writes {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.0.get(key).cloned()
    }

    fn range<'b>(
        &'b self,
        _: Option<&[u8]>,
        _: Option<&[u8]>,
        _: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'b> {
        Box::new(std::iter::empty())
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.0.insert(key.to_vec(), value.to_vec());
    }

    fn remove(&mut self, key: &[u8]) {
        self.0.remove(key);
    }
}

/// Questions about one position check no address and no signature.
struct NoApi;

impl Api for NoApi {
    fn addr_validate(&self, _: &str) -> StdResult<Addr> {
        Err(no_api())
    }

    fn addr_canonicalize(&self, _: &str) -> StdResult<CanonicalAddr> {
        Err(no_api())
    }

    fn addr_humanize(&self, _: &CanonicalAddr) -> StdResult<Addr> {
        Err(no_api())
    }

    fn secp256k1_verify(&self, _: &[u8], _: &[u8], _: &[u8]) -> Result<bool, VerificationError> {
        Err(VerificationError::unknown_err(0))
    }

    fn secp256k1_recover_pubkey(&self, _: &[u8], _: &[u8], _: u8) -> Result<Vec<u8>, RecoverPubkeyError> {
        Err(RecoverPubkeyError::unknown_err(0))
    }

    fn ed25519_verify(&self, _: &[u8], _: &[u8], _: &[u8]) -> Result<bool, VerificationError> {
        Err(VerificationError::unknown_err(0))
    }

    fn ed25519_batch_verify(&self, _: &[&[u8]], _: &[&[u8]], _: &[&[u8]]) -> Result<bool, VerificationError> {
        Err(VerificationError::unknown_err(0))
    }

    fn debug(&self, _: &str) {}
}

fn no_api() -> StdError {
    StdError::generic_err("addresses are checked by a node only")
}
