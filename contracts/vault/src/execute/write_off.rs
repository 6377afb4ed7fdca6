//! `WriteOff`: a position that has debt and nothing to sell comes to its end.

use cosmwasm_std::{Addr, Decimal, DepsMut, Event, QuerierWrapper, Response, Storage, Uint128};
use glidepath_interfaces::events::vault::{CollateralSurrendered, DebtWrittenOff};
use glidepath_interfaces::fund::{CoverRule, COVER_RULES};
use glidepath_interfaces::vault::{Ledger, LedgerDebt};
use glidepath_risk::debt::debt_of;
use glidepath_risk::math::mul;
use glidepath_risk::Rounding;

use crate::books::{minus, plus, Books};
use crate::error::ContractError;
use crate::execute::distress::credit_keepers;
use crate::state::{CONFIG, LEDGERS};

/// What could not be sold becomes the fund's account; the surcharge is deleted; each debt burns shares of the fund
/// by its published rule, and what is left of the loss lowers the supply price.
pub fn write_off(
    deps: DepsMut,
    now: u64,
    sender: &Addr,
    position: u64,
    keepers: &[Addr],
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    config.only_position_manager(sender)?;
    let fund = config.peers.insurance_fund;
    let mut ledger = LEDGERS
        .may_load(deps.storage, position)?
        .ok_or(ContractError::NoPosition { position })?;
    if ledger.debts.is_empty() {
        return Err(ContractError::NoDebt { position });
    }

    let mut books = Books::open(now);
    let mut events = credit_keepers(deps.storage, &mut books, &mut ledger, position, keepers)?;
    for held in std::mem::take(&mut ledger.collateral) {
        let holdings = books.holdings(deps.storage, &held.asset)?;
        holdings.collateral = minus(holdings.collateral, held.amount)?;
        books.credit(deps.storage, &fund, &held.asset, held.amount)?;
        events.push(
            CollateralSurrendered {
                position,
                asset: held.asset,
                amount: held.amount,
            }
            .into(),
        );
    }
    for owed in std::mem::take(&mut ledger.debts) {
        let loss = Loss {
            storage: deps.storage,
            querier: deps.querier,
            fund: &fund,
            books: &mut books,
            position,
        };
        events.push(loss.bear(owed, ledger.surcharge_rate)?);
    }
    books.close(deps.storage)?;
    LEDGERS.save(deps.storage, position, &Ledger::default())?;

    Ok(Response::new().add_events(events))
}

/// A debt that nobody will repay.
struct Loss<'a> {
    storage: &'a dyn Storage,
    querier: QuerierWrapper<'a>,
    fund: &'a Addr,
    books: &'a mut Books,
    position: u64,
}

impl Loss<'_> {
    /// Takes the debt out of its market, at the fund's cost first.
    fn bear(self, owed: LedgerDebt, surcharge_rate: Decimal) -> Result<Event, ContractError> {
        let LedgerDebt {
            asset,
            debt,
            insolvent,
        } = owed;
        let now = self.books.now;
        if insolvent {
            self.books.flag(self.storage, &asset, false)?;
        }
        // No rule, an unreadable one, or one that can't be computed with: no cover. A write-off never fails for it.
        let rule = COVER_RULES.query(&self.querier, self.fund, asset.as_str()).ok();
        let epoch = rule.as_ref().and_then(|rule| now.checked_div(rule.epoch));
        let cover = self.books.cover(self.storage, &asset)?;
        if let Some(epoch) = epoch.filter(|epoch| *epoch != cover.epoch) {
            cover.epoch = epoch;
            cover.covered = Uint128::zero();
        }
        let covered = cover.covered;

        let market = &mut self.books.market(self.storage, &asset)?.state;
        let surcharge = debt_of(&debt, market, surcharge_rate, now)?.surcharge;
        let price_before = market.supply_price()?;
        let worth = market.assets_for_shares(market.fund_shares)?;
        let most = rule
            .filter(|_| epoch.is_some())
            .map_or(Uint128::zero(), |rule| allowed(&rule, worth, covered));
        let loss = market.write_off(debt.shares, most)?;
        let price_after = market.supply_price()?;
        let cover = self.books.cover(self.storage, &asset)?;
        cover.covered = plus(covered, loss.fund)?;

        Ok(DebtWrittenOff {
            position: self.position,
            asset,
            loss: loss.written_off,
            surcharge,
            fund: loss.fund,
            burnt: loss.burnt,
            suppliers: loss.suppliers,
            price_before,
            price_after,
        }
        .into())
    }
}

/// Most that the fund pays for one loss: its share of what it has in the market, and what the epoch's cap leaves.
fn allowed(rule: &CoverRule, worth: Uint128, covered: Uint128) -> Uint128 {
    let share = mul(worth, rule.max_share, Rounding::Down).unwrap_or_default();
    share.min(rule.epoch_cap.saturating_sub(covered))
}
