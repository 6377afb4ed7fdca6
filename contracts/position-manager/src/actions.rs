//! An update's actions on a ledger's copy, and what the result is checked for. Execution and preview share it.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Decimal, Uint128};
use cw_asset::Asset;
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::position_manager::{Action, AssetStatus};
use glidepath_interfaces::vault::{Ledger, LedgerAction};
use glidepath_interfaces::AssetId;
use glidepath_risk::health::Tier;
use glidepath_risk::Rounding;

use crate::ledger;
use crate::purse::Purse;
use crate::records::Records;
use crate::view::View;
use crate::ContractError;

/// Most actions of one message: every asset that a position may hold and owe, in and out.
pub const MAX_ACTIONS: usize = 24;
/// In distress an asset may exceed its cap by what the target needs. Prices move between signing and inclusion, so a
/// target health of so much is not too much.
pub const CURE_CEILING: Decimal = Decimal::percent(105);

/// Who acts on which position.
pub struct Actor<'a> {
    /// Position; none for a new one.
    pub position: Option<u64>,
    /// Its owner.
    pub owner: &'a Addr,
    /// Who acts.
    pub sender: &'a Addr,
    /// Who gets what goes out.
    pub recipient: &'a Addr,
    /// Is it called or being sold?
    pub in_distress: bool,
    /// Is it being sold?
    pub on_sale: bool,
}

/// What actions did to a ledger.
pub struct Change {
    /// The ledger after them.
    pub ledger: Ledger,
    /// The same for the vault, with amounts.
    pub actions: Vec<LedgerAction>,
    /// What repayments did not need.
    pub refunds: Vec<Asset>,
    /// Initial health, where it was checked.
    pub initial_health: Option<Decimal>,
}

/// Carries out `actions` in order and checks the result.
pub fn carry_out(
    records: &mut Records,
    actor: &Actor,
    ledger: Ledger,
    actions: &[Action],
    purse: &mut Purse,
) -> Result<Change, ContractError> {
    if actions.is_empty() {
        return Err(ContractError::NoActions {});
    }
    if actions.len() > MAX_ACTIONS {
        return Err(ContractError::TooManyActions {
            actions: actions.len(),
            max: MAX_ACTIONS,
        });
    }
    let mut run = Run {
        records,
        actor,
        before: ledger.clone(),
        ledger,
        purse,
        done: vec![],
        refunds: vec![],
        deposited: BTreeMap::new(),
        borrowed: vec![],
        withdrew: false,
    };
    for action in actions {
        run.act(action)?;
    }
    if actor.on_sale {
        run.offset()?;
    }
    let initial_health = run.check()?;
    Ok(Change {
        ledger: run.ledger,
        actions: run.done,
        refunds: run.refunds,
        initial_health,
    })
}

/// A list of actions under way.
struct Run<'a, 'r> {
    records: &'a mut Records<'r>,
    actor: &'a Actor<'a>,
    before: Ledger,
    ledger: Ledger,
    purse: &'a mut Purse,
    done: Vec<LedgerAction>,
    refunds: Vec<Asset>,
    deposited: BTreeMap<AssetId, Uint128>,
    borrowed: Vec<AssetId>,
    withdrew: bool,
}

impl Run<'_, '_> {
    fn act(&mut self, action: &Action) -> Result<(), ContractError> {
        match action {
            Action::Deposit(what) => self.deposit(what),
            Action::Withdraw { asset, amount } => self.withdraw(asset, *amount),
            Action::Borrow(what) => self.borrow(what),
            Action::Repay { asset, amount } => self.repay(asset, *amount),
        }
    }

    fn deposit(&mut self, what: &Amount) -> Result<(), ContractError> {
        let Amount { asset, amount } = what;
        some(asset, *amount)?;
        let listed = self.records.asset(asset)?;
        if listed.params.collateral.is_none() {
            return Err(ContractError::NotCollateral { asset: asset.clone() });
        }
        // What is on its way out may cure a distress; that is judged with the caps. What is given up cures nothing.
        let status = listed.params.status;
        if status == AssetStatus::Dead {
            return Err(on_its_way_out(asset, status));
        }
        self.purse.take(asset, &listed.info, *amount)?;
        if let (Some(position), true) = (self.actor.position, self.is_stranger()) {
            if ledger::held(&self.ledger, asset).is_zero() {
                return Err(ContractError::StrangersAsset {
                    position,
                    asset: asset.clone(),
                });
            }
        }
        ledger::deposit(&mut self.ledger, asset, *amount)?;
        let sum = self.deposited.entry(asset.clone()).or_default();
        *sum = sum
            .checked_add(*amount)
            .map_err(glidepath_risk::RiskError::from)?;
        self.done.push(LedgerAction::Deposit(what.clone()));
        Ok(())
    }

    fn withdraw(&mut self, asset: &AssetId, amount: Option<Uint128>) -> Result<(), ContractError> {
        self.owner_only()?;
        let held = ledger::held(&self.ledger, asset);
        let amount = amount.unwrap_or(held);
        if held.is_zero() || amount > held {
            return Err(ContractError::NotEnoughCollateral {
                asset: asset.clone(),
                held,
                wanted: amount,
            });
        }
        some(asset, amount)?;
        ledger::withdraw(&mut self.ledger, asset, amount)?;
        self.withdrew = true;
        let asset = asset.clone();
        self.done.push(LedgerAction::Withdraw {
            amount: Amount { asset, amount },
            recipient: self.actor.recipient.to_string(),
        });
        Ok(())
    }

    fn borrow(&mut self, what: &Amount) -> Result<(), ContractError> {
        self.owner_only()?;
        let Amount { asset, amount } = what;
        some(asset, *amount)?;
        let params = &self.records.asset(asset)?.params;
        if params.debt.is_none() {
            return Err(ContractError::NotBorrowable { asset: asset.clone() });
        }
        if params.status != AssetStatus::Listed {
            return Err(on_its_way_out(asset, params.status));
        }
        ledger::borrow(self.records, &mut self.ledger, asset, *amount)?;
        self.borrowed.push(asset.clone());
        self.done.push(LedgerAction::Borrow {
            amount: what.clone(),
            recipient: self.actor.recipient.to_string(),
        });
        Ok(())
    }

    /// Takes all that is left of the payment where no amount is said, and returns what the debt does not need.
    fn repay(&mut self, asset: &AssetId, amount: Option<Uint128>) -> Result<(), ContractError> {
        let info = self.records.asset(asset)?.info.clone();
        let owed = ledger::owed(self.records, &self.ledger, asset)?;
        if owed.is_zero() {
            return Err(ContractError::NothingOwed { asset: asset.clone() });
        }
        let paid = amount.unwrap_or_else(|| self.purse.rest(&info, owed));
        if amount.is_some() {
            some(asset, paid)?;
        }
        if paid.is_zero() {
            return Err(ContractError::Unpaid {
                asset: asset.clone(),
                needed: owed,
                paid,
            });
        }
        self.purse.take(asset, &info, paid)?;
        let amount = paid.min(owed);
        ledger::repay(self.records, &mut self.ledger, asset, amount)?;
        let back = paid.saturating_sub(amount);
        if !back.is_zero() {
            self.refunds.push(Asset::new(info, back));
        }
        let asset = asset.clone();
        self.done.push(LedgerAction::Repay(Amount { asset, amount }));
        Ok(())
    }

    /// What is owed and held is offset before a lot is scheduled. What comes in while one runs is offset at once, or the
    /// lot would sell what the next offset leaves nobody in need of.
    fn offset(&mut self) -> Result<(), ContractError> {
        let done = ledger::offset(self.records, &mut self.ledger)?;
        self.done.extend(done);
        Ok(())
    }

    fn is_stranger(&self) -> bool {
        self.actor.sender != self.actor.owner
    }

    fn is_at_risk(&self) -> bool {
        self.withdrew || !self.borrowed.is_empty()
    }

    fn owner_only(&self) -> Result<(), ContractError> {
        match self.actor.position {
            Some(position) if self.is_stranger() => Err(ContractError::NotPositionOwner {
                position,
                owner: self.actor.owner.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// The result of all actions, once. Returns the initial health where it had to be checked.
    fn check(&mut self) -> Result<Option<Decimal>, ContractError> {
        if self.actor.position.is_none() && self.ledger.collateral.is_empty() {
            return Err(ContractError::EmptyPosition {});
        }
        self.check_counts()?;
        self.check_caps()?;
        if self.ledger.debts.is_empty() || !self.is_at_risk() {
            return Ok(None);
        }
        let now = self.records.now;
        let view = View::whole(self.records, &self.ledger)?;
        for asset in &self.borrowed {
            check_min_debt(&view, asset)?;
        }
        check_margin(&view, now)
    }

    /// Only what grows is held to the most that there may be.
    fn check_counts(&self) -> Result<(), ContractError> {
        let params = &self.records.config.params;
        let grown = |before: usize, after: usize, max: u8| after > before && after > usize::from(max);
        let (collaterals, debts) = (self.ledger.collateral.len(), self.ledger.debts.len());
        if grown(self.before.collateral.len(), collaterals, params.max_collaterals) {
            return Err(ContractError::TooManyCollaterals {
                count: collaterals,
                max: params.max_collaterals,
            });
        }
        if grown(self.before.debts.len(), debts, params.max_debts) {
            return Err(ContractError::TooManyDebts {
                count: debts,
                max: params.max_debts,
            });
        }
        Ok(())
    }

    /// The suite takes at most so much of an asset as its market can take back, judged at the higher of last and
    /// smoothed price whatever its age, and nothing of one that is on its way out. What cures a distress may exceed it: an
    /// asset that is held already, as far as the target needs; with a loan or a withdrawal beside it the target would need
    /// whatever one likes.
    fn check_caps(&mut self) -> Result<(), ContractError> {
        for (asset, amount) in std::mem::take(&mut self.deposited) {
            let params = &self.records.asset(&asset)?.params;
            let (status, depth) = (params.status, params.depth);
            let cap = params.collateral.as_ref().map(|params| params.overhang_cap);
            let cap = depth.times(cap.unwrap_or_default(), Rounding::Down)?;
            let total = self.records.overhang(&asset, amount)?;
            let is_open = status == AssetStatus::Listed;
            if (is_open && total <= cap) || self.cures(&asset)? {
                continue;
            }
            return Err(if is_open {
                ContractError::OverhangCap { asset, total, cap }
            } else {
                on_its_way_out(&asset, status)
            });
        }
        Ok(())
    }

    fn cures(&mut self, asset: &AssetId) -> Result<bool, ContractError> {
        if !self.actor.in_distress || self.is_at_risk() || ledger::held(&self.before, asset).is_zero() {
            return Ok(false);
        }
        let view = View::of(self.records, &self.ledger)?;
        let health = view
            .map(|view| view.sums(Tier::Target)?.health())
            .transpose()?
            .flatten();
        Ok(health.is_some_and(|health| health <= CURE_CEILING))
    }
}

/// A debt that was borrowed must be worth a sale.
fn check_min_debt(view: &View, asset: &AssetId) -> Result<(), ContractError> {
    match view.owed(asset) {
        Some(owed) if owed.value < owed.params.min_debt => Err(ContractError::BelowMinDebt {
            asset: asset.clone(),
            debt: owed.value,
            min_debt: owed.params.min_debt,
        }),
        _ => Ok(()),
    }
}

/// Initial margin at guarded prices. A collateral whose price is refused counts zero; where that is what is missing,
/// the refusal says what to do.
pub fn check_margin(view: &View, now: u64) -> Result<Option<Decimal>, ContractError> {
    let (sums, refused) = view.margin(now)?;
    let Some(health) = sums.health()? else {
        return Ok(None);
    };
    let required = Decimal::one();
    if health >= required {
        return Ok(Some(health));
    }
    Err(match refused {
        Some(refusal) => refusal.into(),
        None => ContractError::BelowInitialMargin { health, required },
    })
}

fn on_its_way_out(asset: &AssetId, status: AssetStatus) -> ContractError {
    let asset = asset.clone();
    ContractError::ReduceOnly { asset, status }
}

fn some(asset: &AssetId, amount: Uint128) -> Result<(), ContractError> {
    if amount.is_zero() {
        return Err(ContractError::ZeroAmount { asset: asset.clone() });
    }
    Ok(())
}
