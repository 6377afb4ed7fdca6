//! Reads records of the embedded chain, asks both sides, and keeps the answers.

mod scenes;

use std::collections::BTreeMap;
use std::path::PathBuf;

use cosmwasm_std::Binary;
use glidepath_interfaces::auction::{self, TryPrice};
use glidepath_interfaces::position_manager as manager;
use glidepath_interfaces::Peers;
use glidepath_risk_js::{ask, ask_json, Answer, Contract, Question, Records};
use glidepath_testkit::Suite;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A message to one of the two contracts that answer.
pub trait Query: Serialize {
    const TO: Contract;
}

impl Query for manager::QueryMsg {
    const TO: Contract = Contract::PositionManager;
}

impl Query for auction::QueryMsg {
    const TO: Contract = Contract::LiquidationAuction;
}

pub fn question(suite: &Suite, time: u64, to: Contract) -> Question {
    Question {
        contracts: suite.peers.clone(),
        time,
        to,
        prices: vec![],
    }
}

/// Every record that the answer to a query takes, found by asking until none is missing.
pub fn read_all(suite: &Suite, question: &Question, query: &[u8]) -> Records {
    let mut records = Records::new();
    read_more(suite, &mut records, question, query);
    records
}

fn read_more(suite: &Suite, records: &mut Records, question: &Question, query: &[u8]) {
    while let Ok(Answer::Missing(keys)) = ask(records, question, query) {
        for one in keys {
            let value = suite
                .app
                .wrap()
                .query_wasm_raw(&one.contract, one.key.as_slice())
                .expect("a raw query");
            records
                .entry(one.contract)
                .or_default()
                .insert(one.key.to_hex(), value.map(Binary::new));
        }
    }
}

/// The answer from records, now.
pub fn offline<T: DeserializeOwned, Q: Query>(suite: &Suite, query: &Q) -> T {
    offline_at(suite, suite.now(), vec![], query)
}

/// The answer from records at a moment with other prices.
pub fn offline_at<T: DeserializeOwned, Q: Query>(
    suite: &Suite,
    time: u64,
    prices: Vec<TryPrice>,
    query: &Q,
) -> T {
    let question = Question {
        prices,
        ..question(suite, time, Q::TO)
    };
    let query = serde_json::to_vec(query).expect("JSON");
    let records = read_all(suite, &question, &query);
    match ask(&records, &question, &query) {
        Ok(Answer::Answered(answer)) => serde_json::from_slice(&answer).expect("an answer"),
        other => panic!("no answer: {other:?}"),
    }
}

/// What was asked of which moment, and what the chain answered: JSON text, or its refusal.
#[derive(Serialize, Deserialize, PartialEq, Debug)]
pub struct Asked {
    pub time: u64,
    pub to: Contract,
    pub query: serde_json::Value,
    pub answer: String,
    pub refused: bool,
}

/// A state of the chain.
#[derive(Serialize, Deserialize, PartialEq, Debug)]
pub struct Scene {
    pub name: String,
    pub contracts: Peers<String>,
    pub records: Records,
    pub questions: Vec<Asked>,
}

/// An event as the chain told it.
#[derive(Serialize, Deserialize, PartialEq, Debug)]
pub struct Told {
    #[serde(rename = "type")]
    pub kind: String,
    pub attributes: Vec<BTreeMap<String, String>>,
}

/// A refusal of a message: who was asked, the error's name, its words.
#[derive(Serialize, Deserialize, PartialEq, Debug)]
pub struct RefusedWith {
    pub by: String,
    pub code: String,
    pub text: String,
}

/// All that is written down.
#[derive(Serialize, Deserialize, PartialEq, Debug)]
pub struct Vectors {
    pub scenes: Vec<Scene>,
    pub contracts: Peers<String>,
    pub events: Vec<Told>,
    pub refusals: Vec<RefusedWith>,
}

impl Scene {
    /// Nothing asked yet.
    pub fn of(name: &str, suite: &Suite) -> Self {
        Scene {
            name: name.into(),
            contracts: texts(suite),
            records: Records::new(),
            questions: vec![],
        }
    }

    /// Asks the chain and the records, and compares. The records are read at the first moment of the scene; later ones ask
    /// the same records.
    pub fn ask<Q: Query>(&mut self, suite: &Suite, query: &Q) {
        let text = serde_json::to_vec(query).expect("JSON");
        let question = question(suite, suite.now(), Q::TO);
        read_more(suite, &mut self.records, &question, &text);
        let address = match Q::TO {
            Contract::PositionManager => &suite.peers.position_manager,
            Contract::LiquidationAuction => &suite.peers.liquidation_auction,
        };
        let chain = suite
            .ask()
            .smart::<serde_json::Value>(address, query)
            .map_err(|error| format!("{error:#}"));
        let here = ask(&self.records, &question, &text).unwrap_or_else(|e| panic!("{}: {e}", self.name));
        let what = format!(
            "{} at {}: {}",
            self.name,
            question.time,
            String::from_utf8_lossy(&text)
        );
        let (answer, refused) = match (here, chain) {
            (Answer::Answered(answer), Ok(chain)) => {
                let here: serde_json::Value = serde_json::from_slice(&answer).expect("JSON");
                assert_eq!(here, chain, "{what}");
                (String::from_utf8(answer.into()).expect("text"), false)
            }
            (Answer::Refused(words), Err(chain)) => {
                assert!(
                    chain.contains(&words),
                    "{what}: {words} here, {chain} on the chain"
                );
                (words, true)
            }
            (here, chain) => panic!("{what}: {here:?} here, {chain:?} on the chain"),
        };
        self.questions.push(Asked {
            time: question.time,
            to: Q::TO,
            query: serde_json::from_slice(&text).expect("JSON"),
            answer,
            refused,
        });
    }
}

impl Vectors {
    /// Plays every scene.
    pub fn all() -> Self {
        scenes::all()
    }

    /// Compares with what is written down, and with what JavaScript would be told; `UPDATE_GOLDEN=1` writes it anew.
    pub fn compare_with_golden(&self) {
        for scene in &self.scenes {
            let records = serde_json::to_string(&scene.records).expect("JSON");
            for asked in &scene.questions {
                let question = serde_json::json!({
                    "contracts": scene.contracts, "time": asked.time, "to": asked.to, "prices": [],
                });
                let told = ask_json(&records, &question.to_string(), &asked.query.to_string());
                let expected = match asked.refused {
                    true => Answer::Refused(asked.answer.clone()),
                    false => Answer::Answered(asked.answer.as_bytes().into()),
                };
                assert_eq!(told, Ok(cosmwasm_std::to_json_string(&expected).expect("JSON")));
            }
        }
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/vectors.json");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            let text = serde_json::to_string_pretty(self).expect("JSON");
            std::fs::write(&path, text + "\n").expect("written");
        }
        let written = std::fs::read_to_string(&path).expect("the golden file");
        let written: Vectors = serde_json::from_str(&written).expect("JSON");
        assert!(
            *self == written,
            "tests/golden/vectors.json is stale: UPDATE_GOLDEN=1 cargo test -p glidepath-risk-js writes it anew"
        );
    }
}

pub fn texts(suite: &Suite) -> Peers<String> {
    let Peers {
        vault,
        position_manager,
        oracle_adapter,
        liquidation_auction,
        insurance_fund,
    } = &suite.peers;
    Peers {
        vault: vault.to_string(),
        position_manager: position_manager.to_string(),
        oracle_adapter: oracle_adapter.to_string(),
        liquidation_auction: liquidation_auction.to_string(),
        insurance_fund: insurance_fund.to_string(),
    }
}
