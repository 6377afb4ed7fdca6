//! Invariants 1, 2 and 5: the books of the vault, and that sales are what the vault permits.

use std::collections::BTreeMap;

use cosmwasm_std::{Order, Uint128, Uint256};
use glidepath_insurance_fund::state::{CLAIMS, HELD, STAKES};
use glidepath_interfaces::auction::{BOOKS, SALES, SLOTS, SLOTS_A_BOOK};
use glidepath_interfaces::vault::{Ledger, ASSETS, HOLDINGS, LEDGERS, MARKETS};
use glidepath_interfaces::AssetId;
use glidepath_risk::market::{Market, VIRTUAL_ASSETS, VIRTUAL_SHARES};
use glidepath_vault::state::{ACCOUNTS, SUPPLIES, TICKETS};

use super::{holds, Broken, Invariants};
use crate::{id, Suite};

/// Sums over all records of the vault, by asset.
#[derive(Default)]
struct Sums {
    collateral: BTreeMap<AssetId, u128>,
    debt_shares: BTreeMap<AssetId, u128>,
    keepers: BTreeMap<AssetId, u128>,
    supplies: BTreeMap<AssetId, u128>,
    accounts: BTreeMap<AssetId, u128>,
}

fn add(map: &mut BTreeMap<AssetId, u128>, asset: &AssetId, amount: Uint128) {
    *map.entry(asset.clone()).or_default() += amount.u128();
}

fn of(map: &BTreeMap<AssetId, u128>, asset: &AssetId) -> u128 {
    map.get(asset).copied().unwrap_or_default()
}

fn unreadable(number: u8) -> impl Fn(&dyn std::fmt::Display) -> Broken {
    move |error| Broken {
        number,
        what: format!("a record can't be read: {error}"),
    }
}

fn sums(suite: &Suite) -> Result<(Sums, BTreeMap<u64, Ledger>), Broken> {
    let storage = suite.app.contract_storage(&suite.peers.vault);
    let bad = unreadable(1);
    let (mut sums, mut ledgers) = (Sums::default(), BTreeMap::new());
    for row in LEDGERS.after(&*storage, None) {
        let (position, ledger) = row.map_err(|e| bad(&e))?;
        for held in &ledger.collateral {
            let (asset, amount) = (&held.asset, held.amount);
            holds(1, !amount.is_zero(), || {
                format!("position {position} holds zero {asset}")
            })?;
            add(&mut sums.collateral, asset, amount);
        }
        for row in &ledger.debts {
            add(&mut sums.debt_shares, &row.asset, row.debt.shares);
        }
        if let Some(sale) = &ledger.sale {
            add(&mut sums.keepers, &sale.debt, sale.keepers);
        }
        ledgers.insert(position, ledger);
    }
    for row in SUPPLIES.range(&*storage, None, None, Order::Ascending) {
        let ((_, asset), shares) = row.map_err(|e| bad(&e))?;
        add(&mut sums.supplies, &id(&asset), shares);
    }
    for row in ACCOUNTS.after(&*storage, None) {
        let ((owner, asset), account) = row.map_err(|e| bad(&e))?;
        holds(1, account.set_aside <= account.amount, || {
            format!("{owner} set aside more {asset} than he has: {account:?}")
        })?;
        add(&mut sums.accounts, &id(&asset), account.amount);
    }
    for row in TICKETS.after(&*storage, None) {
        let (position, ticket) = row.map_err(|e| bad(&e))?;
        holds(1, false, || {
            format!("the ticket of position {position} outlived its message: {ticket:?}")
        })?;
    }
    Ok((sums, ledgers))
}

/// What the vault has of each asset beyond what its own records say that it owes.
pub fn surplus(suite: &Suite) -> Result<BTreeMap<AssetId, i128>, Broken> {
    let storage = suite.app.contract_storage(&suite.peers.vault);
    let bad = unreadable(1);
    let mut all = BTreeMap::new();
    for row in ASSETS.after(&*storage, None) {
        let (name, asset) = row.map_err(|e| bad(&e))?;
        let holdings = HOLDINGS.load(&*storage, &name).map_err(|e| bad(&e))?;
        let market = MARKETS.may_load(&*storage, &name).map_err(|e| bad(&e))?;
        let (cash, dues) = market.map_or_else(Default::default, |m| (m.cash, m.dues));
        let owed = [holdings.collateral, holdings.accounts, cash, dues];
        let owed: u128 = owed.iter().map(|amount| amount.u128()).sum();
        let balance = asset
            .info
            .query_balance(&suite.app.wrap(), &suite.peers.vault)
            .map_err(|e| bad(&e))?;
        all.insert(id(&name), signed(balance.u128()) - signed(owed));
    }
    Ok(all)
}

fn signed(amount: u128) -> i128 {
    i128::try_from(amount).expect("amounts of tests fit")
}

pub fn check(watch: &mut Invariants, suite: &Suite) -> Result<(), Broken> {
    let (sums, ledgers) = sums(suite)?;
    let storage = suite.app.contract_storage(&suite.peers.vault);
    let bad = unreadable(1);
    for (asset, surplus) in surplus(suite)? {
        let donated = watch.donated.get(&asset).copied().unwrap_or_default();
        holds(1, surplus == donated, || {
            format!(
                "the vault has {surplus} {asset} more than it owes, and {donated} were donated (a negative number is missing)"
            )
        })?;
        let holdings = HOLDINGS.load(&*storage, asset.as_str()).map_err(|e| bad(&e))?;
        let same = |what: &str, number: u8, total: Uint128, parts: u128| {
            holds(number, total.u128() == parts, || {
                format!("{what} of {asset}: the total is {total}, the parts add up to {parts}")
            })
        };
        same("collateral", 1, holdings.collateral, of(&sums.collateral, &asset))?;
        same("accounts", 1, holdings.accounts, of(&sums.accounts, &asset))?;
        let market = MARKETS.may_load(&*storage, asset.as_str()).map_err(|e| bad(&e))?;
        let Some(market) = market else {
            for (what, map) in [("debts", &sums.debt_shares), ("supplies", &sums.supplies)] {
                same(what, 2, Uint128::zero(), of(map, &asset))?;
            }
            continue;
        };
        same("dues", 1, market.dues, of(&sums.keepers, &asset))?;
        same("open tickets", 1, market.tickets, 0)?;
        same(
            "debt shares",
            2,
            market.debt_shares,
            of(&sums.debt_shares, &asset),
        )?;
        let supplies = of(&sums.supplies, &asset) + market.fund_shares.u128() + market.reserve_shares.u128();
        same("supply shares", 2, market.supply_shares, supplies)?;
        supply_price(watch, &asset, &market)?;
    }
    watch.written_off.clear();
    earned(watch, &ledgers)?;
    orders(suite)?;
    goods(suite)?;
    sales(suite, &ledgers)
}

/// 10: what a ledger keeps for keepers is what the penalties left for them and was not credited.
fn earned(watch: &Invariants, ledgers: &BTreeMap<u64, Ledger>) -> Result<(), Broken> {
    for (position, ledger) in ledgers {
        let kept = ledger.sale.as_ref().map_or(Uint128::zero(), |sale| sale.keepers);
        let earned = watch.earned.get(position).copied().unwrap_or_default();
        holds(10, kept == earned, || {
            format!(
                "keepers of position {position} have earned {earned} and not got it, the ledger keeps {kept}"
            )
        })?;
    }
    Ok(())
}

/// What standing orders have waiting and gained is in the auction's account.
fn orders(suite: &Suite) -> Result<(), Broken> {
    let auction = &suite.peers.liquidation_auction;
    let storage = suite.app.contract_storage(auction);
    let bad = unreadable(1);
    let mut owed: BTreeMap<AssetId, u128> = BTreeMap::new();
    for row in BOOKS.after(&*storage, None) {
        let ((collateral, debt), book) = row.map_err(|e| bad(&e))?;
        for nth in 0..SLOTS_A_BOOK {
            let slot = SLOTS.may_load(&*storage, (book.id, nth)).map_err(|e| bad(&e))?;
            let slot = slot.unwrap_or_default();
            add(&mut owed, &id(&debt), slot.funds);
            add(&mut owed, &id(&debt), slot.pending);
            add(&mut owed, &id(&collateral), slot.gained);
        }
    }
    let vault = suite.app.contract_storage(&suite.peers.vault);
    for (asset, owed) in owed {
        let account = ACCOUNTS
            .may_load(&*vault, (auction, asset.as_str()))
            .map_err(|e| bad(&e))?;
        let held = account.unwrap_or_default().amount.u128();
        holds(1, held >= owed, || {
            format!("standing orders have {owed} {asset}, the auction's account {held}")
        })?;
    }
    Ok(())
}

/// What stakers of the fund bought is in its account, and their parts are no more than that.
fn goods(suite: &Suite) -> Result<(), Broken> {
    let fund = &suite.peers.insurance_fund;
    let bad = unreadable(1);
    let mut held: BTreeMap<AssetId, u128> = BTreeMap::new();
    let mut stakes = vec![];
    {
        let storage = suite.app.contract_storage(fund);
        for row in HELD.range(&*storage, None, None, Order::Ascending) {
            let (asset, amount) = row.map_err(|e| bad(&e))?;
            add(&mut held, &id(&asset), amount);
        }
        if held.is_empty() {
            return Ok(());
        }
        for row in STAKES.after(&*storage, None) {
            let ((asset, staker), _) = row.map_err(|e| bad(&e))?;
            stakes.push((asset, staker));
        }
        for row in CLAIMS.after(&*storage, None) {
            let ((asset, staker), _) = row.map_err(|e| bad(&e))?;
            stakes.push((asset, staker));
        }
    }
    stakes.sort();
    stakes.dedup();
    let mut parts: BTreeMap<AssetId, u128> = BTreeMap::new();
    for (asset, staker) in stakes {
        let stake = suite.ask().stake(&staker, &asset).map_err(|e| bad(&e))?;
        for goods in stake.goods {
            add(&mut parts, &goods.asset, goods.amount);
        }
    }
    let vault = suite.app.contract_storage(&suite.peers.vault);
    for (asset, held) in held {
        let account = ACCOUNTS
            .may_load(&*vault, (fund, asset.as_str()))
            .map_err(|e| bad(&e))?;
        let (has, parts) = (account.unwrap_or_default().amount.u128(), of(&parts, &asset));
        holds(1, parts <= held && held <= has, || {
            format!("stakers may take out {parts} {asset} of {held} that they bought, the fund's account has {has}")
        })?;
    }
    Ok(())
}

/// The supply price never falls but by a write-off. Compared exactly, by cross-multiplication.
fn supply_price(watch: &mut Invariants, asset: &AssetId, market: &Market) -> Result<(), Broken> {
    let assets = market.total_assets().expect("assets of tests fit") + VIRTUAL_ASSETS;
    let shares = market.supply_shares + VIRTUAL_SHARES;
    let now = (Uint256::from(assets), Uint256::from(shares));
    if let Some(before) = watch.supply_prices.insert(asset.clone(), now) {
        let fell = now.0 * before.1 < before.0 * now.1;
        holds(2, !fell || watch.written_off.contains(asset), || {
            format!(
                "the supply price of {asset} fell from {}/{} to {}/{} without a write-off",
                before.0, before.1, now.0, now.1
            )
        })?;
    }
    Ok(())
}

/// A sale belongs to a position in distress, and the vault permits exactly the pair that the auction sells.
fn sales(suite: &Suite, ledgers: &BTreeMap<u64, Ledger>) -> Result<(), Broken> {
    let storage = suite.app.contract_storage(&suite.peers.liquidation_auction);
    let bad = unreadable(5);
    let mut on_sale = BTreeMap::new();
    for row in SALES.after(&*storage, None) {
        let (position, sale) = row.map_err(|e| bad(&e))?;
        on_sale.insert(position, sale);
    }
    for (position, sale) in &on_sale {
        let ledger = ledgers.get(position);
        holds(5, ledger.is_some_and(|ledger| !ledger.debts.is_empty()), || {
            format!("position {position} is on sale and owes nothing")
        })?;
        let permission = ledger.and_then(|ledger| ledger.sale.as_ref());
        let permitted = permission.map(|sale| (&sale.collateral, &sale.debt));
        let expected = match sale.asleep_since {
            Some(_) => None,
            None => Some((&sale.collateral, &sale.debt)),
        };
        holds(5, permitted == expected, || {
            format!("the auction sells {expected:?} of position {position}, the vault permits {permitted:?}")
        })?;
    }
    for (position, ledger) in ledgers {
        let known = on_sale.contains_key(position);
        holds(5, ledger.sale.is_none() || known, || {
            format!("the vault permits a sale of position {position} that the auction does not know")
        })?;
    }
    Ok(())
}
