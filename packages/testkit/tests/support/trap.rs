//! A suite in which everything moves by tokens that can misbehave.

use cosmwasm_std::{Addr, CosmosMsg, Uint128};
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::auction::ExecuteMsg as Auction;
use glidepath_interfaces::fund::ExecuteMsg as Fund;
use glidepath_interfaces::oracle::ExecuteMsg as Oracle;
use glidepath_interfaces::position_manager::{Action, ExecuteMsg as Manager};
use glidepath_interfaces::vault::ExecuteMsg as Vault;
use glidepath_testkit::handles::{borrow, deposit, repay, withdraw};
use glidepath_testkit::hostile::token;
use glidepath_testkit::scenes::{advance_all, calm, to_lot, UNIT};
use glidepath_testkit::{defaults, id, AssetSpec, Suite};

use super::agent::{agent, run};
use super::calls::{bid, paid, plain, update};
use super::Moment;

/// Collateral and debt are tokens that can call back; the owner, lender, staker and bidder is one contract.
pub struct Trap {
    pub suite: Suite,
    pub agent: Addr,
    pub position: u64,
    /// A healthy position of the same agent.
    pub sound: u64,
    pub start: Moment,
}

/// What is done to a trap, and in whose transfer it calls back.
pub struct Door {
    pub name: &'static str,
    pub token: &'static str,
    pub msg: CosmosMsg,
}

impl Trap {
    pub fn new() -> Self {
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
        let sound = Manager::Update {
            position: None,
            actions: vec![deposit("evil", 10_000 * UNIT), borrow("owe", 10_000 * UNIT)],
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
            paid(&suite, &manager, &sound, "evil", 10_000 * UNIT),
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
            sound: position + 1,
            start,
        }
    }

    pub fn restore(&mut self) {
        self.suite.watch(false);
        self.start.restore(&mut self.suite);
        self.suite.watch(true);
    }

    /// Every message in which one of the tokens moves.
    pub fn doors(&self) -> Vec<Door> {
        let Trap {
            suite,
            position,
            sound,
            ..
        } = self;
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
                "withdraw collateral",
                "evil",
                plain(
                    &peers.position_manager,
                    &update(*sound, vec![withdraw("evil", UNIT)]),
                ),
            ),
            door(
                "borrow",
                "owe",
                plain(
                    &peers.position_manager,
                    &update(*sound, vec![borrow("owe", UNIT)]),
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
    pub fn inside(&self) -> Vec<CosmosMsg> {
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
