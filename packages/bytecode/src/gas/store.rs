//! What a key costs: `KVGasConfig` of the SDK's store.

/// Of a read, whatever its length; a `has` and a delete cost as much.
const READ: u64 = 1_000;
const READ_BYTE: u64 = 3;
const WRITE: u64 = 2_000;
const WRITE_BYTE: u64 = 30;
const NEXT: u64 = 30;

/// Gas of one operation on a key-value store. Lengths are of the whole key, with its prefix, and of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kv;

impl Kv {
    /// Is the key there?
    pub const HAS: u64 = READ;
    /// Takes it away.
    pub const DELETE: u64 = READ;

    /// Reads a value; none has a length of nothing.
    pub const fn get(key: usize, value: usize) -> u64 {
        READ + READ_BYTE * (key + value) as u64
    }

    /// Writes a value.
    pub const fn set(key: usize, value: usize) -> u64 {
        WRITE + WRITE_BYTE * (key + value) as u64
    }

    /// A step of an iterator that stands at this entry, and the step to its first; past the end nothing is read.
    pub fn step(entry: Option<(usize, usize)>) -> u64 {
        NEXT + entry.map_or(0, |(key, value)| READ_BYTE * (key + value) as u64)
    }
}
