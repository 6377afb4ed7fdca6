#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing
)]

use std::fmt::Debug;

use cosmwasm_std::{Decimal, Decimal256, Uint128, Uint256};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::number::Number;
use super::{read, write};

fn written<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = vec![];
    write(value, &mut bytes).unwrap();
    bytes
}

/// It is read as what was written, and no part of it is.
fn returns<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) -> Vec<u8> {
    let bytes = written(&value);
    assert_eq!(read::<T>(&bytes), Ok(value));
    for length in 0..bytes.len() {
        let cut = read::<T>(&bytes[..length]);
        assert!(cut.is_err(), "{length} of {} bytes are {cut:?}", bytes.len());
    }
    let longer = [&bytes[..], &[0]].concat();
    assert!(read::<T>(&longer).is_err(), "a byte more is read");
    bytes
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Unit;

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct New(u64);

#[derive(Serialize, Deserialize, PartialEq, Debug)]
enum Kind {
    Plain,
    One(Uint128),
    Two(u8, String),
    Named { at: u64, what: Option<Decimal> },
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct All {
    flag: bool,
    small: u8,
    wide: u128,
    text: String,
    list: Vec<(String, Uint128)>,
    kinds: Vec<Kind>,
    unit: Unit,
    new: New,
    nothing: Option<u32>,
}

#[test]
fn everything_that_a_record_has() {
    returns(All {
        flag: true,
        small: 255,
        wide: u128::MAX,
        text: "factory/osmo1…/atom".to_string(),
        list: vec![
            ("atom".to_string(), Uint128::MAX),
            (String::new(), Uint128::zero()),
        ],
        kinds: vec![
            Kind::Plain,
            Kind::One(Uint128::new(300)),
            Kind::Two(7, "7".to_string()),
            Kind::Named {
                at: 1_700_000_000,
                what: Some(Decimal::permille(1005)),
            },
        ],
        unit: Unit,
        new: New(128),
        nothing: None,
    });
}

#[test]
fn numbers_take_the_bytes_of_their_digits() {
    assert_eq!(returns(Decimal::zero()), [1, 0]);
    assert_eq!(returns(Uint128::new(5)), [1, 5]);
    assert_eq!(returns(Decimal::percent(50)), [3, 5]);
    assert_eq!(returns(Decimal::permille(1005)), [7, 0xed, 7]);
    assert_eq!(returns(Decimal::raw(144_444_444_444_444)).len(), 8);
    assert_eq!(returns(Uint128::MAX).len(), 20);
    assert_eq!(returns(Decimal::MAX).len(), 20);
    assert_eq!(returns(Decimal::raw(1)), [37, 1]);
    // Above 128 bits it is text as before.
    assert_eq!(returns(Uint256::MAX).len(), 80);
    returns(Uint256::from(u128::MAX) + Uint256::one());
    returns(Decimal256::MAX);
    returns(Decimal256::raw(u128::MAX));
    returns(u64::MAX);
}

#[test]
fn every_number_comes_back() {
    // A number at each length, and its neighbours.
    let mut around: u128 = 1;
    for _ in 0..38 {
        for number in [around - 1, around, around + 1, around * 7 / 3] {
            returns(Uint128::new(number));
            returns(Decimal::raw(number));
            returns(Uint256::from(number));
        }
        around *= 10;
    }
}

#[test]
fn only_what_is_written_as_a_number_is_one() {
    for text in [
        "",
        ".",
        "-1",
        "+1",
        "007",
        "00",
        "0.",
        ".5",
        "5.",
        "5.0",
        "0.50",
        "1e3",
        "1_000",
        " 1",
        "1.2.3",
        "٣",
        "0x1",
        "340282366920938463463374607431768211456",
    ] {
        assert_eq!(Number::of(text), None, "{text}");
        returns(text.to_string());
    }
    for text in [
        "0",
        "7",
        "0.000000000000000001",
        "340282366920938463463374607431768211455",
        "1.5",
    ] {
        assert_eq!(Number::of(text).unwrap().text().unwrap(), text);
        returns(text.to_string());
    }
    let places = format!("0.{}1", "0".repeat(62));
    assert_eq!(Number::of(&places).unwrap().places, 63);
    assert_eq!(Number::of(&format!("0.{}1", "0".repeat(63))), None);
}

#[test]
fn what_would_be_written_otherwise_is_refused() {
    // 0.50, 0.0, 64 places, an integer with a byte too many, one above 128 bits, above 64, flags that are none.
    assert!(read::<Decimal>(&[5, 50]).is_err());
    assert!(read::<Decimal>(&[3, 0]).is_err());
    assert!(read::<String>(&[129, 1, 5]).is_err());
    assert!(read::<u64>(&[0x80, 0]).is_err());
    assert!(read::<u128>(&[[0xff; 18].as_slice(), &[7]].concat()).is_err());
    assert!(read::<u64>(&written(&(u128::from(u64::MAX) + 1))).is_err());
    assert!(read::<bool>(&[2]).is_err());
    assert!(read::<Option<u8>>(&[2, 0]).is_err());
    assert!(read::<Kind>(&[4]).is_err());
    assert!(read::<String>(&[4, 0xff, 0xff]).is_err());
    // A list that says it is longer than anything costs nothing.
    assert!(read::<Vec<Unit>>(&[0xff, 0xff, 0x7f]).is_err());
    // A number as text.
    assert!(read::<String>(&[2, b'5']).is_err());
    assert!(read::<Decimal>(&[6, b'0', b'.', b'5']).is_err());
    assert!(read::<Vec<u64>>(&written(&u64::MAX)).is_err());
}

#[test]
fn types_of_no_record_are_refused() {
    let mut bytes = vec![];
    assert!(write(&-1i64, &mut bytes).is_err());
    assert!(write(&1.5f64, &mut bytes).is_err());
    assert!(write(&'a', &mut bytes).is_err());
    assert!(write(&std::collections::BTreeMap::from([(1u8, 2u8)]), &mut bytes).is_err());
    assert!(read::<i64>(&[1]).is_err());
    assert!(read::<f64>(&[1]).is_err());
}

#[test]
fn bytes_of_strangers_are_an_error_or_are_written_again_as_they_are() {
    // xorshift: the same bytes in every run.
    let mut dice: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut roll = || {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        dice
    };
    let mut readable = 0;
    for _ in 0..200_000 {
        let length = roll() % 40;
        let small = roll() % 2 == 0;
        let bytes: Vec<u8> = (0..length)
            .map(|_| u8::try_from(roll() % if small { 8 } else { 256 }).unwrap())
            .collect();
        if let Ok(all) = read::<Vec<Kind>>(&bytes) {
            readable += 1;
            let again = written(&all);
            assert_eq!(again, bytes, "{all:?}");
        }
    }
    assert!(readable > 100, "only {readable} were readable");
}
