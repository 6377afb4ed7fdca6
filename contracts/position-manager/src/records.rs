//! Records of this and the other contracts, each read at most once.

use std::collections::BTreeMap;

use cosmwasm_std::{Decimal, Deps, QuerierWrapper, Storage, Uint128};
use glidepath_interfaces::auction::{
    self, dearest_order, Line, Sale, SaleTerms, TryPrice, SALES, SALE_TERMS, TERMS,
};
use glidepath_interfaces::oracle::{PriceRecord, PRICES};
use glidepath_interfaces::position_manager::Known;
use glidepath_interfaces::record::decode;
use glidepath_interfaces::vault::{Holdings, Ledger, HOLDINGS, LEDGERS, MARKETS, MARKET_TERMS};
use glidepath_interfaces::AssetId;
use glidepath_risk::market::Market;
use glidepath_risk::queue::Backlog;
use glidepath_risk::{RiskError, Rounding, Value};

use crate::listed::InForce;
use crate::state::{load_asset, Config, Position, CONFIG};
use crate::ContractError;

/// Reads records and remembers them.
pub struct Records<'a> {
    /// The suite and the rules.
    pub config: Config,
    /// Unix seconds.
    pub now: u64,
    storage: &'a dyn Storage,
    querier: QuerierWrapper<'a>,
    tries: Vec<TryPrice>,
    assets: BTreeMap<AssetId, InForce>,
    prices: BTreeMap<AssetId, PriceRecord>,
    markets: BTreeMap<AssetId, Market>,
}

impl<'a> Records<'a> {
    /// Nothing read but the configuration.
    pub fn open(deps: Deps<'a>, now: u64) -> Result<Self, ContractError> {
        Ok(Records {
            config: CONFIG.load(deps.storage)?,
            now,
            storage: deps.storage,
            querier: deps.querier,
            tries: vec![],
            assets: BTreeMap::new(),
            prices: BTreeMap::new(),
            markets: BTreeMap::new(),
        })
    }

    /// The same with prices to try instead of the oracle's; a tried price counts as published and checked now.
    pub fn trying(self, tries: Vec<TryPrice>) -> Self {
        Records { tries, ..self }
    }

    /// The same with the price records of a pair that the asker has read.
    pub fn knowing(mut self, sale: &Sale, known: &Known) -> Result<Self, ContractError> {
        for (asset, record) in [(&sale.collateral, &known.collateral), (&sale.debt, &known.debt)] {
            let record = tried(&self.tries, asset, decode(record)?, self.now);
            self.prices.insert(asset.clone(), record);
        }
        Ok(self)
    }

    /// A listed asset, as it is now.
    pub fn asset(&mut self, asset: &AssetId) -> Result<&InForce, ContractError> {
        let (storage, now) = (self.storage, self.now);
        remembered(&mut self.assets, asset, || {
            Ok(load_asset(storage, asset)?.at(now)?)
        })
        .map(|asset| &*asset)
    }

    /// An asset's price.
    pub fn price(&mut self, asset: &AssetId) -> Result<&PriceRecord, ContractError> {
        let (querier, oracle, now) = (self.querier, &self.config.peers.oracle_adapter, self.now);
        let tries = &self.tries;
        remembered(&mut self.prices, asset, || {
            let record = PRICES.query(&querier, oracle, asset.as_str())?;
            Ok(tried(tries, asset, record, now))
        })
        .map(|record| &*record)
    }

    /// A lending market with its index up to now.
    pub fn market(&mut self, asset: &AssetId) -> Result<&Market, ContractError> {
        self.market_mut(asset).map(|market| &*market)
    }

    /// The same, to try changes on.
    pub fn market_mut(&mut self, asset: &AssetId) -> Result<&mut Market, ContractError> {
        let (querier, vault, now) = (self.querier, &self.config.peers.vault, self.now);
        remembered(&mut self.markets, asset, || {
            let mut market = MARKETS.query(&querier, vault, asset.as_str())?;
            market.index = market.index_at(now)?;
            market.accrued_at = market.accrued_at.max(now);
            Ok(market)
        })
    }

    /// Most that the vault lends of an asset.
    pub fn borrow_cap(&self, asset: &AssetId) -> Result<Uint128, ContractError> {
        let vault = &self.config.peers.vault;
        Ok(MARKET_TERMS
            .query(&self.querier, vault, asset.as_str())?
            .borrow_cap)
    }

    /// USD of what the vault holds of an asset for all positions, with `more` base units, at the higher of last and
    /// smoothed price whatever its age, rounded up.
    pub fn overhang(&mut self, asset: &AssetId, more: Uint128) -> Result<Value, ContractError> {
        let record = self.price(asset)?;
        let price = record.price.max(record.smoothed);
        let decimals = self.asset(asset)?.decimals;
        let units = self.holdings(asset)?.collateral;
        let units = units.checked_add(more).map_err(RiskError::from)?;
        Ok(price.value_of(units, decimals, Rounding::Up)?)
    }

    /// What the vault holds of an asset for all positions.
    pub fn holdings(&self, asset: &AssetId) -> Result<Holdings, ContractError> {
        Ok(HOLDINGS.query(&self.querier, &self.config.peers.vault, asset.as_str())?)
    }

    /// A position's ledger.
    pub fn ledger(&self, position: u64) -> Result<Ledger, ContractError> {
        Ok(LEDGERS.query(&self.querier, &self.config.peers.vault, position)?)
    }

    /// A position's sale; none if it has none.
    pub fn sale_of(&self, id: u64, position: &Position) -> Result<Option<Sale>, ContractError> {
        position.has_sale().then(|| self.sale(id)).transpose()
    }

    /// What of a collateral is on sale in a line. Read the sale's terms beside it: no record is no backlog.
    pub fn backlog(&self, collateral: &AssetId, line: Line) -> Result<Backlog, ContractError> {
        let auction = &self.config.peers.liquidation_auction;
        Ok(auction::backlog(&self.querier, auction, collateral, line)?)
    }

    /// What the dearest standing orders of a sale's pair pay that pay at least this multiple of the oracle's price and may buy at
    /// `height`. Read the sale beside it: no record is no orders.
    pub fn dearest_order(
        &self,
        sale: &Sale,
        multiplier: Decimal,
        height: u64,
    ) -> Result<Option<Decimal>, ContractError> {
        let auction = &self.config.peers.liquidation_auction;
        let pair = (&sale.collateral, &sale.debt);
        Ok(dearest_order(&self.querier, auction, pair, multiplier, height)?)
    }

    /// A running sale.
    pub fn sale(&self, position: u64) -> Result<Sale, ContractError> {
        Ok(SALES.query(&self.querier, &self.config.peers.liquidation_auction, position)?)
    }

    /// Terms of a position's sale: its own copy, or today's if none is open.
    pub fn terms_of(&self, id: u64, position: &Position) -> Result<SaleTerms, ContractError> {
        let auction = &self.config.peers.liquidation_auction;
        if position.has_sale() {
            return Ok(SALE_TERMS.query(&self.querier, auction, id)?.terms);
        }
        self.terms()
    }

    /// Terms of sales that open now.
    pub fn terms(&self) -> Result<SaleTerms, ContractError> {
        let auction = &self.config.peers.liquidation_auction;
        Ok(TERMS.query(&self.querier, auction)?)
    }
}

/// A price record, with the price that is to be tried if there is one.
fn tried(tries: &[TryPrice], asset: &AssetId, record: PriceRecord, now: u64) -> PriceRecord {
    match tries.iter().find(|tried| tried.asset == *asset) {
        Some(tried) => record.tried(tried.price, now),
        None => record,
    }
}

/// An entry of a map, read where there is none.
fn remembered<'m, T>(
    map: &'m mut BTreeMap<AssetId, T>,
    asset: &AssetId,
    read: impl FnOnce() -> Result<T, ContractError>,
) -> Result<&'m mut T, ContractError> {
    use std::collections::btree_map::Entry;
    Ok(match map.entry(asset.clone()) {
        Entry::Occupied(there) => there.into_mut(),
        Entry::Vacant(none) => none.insert(read()?),
    })
}
