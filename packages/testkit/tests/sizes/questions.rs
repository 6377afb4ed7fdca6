//! Examples of every query of the five contracts.

use cosmwasm_std::{to_json_binary, Addr, Binary, Decimal, Uint128};
use glidepath_interfaces::{auction, fund, oracle, position_manager, vault};
use glidepath_testkit::handles::{borrow, repay};
use glidepath_testkit::id;
use glidepath_testkit::scenes::{glide_path, UNIT};

use super::support::scene::Scene;

/// Rows of a page: as many as there are of everything.
const LIMIT: Option<u32> = Some(2);

/// A query of a contract.
pub struct Question {
    pub name: String,
    pub contract: Addr,
    pub msg: Binary,
}

/// Examples of every query of a contract. The arms are those of one `match`: a variant without a row does not compile,
/// and each example must be of the variant beside which it stands.
macro_rules! questions {
    ($of:literal, $contract:expr, $type:ty { $($pattern:pat => $label:literal [$($example:expr),+ $(,)?]),+ $(,)? }) => {{
        fn label(msg: &$type) -> &'static str {
            match msg { $($pattern => $label),+ }
        }
        let mut rows = vec![];
        $($(
            let example: $type = $example;
            assert_eq!(label(&example), $label);
            rows.push(Question {
                name: format!("{} asks {}", $of, $label),
                contract: $contract.clone(),
                msg: to_json_binary(&example).unwrap(),
            });
        )+)+
        rows
    }};
}

/// All of them.
pub fn all(scene: &Scene) -> Vec<Question> {
    let peers = &scene.suite.peers;
    let (position, now) = (scene.position, scene.suite.now());
    let (alice, bob) = (
        scene.suite.user("alice").to_string(),
        scene.suite.user("bob").to_string(),
    );
    let usdc = || id("usdc");
    let mut all = questions!("vault", peers.vault, vault::QueryMsg {
        vault::QueryMsg::Config {} => "config" [vault::QueryMsg::Config {}],
        vault::QueryMsg::Assets { .. } => "assets" [vault::QueryMsg::Assets { start_after: None, limit: LIMIT }],
        vault::QueryMsg::Market { .. } => "market" [vault::QueryMsg::Market { asset: usdc() }],
        vault::QueryMsg::Markets { .. } => "markets" [vault::QueryMsg::Markets { start_after: None, limit: LIMIT }],
        vault::QueryMsg::Ledger { .. } => "ledger" [vault::QueryMsg::Ledger { position }],
        vault::QueryMsg::Supply { .. } => "supply" [vault::QueryMsg::Supply { asset: usdc(), account: bob.clone() }],
        vault::QueryMsg::Account { .. } => "account" [vault::QueryMsg::Account { asset: usdc(), account: bob.clone() }],
        vault::QueryMsg::Accounts { .. } => "accounts" [
            vault::QueryMsg::Accounts { account: bob.clone(), start_after: None, limit: LIMIT }
        ],
        vault::QueryMsg::Ticket { .. } => "ticket" [vault::QueryMsg::Ticket { position }],
        vault::QueryMsg::Solvency { .. } => "solvency" [vault::QueryMsg::Solvency { asset: usdc() }],
        vault::QueryMsg::Ownership {} => "ownership" [vault::QueryMsg::Ownership {}],
    });
    all.extend(questions!("position_manager", peers.position_manager, position_manager::QueryMsg {
        position_manager::QueryMsg::Config {} => "config" [position_manager::QueryMsg::Config {}],
        position_manager::QueryMsg::Asset { .. } => "asset" [position_manager::QueryMsg::Asset { asset: usdc() }],
        position_manager::QueryMsg::Assets { .. } => "assets" [
            position_manager::QueryMsg::Assets { start_after: None, limit: LIMIT }
        ],
        position_manager::QueryMsg::Position { .. } => "position" [position_manager::QueryMsg::Position { position }],
        position_manager::QueryMsg::LiquidationPrices { .. } => "liquidation_prices" [
            position_manager::QueryMsg::LiquidationPrices { position }
        ],
        position_manager::QueryMsg::TimeToLiquidation { .. } => "time_to_liquidation" [
            position_manager::QueryMsg::TimeToLiquidation { position, within: Some(3_600) }
        ],
        position_manager::QueryMsg::Order { .. } => "order" [position_manager::QueryMsg::Order { position }],
        position_manager::QueryMsg::PreviewOrder { .. } => "preview_order" [
            position_manager::QueryMsg::PreviewOrder { position: scene.sound, order: glide_path() }
        ],
        position_manager::QueryMsg::PreviewUpdate { .. } => "preview_update" [
            position_manager::QueryMsg::PreviewUpdate {
                position: Some(scene.sound),
                actions: vec![borrow("usdc", UNIT)],
            }
        ],
        position_manager::QueryMsg::PreviewTakeover { .. } => "preview_takeover" [
            position_manager::QueryMsg::PreviewTakeover {
                position,
                taker: Some(bob.clone()),
                actions: vec![repay("usdc", 60_000 * UNIT)],
            }
        ],
        position_manager::QueryMsg::PositionsOf { .. } => "positions_of" [
            position_manager::QueryMsg::PositionsOf { owner: alice, start_after: None, limit: LIMIT }
        ],
        position_manager::QueryMsg::Positions { .. } => "positions" [
            position_manager::QueryMsg::Positions { start_after: None, limit: LIMIT }
        ],
        position_manager::QueryMsg::Distressed { .. } => "distressed" [
            position_manager::QueryMsg::Distressed { start_after: None, limit: LIMIT }
        ],
        position_manager::QueryMsg::Due { .. } => "due" [position_manager::QueryMsg::Due { position }],
        position_manager::QueryMsg::Sellable { .. } => "sellable" [
            position_manager::QueryMsg::Sellable {
                position,
                multiplier: Decimal::percent(99),
                max_pay: Some(Uint128::new(1_000 * UNIT)),
                prices: None, known: None,
            }
        ],
        position_manager::QueryMsg::CheckTerms { .. } => "check_terms" [
            position_manager::QueryMsg::CheckTerms { terms: glidepath_testkit::defaults::sale_terms() }
        ],
        position_manager::QueryMsg::Guardian {} => "guardian" [position_manager::QueryMsg::Guardian {}],
        position_manager::QueryMsg::Ownership {} => "ownership" [position_manager::QueryMsg::Ownership {}],
    }));
    all.extend(questions!("oracle_adapter", peers.oracle_adapter, oracle::QueryMsg {
        oracle::QueryMsg::Config {} => "config" [oracle::QueryMsg::Config {}],
        oracle::QueryMsg::Price { .. } => "price" [oracle::QueryMsg::Price { asset: usdc() }],
        oracle::QueryMsg::Prices { .. } => "prices" [oracle::QueryMsg::Prices { start_after: None, limit: LIMIT }],
        oracle::QueryMsg::Feed { .. } => "feed" [oracle::QueryMsg::Feed { asset: usdc() }],
        oracle::QueryMsg::Reports { .. } => "reports" [oracle::QueryMsg::Reports { asset: usdc() }],
        oracle::QueryMsg::Ownership {} => "ownership" [oracle::QueryMsg::Ownership {}],
    }));
    all.extend(questions!("liquidation_auction", peers.liquidation_auction, auction::QueryMsg {
        auction::QueryMsg::Config {} => "config" [auction::QueryMsg::Config {}],
        auction::QueryMsg::Sale { .. } => "sale" [auction::QueryMsg::Sale { position }],
        auction::QueryMsg::Sales { .. } => "sales" [
            auction::QueryMsg::Sales { collateral: None, start_after: None, limit: LIMIT },
            auction::QueryMsg::Sales { collateral: Some(id("atom")), start_after: None, limit: LIMIT },
        ],
        auction::QueryMsg::PreviewBid { .. } => "preview_bid" [
            auction::QueryMsg::PreviewBid { position, pay: None, prices: None, bidder: None }
        ],
        auction::QueryMsg::PreviewBackstop { .. } => "preview_backstop" [
            auction::QueryMsg::PreviewBackstop { position }
        ],
        auction::QueryMsg::OpenLots { .. } => "open_lots" [
            auction::QueryMsg::OpenLots {
                collateral: None, debt: None, bidder: None, funds: Some(1_000_000u128.into()), ahead: Some(6),
                start_after: None, limit: LIMIT,
            },
            auction::QueryMsg::OpenLots {
                collateral: Some(id("atom")), debt: Some(usdc()), bidder: Some(bob.clone()), funds: None, ahead: None,
                start_after: None, limit: LIMIT,
            },
        ],
        auction::QueryMsg::Bidders { .. } => "bidders" [auction::QueryMsg::Bidders { collateral: id("atom") }],
        auction::QueryMsg::PriceAt { .. } => "price_at" [auction::QueryMsg::PriceAt { position, time: now }],
        auction::QueryMsg::Order { .. } => "order" [auction::QueryMsg::Order { order: scene.order }],
        auction::QueryMsg::Orders { .. } => "orders" [
            auction::QueryMsg::Orders { owner: bob.clone(), start_after: None, limit: LIMIT }
        ],
        auction::QueryMsg::Book { .. } => "book" [auction::QueryMsg::Book { collateral: id("atom"), debt: usdc() }],
        auction::QueryMsg::Queue { .. } => "queue" [auction::QueryMsg::Queue { collateral: id("atom"), draw: None }],
        auction::QueryMsg::Ownership {} => "ownership" [auction::QueryMsg::Ownership {}],
    }));
    all.extend(questions!("insurance_fund", peers.insurance_fund, fund::QueryMsg {
        fund::QueryMsg::Config {} => "config" [fund::QueryMsg::Config {}],
        fund::QueryMsg::Pool { .. } => "pool" [fund::QueryMsg::Pool { asset: usdc() }],
        fund::QueryMsg::Pools { .. } => "pools" [fund::QueryMsg::Pools { start_after: None, limit: LIMIT }],
        fund::QueryMsg::Stake { .. } => "stake" [fund::QueryMsg::Stake { asset: usdc(), staker: bob }],
        fund::QueryMsg::Goods { .. } => "goods" [fund::QueryMsg::Goods { start_after: None, limit: LIMIT }],
        fund::QueryMsg::Ownership {} => "ownership" [fund::QueryMsg::Ownership {}],
    }));
    all
}
