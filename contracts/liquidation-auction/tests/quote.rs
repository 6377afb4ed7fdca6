//! Invariant 8: at any moment, for any payment, a preview is the execution, to the unit; and the price never rises.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::sale;
use cosmwasm_std::{Decimal256, Uint128};
use glidepath_interfaces::auction::PreviewBidResponse;
use glidepath_interfaces::events::auction::{Filled, LotStarted};
use glidepath_interfaces::events::position_manager::Advanced;
use glidepath_liquidation_auction::ContractError;
use glidepath_testkit::scenes::{calm, closing_out, on_sale, UNIT};
use glidepath_testkit::{refused, Suite};
use proptest::prelude::*;

/// Seconds into the lot's life in thousandths of it (a little beyond both ends), payment in base units.
fn bids() -> impl Strategy<Value = (bool, Vec<(u64, u128)>)> {
    let pay = prop_oneof![
        1u128..10,
        1u128..2 * UNIT,
        UNIT..10_000 * UNIT,
        10_000 * UNIT..2_000_000 * UNIT
    ];
    (any::<bool>(), proptest::collection::vec((0u64..1_050, pay), 1..4))
}

fn one(suite: &mut Suite, position: u64, pay: u128) {
    let bob = suite.user("bob");
    let preview = match suite.ask().preview_bid(position, Some(pay)) {
        Ok(preview) => preview,
        Err(_) => return,
    };
    let owner_had = suite.ask().position(position).unwrap();
    let coins = suite.balance(&bob, "usdc");
    let done = suite.auction().bid(&bob, position, pay);
    match preview {
        PreviewBidResponse::Fills(preview) => {
            let done = done.unwrap();
            let event = done.event(Filled::TYPE).unwrap();
            let number = |key| event.must::<Uint128>(key);
            assert_eq!(number("sold"), preview.sold);
            assert_eq!(number("paid"), preview.paid);
            assert_eq!(number("repaid"), preview.repaid);
            assert_eq!(number("penalty"), preview.penalty);
            assert_eq!(event.must::<Decimal256>("price"), preview.price);
            assert_eq!(event.get("health_after"), preview.health_after);
            assert_eq!(owner_had.health.maintenance, Some(preview.health_before));
            assert_eq!(preview.refund.u128(), pay - preview.paid.u128());
            assert_eq!(suite.balance(&bob, "usdc"), coins + preview.refund.u128());
            let cleared = number("lot_left").is_zero();
            assert_eq!(cleared, preview.clears_lot);
            assert_eq!(cleared, done.has(LotStarted::TYPE) || done.has(Advanced::TYPE));
        }
        PreviewBidResponse::Refused(refusal) => {
            assert_eq!(refused::<ContractError>(done), ContractError::Refused(refusal));
        }
        PreviewBidResponse::NoLot { .. } => {
            let error = refused::<ContractError>(done);
            assert!(
                matches!(
                    error,
                    ContractError::LotNotStarted { .. }
                        | ContractError::LotExpired { .. }
                        | ContractError::NoLot { .. }
                ),
                "{error}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_preview_is_the_execution((close_out, bids) in bids()) {
        let mut suite = calm().build();
        let position = if close_out { closing_out(&mut suite) } else { on_sale(&mut suite) };
        for (moment, pay) in bids {
            let Ok(now) = suite.ask().sale(position) else { break };
            if let Some(lot) = now.sale.lot {
                let life = lot.ends_at - lot.start_at;
                let at = lot.start_at + life * moment / 1_000;
                suite.until(at.max(suite.now()));
            }
            one(&mut suite, position, pay);
        }
    }

    #[test]
    fn a_price_never_rises_and_never_falls_below_the_floor(steps in proptest::collection::vec(0u64..60, 1..12)) {
        let mut suite = calm().build();
        let position = on_sale(&mut suite);
        let lot = sale(&suite, position).lot.unwrap();
        let (mut time, mut last) = (lot.start_at, None);
        for step in steps {
            time = (time + step).min(lot.ends_at);
            let at = suite.ask().price_at(position, time).unwrap();
            prop_assert!(at.multiplier >= "0.94".parse().unwrap());
            prop_assert!(last.is_none_or(|last| at.price <= last));
            last = Some(at.price);
        }
    }
}
