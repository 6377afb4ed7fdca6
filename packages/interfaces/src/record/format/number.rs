//! Numbers that are written as text, and integers of any length.

use super::Error;

/// Most decimal places: so that they fit into a byte with the mark that tells numbers from text.
const MOST_PLACES: usize = 63;

/// A decimal number: its digits without the point, and how many of them are behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    /// Digits.
    pub digits: u128,
    /// Decimal places.
    pub places: u8,
}

impl Number {
    /// The number that a text is, if it is written as the number types write theirs: `0`, `17`, `0.05`; not `007`, `.5`,
    /// `5.`, `5.0`.
    pub fn of(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let is_plain = whole == "0" || (!whole.is_empty() && !whole.starts_with('0'));
        let has_point = whole.len() != text.len();
        let is_short = !has_point || (!part.is_empty() && !part.ends_with('0'));
        if !is_plain || !is_short || part.len() > MOST_PLACES {
            return None;
        }
        let mut digits: u128 = 0;
        for byte in whole.bytes().chain(part.bytes()) {
            let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
            digits = digits.checked_mul(10)?.checked_add(digit.into())?;
        }
        Some(Number {
            digits,
            places: u8::try_from(part.len()).ok()?,
        })
    }

    /// The text that it was; none if there is a shorter one for it.
    pub fn text(self) -> Option<String> {
        let places = usize::from(self.places);
        let mut text = self.digits.to_string();
        if places == 0 {
            return Some(text);
        }
        if text.ends_with('0') || places > MOST_PLACES {
            return None;
        }
        let missing = places.saturating_add(1).saturating_sub(text.len());
        if missing > 0 {
            text.insert_str(0, &"0".repeat(missing));
        }
        text.insert(text.len().saturating_sub(places), '.');
        Some(text)
    }
}

/// Writes an integer.
// Not copied into every type that is stored.
#[inline(never)]
pub fn put(mut number: u128, bytes: &mut Vec<u8>) {
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

/// Takes an integer off the front.
#[inline(never)]
pub fn take(bytes: &mut &[u8]) -> Result<u128, Error> {
    let mut number: u128 = 0;
    let mut shift: u32 = 0;
    loop {
        let (byte, rest) = bytes.split_first().ok_or(Error::Ends)?;
        *bytes = rest;
        let low = u128::from(byte & 0x7f);
        let moved = low.checked_shl(shift).filter(|moved| moved >> shift == low);
        number |= moved.ok_or(Error::TooLarge)?;
        if byte & 0x80 == 0 {
            return match (byte, shift) {
                (0, 1..) => Err(Error::TooLong),
                _ => Ok(number),
            };
        }
        shift = shift.saturating_add(7);
    }
}
