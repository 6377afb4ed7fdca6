//! `Apply`: the position manager changes a position's ledger.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Api, CosmosMsg, Event, Response, Storage, Uint128};
use cw_asset::Asset;
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::events::vault::{
    Borrowed, CollateralDeposited, CollateralWithdrawn, DebtOffset, Repaid,
};
use glidepath_interfaces::payment::{some, Call};
use glidepath_interfaces::vault::{Ledger, LedgerAction};
use glidepath_interfaces::AssetId;

use crate::books::{plus, Books, OpenMarket};
use crate::call::{paid_by_peer, payout};
use crate::error::ContractError;
use crate::ledger;
use crate::state::{listed, Config, CONFIG, LEDGERS};

/// Carries out `actions` in order; the payment is exactly what they deposit and repay.
pub fn apply(
    storage: &mut dyn Storage,
    api: &dyn Api,
    now: u64,
    call: &Call,
    position: u64,
    actions: Vec<LedgerAction>,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(storage)?;
    config.only_position_manager(&call.sender)?;
    paid_by_peer(call, &due(storage, &actions)?)?;

    let mut changes = Changes {
        storage,
        api,
        config: &config,
        position,
        ledger: LEDGERS.may_load(storage, position)?.unwrap_or_default(),
        books: Books::open(now),
        payouts: vec![],
    };
    let events = actions
        .into_iter()
        .map(|action| changes.carry_out(action))
        .collect::<Result<Vec<_>, _>>()?;
    let Changes {
        ledger,
        books,
        payouts,
        ..
    } = changes;
    books.close(storage)?;
    LEDGERS.save(storage, position, &ledger)?;

    Ok(Response::new().add_messages(payouts).add_events(events))
}

/// What `actions` deposit and repay together, each asset once.
fn due(storage: &dyn Storage, actions: &[LedgerAction]) -> Result<Vec<Asset>, ContractError> {
    let mut sums: BTreeMap<&AssetId, Uint128> = BTreeMap::new();
    for action in actions {
        if let LedgerAction::Deposit(paid) | LedgerAction::Repay(paid) = action {
            let sum = sums.entry(&paid.asset).or_default();
            *sum = plus(*sum, some(paid.amount)?)?;
        }
    }
    sums.into_iter()
        .map(|(asset, amount)| Ok(Asset::new(listed(storage, asset)?.info, amount)))
        .collect()
}

/// A list of actions under way.
struct Changes<'a> {
    storage: &'a dyn Storage,
    api: &'a dyn Api,
    config: &'a Config,
    position: u64,
    ledger: Ledger,
    books: Books,
    payouts: Vec<CosmosMsg>,
}

impl Changes<'_> {
    fn carry_out(&mut self, action: LedgerAction) -> Result<Event, ContractError> {
        match action {
            LedgerAction::Deposit(what) => self.deposit(what),
            LedgerAction::Withdraw { amount, recipient } => {
                let recipient = self.user(&recipient)?;
                self.withdraw(amount, recipient)
            }
            LedgerAction::Borrow { amount, recipient } => {
                let recipient = self.user(&recipient)?;
                self.borrow(amount, recipient)
            }
            LedgerAction::Repay(what) => self.repay(what),
            LedgerAction::Offset(what) => self.offset(what),
        }
    }

    fn deposit(&mut self, Amount { asset, amount }: Amount) -> Result<Event, ContractError> {
        self.books
            .hold(self.storage, &mut self.ledger, &asset, some(amount)?)?;
        let position = self.position;
        Ok(CollateralDeposited {
            position,
            asset,
            amount,
        }
        .into())
    }

    fn withdraw(
        &mut self,
        Amount { asset, amount }: Amount,
        recipient: Addr,
    ) -> Result<Event, ContractError> {
        self.books
            .release(self.storage, &mut self.ledger, &asset, some(amount)?)?;
        self.pay(&asset, amount, &recipient)?;
        let position = self.position;
        Ok(CollateralWithdrawn {
            position,
            asset,
            recipient,
            amount,
        }
        .into())
    }

    fn borrow(&mut self, Amount { asset, amount }: Amount, recipient: Addr) -> Result<Event, ContractError> {
        let now = self.books.now;
        let OpenMarket { terms, state } = self.books.market(self.storage, &asset)?;
        if state.is_retired()? {
            return Err(ContractError::Retired { asset });
        }
        if some(amount)? > state.cash {
            return Err(ContractError::NotEnoughCash {
                asset,
                cash: state.cash,
                wanted: amount,
            });
        }
        let shares = ledger::borrow(&mut self.ledger, state, &asset, amount, now)?;
        let total = state.total_debt()?;
        if total > terms.borrow_cap {
            return Err(ContractError::BorrowCap {
                asset,
                total,
                cap: terms.borrow_cap,
            });
        }
        self.pay(&asset, amount, &recipient)?;
        let position = self.position;
        Ok(Borrowed {
            position,
            asset,
            recipient,
            amount,
            shares,
        }
        .into())
    }

    fn repay(&mut self, Amount { asset, amount }: Amount) -> Result<Event, ContractError> {
        let paid = self
            .books
            .repay(self.storage, &mut self.ledger, &asset, some(amount)?)?;
        Ok(Repaid {
            position: self.position,
            asset,
            principal: paid.principal,
            surcharge: paid.surcharge,
        }
        .into())
    }

    /// The collateral's coins become the market's cash.
    fn offset(&mut self, Amount { asset, amount }: Amount) -> Result<Event, ContractError> {
        self.books
            .release(self.storage, &mut self.ledger, &asset, some(amount)?)?;
        let paid = self.books.repay(self.storage, &mut self.ledger, &asset, amount)?;
        Ok(DebtOffset {
            position: self.position,
            asset,
            principal: paid.principal,
            surcharge: paid.surcharge,
        }
        .into())
    }

    fn user(&self, address: &str) -> Result<Addr, ContractError> {
        let user = self.api.addr_validate(address)?;
        self.config.user(&user)?;
        Ok(user)
    }

    fn pay(&mut self, asset: &AssetId, amount: Uint128, to: &Addr) -> Result<(), ContractError> {
        let info = listed(self.storage, asset)?.info;
        self.payouts.push(payout(info, amount, to)?);
        Ok(())
    }
}
