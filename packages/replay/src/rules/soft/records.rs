//! Raw reads of published records, as a keeper's node does them.

use glidepath_interfaces::auction::{Line, BACKLOGS, SALES};
use glidepath_interfaces::oracle::{PriceRecord, PRICES};
use glidepath_interfaces::vault::{LEDGERS, MARKETS};
use glidepath_risk::queue::Backlog;
use glidepath_testkit::Suite;

use crate::amounts::AssetNumber;
use crate::config::Asset;
use crate::population::PositionId;

use super::keeper::OnSale;
use super::setup::{DEBT, DEBT_DECIMALS};
use super::standing::{Holding, Known};
use super::units::{float, from_units, usd_price};

/// What a position holds of `assets`, and owes.
pub fn holding(suite: &Suite, assets: &[Asset], position: PositionId) -> anyhow::Result<Holding> {
    let vault = suite.app.contract_storage(&suite.peers.vault);
    let ledger = LEDGERS.load(&*vault, position.into())?;
    let mut holding = Holding {
        rate: float(ledger.surcharge_rate),
        min_price: ledger.sale.map(|sale| usd_price(sale.min_price, DEBT_DECIMALS)),
        ..Holding::default()
    };
    for held in &ledger.collateral {
        if let Some(asset) = number(assets, held.asset.as_str()) {
            holding.collateral[asset] = from_units(held.amount, assets[asset].decimals);
        }
    }
    if let Some(owed) = ledger.debts.first() {
        let market = MARKETS.load(&*vault, DEBT)?;
        let principal = market.debt_of_shares(owed.debt.shares, suite.now())?;
        holding.principal = from_units(principal, DEBT_DECIMALS);
        holding.surcharge = from_units(owed.debt.surcharge, DEBT_DECIMALS);
        holding.since = owed.debt.since;
    }
    Ok(holding)
}

/// Number of the collateral of this name.
pub fn number(assets: &[Asset], name: &str) -> Option<AssetNumber> {
    assets.iter().position(|asset| asset.name == name)
}

/// The running sale of a position, if there is one.
pub fn sale(suite: &Suite, known: &Known, position: PositionId) -> anyhow::Result<Option<OnSale>> {
    let auction = suite.app.contract_storage(&suite.peers.liquidation_auction);
    let sale = SALES.may_load(&*auction, position.into())?;
    Ok(sale.and_then(|sale| {
        let asset = number(&known.assets, sale.collateral.as_str())?;
        let (decimals, pauses) = (known.assets[asset].decimals, known.pauses(asset));
        Some(OnSale::new(&sale, asset, decimals, &pauses, suite.now()))
    }))
}

/// What of a collateral is on sale and not taken up.
pub fn backlog(suite: &Suite, collateral: &str) -> anyhow::Result<Backlog> {
    let auction = suite.app.contract_storage(&suite.peers.liquidation_auction);
    let line = Line::Distress.as_str();
    Ok(BACKLOGS
        .may_load(&*auction, (collateral, line))?
        .unwrap_or_default())
}

/// The price record of an asset.
pub fn price(suite: &Suite, asset: &str) -> anyhow::Result<PriceRecord> {
    let oracle = suite.app.contract_storage(&suite.peers.oracle_adapter);
    Ok(PRICES.load(&*oracle, asset)?)
}
