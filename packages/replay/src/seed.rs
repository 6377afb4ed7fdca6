//! Randomness: one seed, independent streams.
//!
//! Each use draws from a stream of its own, so that one more draw in one place moves nothing in another,
//! and a skipped block leaves the next block's draws as they were.

use rand_chacha::rand_core::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// What a stream of random numbers is for.
#[derive(Debug, Clone, Copy)]
#[repr(u64)]
pub enum Stream {
    /// The built-in price path.
    Scenario = 1,
    /// The way through a candle; the index is the candle's time.
    Candle = 2,
    /// Blocks in which nobody can act.
    DeadBlocks = 3,
    /// Positions and their owners.
    Population = 4,
    /// The keepers' costs, speed and capital.
    Keepers = 5,
    /// Who comes first in a block; the index is the block.
    Order = 6,
    /// Which collaterals positions hold.
    Holdings = 7,
    /// The costs of keepers without capital.
    Flash = 8,
    /// Which owners have a glide path.
    Glides = 9,
}

/// The stream of random numbers for `stream`, number `index`, under `seed`.
pub fn stream(seed: u64, stream: Stream, index: u64) -> ChaCha8Rng {
    let mut bytes = [0u8; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&(stream as u64).to_le_bytes());
    bytes[16..24].copy_from_slice(&index.to_le_bytes());
    ChaCha8Rng::from_seed(bytes)
}
