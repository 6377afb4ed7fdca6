//! One event per state change, in one list: what an indexer or a bot has to follow.
//!
//! An event is a struct; its conversion emits every field, so none can be forgotten. Fields that are `None` are
//! left out. Times are unix seconds, amounts base units.

pub mod auction;
pub mod fund;
pub mod oracle;
pub mod position_manager;
pub mod vault;

use cosmwasm_std::{Addr, Decimal, Decimal256, Uint128};
use glidepath_risk::{Price, Value};

use crate::AssetId;

/// A value that can stand in an event; `None` leaves its attribute out.
pub trait Attribute {
    /// The attribute's text.
    fn text(&self) -> Option<String>;
}

macro_rules! plain_attribute {
    ($($t:ty),*) => { $(impl Attribute for $t { fn text(&self) -> Option<String> { Some(self.to_string()) } })* };
}
plain_attribute!(
    u8,
    u32,
    u64,
    bool,
    String,
    &'static str,
    Addr,
    AssetId,
    Uint128,
    Decimal,
    Decimal256,
    Price,
    Value
);

impl<T: Attribute> Attribute for Option<T> {
    fn text(&self) -> Option<String> {
        self.as_ref().and_then(Attribute::text)
    }
}

/// The chain's event: one function for all of them, for the contracts' size.
fn event(kind: &str, fields: &[(&str, &dyn Attribute)]) -> cosmwasm_std::Event {
    let told = fields
        .iter()
        .filter_map(|(name, value)| Some((*name, value.text()?)));
    cosmwasm_std::Event::new(kind).add_attributes(told)
}

/// Declares events of one contract: a struct each, and its conversion into a chain event that emits every field.
macro_rules! events {
    ($contract:literal; $($(#[$doc:meta])* $name:ident = $what:literal { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq)]
            pub struct $name { $($(#[$field_doc])* pub $field: $type),* }

            impl $name {
                /// Name of the event on chain.
                pub const TYPE: &'static str = concat!("glidepath_", $contract, "/", $what);
                /// Names of its attributes.
                pub const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];
            }

            impl From<$name> for cosmwasm_std::Event {
                fn from(event: $name) -> Self {
                    crate::events::event($name::TYPE, &[$((stringify!($field), &event.$field)),*])
                }
            }
        )*

        /// Every event of this contract with its attributes, for the golden list.
        pub const ALL: &[(&str, &[&str])] = &[$(($name::TYPE, $name::FIELDS)),*];
    };
}
pub(crate) use events;
