//! Queries to all five contracts.

use anyhow::Result;
use cosmwasm_std::{Addr, Decimal, Uint128};
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::auction::{
    BiddersResponse, BookResponse, OpenLotsResponse, OrderResponse, PreviewBackstopResponse,
    PreviewBidResponse, PriceAtResponse, QueueResponse, SaleResponse, TryPrice,
};
use glidepath_interfaces::fund::{PoolResponse, StakeResponse};
use glidepath_interfaces::oracle::{Feed, PriceRecord, PriceResponse, ReportResponse};
use glidepath_interfaces::position_manager::{
    Action, DueResponse, LiquidationPrice, OwnerOrder, PositionResponse, PositionRow, PreviewOrderResponse,
    PreviewTakeoverResponse, PreviewUpdateResponse, SellableResponse, TimeToLiquidation,
};
use glidepath_interfaces::vault::{
    AccountResponse, LedgerResponse, MarketResponse, SolvencyResponse, SupplyResponse,
};
use glidepath_interfaces::{auction, fund, oracle, position_manager, vault, AssetId};
use glidepath_risk::Value;
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::{id, Suite};

/// Typed queries. Each is one smart query; errors are the contract's text.
#[derive(Clone, Copy)]
pub struct Ask<'a>(pub(crate) &'a Suite);

impl Ask<'_> {
    /// Any query.
    pub fn smart<T: DeserializeOwned>(&self, contract: &Addr, msg: &impl Serialize) -> Result<T> {
        Ok(self.0.app.wrap().query_wasm_smart(contract, msg)?)
    }

    fn of_vault<T: DeserializeOwned>(&self, msg: vault::QueryMsg) -> Result<T> {
        self.smart(&self.0.peers.vault, &msg)
    }

    fn of_positions<T: DeserializeOwned>(&self, msg: position_manager::QueryMsg) -> Result<T> {
        self.smart(&self.0.peers.position_manager, &msg)
    }

    fn of_oracle<T: DeserializeOwned>(&self, msg: oracle::QueryMsg) -> Result<T> {
        self.smart(&self.0.peers.oracle_adapter, &msg)
    }

    fn of_auction<T: DeserializeOwned>(&self, msg: auction::QueryMsg) -> Result<T> {
        self.smart(&self.0.peers.liquidation_auction, &msg)
    }

    fn of_fund<T: DeserializeOwned>(&self, msg: fund::QueryMsg) -> Result<T> {
        self.smart(&self.0.peers.insurance_fund, &msg)
    }

    // ------------------------------------------------------------ vault

    /// Peers and split of penalties.
    pub fn vault_config(&self) -> Result<vault::ConfigResponse> {
        self.of_vault(vault::QueryMsg::Config {})
    }

    /// A lending market.
    pub fn market(&self, asset: &str) -> Result<MarketResponse> {
        self.of_vault(vault::QueryMsg::Market { asset: id(asset) })
    }

    /// A position's ledger.
    pub fn ledger(&self, position: u64) -> Result<LedgerResponse> {
        self.of_vault(vault::QueryMsg::Ledger { position })
    }

    /// Base units of a collateral that a position holds.
    pub fn held(&self, position: u64, asset: &str) -> Result<u128> {
        let ledger = self.ledger(position)?.ledger;
        let row = ledger.collateral.iter().find(|row| row.asset.as_str() == asset);
        Ok(row.map_or(0, |row| row.amount.u128()))
    }

    /// Base units that a position owes, surcharge included.
    pub fn owed(&self, position: u64, asset: &str) -> Result<u128> {
        let owed = self.ledger(position)?.owed;
        let row = owed.iter().find(|row| row.asset.as_str() == asset);
        Ok(row.map_or(0, |row| row.principal.u128() + row.surcharge.u128()))
    }

    /// A lender's supply.
    pub fn supply(&self, account: &Addr, asset: &str) -> Result<SupplyResponse> {
        let account = account.to_string();
        self.of_vault(vault::QueryMsg::Supply {
            asset: id(asset),
            account,
        })
    }

    /// An account's balance in the vault.
    pub fn account(&self, account: &Addr, asset: &str) -> Result<u128> {
        Ok(self.account_of(account, asset)?.amount.u128())
    }

    /// An account in the vault, and what of it is set aside.
    pub fn account_of(&self, account: &Addr, asset: &str) -> Result<AccountResponse> {
        let account = account.to_string();
        self.of_vault(vault::QueryMsg::Account {
            account,
            asset: id(asset),
        })
    }

    /// An owner's accounts in the vault.
    pub fn accounts(&self, account: &Addr) -> Result<Vec<AccountResponse>> {
        self.of_vault(vault::QueryMsg::Accounts {
            account: account.to_string(),
            start_after: None,
            limit: Some(100),
        })
    }

    /// What the backstop of a position would do now.
    pub fn preview_backstop(&self, position: u64) -> Result<PreviewBackstopResponse> {
        self.of_auction(auction::QueryMsg::PreviewBackstop { position })
    }

    /// What stakers of the fund bought and have not taken out.
    pub fn goods(&self) -> Result<Vec<Amount>> {
        self.of_fund(fund::QueryMsg::Goods {
            start_after: None,
            limit: Some(100),
        })
    }

    /// A standing order as it is now.
    pub fn order(&self, order: u64) -> Result<OrderResponse> {
        self.of_auction(auction::QueryMsg::Order { order })
    }

    /// Somebody's standing orders.
    pub fn orders(
        &self,
        owner: &Addr,
        start_after: Option<u64>,
        limit: Option<u32>,
    ) -> Result<Vec<OrderResponse>> {
        self.of_auction(auction::QueryMsg::Orders {
            owner: owner.to_string(),
            start_after,
            limit,
        })
    }

    /// The standing orders of a pair.
    pub fn book(&self, collateral: &str, debt: &str) -> Result<BookResponse> {
        self.of_auction(auction::QueryMsg::Book {
            collateral: id(collateral),
            debt: id(debt),
        })
    }

    /// Who alone may buy from a collateral's soft lots at first.
    pub fn bidders(&self, collateral: &str) -> Result<BiddersResponse> {
        self.of_auction(auction::QueryMsg::Bidders {
            collateral: id(collateral),
        })
    }

    /// What the vault owes of an asset.
    pub fn solvency(&self, asset: &str) -> Result<SolvencyResponse> {
        self.of_vault(vault::QueryMsg::Solvency { asset: id(asset) })
    }

    // ------------------------------------------------------------ position manager

    /// Peers and rules.
    pub fn rules(&self) -> Result<position_manager::ConfigResponse> {
        self.of_positions(position_manager::QueryMsg::Config {})
    }

    /// A listed asset.
    pub fn asset(&self, asset: &str) -> Result<position_manager::AssetResponse> {
        self.of_positions(position_manager::QueryMsg::Asset { asset: id(asset) })
    }

    /// Everything that is known of a position.
    pub fn position(&self, position: u64) -> Result<PositionResponse> {
        self.of_positions(position_manager::QueryMsg::Position { position })
    }

    /// Maintenance health of a position; none without debt.
    pub fn health(&self, position: u64) -> Result<Option<Decimal>> {
        Ok(self.position(position)?.health.maintenance)
    }

    /// How far away the prices are at which a position becomes liquidatable.
    pub fn time_to_liquidation(&self, position: u64, within: Option<u64>) -> Result<Vec<TimeToLiquidation>> {
        self.of_positions(position_manager::QueryMsg::TimeToLiquidation { position, within })
    }

    /// What the owner of a position asks for.
    pub fn owner_order(&self, position: u64) -> Result<position_manager::OwnerOrderResponse> {
        self.of_positions(position_manager::QueryMsg::Order { position })
    }

    /// What an owner's order would sell and cost.
    pub fn preview_order(&self, position: u64, order: OwnerOrder) -> Result<PreviewOrderResponse> {
        self.of_positions(position_manager::QueryMsg::PreviewOrder { position, order })
    }

    /// Prices at which a position becomes liquidatable.
    pub fn liquidation_prices(&self, position: u64) -> Result<Vec<LiquidationPrice>> {
        self.of_positions(position_manager::QueryMsg::LiquidationPrices { position })
    }

    /// What an `update` would do.
    pub fn preview_update(
        &self,
        position: Option<u64>,
        actions: Vec<Action>,
    ) -> Result<PreviewUpdateResponse> {
        self.of_positions(position_manager::QueryMsg::PreviewUpdate { position, actions })
    }

    /// What a `takeover` would do.
    pub fn preview_takeover(
        &self,
        position: u64,
        taker: Option<&Addr>,
        actions: Vec<Action>,
    ) -> Result<PreviewTakeoverResponse> {
        self.of_positions(position_manager::QueryMsg::PreviewTakeover {
            position,
            taker: taker.map(Addr::to_string),
            actions,
        })
    }

    /// Positions of an owner, the first hundred.
    pub fn positions_of(&self, owner: &Addr) -> Result<Vec<PositionRow>> {
        self.of_positions(position_manager::QueryMsg::PositionsOf {
            owner: owner.to_string(),
            start_after: None,
            limit: Some(100),
        })
    }

    /// A page of all positions.
    pub fn positions(&self, start_after: Option<u64>, limit: u32) -> Result<Vec<PositionRow>> {
        let limit = Some(limit);
        self.of_positions(position_manager::QueryMsg::Positions { start_after, limit })
    }

    /// A page of the positions with a call or a sale.
    pub fn distressed(&self, start_after: Option<u64>, limit: u32) -> Result<Vec<PositionRow>> {
        let limit = Some(limit);
        self.of_positions(position_manager::QueryMsg::Distressed { start_after, limit })
    }

    /// What an `advance` would do.
    pub fn due(&self, position: u64) -> Result<DueResponse> {
        self.of_positions(position_manager::QueryMsg::Due { position })
    }

    /// How much of a position may be sold at a multiplier.
    pub fn sellable(
        &self,
        position: u64,
        multiplier: Decimal,
        max_pay: Option<u128>,
    ) -> Result<SellableResponse> {
        self.of_positions(position_manager::QueryMsg::Sellable {
            position,
            multiplier,
            max_pay: max_pay.map(Uint128::new),
            prices: None,
            known: None,
        })
    }

    // ------------------------------------------------------------ oracle adapter

    /// Peers and reporters.
    pub fn oracle_config(&self) -> Result<oracle::ConfigResponse> {
        self.of_oracle(oracle::QueryMsg::Config {})
    }

    /// A price record.
    pub fn price(&self, asset: &str) -> Result<PriceRecord> {
        let row: PriceResponse = self.of_oracle(oracle::QueryMsg::Price { asset: id(asset) })?;
        Ok(row.record)
    }

    /// A feed.
    pub fn feed(&self, asset: &str) -> Result<Feed> {
        self.of_oracle(oracle::QueryMsg::Feed { asset: id(asset) })
    }

    /// Reports on an asset.
    pub fn reports(&self, asset: &str) -> Result<Vec<ReportResponse>> {
        self.of_oracle(oracle::QueryMsg::Reports { asset: id(asset) })
    }

    // ------------------------------------------------------------ auction

    /// Peers and terms.
    pub fn auction_config(&self) -> Result<auction::ConfigResponse> {
        self.of_auction(auction::QueryMsg::Config {})
    }

    /// A running sale.
    pub fn sale(&self, position: u64) -> Result<SaleResponse> {
        self.of_auction(auction::QueryMsg::Sale { position })
    }

    /// A page of the running sales.
    pub fn sales(
        &self,
        collateral: Option<&str>,
        start_after: Option<u64>,
        limit: Option<u32>,
    ) -> Result<Vec<SaleResponse>> {
        self.of_auction(auction::QueryMsg::Sales {
            collateral: collateral.map(id),
            start_after,
            limit,
        })
    }

    /// What a bid would do.
    pub fn preview_bid(&self, position: u64, pay: Option<u128>) -> Result<PreviewBidResponse> {
        self.preview_bid_at(position, pay, None)
    }

    /// What a bid would do at other prices.
    pub fn preview_bid_at(
        &self,
        position: u64,
        pay: Option<u128>,
        prices: Option<Vec<TryPrice>>,
    ) -> Result<PreviewBidResponse> {
        self.of_auction(auction::QueryMsg::PreviewBid {
            position,
            pay: pay.map(Uint128::new),
            prices,
            bidder: None,
        })
    }

    /// What a bid of somebody for all that may be bought would do.
    pub fn preview_bid_of(&self, position: u64, bidder: &Addr) -> Result<PreviewBidResponse> {
        self.of_auction(auction::QueryMsg::PreviewBid {
            position,
            pay: None,
            prices: None,
            bidder: Some(bidder.to_string()),
        })
    }

    /// The lots of the first sales that may be bought, the best first, as the message asks for them.
    pub fn open_lots(&self, asked: auction::QueryMsg) -> Result<OpenLotsResponse> {
        self.of_auction(asked)
    }

    /// The price of a lot at a moment.
    pub fn price_at(&self, position: u64, time: u64) -> Result<PriceAtResponse> {
        self.of_auction(auction::QueryMsg::PriceAt { position, time })
    }

    /// The queue of a collateral's lots, and when it admits one that draws so many dollars (the largest if not said).
    pub fn queue(&self, collateral: &str, draw: Option<u128>) -> Result<QueueResponse> {
        self.of_auction(auction::QueryMsg::Queue {
            collateral: id(collateral),
            draw: draw.map(Value::usd),
        })
    }

    // ------------------------------------------------------------ insurance fund

    /// Peers and parameters.
    pub fn fund_config(&self) -> Result<fund::ConfigResponse> {
        self.of_fund(fund::QueryMsg::Config {})
    }

    /// The pool of a market.
    pub fn pool(&self, asset: &str) -> Result<PoolResponse> {
        self.of_fund(fund::QueryMsg::Pool { asset: id(asset) })
    }

    /// A stake.
    pub fn stake(&self, staker: &Addr, asset: &str) -> Result<StakeResponse> {
        let staker = staker.to_string();
        self.of_fund(fund::QueryMsg::Stake {
            asset: id(asset),
            staker,
        })
    }

    /// The assets of the suite.
    pub fn asset_ids(&self) -> Vec<AssetId> {
        self.0.assets.keys().cloned().collect()
    }
}
