//! `WithdrawAccount`.
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
use cosmwasm_std::{Addr, StdError, Uint128};
use glidepath_insurance_fund::ContractError;
use glidepath_interfaces::fund::ExecuteMsg;
use glidepath_interfaces::payment::PaymentError;

#[test]
fn attack_6_and_8_and_74_the_account_goes_to_a_user_only() {
    let mut suite = Suite::new();
    let (owner, alice) = (suite.owner.clone(), suite.alice.clone());
    let withdraw = |suite: &mut Suite, amount: Option<u128>, recipient: &str| {
        let msg = ExecuteMsg::WithdrawAccount {
            asset: asset("atom"),
            amount: amount.map(Uint128::new),
            recipient: recipient.into(),
        };
        suite.execute(&owner, &msg)
    };
    let response = withdraw(&mut suite, Some(5), alice.as_str()).unwrap();
    assert_eq!(
        event(&response, "account_withdrawn"),
        rows(&[("asset", &"atom"), ("amount", &5), ("recipient", &alice)])
    );
    withdraw(&mut suite, None, alice.as_str()).unwrap();
    let storage = suite.app.contract_storage(&suite.vault);
    let last = vault::WITHDRAWN.load(storage.as_ref()).unwrap();
    drop(storage);
    assert_eq!(last, (asset("atom"), None, Some(alice.to_string())));

    assert_eq!(
        refusal(withdraw(&mut suite, Some(0), alice.as_str())),
        ContractError::Payment(PaymentError::ZeroAmount {})
    );
    for text in ["", &alice.to_string().to_uppercase()] {
        let refused = refusal(withdraw(&mut suite, None, text));
        assert!(
            matches!(refused, ContractError::Std(StdError::GenericErr { .. })),
            "{refused:?}"
        );
    }
    let ours = peers(&suite.app, &suite.vault, &suite.fund);
    for peer in [
        ours.vault,
        ours.position_manager,
        ours.oracle_adapter,
        ours.liquidation_auction,
        ours.insurance_fund,
    ] {
        let recipient = Addr::unchecked(&peer);
        assert_eq!(
            refusal(withdraw(&mut suite, None, &peer)),
            ContractError::BadRecipient { recipient }
        );
    }
}
