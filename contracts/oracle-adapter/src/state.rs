//! Every storage key of the adapter. Price records are published: [`glidepath_interfaces::oracle::PRICES`] under
//! `price`. `guardian` is in [`glidepath_interfaces::admin`]; `ownership` and `contract_info` belong to cw-ownable and cw2.

use cosmwasm_std::Addr;
use cw_storage_plus::{Item, Map};
pub use glidepath_interfaces::admin::GUARDIAN;
use glidepath_interfaces::oracle::Feed;
pub use glidepath_interfaces::oracle::PRICES;
use glidepath_interfaces::Peers;
use glidepath_risk::Price;
use serde::{Deserialize, Serialize};

/// The suite; never changes.
pub const PEERS: Item<Peers<Addr>> = Item::new("peers");
/// Who may post prices.
pub const REPORTERS: Item<Vec<Addr>> = Item::new("reporters");
/// Feeds by asset.
pub const FEEDS: Map<&str, Feed> = Map::new("feed");
/// The last report of each reporter, by asset. One record an asset: a price is read with one access, and there
/// are never more reports than reporters.
pub const REPORTS: Map<&str, Vec<Filed>> = Map::new("reports");

/// When the guardian's last stop of an asset ends, as he set it, by kind ([`StopKind::word`]) and asset. A stop that was
/// lifted early counts like one that was not.
///
/// [`StopKind::word`]: glidepath_interfaces::oracle::StopKind::word
pub const GUARDIAN_STOPS: Map<(&str, &str), u64> = Map::new("guardian_stop");

/// A report on file.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Filed {
    /// Who posted it.
    pub reporter: Addr,
    /// USD per whole token.
    pub price: Price,
    /// When this was the price, in unix seconds.
    pub at: u64,
}
