//! Pure risk maths of Glidepath: no storage, no messages, no floats.
//!
//! Everything a contract decides with numbers is decided here, so that contracts, keepers, the replay and a
//! browser compute the same digits. Nothing in this crate can panic: every function that can leave its range
//! returns [`RiskError`].
//!
//! One concept a file:
//!
//! | file | concept |
//! |---|---|
//! | [`units`] | `Price`, `Value`, rounding: distinct things have distinct types |
//! | [`math`] | `mul_div`, `exp`, `ln` on fixed-point numbers |
//! | [`interest`] | the kinked rate model and compound growth |
//! | [`market`] | share accounting of one lending market |
//! | [`debt`] | what a position owes: principal, interest, surcharge |
//! | [`health`] | weights, factors and health |
//! | [`sizing`] | how much may be sold, the soft floor, one fill to the unit |
//! | [`curve`] | the descending price of a lot and how its start learns |
//! | [`pool`] | stake units of the insurance fund |
//! | [`goods`] | what its stakers bought together |
//! | [`volatility`] | smoothed price and volatility from a stream of prices |
//! | [`tempo`] | what volatility does to grace and to clocks |
//! | [`pause`] | outages and stops, and the life of a lot around them |
//! | [`ramp`] | weights and factors that move along a line |
//! | [`queue`] | how much of a collateral may be put on sale |
//! | [`slot`] | standing orders that wait on the same terms, as one pool |
//! | [`takeover`] | what a whole position on sale costs who takes it over |

pub mod curve;
pub mod debt;
mod error;
pub mod goods;
pub mod health;
pub mod horizon;
pub mod interest;
pub mod market;
pub mod math;
pub mod pause;
pub mod pool;
pub mod queue;
pub mod ramp;
pub mod sizing;
pub mod slot;
pub mod takeover;
pub mod tempo;
pub mod units;
pub mod volatility;

pub use error::RiskError;
pub use units::{Price, Rounding, Value};

/// Result of a computation that may leave its range.
pub type RiskResult<T> = Result<T, RiskError>;

/// Seconds of a year of 365 days; every rate of the suite is per this year.
pub const SECONDS_PER_YEAR: u64 = 31_536_000;
