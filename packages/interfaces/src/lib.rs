//! What the contracts of Glidepath say to each other and to the world: messages, responses, events, and the
//! published records that are read raw. Contracts never depend on contracts; they meet here.
//!
//! No protocol logic lives here. The few functions are adapters: typed readers of published records, builders of
//! payments and events, and the chores that all five contracts share ([`admin`], [`payment`]).

// The answers to queries are named for the schema only, and no schema is made in Wasm.
#![cfg_attr(target_arch = "wasm32", allow(unused_imports))]

pub mod admin;
pub mod asset;
pub mod auction;
pub mod events;
pub mod fund;
pub mod oracle;
pub mod payment;
pub mod position_manager;
pub mod record;
pub mod vault;

pub use asset::AssetId;

/// The other contracts of a suite. Each contract is told at its creation, by addresses that are known before they
/// exist (`instantiate2`), and keeps them for ever.
#[cosmwasm_schema::cw_serde]
#[serde(deny_unknown_fields)]
pub struct Peers<T> {
    /// The vault.
    pub vault: T,
    /// The position manager.
    pub position_manager: T,
    /// The oracle adapter.
    pub oracle_adapter: T,
    /// The liquidation auction.
    pub liquidation_auction: T,
    /// The insurance fund.
    pub insurance_fund: T,
}

record!(Peers<cosmwasm_std::Addr>, "peers", 2);

impl Peers<String> {
    /// Checks every address once, at the edge.
    ///
    /// # Errors
    /// `SamePeer` where two of the five are one: who may send what would be decided by the order of two checks.
    pub fn validate(
        &self,
        api: &dyn cosmwasm_std::Api,
    ) -> Result<Peers<cosmwasm_std::Addr>, admin::AdminError> {
        let peers = Peers {
            vault: api.addr_validate(&self.vault)?,
            position_manager: api.addr_validate(&self.position_manager)?,
            oracle_adapter: api.addr_validate(&self.oracle_adapter)?,
            liquidation_auction: api.addr_validate(&self.liquidation_auction)?,
            insurance_fund: api.addr_validate(&self.insurance_fund)?,
        };
        match first_twice(peers.each()).cloned() {
            Some(address) => Err(admin::AdminError::SamePeer { address }),
            None => Ok(peers),
        }
    }
}

impl Peers<cosmwasm_std::Addr> {
    /// Is `address` one of the five? Such an address can't be paid as a user.
    pub fn contains(&self, address: &cosmwasm_std::Addr) -> bool {
        self.each().contains(&address)
    }

    fn each(&self) -> [&cosmwasm_std::Addr; 5] {
        [
            &self.vault,
            &self.position_manager,
            &self.oracle_adapter,
            &self.liquidation_auction,
            &self.insurance_fund,
        ]
    }
}

/// The first entry of a list that stands in it before.
pub fn first_twice<T: Ord + Copy>(entries: impl IntoIterator<Item = T>) -> Option<T> {
    let mut seen = std::collections::BTreeSet::new();
    entries.into_iter().find(|entry| !seen.insert(*entry))
}

/// A page of a list: everything after `start_after`, at most `limit` rows.
pub mod page {
    /// Rows of a page that does not say how many it wants.
    pub const DEFAULT: u32 = 20;
    /// Most rows of a page.
    pub const MAX: u32 = 100;

    /// Rows to take, never more than [`MAX`].
    pub fn size(limit: Option<u32>) -> usize {
        let rows = limit.unwrap_or(DEFAULT).min(MAX);
        usize::try_from(rows).unwrap_or(0)
    }
}
