use anyhow::{anyhow, Result};
use cosmwasm_std::Addr;
use cw_asset::AssetInfo;
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::position_manager::{
    Action, AssetParams, AssetStatus, ExecuteMsg, OwnerOrder, Params,
};

use crate::{id, Outcome, Suite};

/// Adds collateral.
pub fn deposit(asset: &str, amount: u128) -> Action {
    Action::Deposit(amount_of(asset, amount))
}

/// Takes collateral out.
pub fn withdraw(asset: &str, amount: u128) -> Action {
    Action::Withdraw {
        asset: id(asset),
        amount: Some(amount.into()),
    }
}

/// Takes all of a collateral out.
pub fn withdraw_all(asset: &str) -> Action {
    Action::Withdraw {
        asset: id(asset),
        amount: None,
    }
}

/// Borrows.
pub fn borrow(asset: &str, amount: u128) -> Action {
    Action::Borrow(amount_of(asset, amount))
}

/// Repays at most so much.
pub fn repay(asset: &str, amount: u128) -> Action {
    Action::Repay {
        asset: id(asset),
        amount: Some(amount.into()),
    }
}

/// Repays all that is owed.
pub fn repay_all(asset: &str) -> Action {
    Action::Repay {
        asset: id(asset),
        amount: None,
    }
}

fn amount_of(asset: &str, amount: u128) -> Amount {
    Amount {
        asset: id(asset),
        amount: amount.into(),
    }
}

/// The position manager.
pub struct Positions<'a>(pub(crate) &'a mut Suite);

impl Positions<'_> {
    /// Any message without a payment.
    pub fn execute(&mut self, sender: &Addr, msg: &ExecuteMsg) -> Result<Outcome> {
        let manager = self.0.peers.position_manager.clone();
        self.0.execute(sender, &manager, msg, &[])
    }

    /// Changes a position, or opens one. The sender must have what he pays.
    pub fn update(
        &mut self,
        sender: &Addr,
        position: Option<u64>,
        actions: Vec<Action>,
        payment: &[(&str, u128)],
    ) -> Result<Outcome> {
        let msg = ExecuteMsg::Update {
            position,
            actions,
            recipient: None,
        };
        let manager = self.0.peers.position_manager.clone();
        self.0.pay_all(sender, &manager, &msg, payment)
    }

    /// Opens a position with collateral and debt; the owner is given what he deposits. One message where all deposits
    /// are coins; else one a token, one for the coins, and one to borrow. Returns its number.
    pub fn open(&mut self, owner: &Addr, deposits: &[(&str, u128)], borrows: &[(&str, u128)]) -> Result<u64> {
        let (coins, tokens): (Vec<_>, Vec<_>) = deposits
            .iter()
            .partition(|(asset, _)| matches!(self.0.listed(asset).info, AssetInfo::Native(_)));
        let mut steps: Vec<_> = tokens
            .into_iter()
            .map(|(asset, amount)| (vec![deposit(asset, amount)], vec![(asset, amount)]))
            .collect();
        let mut last: Vec<Action> = coins
            .iter()
            .map(|(asset, amount)| deposit(asset, *amount))
            .collect();
        last.extend(borrows.iter().map(|(asset, amount)| borrow(asset, *amount)));
        if !last.is_empty() {
            steps.push((last, coins));
        }
        let mut position = None;
        for (actions, payment) in steps {
            for (asset, amount) in &payment {
                self.0.give(owner, asset, *amount);
            }
            let done = self.update(owner, position, actions, &payment)?;
            position = position.or_else(|| opened(&done));
        }
        position.ok_or_else(|| anyhow!("no position was opened"))
    }

    /// Adds collateral; the sender is given it.
    pub fn deposit(&mut self, sender: &Addr, position: u64, asset: &str, amount: u128) -> Result<Outcome> {
        self.0.give(sender, asset, amount);
        let actions = vec![deposit(asset, amount)];
        self.update(sender, Some(position), actions, &[(asset, amount)])
    }

    /// Takes collateral out.
    pub fn withdraw(&mut self, owner: &Addr, position: u64, asset: &str, amount: u128) -> Result<Outcome> {
        self.update(owner, Some(position), vec![withdraw(asset, amount)], &[])
    }

    /// Borrows.
    pub fn borrow(&mut self, owner: &Addr, position: u64, asset: &str, amount: u128) -> Result<Outcome> {
        self.update(owner, Some(position), vec![borrow(asset, amount)], &[])
    }

    /// Repays at most so much; the sender is given it.
    pub fn repay(&mut self, sender: &Addr, position: u64, asset: &str, amount: u128) -> Result<Outcome> {
        self.0.give(sender, asset, amount);
        let actions = vec![repay(asset, amount)];
        self.update(sender, Some(position), actions, &[(asset, amount)])
    }

    /// Offers a position to somebody, or to nobody any more.
    pub fn offer(&mut self, owner: &Addr, position: u64, to: Option<&Addr>) -> Result<Outcome> {
        let msg = ExecuteMsg::OfferPosition {
            position,
            to: to.map(Addr::to_string),
            expires_at: None,
        };
        self.execute(owner, &msg)
    }

    /// Says what an owner asks for.
    pub fn set_order(&mut self, owner: &Addr, position: u64, order: OwnerOrder) -> Result<Outcome> {
        self.execute(owner, &ExecuteMsg::SetOrder { position, order })
    }

    /// Takes a position over that is on sale, for at most `max_pay` of the debt on sale. The taker must have what he pays.
    pub fn takeover(
        &mut self,
        taker: &Addr,
        position: u64,
        max_pay: u128,
        actions: Vec<Action>,
        payment: &[(&str, u128)],
    ) -> Result<Outcome> {
        let msg = ExecuteMsg::Takeover {
            position,
            max_pay: max_pay.into(),
            actions,
        };
        let manager = self.0.peers.position_manager.clone();
        self.0.pay_all(taker, &manager, &msg, payment)
    }

    /// The owner says whether a position may be taken over while it is sold softly.
    pub fn set_takeover(&mut self, owner: &Addr, position: u64, allowed: bool) -> Result<Outcome> {
        self.execute(owner, &ExecuteMsg::SetTakeover { position, allowed })
    }

    /// The account `keeper` moves a position to where the rules say it is now.
    pub fn advance(&mut self, position: u64) -> Result<Outcome> {
        let keeper = self.0.user("keeper");
        self.advance_by(&keeper, position)
    }

    /// Somebody moves a position to where the rules say it is now.
    pub fn advance_by(&mut self, sender: &Addr, position: u64) -> Result<Outcome> {
        self.execute(sender, &ExecuteMsg::Advance { position })
    }

    /// Lists an asset or changes its parameters at once.
    pub fn set_asset(&mut self, asset: &str, params: AssetParams) -> Result<Outcome> {
        self.ramp_asset(asset, params, 0)
    }

    /// Lists an asset or changes its parameters; weights and factors take so many seconds.
    pub fn ramp_asset(&mut self, asset: &str, params: AssetParams, ramp: u64) -> Result<Outcome> {
        let owner = self.0.owner.clone();
        let msg = ExecuteMsg::SetAsset {
            asset: id(asset),
            params,
            ramp,
        };
        self.execute(&owner, &msg)
    }

    /// The owner of the contracts ends a sale.
    pub fn end_sale(&mut self, position: u64) -> Result<Outcome> {
        let owner = self.0.owner.clone();
        self.execute(&owner, &ExecuteMsg::EndSale { position })
    }

    /// Changes where an asset is in its life.
    pub fn set_status(&mut self, asset: &str, status: AssetStatus) -> Result<Outcome> {
        let params = AssetParams {
            status,
            ..self.0.ask().asset(asset)?.target
        };
        self.set_asset(asset, params)
    }

    /// Changes the rules.
    pub fn set_params(&mut self, params: Params) -> Result<Outcome> {
        let owner = self.0.owner.clone();
        self.execute(&owner, &ExecuteMsg::SetParams { params })
    }
}

/// The position that a message was about: the first event of the suite that names one.
fn opened(done: &Outcome) -> Option<u64> {
    done.of_suite().find_map(|(_, event)| event.get("position"))
}
