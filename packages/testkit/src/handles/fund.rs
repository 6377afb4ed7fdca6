use anyhow::Result;
use cosmwasm_std::Addr;
use glidepath_interfaces::fund::{BackstopRule, CoverRule, ExecuteMsg, Params};

use crate::{id, Outcome, Suite};

/// The insurance fund.
pub struct Fund<'a>(pub(crate) &'a mut Suite);

impl Fund<'_> {
    /// Any message without a payment.
    pub fn execute(&mut self, sender: &Addr, msg: &ExecuteMsg) -> Result<Outcome> {
        let fund = self.0.peers.insurance_fund.clone();
        self.0.execute(sender, &fund, msg, &[])
    }

    /// Stakes; the staker must have it.
    pub fn stake(&mut self, staker: &Addr, asset: &str, amount: u128) -> Result<Outcome> {
        let fund = self.0.peers.insurance_fund.clone();
        let msg = ExecuteMsg::Stake { asset: id(asset) };
        self.0.pay(staker, &fund, &msg, asset, amount)
    }

    /// Asks to leave; with the whole stake if not said.
    pub fn request_exit(&mut self, staker: &Addr, asset: &str, units: Option<u128>) -> Result<Outcome> {
        let msg = ExecuteMsg::RequestExit {
            asset: id(asset),
            units: units.map(Into::into),
        };
        self.execute(staker, &msg)
    }

    /// Takes a request back.
    pub fn cancel_exit(&mut self, staker: &Addr, asset: &str) -> Result<Outcome> {
        self.execute(staker, &ExecuteMsg::CancelExit { asset: id(asset) })
    }

    /// Leaves.
    pub fn exit(&mut self, staker: &Addr, asset: &str) -> Result<Outcome> {
        self.execute(staker, &ExecuteMsg::Exit { asset: id(asset) })
    }

    /// Books revenue and losses.
    pub fn book(&mut self, sender: &Addr, asset: &str) -> Result<Outcome> {
        self.execute(sender, &ExecuteMsg::Book { asset: id(asset) })
    }

    /// Sets what the fund pays for.
    pub fn set_cover(&mut self, asset: &str, rule: CoverRule) -> Result<Outcome> {
        let owner = self.0.owner.clone();
        let msg = ExecuteMsg::SetCover {
            asset: id(asset),
            rule,
        };
        self.execute(&owner, &msg)
    }

    /// Sets what the stakers of a market may buy of lots that nobody wanted.
    pub fn set_backstop(&mut self, asset: &str, rule: BackstopRule) -> Result<Outcome> {
        let owner = self.0.owner.clone();
        let msg = ExecuteMsg::SetBackstop {
            asset: id(asset),
            rule,
        };
        self.execute(&owner, &msg)
    }

    /// Takes out what a stake bought of a collateral.
    pub fn claim(&mut self, staker: &Addr, asset: &str, collateral: &str) -> Result<Outcome> {
        let msg = ExecuteMsg::Claim {
            asset: id(asset),
            collateral: id(collateral),
        };
        self.execute(staker, &msg)
    }

    /// Sets when stakes may leave.
    pub fn set_params(&mut self, params: Params) -> Result<Outcome> {
        let owner = self.0.owner.clone();
        self.execute(&owner, &ExecuteMsg::SetParams { params })
    }

    /// Moves what the fund was credited in the vault.
    pub fn withdraw_account(&mut self, asset: &str, amount: Option<u128>, to: &Addr) -> Result<Outcome> {
        let owner = self.0.owner.clone();
        let msg = ExecuteMsg::WithdrawAccount {
            asset: id(asset),
            amount: amount.map(Into::into),
            recipient: to.to_string(),
        };
        self.execute(&owner, &msg)
    }
}
