//! What a message did.

use std::str::FromStr;

use cosmwasm_std::{Binary, Event};
use cw_multi_test::AppResponse;

/// What a message did: its events in order, those of the contracts it called included, and its data.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Events as the chain keeps them.
    pub events: Vec<Event>,
    /// What the contract answered.
    pub data: Option<Binary>,
}

impl From<AppResponse> for Outcome {
    fn from(response: AppResponse) -> Self {
        Outcome {
            events: response.events,
            data: response.data,
        }
    }
}

impl Outcome {
    /// The events of one type, by their name in the contract (`Filled::TYPE`), in order.
    pub fn all<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = Seen<'a>> {
        self.events
            .iter()
            .filter(move |event| name(event) == kind)
            .map(Seen)
    }

    /// The first event of a type.
    pub fn event<'a>(&'a self, kind: &'a str) -> Option<Seen<'a>> {
        self.all(kind).next()
    }

    /// Is there an event of this type?
    pub fn has(&self, kind: &str) -> bool {
        self.event(kind).is_some()
    }

    /// The events of the suite, with their names as the contracts give them.
    pub fn of_suite(&self) -> impl Iterator<Item = (&str, Seen<'_>)> {
        self.events
            .iter()
            .map(|event| (name(event), Seen(event)))
            .filter(|(name, _)| name.starts_with("glidepath_"))
    }

    /// Adds what another message of the same step did.
    pub fn and(mut self, other: Outcome) -> Outcome {
        self.events.extend(other.events);
        self.data = other.data.or(self.data);
        self
    }
}

/// The chain puts `wasm-` in front of a contract's events.
fn name(event: &Event) -> &str {
    event.ty.strip_prefix("wasm-").unwrap_or(&event.ty)
}

/// An event that was seen.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a>(pub &'a Event);

impl<'a> Seen<'a> {
    /// An attribute's text.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.0
            .attributes
            .iter()
            .find(|attribute| attribute.key == key)
            .map(|attribute| attribute.value.as_str())
    }

    /// An attribute as a number, amount, decimal or address; none where it is missing.
    ///
    /// # Panics
    /// Where it is something else.
    pub fn get<T: FromStr>(&self, key: &str) -> Option<T> {
        let text = self.text(key)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(_) => panic!("{key} of {} is `{text}`", self.0.ty),
        }
    }

    /// An attribute that must be there.
    ///
    /// # Panics
    /// Where it is missing or something else.
    pub fn must<T: FromStr>(&self, key: &str) -> T {
        self.get(key)
            .unwrap_or_else(|| panic!("{} has no {key}: {:?}", self.0.ty, self.0.attributes))
    }
}
