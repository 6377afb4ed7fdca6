//! Attacks on the suite as a whole, named by their numbers: 3 and 4 (tokens that pose, refuse or lie), 47 (re-entering owners, bidders, recipients and tokens), 48
//! (several messages in one transaction), 51 (one address in all roles). Those on one contract are in its own folder, 10
//! is in `suite.rs` and `sequences.rs`, 42 in `write_off.rs`.
//!
//! The suite checks its invariants after every message by itself.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use cosmwasm_std::{to_json_binary, Addr, Coin, CosmosMsg, Decimal256, Uint128, WasmMsg};
use cw20::Cw20ExecuteMsg;
use glidepath_interfaces::asset::{call_with, Amount};
use glidepath_interfaces::auction::ExecuteMsg as Auction;
use glidepath_interfaces::events::auction::Filled;
use glidepath_interfaces::fund::ExecuteMsg as Fund;
use glidepath_interfaces::oracle::ExecuteMsg as Oracle;
use glidepath_interfaces::position_manager::{Action, ExecuteMsg as Manager};
use glidepath_interfaces::vault::ExecuteMsg as Vault;
use glidepath_testkit::handles::{borrow, deposit, repay, withdraw, BidTerms};
use glidepath_testkit::hostile::{address, tell, token, Mischief};
use glidepath_testkit::scenes::{advance_all, calm, on_sale, to_lot, UNIT};
use glidepath_testkit::{defaults, id, AssetSpec, Outcome, Suite};
use serde::Serialize;
use support::agent::{agent, run};
use support::Moment;

// ---------------------------------------------------------------- messages by contract

fn plain<M: Serialize>(contract: &Addr, msg: &M) -> CosmosMsg {
    with_coins(contract, msg, vec![])
}

fn with_coins<M: Serialize>(contract: &Addr, msg: &M, funds: Vec<Coin>) -> CosmosMsg {
    WasmMsg::Execute {
        contract_addr: contract.to_string(),
        msg: to_json_binary(msg).unwrap(),
        funds,
    }
    .into()
}

fn paid<M: Serialize>(suite: &Suite, contract: &Addr, msg: &M, asset: &str, amount: u128) -> CosmosMsg {
    call_with(contract, msg, &suite.listed(asset).info, amount.into()).unwrap()
}

fn update(position: u64, actions: Vec<Action>) -> Manager {
    Manager::Update {
        position: Some(position),
        actions,
        recipient: None,
    }
}

fn bid(position: u64) -> Auction {
    Auction::Bid {
        position,
        max_price: Decimal256::MAX,
        recipient: None,
        min_received: None,
    }
}

// ---------------------------------------------------------------- 47: tokens that re-enter

/// Collateral and debt are tokens that can call back; the owner, lender, staker and bidder is one contract.
struct Trap {
    suite: Suite,
    agent: Addr,
    position: u64,
    start: Moment,
}

/// What is done to a trap, and in whose transfer it calls back.
struct Door {
    name: &'static str,
    token: &'static str,
    msg: CosmosMsg,
}

impl Trap {
    fn new() -> Self {
        let evil = AssetSpec::cw20("evil", 6, "10")
            .as_collateral(defaults::MAJOR)
            .calm()
            .depth(200_000)
            .token_code(token);
        let owe = AssetSpec::cw20("owe", 6, "1")
            .as_debt(glidepath_risk::health::Factors::ONE)
            .calm()
            .no_interest()
            .token_code(token);
        let mut suite = calm().asset(evil).asset(owe).build();
        let agent = agent(&mut suite, "agent");
        for asset in ["evil", "owe"] {
            suite.give(&agent, asset, 10_000_000 * UNIT);
        }
        let vault = suite.peers.vault.clone();
        let fund = suite.peers.insurance_fund.clone();
        let manager = suite.peers.position_manager.clone();
        let supply = Vault::Supply {
            asset: id("owe"),
            recipient: None,
        };
        let account = Vault::Deposit {
            asset: id("owe"),
            recipient: None,
        };
        let open = Manager::Update {
            position: None,
            actions: vec![deposit("evil", 100_000 * UNIT), borrow("owe", 740_000 * UNIT)],
            recipient: None,
        };
        let keeper = suite.user("keeper");
        let setup = vec![
            paid(&suite, &vault, &supply, "owe", 100_000 * UNIT),
            paid(&suite, &vault, &account, "owe", 1_000 * UNIT),
            paid(
                &suite,
                &fund,
                &Fund::Stake { asset: id("owe") },
                "owe",
                50_000 * UNIT,
            ),
            plain(
                &fund,
                &Fund::RequestExit {
                    asset: id("owe"),
                    units: Some(Uint128::new(UNIT)),
                },
            ),
            paid(&suite, &manager, &open, "evil", 100_000 * UNIT),
        ];
        let done = suite.send(&keeper, run(&agent, setup, true)).unwrap();
        let position = done
            .of_suite()
            .find_map(|(_, event)| event.get("position"))
            .unwrap();
        suite.set_price("evil", "9.20");
        suite.positions().advance(position).unwrap();
        suite.elapse(901);
        advance_all(&mut suite, position);
        to_lot(&mut suite, position);
        let start = Moment::of(&suite);
        Trap {
            suite,
            agent,
            position,
            start,
        }
    }

    fn restore(&mut self) {
        self.suite.watch(false);
        self.start.restore(&mut self.suite);
        self.suite.watch(true);
    }

    /// Every message in which one of the tokens moves.
    fn doors(&self) -> Vec<Door> {
        let Trap { suite, position, .. } = self;
        let peers = &suite.peers;
        let door = |name, token, msg| Door { name, token, msg };
        let manager = |actions: Vec<Action>, asset: &str, amount: u128| {
            paid(
                suite,
                &peers.position_manager,
                &update(*position, actions),
                asset,
                amount,
            )
        };
        vec![
            door(
                "deposit",
                "evil",
                manager(vec![deposit("evil", UNIT)], "evil", UNIT),
            ),
            door("repay", "owe", manager(vec![repay("owe", UNIT)], "owe", UNIT)),
            door(
                "repay too much",
                "owe",
                manager(vec![repay("owe", 800_000 * UNIT)], "owe", 800_000 * UNIT),
            ),
            door(
                "bid, paid in",
                "owe",
                paid(
                    suite,
                    &peers.liquidation_auction,
                    &bid(*position),
                    "owe",
                    10_000 * UNIT,
                ),
            ),
            door(
                "bid, paid out",
                "evil",
                paid(
                    suite,
                    &peers.liquidation_auction,
                    &bid(*position),
                    "owe",
                    10_000 * UNIT,
                ),
            ),
            door(
                "bid for all",
                "evil",
                paid(
                    suite,
                    &peers.liquidation_auction,
                    &bid(*position),
                    "owe",
                    1_000_000 * UNIT,
                ),
            ),
            door(
                "supply",
                "owe",
                paid(
                    suite,
                    &peers.vault,
                    &Vault::Supply {
                        asset: id("owe"),
                        recipient: None,
                    },
                    "owe",
                    UNIT,
                ),
            ),
            door(
                "withdraw a supply",
                "owe",
                plain(
                    &peers.vault,
                    &Vault::Withdraw {
                        asset: id("owe"),
                        amount: None,
                        recipient: None,
                    },
                ),
            ),
            door(
                "withdraw from an account",
                "owe",
                plain(
                    &peers.vault,
                    &Vault::WithdrawAccount {
                        asset: id("owe"),
                        amount: None,
                        recipient: None,
                    },
                ),
            ),
            door(
                "stake",
                "owe",
                paid(
                    suite,
                    &peers.insurance_fund,
                    &Fund::Stake { asset: id("owe") },
                    "owe",
                    UNIT,
                ),
            ),
        ]
    }

    /// Every message that somebody may send, as the contract that is everybody here.
    fn inside(&self) -> Vec<CosmosMsg> {
        let Trap {
            suite,
            agent,
            position,
            ..
        } = self;
        let peers = &suite.peers;
        let asset = || id("owe");
        let mut msgs: Vec<CosmosMsg> = self.doors().into_iter().map(|door| door.msg).collect();
        let one = Some(Uint128::one());
        msgs.extend([
            plain(
                &peers.position_manager,
                &update(*position, vec![withdraw("evil", 1)]),
            ),
            plain(
                &peers.position_manager,
                &update(*position, vec![borrow("owe", 1)]),
            ),
            plain(&peers.position_manager, &Manager::Advance { position: *position }),
            plain(
                &peers.oracle_adapter,
                &Oracle::UpdatePrices {
                    assets: vec![id("evil"), id("owe")],
                },
            ),
            plain(
                &peers.vault,
                &Vault::TransferSupply {
                    asset: asset(),
                    shares: Uint128::one(),
                    recipient: suite.user("lena").to_string(),
                },
            ),
            plain(
                &peers.insurance_fund,
                &Fund::RequestExit {
                    asset: asset(),
                    units: one,
                },
            ),
            plain(&peers.insurance_fund, &Fund::CancelExit { asset: asset() }),
            plain(&peers.insurance_fund, &Fund::Exit { asset: asset() }),
            plain(&peers.insurance_fund, &Fund::Book { asset: asset() }),
            // Not its own to send, from the middle of a call of the suite or not.
            plain(
                &peers.vault,
                &Vault::WriteOff {
                    position: *position,
                    keepers: vec![agent.to_string()],
                },
            ),
            plain(
                &peers.vault,
                &Vault::Apply {
                    position: *position,
                    actions: vec![glidepath_interfaces::vault::LedgerAction::Borrow {
                        amount: Amount {
                            asset: asset(),
                            amount: Uint128::one(),
                        },
                        recipient: agent.to_string(),
                    }],
                },
            ),
            plain(
                &peers.liquidation_auction,
                &Auction::Sleep { position: *position },
            ),
        ]);
        msgs
    }
}

/// How many of an agent's messages were carried out.
fn carried_out(done: &Outcome) -> usize {
    done.events
        .iter()
        .filter(|event| event.ty == "wasm-agent")
        .filter(|event| {
            event
                .attributes
                .iter()
                .any(|a| a.key == "done" && a.value == "true")
        })
        .count()
}

/// In the middle of every transfer each message is tried alone, and all of them in a row. Whatever of it is carried out,
/// the books are right after it: the watch of the suite looks at them.
#[test]
fn attack_47_a_token_re_enters_every_message_in_the_middle_of_every_transfer() {
    let mut trap = Trap::new();
    let (agent, keeper) = (trap.agent.clone(), trap.suite.user("keeper"));
    let (mut tried, mut done, mut inner) = (0, 0, 0);
    for Door { name, token, msg } in trap.doors() {
        let msgs = trap.inside();
        let alone = msgs.iter().map(|msg| vec![msg.clone()]);
        for msgs in alone.chain([msgs.clone()]) {
            trap.restore();
            let again = vec![run(&agent, msgs, false)];
            tell(&mut trap.suite, token, &Mischief::Reenter(again));
            tried += 1;
            // The transfer itself may be refused after what was done inside; then nothing was done.
            let before = Moment::of(&trap.suite);
            match trap.suite.send(&keeper, run(&agent, vec![msg.clone()], true)) {
                Ok(outcome) => {
                    done += 1;
                    inner += carried_out(&outcome);
                }
                Err(_) => assert!(before.is_now(&trap.suite), "{name} left something"),
            }
        }
    }
    println!("{inner} messages carried out inside {done} of {tried} transfers");
    assert!(done * 2 > tried, "{done} of {tried} transfers went through");
    assert!(inner > 100, "{inner} messages were carried out inside them");
}

/// What a bidder gets does not depend on what the token does in the middle: the fill was solved and stored before.
#[test]
fn attack_47_a_bid_inside_a_bid_buys_no_cheaper() {
    let mut trap = Trap::new();
    let (agent, keeper, position) = (trap.agent.clone(), trap.suite.user("keeper"), trap.position);
    let auction = trap.suite.peers.liquidation_auction.clone();
    let offer = |suite: &Suite| paid(suite, &auction, &bid(position), "owe", 10_000 * UNIT);
    let bought = |done: &Outcome| -> Vec<(u128, Decimal256)> {
        done.all(Filled::TYPE)
            .map(|fill| (fill.must::<Uint128>("sold").u128(), fill.must("price")))
            .collect()
    };
    let two = vec![offer(&trap.suite), offer(&trap.suite)];
    let in_a_row = trap.suite.send(&keeper, run(&agent, two, true)).unwrap();
    let in_a_row = bought(&in_a_row);
    assert_eq!(in_a_row.len(), 2);
    for token in ["owe", "evil"] {
        trap.restore();
        let again = vec![run(&agent, vec![offer(&trap.suite)], false)];
        tell(&mut trap.suite, token, &Mischief::Reenter(again));
        let msg = offer(&trap.suite);
        let nested = trap.suite.send(&keeper, run(&agent, vec![msg], true)).unwrap();
        let mut nested = bought(&nested);
        nested.sort();
        let mut expected = in_a_row.clone();
        expected.sort();
        assert_eq!(nested, expected, "re-entered by {token}");
    }
}

/// A collateral whose token refuses to move stops its own fills and withdrawals, and nothing else; when it moves again,
/// everything goes on.
#[test]
fn attack_04_a_token_that_refuses_to_be_paid_out_blocks_only_itself() {
    let mut trap = Trap::new();
    let (position, bob) = (trap.position, trap.suite.user("bob"));
    let suite = &mut trap.suite;
    tell(suite, "evil", &Mischief::Refuse {});
    let before = Moment::of(suite);
    suite.give(&bob, "owe", 20_000 * UNIT);
    let funded = Moment::of(suite);
    let refused = suite
        .auction()
        .bid_with(&bob, position, BidTerms::default(), "owe", 10_000 * UNIT);
    assert!(refused.is_err() && funded.is_now(suite) && !before.is_now(suite));
    // Repaying, lending, other positions: all open.
    suite
        .positions()
        .repay(&bob, position, "owe", 1_000 * UNIT)
        .unwrap();
    suite.vault().supply(&bob, "owe", 1_000 * UNIT).unwrap();
    let other = glidepath_testkit::scenes::leveraged(suite);
    suite.set_price("atom", "9.20");
    suite.positions().advance(other).unwrap();
    tell(suite, "evil", &Mischief::Behave {});
    suite.refresh();
    suite
        .auction()
        .bid_with(&bob, position, BidTerms::default(), "owe", 10_000 * UNIT)
        .unwrap();
}

/// A debt token that says it has moved and has not never calls the hook: nothing is booked that did not come.
#[test]
fn attack_04_a_token_that_lies_pays_nothing() {
    let mut trap = Trap::new();
    let position = trap.position;
    let suite = &mut trap.suite;
    suite.watch(false);
    let before = suite.ask().solvency("usdc").unwrap();
    let owed = suite.ask().owed(position, "owe").unwrap();
    tell(suite, "owe", &Mischief::Lie {});
    let bob = suite.user("bob");
    suite.give(&bob, "owe", 1_000 * UNIT);
    suite.vault().supply(&bob, "owe", 1_000 * UNIT).unwrap();
    let manager = suite.peers.position_manager.clone();
    let msg = update(position, vec![repay("owe", 500 * UNIT)]);
    suite.pay(&bob, &manager, &msg, "owe", 500 * UNIT).unwrap();
    assert_eq!(suite.ask().supply(&bob, "owe").unwrap().shares, Uint128::zero());
    assert_eq!(suite.ask().owed(position, "owe").unwrap(), owed);
    assert_eq!(suite.ask().solvency("usdc").unwrap(), before);
    tell(suite, "owe", &Mischief::Behave {});
    suite.watch(true);
}

// ---------------------------------------------------------------- 47: contracts as owners, bidders, recipients

/// A contract without an entry for coins owns the position, bids, and gets the collateral; a recipient that could not
/// even be called is delivered to, too.
#[test]
fn attack_47_contracts_that_answer_nothing_are_owners_bidders_and_recipients() {
    let mut suite = calm().build();
    let (agent, keeper) = (agent(&mut suite, "agent"), suite.user("keeper"));
    let position = suite
        .positions()
        .open(&agent, &[("atom", 100_000 * UNIT)], &[("usdc", 740_000 * UNIT)])
        .unwrap();
    suite.set_price("atom", "9.20");
    suite.positions().advance(position).unwrap();
    suite.elapse(901);
    advance_all(&mut suite, position);
    to_lot(&mut suite, position);
    let auction = suite.peers.liquidation_auction.clone();
    let oracle = address_of_nobody(&suite);
    for recipient in [agent.clone(), oracle, suite.user("lena")] {
        let msg = Auction::Bid {
            position,
            max_price: Decimal256::MAX,
            recipient: Some(recipient.to_string()),
            min_received: None,
        };
        let had = suite.balance(&recipient, "atom");
        let msg = with_coins(&auction, &msg, vec![Coin::new(1_000 * UNIT, "uusdc")]);
        let done = suite.send(&keeper, run(&agent, vec![msg], true)).unwrap();
        let sold: Uint128 = done.event(Filled::TYPE).unwrap().must("sold");
        assert_eq!(suite.balance(&recipient, "atom"), had + sold.u128());
    }
    // The owner cures and leaves, all in one transaction.
    suite.give(&agent, "usdc", 800_000 * UNIT);
    let manager = suite.peers.position_manager.clone();
    let leave = with_coins(
        &manager,
        &update(
            position,
            vec![
                Action::Repay {
                    asset: id("usdc"),
                    amount: None,
                },
                Action::Withdraw {
                    asset: id("atom"),
                    amount: None,
                },
            ],
        ),
        vec![Coin::new(800_000 * UNIT, "uusdc")],
    );
    suite.send(&keeper, run(&agent, vec![leave], true)).unwrap();
    assert_eq!(suite.ask().held(position, "atom").unwrap(), 0);
    assert!(suite.ask().sale(position).is_err());
}

/// The address of a contract of no use to anybody: the deployer of the tokens never made one there.
fn address_of_nobody(suite: &Suite) -> Addr {
    suite.user("an address that nobody has a key of")
}

// ---------------------------------------------------------------- 48

/// Coins that must be back at the end of the transaction buy nothing that coins of one's own could not: bid, sell what
/// was bought, lend, withdraw. What a fill takes in it does not give back in the same transaction.
#[test]
fn attack_48_several_messages_with_borrowed_coins_in_one_transaction() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let (agent, keeper) = (agent(&mut suite, "agent"), suite.user("keeper"));
    suite.give(&agent, "usdc", 1_000_000 * UNIT);
    let peers = suite.peers.clone();
    let supply = Vault::Supply {
        asset: id("usdc"),
        recipient: None,
    };
    let leave = Vault::Withdraw {
        asset: id("usdc"),
        amount: None,
        recipient: None,
    };
    let all = vec![
        with_coins(&peers.vault, &supply, vec![Coin::new(500_000 * UNIT, "uusdc")]),
        with_coins(
            &peers.liquidation_auction,
            &bid(position),
            vec![Coin::new(400_000 * UNIT, "uusdc")],
        ),
        plain(&peers.vault, &leave),
    ];
    let done = suite.send(&keeper, run(&agent, all, true)).unwrap();
    let fill = done.event(Filled::TYPE).unwrap();
    let (sold, paid): (Uint128, Uint128) = (fill.must("sold"), fill.must("paid"));
    // The penalty's part for suppliers by way of the fund and reserves is nobody's supply: a lender of one block gets
    // nothing of it.
    let left = suite.balance(&agent, "usdc");
    assert!(
        left <= 1_000_000 * UNIT - paid.u128(),
        "{left} left after {paid} paid"
    );
    assert!(
        left + 2 >= 1_000_000 * UNIT - paid.u128(),
        "{left} left after {paid} paid"
    );
    assert_eq!(suite.balance(&agent, "atom"), sold.u128());
    // At a premium over the oracle price: what was bought is worth less than what was paid.
    let worth = sold.multiply_ratio(92u128, 10u128);
    assert!(worth < paid, "{sold} for {paid}");
}

// ---------------------------------------------------------------- 51

/// Owner of the contracts, reporter, owner of the position, lender, staker, keeper and bidder in one person: nothing is
/// counted twice, and nothing is his that is not his in any one of these roles.
#[test]
fn attack_51_one_address_in_all_roles() {
    let mut suite = calm().build();
    let me = suite.owner.clone();
    suite.give(&me, "usdc", 2_000_000 * UNIT);
    suite.vault().supply(&me, "usdc", 100_000 * UNIT).unwrap();
    suite.fund().stake(&me, "usdc", 100_000 * UNIT).unwrap();
    let oracle = suite.peers.oracle_adapter.clone();
    let reporters = vec![me.to_string()];
    suite
        .execute(&me, &oracle, &Oracle::SetReporters { reporters }, &[])
        .unwrap();
    suite.reporters = vec![me.clone()];
    suite.elapse(1);
    let position = suite
        .positions()
        .open(&me, &[("atom", 100_000 * UNIT)], &[("usdc", 740_000 * UNIT)])
        .unwrap();
    suite.set_price("atom", "9.20");
    suite.positions().advance_by(&me, position).unwrap();
    suite.elapse(901);
    for _ in 0..3 {
        if suite.positions().advance_by(&me, position).is_err() {
            break;
        }
    }
    to_lot(&mut suite, position);
    let before = suite.balance(&me, "usdc");
    let done = suite
        .auction()
        .bid_with(&me, position, BidTerms::default(), "usdc", 50_000 * UNIT)
        .unwrap();
    let fill = done.event(Filled::TYPE).unwrap();
    let [sold, paid, repaid, penalty] =
        ["sold", "paid", "repaid", "penalty"].map(|key| fill.must::<Uint128>(key).u128());
    assert_eq!(suite.balance(&me, "usdc"), before - paid);
    assert_eq!((suite.balance(&me, "atom"), repaid + penalty), (sold, paid));
    // He cures it; what the keepers earned of his own penalty comes to his account, and no more than that.
    suite
        .positions()
        .repay(&me, position, "usdc", 200_000 * UNIT)
        .unwrap();
    let earned = suite.ask().account(&me, "usdc").unwrap();
    assert_eq!(earned, penalty * 4 / 10, "of a penalty of {penalty}");
}

// ---------------------------------------------------------------- tokens without a name

/// A token that nobody listed is believed nothing, wherever it calls.
#[test]
fn attack_03_a_token_that_nobody_listed_moves_nothing() {
    let mut trap = Trap::new();
    let position = trap.position;
    let suite = &mut trap.suite;
    let listed = address(suite, "evil");
    let code = suite.app.store_code(token());
    let minter = suite.user("minter");
    let bob = suite.user("bob");
    let fake = cw_multi_test::Executor::instantiate_contract(
        &mut suite.app,
        code,
        minter,
        &cw20_base::msg::InstantiateMsg {
            name: "token evil".into(),
            symbol: "EVILEVIL".into(),
            decimals: 6,
            initial_balances: vec![cw20::Cw20Coin {
                address: bob.to_string(),
                amount: Uint128::new(1_000_000 * UNIT),
            }],
            mint: None,
            marketing: None,
        },
        &[],
        "fake",
        None,
    )
    .unwrap();
    assert_ne!(fake, listed);
    let peers = suite.peers.clone();
    let doors = [
        (
            &peers.vault,
            to_json_binary(&Vault::Supply {
                asset: id("owe"),
                recipient: None,
            }),
        ),
        (
            &peers.position_manager,
            to_json_binary(&update(position, vec![deposit("evil", UNIT)])),
        ),
        (
            &peers.position_manager,
            to_json_binary(&update(position, vec![repay("owe", UNIT)])),
        ),
        (&peers.liquidation_auction, to_json_binary(&bid(position))),
        (
            &peers.insurance_fund,
            to_json_binary(&Fund::Stake { asset: id("owe") }),
        ),
    ];
    let before = Moment::of(suite);
    for (contract, msg) in doors {
        let send = Cw20ExecuteMsg::Send {
            contract: contract.to_string(),
            amount: Uint128::new(100_000 * UNIT),
            msg: msg.unwrap(),
        };
        let error = suite.send(&bob, plain(&fake, &send)).unwrap_err();
        let refusal = support::refusal::of(&error);
        assert!(refusal.is_typed(), "{error:#}");
        assert!(before.is_now(suite), "{} left something", refusal.name);
    }
}
