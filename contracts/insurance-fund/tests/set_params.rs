//! `SetParams`.
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
use glidepath_insurance_fund::ContractError;
use glidepath_interfaces::fund::{ConfigResponse, ExecuteMsg, Params, QueryMsg};

fn set_params(suite: &mut Suite, params: Params) -> Result<(), ContractError> {
    let owner = suite.owner.clone();
    let set = suite.execute(&owner, &ExecuteMsg::SetParams { params });
    set.map(drop).map_err(|e| e.downcast().unwrap())
}

#[test]
fn attack_25_params_at_their_bounds_and_one_past() {
    let mut suite = Suite::new();
    let good = [
        Params {
            cooldown: DAY,
            exit_window: DAY,
            ..PARAMS
        },
        Params {
            cooldown: DAY,
            exit_window: 3_600,
            ..PARAMS
        },
        Params {
            cooldown: 60 * DAY,
            exit_window: 14 * DAY,
            ..PARAMS
        },
        Params {
            stream: DAY,
            ..PARAMS
        },
        Params {
            stream: 60 * DAY,
            ..PARAMS
        },
    ];
    for params in good {
        set_params(&mut suite, params.clone()).unwrap();
        assert_eq!(suite.query::<ConfigResponse>(&QueryMsg::Config {}).params, params);
    }
    let kept: ConfigResponse = suite.query(&QueryMsg::Config {});
    let bad = [
        (
            Params {
                cooldown: DAY - 1,
                exit_window: 3_600,
                ..PARAMS
            },
            "cooldown",
        ),
        (
            Params {
                cooldown: 60 * DAY + 1,
                ..PARAMS
            },
            "cooldown",
        ),
        (
            Params {
                exit_window: 3_599,
                ..PARAMS
            },
            "exit_window",
        ),
        (
            Params {
                cooldown: 60 * DAY,
                exit_window: 14 * DAY + 1,
                ..PARAMS
            },
            "exit_window",
        ),
        (
            Params {
                cooldown: DAY,
                exit_window: DAY + 1,
                ..PARAMS
            },
            "exit_window",
        ),
        (
            Params {
                stream: DAY - 1,
                ..PARAMS
            },
            "stream",
        ),
        (
            Params {
                stream: 60 * DAY + 1,
                ..PARAMS
            },
            "stream",
        ),
    ];
    for (params, name) in bad {
        let refused = set_params(&mut suite, params).unwrap_err();
        assert!(
            matches!(refused, ContractError::BadParameter { field, .. } if field == name),
            "{refused:?}"
        );
        assert_eq!(suite.query::<ConfigResponse>(&QueryMsg::Config {}), kept);
    }
}

#[test]
fn set_params_tells_and_a_running_stream_keeps_its_end() {
    let mut suite = Suite::new();
    let (alice, owner) = (suite.alice.clone(), suite.owner.clone());
    suite.stake(&alice, 1_000_000).unwrap();
    suite.revenue("usdc", 1_000_000);
    suite.book();
    let params = Params {
        stream: DAY,
        ..PARAMS
    };
    let response = suite.execute(&owner, &ExecuteMsg::SetParams { params }).unwrap();
    assert_eq!(
        event(&response, "params_set"),
        rows(&[
            ("cooldown", &(10 * DAY)),
            ("exit_window", &(2 * DAY)),
            ("stream", &DAY)
        ])
    );
    suite.wait(DAY);
    assert_eq!(suite.usdc().stream_ends_at, START + 7 * DAY);
}
