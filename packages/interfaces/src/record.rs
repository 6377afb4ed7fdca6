//! Published records: plain state of one contract that others read raw.
//!
//! A raw read costs a storage access where a smart query loads a whole contract instance. What is published is an
//! interface: each record carries a version, readers refuse any other, and a missing record is an error, never a
//! zero (a raw read of an address without a contract answers "empty").

use cosmwasm_std::{Addr, Order, QuerierWrapper, StdError, Storage};
use cw_storage_plus::{Bound, Item, Key, KeyDeserialize, Map, PrimaryKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A type that is published, with the version of its shape. Raise the version with any change that is not a new
/// optional field. Terms that governance sends as part of a message are strict (an unknown field is an error, so that a
/// misspelt one is never dropped in silence): any new field of theirs raises the version.
pub trait Record: Serialize + DeserializeOwned {
    /// Name for errors.
    const NAME: &'static str;
    /// Version of the shape.
    const VERSION: u8;
}

/// Why a record could not be read.
#[derive(Error, Debug, PartialEq)]
pub enum ReadError {
    /// No such record; never to be read as zero.
    #[error("{contract} has no {record} `{key}`")]
    Missing {
        /// Who should have it; `self` for one's own storage.
        contract: String,
        /// What kind of record.
        record: &'static str,
        /// Which one.
        key: String,
    },
    /// The other contract is of another version.
    #[error("{record} is of version {found}, this contract reads version {expected}")]
    Version {
        /// What kind of record.
        record: &'static str,
        /// Version found.
        found: u8,
        /// Version read here.
        expected: u8,
    },
    /// Not readable as this record at all.
    #[error(transparent)]
    Std(#[from] StdError),
}

#[derive(Serialize, Deserialize, Clone, Debug)]
struct Versioned<T> {
    v: u8,
    r: T,
}

impl<T: Record> Versioned<T> {
    fn open(self) -> Result<T, ReadError> {
        if self.v == T::VERSION {
            Ok(self.r)
        } else {
            Err(ReadError::Version {
                record: T::NAME,
                found: self.v,
                expected: T::VERSION,
            })
        }
    }
}

/// A map of published records; the owner stores with it, everybody else reads with it.
pub struct PublishedMap<K, T> {
    map: Map<K, Versioned<T>>,
}

impl<'a, K, T> PublishedMap<K, T>
where
    K: PrimaryKey<'a> + Clone,
    T: Record,
{
    /// A map under a storage namespace.
    pub const fn new(namespace: &'static str) -> Self {
        PublishedMap {
            map: Map::new(namespace),
        }
    }

    /// Own record; an error where there is none.
    pub fn load(&self, storage: &dyn Storage, key: K) -> Result<T, ReadError> {
        self.may_load(storage, key.clone())?
            .ok_or_else(|| missing::<T>("self", &key.key()))
    }

    /// Own record, if there is one.
    pub fn may_load(&self, storage: &dyn Storage, key: K) -> Result<Option<T>, ReadError> {
        self.map.may_load(storage, key)?.map(Versioned::open).transpose()
    }

    /// Is there such a record of one's own?
    pub fn has(&self, storage: &dyn Storage, key: K) -> bool {
        self.map.has(storage, key)
    }

    /// Stores a record of one's own.
    pub fn save(&self, storage: &mut dyn Storage, key: K, record: &T) -> Result<(), ReadError>
    where
        T: Clone,
    {
        Ok(self.map.save(
            storage,
            key,
            &Versioned {
                v: T::VERSION,
                r: record.clone(),
            },
        )?)
    }

    /// Removes a record of one's own.
    pub fn remove(&self, storage: &mut dyn Storage, key: K) {
        self.map.remove(storage, key);
    }

    /// Own records in order of their keys, those after `start_after` only; take a bounded number of them.
    pub fn after<'s>(
        &self,
        storage: &'s dyn Storage,
        start_after: Option<K>,
    ) -> impl Iterator<Item = Result<(K::Output, T), ReadError>> + 's
    where
        K: KeyDeserialize,
        K::Output: 'static,
        T: 's,
    {
        self.map
            .range(storage, start_after.map(Bound::exclusive), None, Order::Ascending)
            .map(|row| {
                let (key, record) = row?;
                Ok((key, record.open()?))
            })
    }

    /// Another contract's record, read raw; an error where there is none.
    pub fn query(&self, querier: &QuerierWrapper, contract: &Addr, key: K) -> Result<T, ReadError> {
        self.may_query(querier, contract, key.clone())?
            .ok_or_else(|| missing::<T>(contract.as_str(), &key.key()))
    }

    /// Another contract's record, read raw, if there is one; only for what begins as nothing.
    pub(crate) fn may_query(
        &self,
        querier: &QuerierWrapper,
        contract: &Addr,
        key: K,
    ) -> Result<Option<T>, ReadError> {
        let found = self.map.query(querier, contract.clone(), key)?;
        found.map(Versioned::open).transpose()
    }
}

/// A single published record.
pub struct PublishedItem<T> {
    item: Item<Versioned<T>>,
}

impl<T: Record> PublishedItem<T> {
    /// An item under a storage key.
    pub const fn new(key: &'static str) -> Self {
        PublishedItem { item: Item::new(key) }
    }

    /// Own record; an error where there is none.
    pub fn load(&self, storage: &dyn Storage) -> Result<T, ReadError> {
        self.item
            .may_load(storage)?
            .ok_or_else(|| missing::<T>("self", &[]))?
            .open()
    }

    /// Stores one's own record.
    pub fn save(&self, storage: &mut dyn Storage, record: &T) -> Result<(), ReadError>
    where
        T: Clone,
    {
        Ok(self.item.save(
            storage,
            &Versioned {
                v: T::VERSION,
                r: record.clone(),
            },
        )?)
    }

    /// Another contract's record, read raw; an error where there is none.
    pub fn query(&self, querier: &QuerierWrapper, contract: &Addr) -> Result<T, ReadError> {
        let raw = querier
            .query_wasm_raw(contract.clone(), self.item.as_slice())?
            .ok_or_else(|| missing::<T>(contract.as_str(), &[]))?;
        cosmwasm_std::from_json::<Versioned<T>>(raw)?.open()
    }
}

fn missing<T: Record>(contract: &str, key: &[Key]) -> ReadError {
    let parts: Vec<String> = key.iter().map(readable).collect();
    ReadError::Missing {
        contract: contract.to_string(),
        record: T::NAME,
        key: parts.join("/"),
    }
}

/// A key part as a person would write it: integer keys are big-endian bytes, names are text.
fn readable(part: &Key) -> String {
    let bytes: &[u8] = part.as_ref();
    match <[u8; 8]>::try_from(bytes) {
        Ok(number) if bytes.first() == Some(&0) => u64::from_be_bytes(number).to_string(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Declares the version of a published record.
macro_rules! record {
    ($type:ty, $name:literal, $version:literal) => {
        impl crate::record::Record for $type {
            const NAME: &'static str = $name;
            const VERSION: u8 = $version;
        }
    };
}
pub(crate) use record;
