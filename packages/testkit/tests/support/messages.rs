//! Examples of every message of the five contracts, for the scene in which each can be carried out by somebody.

use cosmwasm_std::{from_json, to_json_binary, Addr, Binary, Coin, Decimal, Decimal256, Uint128};
use cw20::Cw20ReceiveMsg;
use cw_asset::AssetInfoUnchecked;
use glidepath_interfaces::admin::OwnershipMsg;
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::auction::{EndReason, LotCause, Mode, Offer};
use glidepath_interfaces::oracle::{Report, StopKind};
use glidepath_interfaces::position_manager::Action;
use glidepath_interfaces::vault::{LedgerAction, Permission};
use glidepath_interfaces::{auction, fund, oracle, position_manager, vault};
use glidepath_risk::{Price, Value};
use glidepath_testkit::handles::{borrow, deposit, item, repay, withdraw};
use glidepath_testkit::scenes::{glide_path, UNIT};
use glidepath_testkit::{defaults, id, AssetSpec};

use super::scene::Scene;

/// A message of the matrix.
pub struct Row {
    pub name: String,
    pub msg: Binary,
    pub funds: Vec<Coin>,
    /// Is this text a message of the contract?
    pub parses: fn(&[u8]) -> bool,
}

/// Examples of every message of a contract. The arms are those of one `match`: a variant without a row does not compile;
/// and each example must be of the variant beside which it stands.
macro_rules! messages {
    ($rows:ident, $type:ty, |$scene:ident| { $($pattern:pat => $label:literal [$(($what:literal, $example:expr, $funds:expr)),+ $(,)?]),+ $(,)? }) => {
        fn $rows($scene: &Scene) -> Vec<Row> {
            fn label(msg: &$type) -> &'static str {
                match msg { $($pattern => $label),+ }
            }
            let mut rows = vec![];
            $($(
                let example: $type = $example;
                assert_eq!(label(&example), $label, "the example of {}", $what);
                rows.push(Row {
                    name: [$label, $what].join(" ").trim_end().to_string(),
                    msg: to_json_binary(&example).unwrap(),
                    funds: $funds,
                    parses: |text| from_json::<$type>(text).is_ok(),
                });
            )+)+
            rows
        }
    };
}

fn coins(amount: u128, denom: &str) -> Vec<Coin> {
    vec![Coin::new(amount, denom)]
}

fn none() -> Vec<Coin> {
    vec![]
}

fn usdc(amount: u128) -> Amount {
    Amount {
        asset: id("usdc"),
        amount: amount.into(),
    }
}

fn bob(scene: &Scene) -> String {
    scene.suite.user("bob").to_string()
}

fn propose(scene: &Scene) -> OwnershipMsg {
    OwnershipMsg::Propose {
        owner: bob(scene),
        expiry: None,
    }
}

/// A hook that names alice as who sent the token.
fn hook(scene: &Scene, msg: Binary) -> Cw20ReceiveMsg {
    Cw20ReceiveMsg {
        sender: scene.suite.user("alice").to_string(),
        amount: Uint128::new(1_000_000),
        msg,
    }
}

fn offer() -> Offer {
    Offer {
        collateral: id("atom"),
        debt: id("usdc"),
        value: Value::usd(1_000),
        amount: Uint128::new(100 * UNIT),
        depth: Value::usd(200_000),
        calm: Decimal::one(),
        queue: None,
        min_left: Uint128::one(),
    }
}

messages!(vault_rows, vault::ExecuteMsg, |scene| {
    vault::ExecuteMsg::Supply { .. } => "supply" [(
        "",
        vault::ExecuteMsg::Supply { asset: id("usdc"), recipient: Some(bob(scene)) },
        coins(10, "uusdc")
    )],
    vault::ExecuteMsg::Withdraw { .. } => "withdraw" [(
        "own",
        vault::ExecuteMsg::Withdraw { asset: id("usdc"), amount: Some(Uint128::one()), recipient: Some(bob(scene)) },
        none()
    )],
    vault::ExecuteMsg::TransferSupply { .. } => "transfer_supply" [(
        "own",
        vault::ExecuteMsg::TransferSupply { asset: id("usdc"), shares: Uint128::one(), recipient: bob(scene) },
        none()
    )],
    vault::ExecuteMsg::Deposit { .. } => "deposit" [(
        "",
        vault::ExecuteMsg::Deposit { asset: id("usdc"), recipient: Some(bob(scene)) },
        coins(10, "uusdc")
    )],
    vault::ExecuteMsg::WithdrawAccount { .. } => "withdraw_account" [(
        "own",
        vault::ExecuteMsg::WithdrawAccount { asset: id("usdc"), amount: Some(Uint128::one()), recipient: Some(bob(scene)) },
        none()
    )],
    vault::ExecuteMsg::SetAside { .. } => "set_aside" [(
        "own",
        vault::ExecuteMsg::SetAside { asset: id("usdc"), amount: Uint128::one() },
        none()
    )],
    vault::ExecuteMsg::PayTicket { .. } => "pay_ticket" [(
        "",
        vault::ExecuteMsg::PayTicket { position: scene.position },
        coins(10, "uusdc")
    )],
    vault::ExecuteMsg::TicketPaid { .. } => "ticket_paid" [(
        "",
        vault::ExecuteMsg::TicketPaid { position: scene.position },
        none()
    )],
    vault::ExecuteMsg::Apply { .. } => "apply" [
        (
            "borrow",
            vault::ExecuteMsg::Apply {
                position: scene.position,
                actions: vec![LedgerAction::Borrow { amount: usdc(1), recipient: bob(scene) }],
            },
            none()
        ),
        (
            "repay",
            vault::ExecuteMsg::Apply { position: scene.position, actions: vec![LedgerAction::Repay(usdc(10))] },
            coins(10, "uusdc")
        ),
    ],
    vault::ExecuteMsg::SetDistress { .. } => "set_distress" [(
        "",
        vault::ExecuteMsg::SetDistress {
            position: scene.position,
            surcharge_rate: Decimal::zero(),
            drop_stretch: false,
            sale: Some(Permission { collateral: id("atom"), debt: id("usdc"), min_price: Decimal256::zero() }),
            keepers: vec![bob(scene)],
            insolvent: false,
        },
        none()
    )],
    vault::ExecuteMsg::Settle { .. } => "settle" [(
        "",
        vault::ExecuteMsg::Settle { fills: vec![vault::Fill { position: scene.position,
            sold: Uint128::new(UNIT),
            repaid: Uint128::new(9 * UNIT),
            penalty: Uint128::zero(),
                        ends: None, matched_by: None }], paid_by: vault::PaidBy::Coins {}, recipient: bob(scene) },
        coins(9 * UNIT, "uusdc")
    )],
    vault::ExecuteMsg::TakeOver { .. } => "take_over" [(
        "",
        vault::ExecuteMsg::TakeOver {
            position: scene.position,
            owner: bob(scene),
            credit: Uint128::new(10),
            penalty: Uint128::zero(),
            keepers: vec![bob(scene)],
        },
        coins(10, "uusdc")
    )],
    vault::ExecuteMsg::WriteOff { .. } => "write_off" [(
        "",
        vault::ExecuteMsg::WriteOff { position: scene.position, keepers: vec![bob(scene)] },
        none()
    )],
    vault::ExecuteMsg::ListAsset { .. } => "list_asset" [(
        "",
        vault::ExecuteMsg::ListAsset { asset: id("new"), info: AssetInfoUnchecked::native("unew"), decimals: 6 },
        none()
    )],
    vault::ExecuteMsg::SetMarket { .. } => "set_market" [(
        "",
        vault::ExecuteMsg::SetMarket { asset: id("usdc"), terms: defaults::market_terms() },
        none()
    )],
    vault::ExecuteMsg::SetPenaltySplit { .. } => "set_penalty_split" [(
        "",
        vault::ExecuteMsg::SetPenaltySplit { split: defaults::penalty_split() },
        none()
    )],
    vault::ExecuteMsg::WithdrawReserves { .. } => "withdraw_reserves" [(
        "",
        vault::ExecuteMsg::WithdrawReserves { asset: id("usdc"), amount: Some(Uint128::one()), recipient: bob(scene) },
        none()
    )],
    vault::ExecuteMsg::LowerCaps { .. } => "lower_caps" [(
        "",
        vault::ExecuteMsg::LowerCaps {
            asset: id("usdc"),
            supply_cap: None,
            borrow_cap: Some(Uint128::new(1_000_000_000_000_000_000)),
        },
        none()
    )],
    vault::ExecuteMsg::SetGuardian { .. } => "set_guardian" [(
        "",
        vault::ExecuteMsg::SetGuardian { guardian: Some(bob(scene)) },
        none()
    )],
    vault::ExecuteMsg::UpdateOwnership(_) => "update_ownership" [
        ("propose", vault::ExecuteMsg::UpdateOwnership(propose(scene)), none()),
        ("cancel", vault::ExecuteMsg::UpdateOwnership(OwnershipMsg::Cancel {}), none()),
        ("accept", vault::ExecuteMsg::UpdateOwnership(OwnershipMsg::Accept {}), none()),
    ],
    vault::ExecuteMsg::Receive(_) => "receive" [
        (
            "supply of the token",
            vault::ExecuteMsg::Receive(hook(
                scene,
                to_json_binary(&vault::ExecuteMsg::Supply { asset: id("gold"), recipient: None }).unwrap()
            )),
            none()
        ),
        (
            "supply of another asset",
            vault::ExecuteMsg::Receive(hook(
                scene,
                to_json_binary(&vault::ExecuteMsg::Supply { asset: id("usdc"), recipient: None }).unwrap()
            )),
            none()
        ),
        (
            "what takes no payment",
            vault::ExecuteMsg::Receive(hook(
                scene,
                to_json_binary(&vault::ExecuteMsg::Withdraw { asset: id("usdc"), amount: None, recipient: None }).unwrap()
            )),
            none()
        ),
    ],
});

fn update(position: Option<u64>, action: Action) -> position_manager::ExecuteMsg {
    position_manager::ExecuteMsg::Update {
        position,
        actions: vec![action],
        recipient: None,
    }
}

messages!(manager_rows, position_manager::ExecuteMsg, |scene| {
    position_manager::ExecuteMsg::Update { .. } => "update" [
        ("open", update(None, deposit("atom", UNIT)), coins(UNIT, "uatom")),
        ("add what is held", update(Some(scene.position), deposit("atom", UNIT)), coins(UNIT, "uatom")),
        ("repay", update(Some(scene.position), repay("usdc", UNIT)), coins(UNIT, "uusdc")),
        ("withdraw", update(Some(scene.sound), withdraw("atom", 1)), none()),
        ("borrow", update(Some(scene.sound), borrow("usdc", 1)), none()),
    ],
    position_manager::ExecuteMsg::Advance { .. } => "advance" [(
        "",
        position_manager::ExecuteMsg::Advance { position: scene.position },
        none()
    )],
    position_manager::ExecuteMsg::TargetMet { .. } => "target_met" [(
        "",
        position_manager::ExecuteMsg::TargetMet { position: scene.position, health: None },
        none()
    )],
    position_manager::ExecuteMsg::SetAsset { .. } => "set_asset" [(
        "",
        position_manager::ExecuteMsg::SetAsset {
            asset: id("atom"),
            params: AssetSpec::atom().calm().depth(200_000).params,
            ramp: 0,
        },
        none()
    )],
    position_manager::ExecuteMsg::SetParams { .. } => "set_params" [(
        "",
        position_manager::ExecuteMsg::SetParams { params: defaults::rules() },
        none()
    )],
    position_manager::ExecuteMsg::OfferPosition { .. } => "offer_position" [(
        "",
        position_manager::ExecuteMsg::OfferPosition { position: scene.position, to: Some(bob(scene)), expires_at: None },
        none()
    )],
    position_manager::ExecuteMsg::TakePosition { .. } => "take_position" [(
        "",
        position_manager::ExecuteMsg::TakePosition { position: scene.sound, min_equity: Some(Value::usd(1)) },
        none()
    )],
    position_manager::ExecuteMsg::SetOrder { .. } => "set_order" [(
        "",
        position_manager::ExecuteMsg::SetOrder { position: scene.position, order: glide_path() },
        none()
    )],
    position_manager::ExecuteMsg::Takeover { .. } => "takeover" [(
        "",
        position_manager::ExecuteMsg::Takeover {
            position: scene.position,
            max_pay: Uint128::new(200_000 * UNIT),
            actions: vec![repay("usdc", 60_000 * UNIT)],
        },
        coins(260_000 * UNIT, "uusdc")
    )],
    position_manager::ExecuteMsg::SetTakeover { .. } => "set_takeover" [(
        "",
        position_manager::ExecuteMsg::SetTakeover { position: scene.position, allowed: false },
        none()
    )],
    position_manager::ExecuteMsg::EndSale { .. } => "end_sale" [(
        "",
        position_manager::ExecuteMsg::EndSale { position: scene.position },
        none()
    )],
    position_manager::ExecuteMsg::SetGuardian { .. } => "set_guardian" [(
        "",
        position_manager::ExecuteMsg::SetGuardian { guardian: None },
        none()
    )],
    position_manager::ExecuteMsg::LowerOverhangCap { .. } => "lower_overhang_cap" [(
        "",
        position_manager::ExecuteMsg::LowerOverhangCap {
            asset: id("atom"),
            overhang_cap: cosmwasm_std::Decimal::percent(1_900),
        },
        none()
    )],
    position_manager::ExecuteMsg::UpdateOwnership(_) => "update_ownership" [
        ("propose", position_manager::ExecuteMsg::UpdateOwnership(propose(scene)), none()),
        ("cancel", position_manager::ExecuteMsg::UpdateOwnership(OwnershipMsg::Cancel {}), none()),
        ("accept", position_manager::ExecuteMsg::UpdateOwnership(OwnershipMsg::Accept {}), none()),
    ],
    position_manager::ExecuteMsg::Receive(_) => "receive" [
        (
            "deposit of the token, in a new position",
            position_manager::ExecuteMsg::Receive(hook(
                scene,
                to_json_binary(&update(None, deposit("gold", 1_000_000))).unwrap()
            )),
            none()
        ),
        (
            "withdrawal as the holder",
            position_manager::ExecuteMsg::Receive(hook(
                scene,
                to_json_binary(&update(Some(scene.sound), withdraw("atom", 1))).unwrap()
            )),
            none()
        ),
    ],
});

messages!(oracle_rows, oracle::ExecuteMsg, |scene| {
    oracle::ExecuteMsg::Post { .. } => "post" [(
        "",
        oracle::ExecuteMsg::Post {
            reports: vec![Report {
                asset: id("gold"),
                price: Price(Decimal::from_ratio(2_000u128, 1u128)),
                at: scene.suite.now(),
            }],
        },
        none()
    )],
    oracle::ExecuteMsg::UpdatePrices { .. } => "update_prices" [(
        "",
        oracle::ExecuteMsg::UpdatePrices { assets: vec![id("atom")] },
        none()
    )],
    oracle::ExecuteMsg::SetFeed { .. } => "set_feed" [(
        "",
        oracle::ExecuteMsg::SetFeed { asset: id("atom"), feed: defaults::feed(1) },
        none()
    )],
    oracle::ExecuteMsg::SetReporters { .. } => "set_reporters" [(
        "",
        oracle::ExecuteMsg::SetReporters { reporters: vec![bob(scene)] },
        none()
    )],
    oracle::ExecuteMsg::Stop { .. } => "stop" [
        (
            "borrowing",
            oracle::ExecuteMsg::Stop { assets: vec![id("atom")], kind: StopKind::Borrowing, seconds: 3_600 },
            none()
        ),
        (
            "fills",
            oracle::ExecuteMsg::Stop { assets: vec![id("atom")], kind: StopKind::Fills, seconds: 3_600 },
            none()
        ),
    ],
    oracle::ExecuteMsg::Lift { .. } => "lift" [(
        "",
        oracle::ExecuteMsg::Lift { assets: vec![id("atom")], kind: StopKind::Fills },
        none()
    )],
    oracle::ExecuteMsg::SetGuardian { .. } => "set_guardian" [(
        "",
        oracle::ExecuteMsg::SetGuardian { guardian: Some(bob(scene)) },
        none()
    )],
    oracle::ExecuteMsg::UpdateOwnership(_) => "update_ownership" [
        ("propose", oracle::ExecuteMsg::UpdateOwnership(propose(scene)), none()),
        ("cancel", oracle::ExecuteMsg::UpdateOwnership(OwnershipMsg::Cancel {}), none()),
        ("accept", oracle::ExecuteMsg::UpdateOwnership(OwnershipMsg::Accept {}), none()),
    ],
});

fn bid(scene: &Scene) -> auction::ExecuteMsg {
    auction::ExecuteMsg::Bid {
        position: scene.position,
        max_price: Decimal256::MAX,
        recipient: None,
        min_received: None,
        pay: None,
    }
}

messages!(auction_rows, auction::ExecuteMsg, |scene| {
    auction::ExecuteMsg::Bid { .. } => "bid" [("", bid(scene), coins(100 * UNIT, "uusdc"))],
    auction::ExecuteMsg::BidMany { .. } => "bid_many" [(
        "",
        auction::ExecuteMsg::BidMany { bids: vec![item(scene.position)], recipient: None, account: None },
        coins(100 * UNIT, "uusdc")
    )],
    auction::ExecuteMsg::PlaceOrder { .. } => "place_order" [(
        "",
        auction::ExecuteMsg::PlaceOrder { collateral: id("atom"), debt: id("usdc"), slot: 15 },
        coins(100 * UNIT, "uusdc")
    )],
    auction::ExecuteMsg::CancelOrder { .. } => "cancel_order" [(
        "own",
        auction::ExecuteMsg::CancelOrder { order: scene.order, recipient: Some(bob(scene)) },
        none()
    )],
    auction::ExecuteMsg::ClaimOrder { .. } => "claim_order" [(
        "own",
        auction::ExecuteMsg::ClaimOrder { order: scene.order, recipient: Some(bob(scene)) },
        none()
    )],
    auction::ExecuteMsg::Match { .. } => "match" [(
        "",
        auction::ExecuteMsg::Match { position: scene.position },
        none()
    )],
    auction::ExecuteMsg::Backstop { .. } => "backstop" [(
        "",
        auction::ExecuteMsg::Backstop { position: scene.position },
        none()
    )],
    auction::ExecuteMsg::Resume(_) => "resume" [(
        "",
        auction::ExecuteMsg::Resume(auction::Resume {
            bid: item(scene.position),
            bidder: bob(scene),
            recipient: bob(scene),
            coins: None,
            pay: Some(auction::Pay::Account(usdc(4 * UNIT))),
            served: 0,
        }),
        none()
    )],
    auction::ExecuteMsg::SetMinOrder { .. } => "set_min_order" [(
        "",
        auction::ExecuteMsg::SetMinOrder { debt: id("usdc"), amount: Some(Uint128::new(UNIT)) },
        none()
    )],
    auction::ExecuteMsg::SetBidders { .. } => "set_bidders" [(
        "",
        auction::ExecuteMsg::SetBidders {
            collateral: id("atom"),
            reserved: 6,
            bidders: vec![bob(scene)],
        },
        none()
    )],
    auction::ExecuteMsg::Open { .. } => "open" [(
        "",
        auction::ExecuteMsg::Open {
            position: 77_000_000,
            mode: Mode::Soft,
            target: Decimal::one(),
            eta: Decimal::percent(50),
            max_discount: None,
            breach_seen_at: 0,
            offer: offer(),
        },
        none()
    )],
    auction::ExecuteMsg::StartLot { .. } => "start_lot" [(
        "",
        auction::ExecuteMsg::StartLot { position: scene.position, cause: LotCause::Restart, offer: offer() },
        none()
    )],
    auction::ExecuteMsg::Sleep { .. } => "sleep" [(
        "",
        auction::ExecuteMsg::Sleep { position: scene.position },
        none()
    )],
    auction::ExecuteMsg::End { .. } => "end" [(
        "",
        auction::ExecuteMsg::End { position: scene.position, reason: EndReason::Cured },
        none()
    )],
    auction::ExecuteMsg::SetTerms { .. } => "set_terms" [(
        "",
        auction::ExecuteMsg::SetTerms { terms: defaults::sale_terms() },
        none()
    )],
    auction::ExecuteMsg::UpdateOwnership(_) => "update_ownership" [
        ("propose", auction::ExecuteMsg::UpdateOwnership(propose(scene)), none()),
        ("cancel", auction::ExecuteMsg::UpdateOwnership(OwnershipMsg::Cancel {}), none()),
        ("accept", auction::ExecuteMsg::UpdateOwnership(OwnershipMsg::Accept {}), none()),
    ],
    auction::ExecuteMsg::Receive(_) => "receive" [
        (
            "a bid in another asset",
            auction::ExecuteMsg::Receive(Cw20ReceiveMsg {
                amount: Uint128::new(100 * UNIT),
                ..hook(scene, to_json_binary(&bid(scene)).unwrap())
            }),
            none()
        ),
        (
            "what takes no payment",
            auction::ExecuteMsg::Receive(hook(
                scene,
                to_json_binary(&auction::ExecuteMsg::Sleep { position: scene.position }).unwrap()
            )),
            none()
        ),
    ],
});

messages!(fund_rows, fund::ExecuteMsg, |scene| {
    fund::ExecuteMsg::Stake { .. } => "stake" [(
        "",
        fund::ExecuteMsg::Stake { asset: id("usdc") },
        coins(UNIT, "uusdc")
    )],
    fund::ExecuteMsg::RequestExit { .. } => "request_exit" [(
        "own",
        fund::ExecuteMsg::RequestExit { asset: id("usdc"), units: None },
        none()
    )],
    fund::ExecuteMsg::CancelExit { .. } => "cancel_exit" [(
        "own",
        fund::ExecuteMsg::CancelExit { asset: id("usdc") },
        none()
    )],
    fund::ExecuteMsg::Exit { .. } => "exit" [(
        "own",
        fund::ExecuteMsg::Exit { asset: id("usdc") },
        none()
    )],
    fund::ExecuteMsg::Book { .. } => "book" [("", fund::ExecuteMsg::Book { asset: id("usdc") }, none())],
    fund::ExecuteMsg::SetCover { .. } => "set_cover" [(
        "",
        fund::ExecuteMsg::SetCover { asset: id("usdc"), rule: defaults::cover_rule() },
        none()
    )],
    fund::ExecuteMsg::SetBackstop { .. } => "set_backstop" [(
        "",
        fund::ExecuteMsg::SetBackstop { asset: id("usdc"), rule: defaults::backstop_rule() },
        none()
    )],
    fund::ExecuteMsg::Bought { .. } => "bought" [(
        "",
        fund::ExecuteMsg::Bought {
            asset: id("usdc"),
            shares: Uint128::one(),
            goods: Amount { asset: id("atom"), amount: Uint128::new(UNIT) },
        },
        none()
    )],
    fund::ExecuteMsg::Claim { .. } => "claim" [(
        "own",
        fund::ExecuteMsg::Claim { asset: id("usdc"), collateral: id("atom") },
        none()
    )],
    fund::ExecuteMsg::SetParams { .. } => "set_params" [(
        "",
        fund::ExecuteMsg::SetParams { params: defaults::fund_params() },
        none()
    )],
    fund::ExecuteMsg::WithdrawAccount { .. } => "withdraw_account" [(
        "",
        fund::ExecuteMsg::WithdrawAccount { asset: id("usdc"), amount: Some(Uint128::one()), recipient: bob(scene) },
        none()
    )],
    fund::ExecuteMsg::UpdateOwnership(_) => "update_ownership" [
        ("propose", fund::ExecuteMsg::UpdateOwnership(propose(scene)), none()),
        ("cancel", fund::ExecuteMsg::UpdateOwnership(OwnershipMsg::Cancel {}), none()),
        ("accept", fund::ExecuteMsg::UpdateOwnership(OwnershipMsg::Accept {}), none()),
    ],
    fund::ExecuteMsg::Receive(_) => "receive" [
        (
            "stake of the token",
            fund::ExecuteMsg::Receive(hook(
                scene,
                to_json_binary(&fund::ExecuteMsg::Stake { asset: id("gold") }).unwrap()
            )),
            none()
        ),
        (
            "stake of another asset",
            fund::ExecuteMsg::Receive(hook(
                scene,
                to_json_binary(&fund::ExecuteMsg::Stake { asset: id("usdc") }).unwrap()
            )),
            none()
        ),
    ],
});

/// Every message of every contract, with the contract that it goes to.
pub fn contracts(scene: &Scene) -> [(&'static str, Addr, Vec<Row>); 5] {
    let peers = scene.suite.peers.clone();
    [
        ("vault", peers.vault, vault_rows(scene)),
        ("position_manager", peers.position_manager, manager_rows(scene)),
        ("oracle_adapter", peers.oracle_adapter, oracle_rows(scene)),
        (
            "liquidation_auction",
            peers.liquidation_auction,
            auction_rows(scene),
        ),
        ("insurance_fund", peers.insurance_fund, fund_rows(scene)),
    ]
}
