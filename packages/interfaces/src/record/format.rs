//! How a record's fields are stored: in their order, without names, numbers as numbers.
//!
//! Storage costs by the byte, and most of a record's bytes are numbers. The number types of CosmWasm serialise as decimal text in
//! every format (`"0.000144444444444444"`, 20 bytes); this format sees that a text is a number and stores its digits in
//! binary (8 bytes). Nothing else sets it apart from `postcard`, which it took the place of:
//!
//! | | is stored as |
//! |---|---|
//! | `bool` | a byte, 0 or 1 |
//! | unsigned integer | LEB128: 7 bits a byte, lowest first, no byte more than it takes |
//! | text that is a decimal number as the number types write it, below 2¹²⁸ without its point | its decimal places times 2 plus 1, and its digits without the point, both as unsigned integers |
//! | other text | its length times 2, and its bytes |
//! | option | 0; or 1 and the value |
//! | list | its length and its elements |
//! | struct, tuple | its fields |
//! | enum | the number of its variant and what is in it |
//!
//! What no record has (signed numbers, floats, maps, single characters) it refuses. What is read must be written the same way
//! again: an integer longer than it takes, a number with a zero at its end or as text, and a byte that is left over are
//! refused.

mod number;
mod read;
mod write;

#[cfg(test)]
mod tests;

use std::fmt::Display;

use serde::de::DeserializeOwned;
use serde::Serialize;

/// Why something can't be written or read. A byte, for it comes back from every field.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// Of what no record has.
    #[error("no record holds such a type")]
    Unknown,
    /// A value is cut off.
    #[error("it ends too early")]
    Ends,
    /// Something stands behind the value.
    #[error("bytes are left")]
    Left,
    /// More than the type takes.
    #[error("a number is too large")]
    TooLarge,
    /// There is a shorter way to write it.
    #[error("a number is longer than it takes")]
    TooLong,
    /// What should be yes or no.
    #[error("neither yes nor no")]
    NoFlag,
    /// What should be text is none.
    #[error("no text")]
    NoText,
    /// The type itself refuses the value.
    #[error("a value is none of its type")]
    Refused,
}

// What a type has to say about a value would be a good part of a contract's bytes, for what never happens.
impl serde::ser::Error for Error {
    fn custom<T: Display>(_: T) -> Self {
        Error::Refused
    }
}

impl serde::de::Error for Error {
    fn custom<T: Display>(_: T) -> Self {
        Error::Refused
    }
}

/// Writes a value behind what is in `bytes`.
///
/// # Errors
/// A type that no record has.
pub fn write<T: Serialize>(value: &T, bytes: &mut Vec<u8>) -> Result<(), Error> {
    value.serialize(&mut write::Writer(bytes))
}

/// Reads a value that takes all of `bytes`.
///
/// # Errors
/// Whatever was not written by [`write`] of such a value.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let mut reader = read::Reader(bytes);
    let value = T::deserialize(&mut reader)?;
    match reader.0 {
        [] => Ok(value),
        _ => Err(Error::Left),
    }
}
