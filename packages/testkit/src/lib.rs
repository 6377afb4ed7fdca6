//! The whole Glidepath suite on an embedded chain, behind typed handles: what tests and the replay run on.
//!
//! ```ignore
//! let mut suite = Suite::builder().asset(AssetSpec::eth()).build();
//! let alice = suite.user("alice");
//! let position = suite.positions().open(&alice, &[("atom", 1_000_000_000)], &[("usdc", 7_000_000_000)])?;
//! suite.set_price("atom", "8.70");
//! suite.positions().advance(position)?;
//! suite.elapse(900);
//! ```
//!
//! - [`Suite`]: the chain, time, prices, payments; [`Suite::builder`] puts it together, [`defaults`] holds the figures.
//! - [`handles`]: one for each contract, for messages; [`Ask`] for queries.
//! - [`Outcome`]: what a message did, its events as they can be asked.
//! - [`invariants`]: what must always hold; checked after every message unless the suite is built unwatched.
//! - [`scenes`]: situations that many tests start from; [`hostile`]: a token that misbehaves; [`agent`]: a contract that
//!   sends what it is told; [`flash`]: a bidder without capital; [`desk`]: a market that is told its price.
//! - [`Suite::move_to_pyth`]: an asset whose price comes from Pyth's contract.
//! - [`sequences`]: random operations under the invariants.
//! - [`CodeSource`]: where the contracts' code comes from; [`Meter`] counts what it reads and writes.
//! - [`Moment`]: everything as it is now, to come back to.

pub mod agent;
mod ask;
mod bootstrap;
mod builder;
mod code;
pub mod defaults;
pub mod desk;
pub mod flash;
pub mod handles;
pub mod hostile;
pub mod invariants;
mod meter;
mod moment;
mod outcome;
mod pyth;
pub mod scenes;
pub mod sequences;
mod spec;
mod suite;

pub use anyhow::{Error, Result};
pub use ask::Ask;
pub use builder::SuiteBuilder;
pub use code::{cw20_token, default_code, run_on, Code, CodeSource, NativeCode};
pub use meter::{Counts, Meter};
pub use moment::Moment;
pub use outcome::{Outcome, Seen};
pub use spec::AssetSpec;
pub use suite::{id, refused, Suite};
