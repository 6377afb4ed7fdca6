//! What the vault and the auction are told about a position's distress.

use cosmwasm_std::{to_json_binary, Addr, Binary, CosmosMsg, Decimal, StdResult, WasmMsg};
use glidepath_interfaces::auction::{self, EndReason, Mode};
use glidepath_interfaces::position_manager::AskedSale;
use glidepath_interfaces::vault::{self, LedgerAction, Permission};

use crate::asked;
use crate::choose::Choice;
use crate::decide::{Step, TARGET};
use crate::state::{Config, Distress};

/// The position that others are told about.
pub struct Told<'a> {
    /// The suite and the rules.
    pub config: &'a Config,
    /// Position.
    pub id: u64,
    /// Its distress before the step.
    pub distress: Option<&'a Distress>,
    /// Its distress's mode before the step.
    pub mode: Option<Mode>,
    /// Does it owe more than it holds?
    pub insolvent: bool,
    /// What its owner asks for with the sale that the step opens.
    pub asked: Option<&'a AskedSale>,
}

impl Told<'_> {
    /// The messages of a step, the vault's first.
    pub fn of(&self, step: &Step, called_at: u64) -> StdResult<Vec<CosmosMsg>> {
        let soft = self.config.params.surcharge_soft;
        let position = self.id;
        match step {
            Step::Sight { .. } | Step::Forget => Ok(vec![]),
            Step::Call { .. } => Ok(vec![self.distress(soft, false, None)?]),
            Step::Lapse => Ok(vec![self.distress(Decimal::zero(), true, None)?]),
            Step::Open(mode, choice) => {
                let open = auction::ExecuteMsg::Open {
                    position,
                    mode: *mode,
                    target: self.asked.map_or(TARGET, |sale| asked::target(&sale.goal)),
                    eta: self.config.params.eta,
                    max_discount: self.asked.map(|sale| sale.max_discount),
                    breach_seen_at: called_at,
                    offer: choice.offer.clone(),
                };
                Ok(vec![self.on_sale(*mode, choice)?, self.to_auction(&open)?])
            }
            Step::Lot(cause, choice) => {
                let start = auction::ExecuteMsg::StartLot {
                    position,
                    cause: *cause,
                    offer: choice.offer.clone(),
                };
                let mode = cause.mode(self.mode.unwrap_or(Mode::Soft));
                Ok(vec![self.on_sale(mode, choice)?, self.to_auction(&start)?])
            }
            Step::Count {
                surcharge_rate,
                permission,
            } => Ok(vec![self.distress(*surcharge_rate, false, permission.clone())?]),
            Step::Sleep => Ok(vec![
                self.distress(Decimal::zero(), false, None)?,
                self.to_auction(&auction::ExecuteMsg::Sleep { position })?,
            ]),
            Step::End(reason) => {
                // Nothing was sold and the price came back: the surcharge stops where it was last booked.
                let drop_stretch = *reason == EndReason::Cured;
                Ok(vec![
                    self.distress(Decimal::zero(), drop_stretch, None)?,
                    self.end(*reason)?,
                ])
            }
            Step::WriteOff => {
                let keepers = self.keepers();
                let write_off = vault::ExecuteMsg::WriteOff { position, keepers };
                let mut messages = vec![self.to_vault(&write_off)?];
                if self.mode.is_some() {
                    messages.push(self.end(EndReason::WrittenOff)?);
                }
                Ok(messages)
            }
        }
    }

    /// The end of a distress by what changed in its ledger: the surcharge so far stays due.
    pub fn ended(&self, step: &Step) -> StdResult<Vec<CosmosMsg>> {
        let mut messages = vec![self.distress(Decimal::zero(), false, None)?];
        if let Step::End(reason) = step {
            messages.push(self.end(*reason)?);
        }
        Ok(messages)
    }

    /// The end of a sale behind which its call stands.
    pub fn recalled(&self) -> StdResult<Vec<CosmosMsg>> {
        Ok(vec![
            self.distress(self.config.params.surcharge_soft, false, None)?,
            self.end(EndReason::Governance)?,
        ])
    }

    /// Changes of the ledger without coins.
    pub fn apply(&self, actions: Vec<LedgerAction>) -> StdResult<CosmosMsg> {
        let position = self.id;
        self.to_vault(&vault::ExecuteMsg::Apply { position, actions })
    }

    fn on_sale(&self, mode: Mode, choice: &Choice) -> StdResult<CosmosMsg> {
        let permission = Permission {
            collateral: choice.offer.collateral.clone(),
            debt: choice.offer.debt.clone(),
            min_price: choice.min_price,
        };
        self.distress(self.rate(mode), false, Some(permission))
    }

    fn rate(&self, mode: Mode) -> Decimal {
        match mode {
            Mode::Soft => self.config.params.surcharge_soft,
            Mode::CloseOut => self.config.params.surcharge_close_out,
            Mode::Asked => Decimal::zero(),
        }
    }

    fn distress(&self, rate: Decimal, drop_stretch: bool, sale: Option<Permission>) -> StdResult<CosmosMsg> {
        self.to_vault(&vault::ExecuteMsg::SetDistress {
            position: self.id,
            surcharge_rate: rate,
            drop_stretch,
            sale,
            keepers: self.keepers(),
            insolvent: self.insolvent,
        })
    }

    fn end(&self, reason: EndReason) -> StdResult<CosmosMsg> {
        let position = self.id;
        self.to_auction(&auction::ExecuteMsg::End { position, reason })
    }

    fn keepers(&self) -> Vec<String> {
        self.distress.map(Distress::keepers).unwrap_or_default()
    }

    fn to_vault(&self, msg: &vault::ExecuteMsg) -> StdResult<CosmosMsg> {
        Ok(call(&self.config.peers.vault, to_json_binary(msg)?))
    }

    fn to_auction(&self, msg: &auction::ExecuteMsg) -> StdResult<CosmosMsg> {
        Ok(call(&self.config.peers.liquidation_auction, to_json_binary(msg)?))
    }
}

/// A call without coins.
fn call(contract: &Addr, msg: Binary) -> CosmosMsg {
    WasmMsg::Execute {
        contract_addr: contract.to_string(),
        msg,
        funds: vec![],
    }
    .into()
}
