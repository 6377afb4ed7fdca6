//! The source `pyth`: what its contract answers, and what becomes of it.
//!
//! The answers follow the real contract's format to the byte (`pyth-crosschain/target_chains/cosmwasm`); their digits are
//! made up, of the size and with the exponents that such feeds have.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod common;
#[path = "common/pyth.rs"]
mod pyth;

use common::*;
use cosmwasm_std::{Addr, Decimal};
use glidepath_oracle_adapter::ContractError;
use pyth::{answer, pyth_feed, ATOM};

/// Answers as the contract gives them: bitcoin, a stable coin, a currency with exponent −5, a token of a few millionths of
/// a dollar with −10, and an example of pyth-sdk with a positive exponent. With it what they mean.
const RECORDED: [(&str, &str, &str, &str); 5] = [
    (
        "e62df6c8b4a85fe1a67db44dc12de5db330f7ac66b72dc658afedf0f4a415b43",
        r#"{"price_feed":{"id":"e62df6c8b4a85fe1a67db44dc12de5db330f7ac66b72dc658afedf0f4a415b43","price":{"price":"6432187543210","conf":"2715430000","expo":-8,"publish_time":1571797417},"ema_price":{"price":"6418822100000","conf":"2655120300","expo":-8,"publish_time":1571797417}}}"#,
        "64321.8754321",
        "0.000422162752836162",
    ),
    (
        "eaa020c61cc479712813461ce153894a96a6c00b21ed0cfc2798d1f9a9e9c94a",
        r#"{"price_feed":{"id":"eaa020c61cc479712813461ce153894a96a6c00b21ed0cfc2798d1f9a9e9c94a","price":{"price":"99998741","conf":"54321","expo":-8,"publish_time":1571797417},"ema_price":{"price":"99997512","conf":"52004","expo":-8,"publish_time":1571797417}}}"#,
        "0.99998741",
        "0.000543216839100005",
    ),
    (
        "a995d00bb36a63cef7fd2c287dc105fc8f3d93779f062f09551b0af3e81ec30b",
        r#"{"price_feed":{"id":"a995d00bb36a63cef7fd2c287dc105fc8f3d93779f062f09551b0af3e81ec30b","price":{"price":"108412","conf":"21","expo":-5,"publish_time":1571797417},"ema_price":{"price":"108399","conf":"19","expo":-5,"publish_time":1571797417}}}"#,
        "1.08412",
        "0.000193705493856769",
    ),
    (
        "d69731a2e74ac1ce884fc3890f7ee324b6deb66147055249568869ed700882e4",
        r#"{"price_feed":{"id":"d69731a2e74ac1ce884fc3890f7ee324b6deb66147055249568869ed700882e4","price":{"price":"92134","conf":"187","expo":-10,"publish_time":1571797417},"ema_price":{"price":"91877","conf":"175","expo":-10,"publish_time":1571797417}}}"#,
        "0.0000092134",
        "0.002029652462717347",
    ),
    (
        "0000000000000000000000000000000000000000000000000000000000000001",
        r#"{"price_feed":{"id":"0000000000000000000000000000000000000000000000000000000000000001","price":{"price":"123","conf":"1","expo":2,"publish_time":1571797417},"ema_price":{"price":"123","conf":"1","expo":2,"publish_time":1571797417}}}"#,
        "12300",
        "0.008130081300813009",
    ),
];

#[test]
fn recorded_answers_are_read_to_the_last_digit() {
    let (mut suite, pyth) = Suite::beside_pyth();
    for (id, json, usd, confidence) in RECORDED {
        suite.answers(&pyth, id, json.as_bytes());
        let name = format!("a{}", &id[..6]);
        suite.set_feed(&name, pyth_feed(&pyth, id)).unwrap();
        suite.update(&[&name]).unwrap();
        let record = suite.record(&name);
        assert_eq!((record.price, record.smoothed), (price(usd), price(usd)), "{id}");
        assert_eq!(record.confidence.to_string(), confidence, "{id}");
        assert_eq!(record.published_at, 1_571_797_417, "{id}");
        assert_eq!(record.checked_at, START, "{id}");
    }
}

#[test]
fn digits_past_the_eighteenth_are_cut_off_and_confidence_is_rounded_up() {
    let (mut suite, pyth) = Suite::on_pyth();
    suite.wait(6);
    let now = suite.now().to_string();
    let json = answer(ATOM, "\"123456789012345678\"", "\"1\"", "-20", &now);
    suite.answers(&pyth, ATOM, json.as_bytes());
    suite.update(&["atom"]).unwrap();
    assert_eq!(suite.atom().price, price("0.001234567890123456"));
    assert_eq!(suite.atom().confidence, Decimal::raw(9));
}

#[test]
fn fields_that_are_not_read_may_be_anything() {
    let (mut suite, pyth) = Suite::on_pyth();
    suite.wait(6);
    let json = format!(
        r#"{{"more":[1,{{}}],"price_feed":{{"ema_price":null,"slot":7,"price":{{"publish_time":{},"expo":-8,"conf":"0","price":"1100000000","more":true}},"id":"{ATOM}"}}}}"#,
        suite.now()
    );
    suite.answers(&pyth, ATOM, json.as_bytes());
    suite.update(&["atom"]).unwrap();
    assert_eq!(suite.atom().price, price("11"));
    assert_eq!(suite.atom().confidence, Decimal::zero());
}

/// Every answer here is silence: the price stays, the check counts, and the other asset of the message has its new price.
fn is_silence(suite: &mut Suite, answers: &[Vec<u8>], pyth: &Addr) {
    suite.set_feed("osmo", feed(1)).unwrap();
    for (n, bytes) in answers.iter().enumerate() {
        let told = String::from_utf8_lossy(&bytes[..bytes.len().min(300)]).into_owned();
        suite.wait(6);
        suite.answers(pyth, ATOM, bytes);
        let osmo = format!("1.{n:03}");
        suite.post_all(1, &[("osmo", &osmo, suite.now() - 3)]).unwrap();
        suite
            .update(&["atom", "osmo"])
            .unwrap_or_else(|e| panic!("{told} is an error: {e:#}"));
        let record = suite.atom();
        assert_eq!(record.price, price("10"), "{told}");
        assert_eq!(record.checked_at, suite.now(), "{told}");
        assert_eq!(suite.record("osmo").price, price(&osmo), "{told}");
    }
}

#[test]
fn attack_28_a_hostile_field_is_silence() {
    let (mut suite, pyth) = Suite::on_pyth();
    let at = (suite.now() + 1).to_string();
    let (good_price, good_conf) = ("\"1100000000\"", "\"5000000\"");
    let mut answers = vec![];
    for price in [
        "\"0\"",
        "\"-1\"",
        "\"-1100000000\"",
        "\"-9223372036854775808\"",
        "\"9223372036854775808\"",
        "\"18446744073709551616\"",
        "\"\"",
        "\" 1100000000\"",
        "\"1.1e9\"",
        "\"0x41\"",
        "1100000000",
        "null",
        "[]",
    ] {
        answers.push(answer(ATOM, price, good_conf, "-8", &at));
    }
    // A tenth is what this feed may be unsure: a unit more is too wide.
    for conf in [
        "\"110000001\"",
        "\"18446744073709551615\"",
        "\"18446744073709551616\"",
        "\"-1\"",
        "5000000",
        "null",
    ] {
        answers.push(answer(ATOM, good_price, conf, "-8", &at));
    }
    // Eleven dollars times or over ten billion and more, and what is no exponent.
    for expo in [
        "5",
        "12",
        "30",
        "2147483647",
        "-22",
        "-40",
        "-60",
        "-2147483648",
        "2147483648",
        "-2147483649",
        "-8.5",
        "\"-8\"",
        "null",
    ] {
        answers.push(answer(ATOM, good_price, good_conf, expo, &at));
    }
    for id in [
        "",
        "b00b60f88b03a6a625a8d1c048c3f66653edf217439983d037e7222c4e612818",
        "B00B60F88B03A6A625A8D1C048C3F66653EDF217439983D037E7222C4E612819",
        "0xb00b60f88b03a6a625a8d1c048c3f66653edf217439983d037e7222c4e612819",
    ] {
        answers.push(answer(id, good_price, good_conf, "-8", &at));
    }
    let answers: Vec<Vec<u8>> = answers.into_iter().map(String::into_bytes).collect();
    is_silence(&mut suite, &answers, &pyth);
    // The same with nothing wrong is a price, and so is one that is just sure enough.
    for (price_now, conf) in [("11", good_conf), ("12", "\"120000000\"")] {
        suite.wait(6);
        let digits = format!("\"{price_now}00000000\"");
        let json = answer(ATOM, &digits, conf, "-8", &suite.now().to_string());
        suite.answers(&pyth, ATOM, json.as_bytes());
        suite.update(&["atom"]).unwrap();
        assert_eq!(suite.atom().price, price(price_now));
    }
    assert_eq!(suite.atom().confidence, Decimal::percent(10));
}

#[test]
fn attack_28_and_29_a_time_that_can_t_be_is_silence() {
    let (mut suite, pyth) = Suite::on_pyth();
    // Later than any block of this test, and beyond what a block may be behind.
    let later = suite.now() + 10_000;
    let times = [
        later.to_string(),
        (suite.now() * 1_000).to_string(),
        (suite.now() * 1_000_000_000).to_string(),
        "-1".into(),
        "-9223372036854775808".into(),
        "9223372036854775807".into(),
        "9223372036854775808".into(),
        "1571797500.5".into(),
        "\"1571797500\"".into(),
        "null".into(),
    ];
    let answers: Vec<Vec<u8>> = times
        .iter()
        .map(|at| answer(ATOM, "\"1100000000\"", "\"5000000\"", "-8", at).into_bytes())
        .collect();
    is_silence(&mut suite, &answers, &pyth);
}

#[test]
fn attack_9_and_28_an_answer_of_another_shape_is_silence() {
    let (mut suite, pyth) = Suite::on_pyth();
    let at = (suite.now() + 1).to_string();
    let whole = answer(ATOM, "\"1100000000\"", "\"5000000\"", "-8", &at);
    let deep = format!(
        r#"{{"more":{}{},{}"#,
        "[".repeat(10_000),
        "]".repeat(10_000),
        &whole[1..]
    );
    let mut answers: Vec<Vec<u8>> = [
        "",
        "{}",
        "[]",
        "null",
        "\"1100000000\"",
        "{\"price_feed\":null}",
        "{\"price_feed\":{}}",
        "{\"price_feed\":[]}",
        &whole[..whole.len() - 1],
        &format!("{whole}{whole}"),
        &whole.replace("\"price_feed\"", "\"price\""),
        &whole.replace("\"publish_time\"", "\"time\""),
        &format!("{}{whole}", " ".repeat(100_000)).replace("-8", "x"),
        &deep,
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .collect();
    answers.push(vec![0xff; 64]);
    answers.push(vec![0; 64]);
    is_silence(&mut suite, &answers, &pyth);
}

#[test]
fn attack_28_a_price_a_little_ahead_of_the_chain_counts_as_of_now() {
    let (mut suite, pyth) = Suite::on_pyth();
    suite.wait(6);
    suite.push(&pyth, "1100000000", suite.now() + 61);
    suite.update(&["atom"]).unwrap();
    assert_eq!(suite.atom().price, price("10"));
    suite.push(&pyth, "1100000000", suite.now() + 60);
    suite.update(&["atom"]).unwrap();
    let record = suite.atom();
    assert_eq!((record.price, record.published_at), (price("11"), suite.now()));
    // Asked again it is as new as the block, until the chain has reached it; its average is that of the price.
    for (seconds, age) in [(6, 0), (54, 0), (6, 6)] {
        suite.wait(seconds);
        suite.update(&["atom"]).unwrap();
        assert_eq!(suite.now() - suite.atom().published_at, age);
        assert_eq!(suite.atom().price, price("11"));
    }
    // What was pushed before it does not come back.
    suite.push(&pyth, "1200000000", suite.now() - 10);
    suite.update(&["atom"]).unwrap();
    assert_eq!(suite.atom().price, price("11"));
}

#[test]
fn attack_34_an_old_answer_again() {
    let (mut suite, pyth) = Suite::on_pyth();
    let first = suite.now();
    suite.wait(6);
    suite.push(&pyth, "1100000000", suite.now());
    suite.update(&["atom"]).unwrap();
    let second = suite.now();
    for (digits, at) in [
        ("900000000", first),
        ("900000000", second - 1),
        ("900000000", second),
    ] {
        suite.wait(1);
        suite.push(&pyth, digits, at);
        suite.update(&["atom"]).unwrap();
        assert_eq!(suite.atom().price, price("11"), "an answer of {at}");
        assert_eq!(suite.atom().published_at, second);
    }
}

#[test]
fn attack_28_a_contract_that_is_none_or_another_is_silence() {
    let (mut suite, pyth) = Suite::on_pyth();
    let nobody = suite.app.api().addr_make("nobody");
    let feeds = [
        ("gone", pyth_feed(&nobody, ATOM)),
        ("own", pyth_feed(&suite.oracle.clone(), ATOM)),
        ("unknown", pyth_feed(&pyth, &ATOM.replace('b', "c"))),
    ];
    suite.push(&pyth, "1100000000", suite.now() + 1);
    suite.wait(6);
    for (name, feed) in feeds {
        suite.set_feed(name, feed).unwrap();
        // No price yet: there is no record in which the silence could be read.
        let asset = asset(name);
        assert_eq!(
            refusal(suite.update(&[name])),
            ContractError::NoPrice { asset },
            "{name}"
        );
    }
    suite.update(&["atom"]).unwrap();
    assert_eq!(suite.atom().price, price("11"));
}
