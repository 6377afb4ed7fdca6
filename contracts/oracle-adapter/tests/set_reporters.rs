//! `SetReporters`.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod common;

use common::*;
use cosmwasm_std::StdError;
use glidepath_interfaces::oracle::{ConfigResponse, ExecuteMsg, QueryMsg};
use glidepath_oracle_adapter::ContractError;

#[test]
fn reports_of_former_reporters_count_no_more() {
    let mut suite = Suite::with_feed(feed(2));
    suite.tick(1, "10");
    suite.tick(2, "10");
    let owner = suite.owner.clone();
    let reporters: Vec<String> = suite.reporters[1..].iter().map(ToString::to_string).collect();
    let response = suite
        .execute(
            &owner,
            &ExecuteMsg::SetReporters {
                reporters: reporters.clone(),
            },
        )
        .unwrap();
    assert_eq!(
        event(&response, "glidepath_oracle-adapter/reporters_set"),
        rows(&[("reporters", &reporters.join(","))])
    );
    let config: ConfigResponse = suite.query(&QueryMsg::Config {});
    assert_eq!(config.reporters, suite.reporters[1..]);
    assert_eq!(suite.reports().len(), 1);
    suite.wait(6);
    let refused = refusal(suite.post(1, "99", suite.now()));
    assert_eq!(
        refused,
        ContractError::NotReporter {
            sender: suite.reporters[0].clone()
        }
    );
    suite.tick(2, "11");
    assert_eq!(suite.atom().price, price("10"), "one vote is left of two");
    suite.tick(3, "11");
    assert_eq!(suite.atom().price, price("11"));
}

#[test]
fn attack_7_reporters_are_at_most_16_and_distinct() {
    let mut suite = Suite::empty();
    let owner = suite.owner.clone();
    let names: Vec<String> = (0..17)
        .map(|n| suite.app.api().addr_make(&format!("r{n}")).to_string())
        .collect();
    let long = suite.execute(
        &owner,
        &ExecuteMsg::SetReporters {
            reporters: names.clone(),
        },
    );
    assert_eq!(
        refusal(long),
        ContractError::TooMany {
            list: "reporters",
            count: 17,
            max: 16
        }
    );
    suite
        .execute(
            &owner,
            &ExecuteMsg::SetReporters {
                reporters: names[1..].to_vec(),
            },
        )
        .unwrap();
    let reporters = vec![names[0].clone(), names[0].clone()];
    let twice = suite.execute(&owner, &ExecuteMsg::SetReporters { reporters });
    assert_eq!(
        refusal(twice),
        ContractError::Duplicate {
            list: "reporters",
            entry: names[0].clone()
        }
    );
    let none = suite
        .execute(&owner, &ExecuteMsg::SetReporters { reporters: vec![] })
        .unwrap();
    assert_eq!(
        event(&none, "glidepath_oracle-adapter/reporters_set"),
        rows(&[]),
        "no empty attribute"
    );
    assert!(suite
        .query::<ConfigResponse>(&QueryMsg::Config {})
        .reporters
        .is_empty());
}

#[test]
fn attack_6_a_reporter_is_a_valid_address() {
    let mut suite = Suite::empty();
    let owner = suite.owner.clone();
    for text in [String::new(), "osmo1qqq".into(), owner.to_string().to_uppercase()] {
        let set = suite.execute(
            &owner,
            &ExecuteMsg::SetReporters {
                reporters: vec![text],
            },
        );
        assert!(matches!(
            refusal(set),
            ContractError::Std(StdError::GenericErr { .. })
        ));
    }
    assert_eq!(
        suite.query::<ConfigResponse>(&QueryMsg::Config {}).reporters,
        suite.reporters
    );
}
