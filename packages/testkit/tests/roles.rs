//! Attack 19: who may send what to the five contracts, on the whole suite. `golden/roles.txt` is the frozen matrix;
//! `UPDATE_GOLDEN=1 cargo test -p glidepath-testkit --test roles` writes it anew.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write;

use cosmwasm_std::{
    from_json, to_json_binary, Addr, Binary, Coin, CosmosMsg, Decimal, Decimal256, Uint128, WasmMsg,
};
use cw20::Cw20ReceiveMsg;
use cw_asset::{AssetInfo, AssetInfoUnchecked};
use glidepath_interfaces::admin::OwnershipMsg;
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::auction::{EndReason, LotCause, Mode, Offer};
use glidepath_interfaces::oracle::Report;
use glidepath_interfaces::position_manager::Action;
use glidepath_interfaces::vault::{LedgerAction, Permission};
use glidepath_interfaces::{auction, fund, oracle, position_manager, vault};
use glidepath_risk::{Price, Value};
use glidepath_testkit::handles::{borrow, deposit, repay, withdraw};
use glidepath_testkit::scenes::{on_sale, UNIT};
use glidepath_testkit::{defaults, id, AssetSpec, Suite};
use serde_json::Value as Json;
use support::refusal;
use support::{golden, Moment};

// ---------------------------------------------------------------- the scene

/// Somebody of each role on a suite in which every message can be carried out by somebody: a position on sale, a lot
/// alive, another position, supplies, accounts, stakes and reserves.
struct Scene {
    suite: Suite,
    position: u64,
    roles: Vec<(&'static str, Addr)>,
    /// A healthy position of the same holder.
    sound: u64,
}

impl Scene {
    fn new() -> Self {
        let mut suite = Suite::builder()
            .asset(AssetSpec::atom().calm().depth(200_000))
            .asset(AssetSpec::usdc().calm())
            .asset(AssetSpec::gold())
            .unwatched()
            .build();
        let position = on_sale(&mut suite);
        let alice = suite.user("alice");
        let sound = suite
            .positions()
            .open(&alice, &[("atom", 1_000 * UNIT)], &[("usdc", 1_000 * UNIT)])
            .unwrap();
        let AssetInfo::Cw20(token) = suite.listed("gold").info.clone() else {
            panic!("gold is a token");
        };
        let peers = suite.peers.clone();
        let roles = vec![
            ("owner", suite.owner.clone()),
            ("heir", suite.user("heir")),
            ("vault", peers.vault.clone()),
            ("manager", peers.position_manager.clone()),
            ("oracle", peers.oracle_adapter.clone()),
            ("auction", peers.liquidation_auction.clone()),
            ("fund", peers.insurance_fund.clone()),
            ("reporter", suite.reporters[0].clone()),
            ("user", suite.user("bob")),
            ("holder", suite.user("alice")),
            ("token", token),
        ];
        let mut scene = Scene {
            suite,
            position,
            roles,
            sound,
        };
        scene.furnish();
        scene
    }

    /// Everybody who may have something has it; the heir is proposed everywhere.
    fn furnish(&mut self) {
        let Scene { suite, roles, .. } = self;
        let peers = suite.peers.clone();
        for (_, who) in roles.iter() {
            suite.give(who, "usdc", 1_000 * UNIT);
            suite.give(who, "atom", 1_000 * UNIT);
            if peers.contains(who) {
                // What a token says that it has brought.
                suite.give(who, "gold", 1_000_000);
                continue;
            }
            suite.vault().supply(who, "usdc", 10 * UNIT).unwrap();
            suite.vault().deposit(who, "usdc", 10 * UNIT).unwrap();
            suite.fund().stake(who, "usdc", 10 * UNIT).unwrap();
            suite.fund().request_exit(who, "usdc", None).unwrap();
        }
        let (owner, fund) = (suite.owner.clone(), peers.insurance_fund.to_string());
        let to_fund = vault::ExecuteMsg::Deposit {
            asset: id("usdc"),
            recipient: Some(fund),
        };
        suite.vault().pay(&owner, &to_fund, "usdc", UNIT).unwrap();
        let heir = suite.user("heir").to_string();
        let propose = vault::ExecuteMsg::UpdateOwnership(OwnershipMsg::Propose {
            owner: heir,
            expiry: None,
        });
        for contract in [
            &peers.vault,
            &peers.position_manager,
            &peers.oracle_adapter,
            &peers.liquidation_auction,
            &peers.insurance_fund,
        ] {
            suite.execute(&owner, contract, &propose, &[]).unwrap();
        }
    }

    /// What becomes of a message by somebody.
    fn verdict(&mut self, sender: &Addr, contract: &Addr, row: &Row) -> String {
        let msg = WasmMsg::Execute {
            contract_addr: contract.to_string(),
            msg: row.msg.clone(),
            funds: row.funds.clone(),
        };
        match self.suite.send(sender, CosmosMsg::from(msg)) {
            Ok(_) => "yes".into(),
            Err(error) => {
                let refusal = refusal::of(&error);
                assert!(refusal.is_typed(), "{} by {sender}: {error:#}", row.name);
                refusal.name
            }
        }
    }
}

// ---------------------------------------------------------------- the messages

/// A message of the matrix.
struct Row {
    name: String,
    msg: Binary,
    funds: Vec<Coin>,
    /// Is this text a message of the contract?
    parses: fn(&[u8]) -> bool,
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
        tempo: Decimal::one(),
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
        vault::ExecuteMsg::Settle {
            position: scene.position,
            sold: Uint128::new(UNIT),
            repaid: Uint128::new(9 * UNIT),
            penalty: Uint128::zero(),
            recipient: bob(scene),
        },
        coins(9 * UNIT, "uusdc")
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
    position_manager::ExecuteMsg::SetAsset { .. } => "set_asset" [(
        "",
        position_manager::ExecuteMsg::SetAsset {
            asset: id("atom"),
            params: AssetSpec::atom().calm().depth(200_000).params,
        },
        none()
    )],
    position_manager::ExecuteMsg::SetParams { .. } => "set_params" [(
        "",
        position_manager::ExecuteMsg::SetParams { params: defaults::rules() },
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
    }
}

messages!(auction_rows, auction::ExecuteMsg, |scene| {
    auction::ExecuteMsg::Bid { .. } => "bid" [("", bid(scene), coins(100 * UNIT, "uusdc"))],
    auction::ExecuteMsg::Open { .. } => "open" [(
        "",
        auction::ExecuteMsg::Open {
            position: 77,
            mode: Mode::Soft,
            target: Decimal::one(),
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

fn contracts(scene: &Scene) -> [(&'static str, Addr, Vec<Row>); 5] {
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

// ---------------------------------------------------------------- the matrix

#[test]
fn attack_19_who_may_send_what_to_the_suite() {
    let mut scene = Scene::new();
    let start = Moment::of(&scene.suite);
    let contracts = contracts(&scene);
    let mut text = String::from(
        "Who may send what: `yes`, or the refusal. heir: proposed as the next owner; holder: owns the position;\n\
         token: a listed cw20 token, which as a caller of `receive` says whatever it likes.\n",
    );
    for (contract, address, rows) in &contracts {
        for row in rows {
            let mut verdicts: BTreeMap<(bool, String), Vec<&str>> = BTreeMap::new();
            for (role, sender) in scene.roles.clone() {
                start.restore(&mut scene.suite);
                let verdict = scene.verdict(&sender, address, row);
                if verdict != "yes" {
                    assert!(
                        start.is_now(&scene.suite),
                        "{} by {role} left something",
                        row.name
                    );
                }
                verdicts
                    .entry((verdict != "yes", verdict))
                    .or_default()
                    .push(role);
            }
            writeln!(text, "\n{contract} {}", row.name).unwrap();
            for ((_, verdict), roles) in verdicts {
                writeln!(text, "    {verdict}: {}", roles.join(" ")).unwrap();
            }
        }
    }
    golden("roles.txt", &text);
}

// ---------------------------------------------------------------- unknown fields

/// Every object within `value`, by the way to it.
fn objects(value: &Json, path: &str, found: &mut Vec<String>) {
    match value {
        Json::Object(fields) => {
            found.push(path.to_string());
            for (name, field) in fields {
                objects(field, &format!("{path}/{name}"), found);
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                objects(item, &format!("{path}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// A misspelt optional field or parameter must never be dropped in silence, at any depth.
#[test]
fn attack_9_an_unknown_field_at_any_depth_of_any_message_is_an_error() {
    let scene = Scene::new();
    let mut tried = 0;
    for (contract, _, rows) in contracts(&scene) {
        for row in rows {
            let message: Json = serde_json::from_slice(&row.msg).unwrap();
            assert!((row.parses)(&row.msg), "{contract} {}", row.name);
            let mut paths = vec![];
            objects(&message, "", &mut paths);
            for path in paths {
                // The standard's own envelope of a token's hook may grow by the standard.
                if path == "/receive" {
                    continue;
                }
                let mut more = message.clone();
                let object = more.pointer_mut(&path).and_then(Json::as_object_mut).unwrap();
                object.insert("unheard_of".into(), Json::Null);
                let text = serde_json::to_vec(&more).unwrap();
                assert!(
                    !(row.parses)(&text),
                    "{contract} {} takes one at {path:?}",
                    row.name
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 100, "only {tried} objects were tried");
}
