//! What a call writes, before anybody else sees it.

use std::collections::BTreeMap;

use cosmwasm_std::{Order, Record, Storage};

/// Writes on top of a storage that stays as it is.
pub struct Overlay<'a> {
    base: &'a dyn Storage,
    writes: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
}

/// Keys and their new values; none is removed.
pub type Writes = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

impl<'a> Overlay<'a> {
    /// Nothing written yet.
    pub fn new(base: &'a dyn Storage) -> Self {
        Overlay {
            base,
            writes: BTreeMap::new(),
        }
    }

    /// What was written.
    pub fn into_writes(self) -> Writes {
        self.writes
    }
}

/// Writes them.
pub fn apply(writes: Writes, storage: &mut dyn Storage) {
    for (key, value) in writes {
        match value {
            Some(value) => storage.set(&key, &value),
            None => storage.remove(&key),
        }
    }
}

fn within(key: &[u8], start: Option<&[u8]>, end: Option<&[u8]>) -> bool {
    start.is_none_or(|start| key >= start) && end.is_none_or(|end| key < end)
}

impl Storage for Overlay<'_> {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        match self.writes.get(key) {
            Some(value) => value.clone(),
            None => self.base.get(key),
        }
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        let base = self.base.range(start, end, order);
        let written: Vec<_> = self
            .writes
            .iter()
            .filter(|(key, _)| within(key, start, end))
            .collect();
        if written.is_empty() {
            return base;
        }
        let mut all: BTreeMap<Vec<u8>, Vec<u8>> = base.collect();
        for (key, value) in written {
            match value {
                Some(value) => all.insert(key.clone(), value.clone()),
                None => all.remove(key),
            };
        }
        match order {
            Order::Ascending => Box::new(all.into_iter()),
            Order::Descending => Box::new(all.into_iter().rev()),
        }
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.writes.insert(key.to_vec(), Some(value.to_vec()));
    }

    fn remove(&mut self, key: &[u8]) {
        self.writes.insert(key.to_vec(), None);
    }
}
