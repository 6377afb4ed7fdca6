//! The five contracts at addresses that are known before they exist, and what each says of itself after.

use cosmwasm_std::{instantiate2_address, to_json_binary, Addr, Api, Binary};
use cw2::ContractVersion;
use cw_multi_test::{App, Executor};
use glidepath_interfaces::admin::Ownership;
use glidepath_interfaces::{auction, fund, oracle, position_manager, vault, Peers};
use serde::Serialize;

use crate::code::Code;
use crate::suite::person;
use crate::{Suite, SuiteBuilder};

impl Suite {
    /// Five contracts of the same code on the same chain that are somebody else's and know only each other: what poses
    /// as the suite. Nothing is listed there; its owner is the one reporter.
    pub fn impostor(&mut self, owner: &Addr) -> Peers<Addr> {
        bootstrap(
            &mut self.app,
            owner,
            std::slice::from_ref(owner),
            &Suite::builder(),
        )
    }
}

/// Instantiates the five at addresses that are known before they exist.
pub fn bootstrap(app: &mut App, owner: &Addr, reporters: &[Addr], plan: &SuiteBuilder) -> Peers<Addr> {
    let deployer = person(app, "deployer");
    let guardian = person(app, "guardian");
    let mut prepare = |code: Code, name: &'static str| {
        let code_id = app.store_code(code);
        let checksum = app
            .wrap()
            .query_wasm_code_info(code_id)
            .expect("stored code")
            .checksum;
        let creator = app.api().addr_canonicalize(deployer.as_str()).expect("deployer");
        let address = instantiate2_address(checksum.as_slice(), &creator, name.as_bytes()).expect("a salt");
        let address = app.api().addr_humanize(&address).expect("an address");
        Site {
            code_id,
            name,
            address,
        }
    };
    let code = &plan.code;
    let vault = prepare(code.vault(), "vault");
    let position_manager = prepare(code.position_manager(), "position-manager");
    let oracle_adapter = prepare(code.oracle_adapter(), "oracle-adapter");
    let liquidation_auction = prepare(code.liquidation_auction(), "liquidation-auction");
    let insurance_fund = prepare(code.insurance_fund(), "insurance-fund");
    let peers = Peers {
        vault: vault.address.clone(),
        position_manager: position_manager.address.clone(),
        oracle_adapter: oracle_adapter.address.clone(),
        liquidation_auction: liquidation_auction.address.clone(),
        insurance_fund: insurance_fund.address.clone(),
    };
    let told = Peers {
        vault: peers.vault.to_string(),
        position_manager: peers.position_manager.to_string(),
        oracle_adapter: peers.oracle_adapter.to_string(),
        liquidation_auction: peers.liquidation_auction.to_string(),
        insurance_fund: peers.insurance_fund.to_string(),
    };
    let owned = || owner.to_string();
    let mut build = |site: Site, msg: Binary| site.build(app, &deployer, owner, msg);
    build(
        vault,
        json(&vault::InstantiateMsg {
            owner: owned(),
            peers: told.clone(),
            penalty_split: plan.split.clone(),
            guardian: Some(guardian.to_string()),
        }),
    );
    build(
        position_manager,
        json(&position_manager::InstantiateMsg {
            owner: owned(),
            peers: told.clone(),
            params: plan.rules.clone(),
            guardian: Some(guardian.to_string()),
        }),
    );
    build(
        oracle_adapter,
        json(&oracle::InstantiateMsg {
            owner: owned(),
            peers: told.clone(),
            reporters: reporters.iter().map(Addr::to_string).collect(),
            guardian: Some(guardian.to_string()),
        }),
    );
    build(
        liquidation_auction,
        json(&auction::InstantiateMsg {
            owner: owned(),
            peers: told.clone(),
            terms: plan.terms.clone(),
        }),
    );
    build(
        insurance_fund,
        json(&fund::InstantiateMsg {
            owner: owned(),
            peers: told,
            params: plan.fund.clone(),
        }),
    );
    peers
}

pub fn json(msg: &impl Serialize) -> Binary {
    to_json_binary(msg).expect("a message")
}

/// Where a contract will be.
struct Site {
    code_id: u64,
    name: &'static str,
    address: Addr,
}

impl Site {
    fn build(self, app: &mut App, deployer: &Addr, owner: &Addr, msg: Binary) {
        let msg = cosmwasm_std::WasmMsg::Instantiate2 {
            admin: Some(owner.to_string()),
            code_id: self.code_id,
            label: format!("glidepath {}", self.name),
            msg,
            funds: vec![],
            salt: self.name.as_bytes().into(),
        };
        let done = app
            .execute(deployer.clone(), msg.into())
            .unwrap_or_else(|e| panic!("{} is instantiated: {e:#}", self.name));
        let at = done
            .events
            .iter()
            .find(|event| event.ty == "instantiate")
            .and_then(|event| event.attributes.iter().find(|a| a.key == "_contract_address"))
            .map(|attribute| attribute.value.clone());
        assert_eq!(
            at.as_deref(),
            Some(self.address.as_str()),
            "address of {}",
            self.name
        );
    }
}

/// Each of the five says who it is, whose it is, and who the other four are.
pub fn check_readback(suite: &Suite) {
    let Peers {
        vault,
        position_manager,
        oracle_adapter,
        liquidation_auction,
        insurance_fund,
    } = &suite.peers;
    let ask = suite.ask();
    let known = [
        (vault, "vault", ask.vault_config().expect("config").peers),
        (
            position_manager,
            "position-manager",
            ask.rules().expect("config").peers,
        ),
        (
            oracle_adapter,
            "oracle-adapter",
            ask.oracle_config().expect("config").peers,
        ),
        (
            liquidation_auction,
            "liquidation-auction",
            ask.auction_config().expect("config").peers,
        ),
        (
            insurance_fund,
            "insurance-fund",
            ask.fund_config().expect("config").peers,
        ),
    ];
    for (address, name, peers) in known {
        assert_eq!(peers, suite.peers, "peers of {name}");
        let owner: Ownership<Addr> = suite
            .ask()
            .smart(address, &vault::QueryMsg::Ownership {})
            .expect("an owner");
        assert_eq!(owner.owner.as_ref(), Some(&suite.owner), "owner of {name}");
        assert_eq!(owner.pending_owner, None, "proposed owner of {name}");
        let data = suite.app.contract_data(address).expect("a contract");
        assert_eq!(data.admin.as_ref(), Some(&suite.owner), "admin of {name}");
        let ContractVersion { contract, .. } =
            cw2::query_contract_info(&suite.app.wrap(), address.as_str()).expect("a version");
        assert!(
            contract.ends_with(&format!("glidepath-{name}")),
            "{name} calls itself {contract}"
        );
    }
}
