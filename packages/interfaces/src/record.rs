//! Records: what the contracts store, and read raw of each other.
//!
//! A raw read costs a storage access where a smart query loads a whole contract instance. What is published is an
//! interface: each record carries a version, readers refuse any other, and a missing record is an error, never a
//! zero (a raw read of an address without a contract answers "empty").
//!
//! A record is stored as a byte of its version and its fields in their order, without names and with numbers in binary
//! ([`format`]): a quarter of what JSON takes, which is what storage costs by. So whatever changes in a record or a type
//! inside it (a field, its place, a variant's place) is another version, and a migration. Whoever is no contract of the
//! suite asks by query, in JSON.

pub mod format;

use std::marker::PhantomData;

use cosmwasm_std::{Addr, Order, QuerierWrapper, StdError, StdResult, Storage};
use cw_storage_plus::{
    range_with_prefix, Bound, Key, KeyDeserialize, Path, Prefix, Prefixer, PrimaryKey, RawBound,
};
use serde::de::DeserializeOwned;
use serde::Serialize;
use thiserror::Error;

/// A type that is stored as a record, with the version of its shape.
pub trait Record: Serialize + DeserializeOwned {
    /// Name for errors.
    const NAME: &'static str;
    /// Version of the shape.
    const VERSION: u8;
}

/// Why a record could not be read or written.
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
    /// Of the right version, but not readable as this record.
    #[error("{record} can't be read or written: {reason}")]
    Malformed {
        /// What kind of record.
        record: &'static str,
        /// Why, in the words of the format.
        reason: String,
    },
    /// The chain could not say.
    #[error(transparent)]
    Std(#[from] StdError),
}

/// A record as it is stored.
///
/// # Errors
/// `Malformed` for what the format can't say; no record of the suite is of that kind.
pub fn encode<T: Record>(record: &T) -> Result<Vec<u8>, ReadError> {
    let mut stored = vec![T::VERSION];
    format::write(record, &mut stored).map_err(malformed::<T>)?;
    Ok(stored)
}

/// The record that is stored so: of this version, and not a byte more.
///
/// # Errors
/// `Version`, `Malformed`.
pub fn decode<T: Record>(stored: &[u8]) -> Result<T, ReadError> {
    let (found, fields) = stored
        .split_first()
        .ok_or_else(|| malformed::<T>("there is nothing"))?;
    if *found != T::VERSION {
        return Err(ReadError::Version {
            record: T::NAME,
            found: *found,
            expected: T::VERSION,
        });
    }
    format::read(fields).map_err(malformed::<T>)
}

/// A map of records; the owner stores with it, and everybody else reads with it what is published.
pub struct RecordMap<K, T> {
    namespace: &'static str,
    kind: PhantomData<(K, T)>,
}

impl<'a, K, T> RecordMap<K, T>
where
    K: PrimaryKey<'a> + Clone,
    T: Record,
{
    /// A map under a storage namespace.
    pub const fn new(namespace: &'static str) -> Self {
        RecordMap {
            namespace,
            kind: PhantomData,
        }
    }

    /// Where a record is stored.
    fn path(&self, key: &K) -> Path<()> {
        Path::new(
            self.namespace.as_bytes(),
            &key.key().iter().map(Key::as_ref).collect::<Vec<_>>(),
        )
    }

    /// What all of its keys begin with.
    fn prefix(&self) -> Prefix<Vec<u8>, ()> {
        Prefix::new(self.namespace.as_bytes(), &[])
    }

    /// Own record; an error where there is none.
    pub fn load(&self, storage: &dyn Storage, key: K) -> Result<T, ReadError> {
        self.may_load(storage, key.clone())?
            .ok_or_else(|| missing::<T>("self", &key.key()))
    }

    /// Own record, if there is one.
    pub fn may_load(&self, storage: &dyn Storage, key: K) -> Result<Option<T>, ReadError> {
        storage
            .get(&self.path(&key))
            .map(|stored| decode(&stored))
            .transpose()
    }

    /// Is there such a record of one's own?
    pub fn has(&self, storage: &dyn Storage, key: K) -> bool {
        storage.get(&self.path(&key)).is_some()
    }

    /// Stores a record of one's own.
    pub fn save(&self, storage: &mut dyn Storage, key: K, record: &T) -> Result<(), ReadError> {
        storage.set(&self.path(&key), &encode(record)?);
        Ok(())
    }

    /// Removes a record of one's own.
    pub fn remove(&self, storage: &mut dyn Storage, key: K) {
        storage.remove(&self.path(&key));
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
        let start = start_after.map(|key| RawBound::Exclusive(key.joined_key()));
        range_with_prefix(storage, &self.prefix(), start, None, Order::Ascending)
            .map(|(key, stored)| Ok((K::from_vec(key)?, decode(&stored)?)))
    }

    /// Keys of own records in their order, those after `start_after` only; take a bounded number of them.
    pub fn keys<'s>(
        &self,
        storage: &'s dyn Storage,
        start_after: Option<K>,
    ) -> impl Iterator<Item = StdResult<K::Output>> + 's
    where
        K: KeyDeserialize + 's,
        K::Output: 'static,
        T: 's,
    {
        let start = start_after.map(|key| Bound::ExclusiveRaw(key.joined_key()));
        self.prefix()
            .keys_raw(storage, start, None, Order::Ascending)
            .map(K::from_vec)
    }

    /// Own records whose key begins with `first`, in order of what follows, those after `start_after` only; take a bounded
    /// number of them.
    pub fn within<'s>(
        &self,
        storage: &'s dyn Storage,
        first: K::Prefix,
        start_after: Option<K::Suffix>,
    ) -> impl Iterator<Item = Result<(<K::Suffix as KeyDeserialize>::Output, T), ReadError>> + 's
    where
        K::Prefix: Prefixer<'a>,
        K::Suffix: PrimaryKey<'a> + KeyDeserialize,
        <K::Suffix as KeyDeserialize>::Output: 'static,
        T: 's,
    {
        let start = start_after.map(|key| RawBound::Exclusive(key.joined_key()));
        let prefix = Prefix::<Vec<u8>, ()>::new(self.namespace.as_bytes(), &first.prefix());
        range_with_prefix(storage, &prefix, start, None, Order::Ascending)
            .map(|(key, stored)| Ok((K::Suffix::from_vec(key)?, decode(&stored)?)))
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
        let path = self.path(&key);
        querier
            .query_wasm_raw(contract.clone(), path.as_ref())?
            .map(|stored| decode(&stored))
            .transpose()
    }
}

/// A single record.
pub struct RecordItem<T> {
    key: &'static str,
    kind: PhantomData<T>,
}

impl<T: Record> RecordItem<T> {
    /// An item under a storage key.
    pub const fn new(key: &'static str) -> Self {
        RecordItem {
            key,
            kind: PhantomData,
        }
    }

    /// Own record; an error where there is none.
    pub fn load(&self, storage: &dyn Storage) -> Result<T, ReadError> {
        let stored = storage.get(self.key.as_bytes());
        decode(&stored.ok_or_else(|| missing::<T>("self", &[]))?)
    }

    /// Stores one's own record.
    pub fn save(&self, storage: &mut dyn Storage, record: &T) -> Result<(), ReadError> {
        storage.set(self.key.as_bytes(), &encode(record)?);
        Ok(())
    }

    /// Another contract's record, read raw; an error where there is none.
    pub fn query(&self, querier: &QuerierWrapper, contract: &Addr) -> Result<T, ReadError> {
        let stored = querier.query_wasm_raw(contract.clone(), self.key.as_bytes())?;
        decode(&stored.ok_or_else(|| missing::<T>(contract.as_str(), &[]))?)
    }
}

fn malformed<T: Record>(reason: impl std::fmt::Display) -> ReadError {
    ReadError::Malformed {
        record: T::NAME,
        reason: reason.to_string(),
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

/// Declares a record: its name for errors, and the version of its shape.
#[macro_export]
macro_rules! record {
    ($type:ty, $name:literal, $version:literal) => {
        impl $crate::record::Record for $type {
            const NAME: &'static str = $name;
            const VERSION: u8 = $version;
        }
    };
}
