use anyhow::Result;
use cosmwasm_std::Addr;
use cw_asset::AssetInfo;
use glidepath_interfaces::vault::{ExecuteMsg, MarketTerms, PenaltySplit};

use crate::{id, Outcome, Suite};

/// The vault.
pub struct Vault<'a>(pub(crate) &'a mut Suite);

impl Vault<'_> {
    /// Any message without a payment.
    pub fn execute(&mut self, sender: &Addr, msg: &ExecuteMsg) -> Result<Outcome> {
        let vault = self.0.peers.vault.clone();
        self.0.execute(sender, &vault, msg, &[])
    }

    /// Any message with a payment.
    pub fn pay(&mut self, sender: &Addr, msg: &ExecuteMsg, asset: &str, amount: u128) -> Result<Outcome> {
        let vault = self.0.peers.vault.clone();
        self.0.pay(sender, &vault, msg, asset, amount)
    }

    /// Lends.
    pub fn supply(&mut self, lender: &Addr, asset: &str, amount: u128) -> Result<Outcome> {
        let msg = ExecuteMsg::Supply {
            asset: id(asset),
            recipient: None,
        };
        self.pay(lender, &msg, asset, amount)
    }

    /// Takes a supply out; all of it if not said.
    pub fn withdraw(&mut self, lender: &Addr, asset: &str, amount: Option<u128>) -> Result<Outcome> {
        let msg = ExecuteMsg::Withdraw {
            asset: id(asset),
            amount: amount.map(Into::into),
            recipient: None,
        };
        self.execute(lender, &msg)
    }

    /// Hands supply shares over.
    pub fn transfer_supply(&mut self, from: &Addr, asset: &str, shares: u128, to: &Addr) -> Result<Outcome> {
        let msg = ExecuteMsg::TransferSupply {
            asset: id(asset),
            shares: shares.into(),
            recipient: to.to_string(),
        };
        self.execute(from, &msg)
    }

    /// Puts coins into the sender's account.
    pub fn deposit(&mut self, who: &Addr, asset: &str, amount: u128) -> Result<Outcome> {
        let msg = ExecuteMsg::Deposit {
            asset: id(asset),
            recipient: None,
        };
        self.pay(who, &msg, asset, amount)
    }

    /// Takes coins out of the sender's account; all of them if not said.
    pub fn withdraw_account(&mut self, who: &Addr, asset: &str, amount: Option<u128>) -> Result<Outcome> {
        let msg = ExecuteMsg::WithdrawAccount {
            asset: id(asset),
            amount: amount.map(Into::into),
            recipient: None,
        };
        self.execute(who, &msg)
    }

    /// Sets aside so much of the sender's account for bids.
    pub fn set_aside(&mut self, who: &Addr, asset: &str, amount: u128) -> Result<Outcome> {
        let msg = ExecuteMsg::SetAside {
            asset: id(asset),
            amount: amount.into(),
        };
        self.execute(who, &msg)
    }

    /// Puts new coins into somebody's account and sets all of it aside for bids.
    pub fn fund_bids(&mut self, who: &Addr, asset: &str, amount: u128) -> Result<Outcome> {
        self.0.give(who, asset, amount);
        self.deposit(who, asset, amount)?;
        let all = self.0.ask().account(who, asset)?;
        self.set_aside(who, asset, all)
    }

    /// Lists an asset (the suite's own list of assets does not learn of it).
    pub fn list_asset(&mut self, asset: &str, info: AssetInfo, decimals: u8) -> Result<Outcome> {
        let owner = self.0.owner.clone();
        let msg = ExecuteMsg::ListAsset {
            asset: id(asset),
            info: info.into(),
            decimals,
        };
        self.execute(&owner, &msg)
    }

    /// Opens a market or changes its terms.
    pub fn set_market(&mut self, asset: &str, terms: MarketTerms) -> Result<Outcome> {
        let owner = self.0.owner.clone();
        let msg = ExecuteMsg::SetMarket {
            asset: id(asset),
            terms,
        };
        self.execute(&owner, &msg)
    }

    /// Owner or guardian lowers caps of a market, in base units.
    pub fn lower_caps(
        &mut self,
        by: &Addr,
        asset: &str,
        supply_cap: Option<u128>,
        borrow_cap: Option<u128>,
    ) -> Result<Outcome> {
        let msg = ExecuteMsg::LowerCaps {
            asset: id(asset),
            supply_cap: supply_cap.map(Into::into),
            borrow_cap: borrow_cap.map(Into::into),
        };
        self.execute(by, &msg)
    }

    /// Changes the split of penalties.
    pub fn set_penalty_split(&mut self, split: PenaltySplit) -> Result<Outcome> {
        let owner = self.0.owner.clone();
        self.execute(&owner, &ExecuteMsg::SetPenaltySplit { split })
    }

    /// Takes coins out of the reserves; all of them if not said.
    pub fn withdraw_reserves(&mut self, asset: &str, amount: Option<u128>, to: &Addr) -> Result<Outcome> {
        let owner = self.0.owner.clone();
        let msg = ExecuteMsg::WithdrawReserves {
            asset: id(asset),
            amount: amount.map(Into::into),
            recipient: to.to_string(),
        };
        self.execute(&owner, &msg)
    }
}
