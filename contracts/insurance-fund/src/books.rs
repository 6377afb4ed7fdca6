//! A market's pool, brought up to now: where the fund learns of revenue and losses.

use cosmwasm_std::{Addr, Deps, Event, Storage, Uint128};
use glidepath_interfaces::events::fund::{LossBooked, PoolRetired, RevenueBooked};
use glidepath_interfaces::record::ReadError;
use glidepath_interfaces::vault;
use glidepath_interfaces::AssetId;
use glidepath_risk::market::Market;
use glidepath_risk::pool::{Booked, Pool};

use crate::error::ContractError;
use crate::goods::Buyers;
use crate::state::{Config, Stake, CONFIG, POOLS, STAKES};

/// What a message works on. Nothing is stored before [`Books::close`].
pub struct Books {
    /// Market.
    pub asset: AssetId,
    /// Unix seconds.
    pub now: u64,
    /// Peers and parameters.
    pub config: Config,
    /// The market as the vault has it stored; see [`Books::accrued`].
    pub market: Market,
    /// The pool with everything up to now.
    pub pool: Pool,
    booked: Booked,
}

impl Books {
    /// Loads a market's pool and books what happened since.
    ///
    /// # Errors
    /// `ReadError::Missing` where the vault has no such market.
    pub fn open(deps: Deps, asset: AssetId, now: u64) -> Result<Self, ContractError> {
        let (books, _) = Books::after(deps, asset, now, Uint128::zero())?;
        Ok(books)
    }

    /// The same after the stakers paid `spent` supply shares for something: with who bought it.
    ///
    /// # Errors
    /// `Risk` where they own less than that.
    pub fn after(
        deps: Deps,
        asset: AssetId,
        now: u64,
        spent: Uint128,
    ) -> Result<(Self, Buyers), ContractError> {
        let config = CONFIG.load(deps.storage)?;
        let market = vault::MARKETS.query(&deps.querier, &config.peers.vault, asset.as_str())?;
        let mut pool = POOLS
            .may_load(deps.storage, asset.as_str())?
            .unwrap_or_else(|| Pool::new(now));
        // A loss that is booked with it may end their generation: what they bought before is theirs.
        let buyers = Buyers {
            units: pool.units,
            generation: pool.generation,
        };
        pool.spend(spent, now)?;
        let booked = pool.book(market.fund_shares, config.params.stream, now)?;
        let books = Books {
            asset,
            now,
            config,
            market,
            pool,
            booked,
        };
        Ok((books, buyers))
    }

    /// The market with interest up to now, to the digit what the vault itself computes in this block.
    pub fn accrued(&self, deps: Deps) -> Result<Market, ContractError> {
        let vault = &self.config.peers.vault;
        let terms = vault::MARKET_TERMS.query(&deps.querier, vault, self.asset.as_str())?;
        let mut market = self.market.clone();
        market.accrue(terms.reserve_factor, self.now)?;
        Ok(market)
    }

    /// A staker's stake; units of an ended generation are none.
    pub fn stake(&self, storage: &dyn Storage, staker: &Addr) -> Result<Stake, ReadError> {
        let stored = STAKES.may_load(storage, (self.asset.as_str(), staker))?;
        Ok(stored
            .filter(|stake| stake.generation == self.pool.generation)
            .unwrap_or_else(|| Stake {
                generation: self.pool.generation,
                ..Stake::default()
            }))
    }

    /// Stores a staker's stake; one without units is removed.
    pub fn save_stake(
        &self,
        storage: &mut dyn Storage,
        staker: &Addr,
        stake: &Stake,
    ) -> Result<(), ReadError> {
        let key = (self.asset.as_str(), staker);
        if stake.units.is_zero() {
            STAKES.remove(storage, key);
            return Ok(());
        }
        STAKES.save(storage, key, stake)
    }

    /// Stores the pool and returns what was booked as events.
    pub fn close(self, storage: &mut dyn Storage) -> Result<Vec<Event>, ContractError> {
        POOLS.save(storage, self.asset.as_str(), &self.pool)?;
        let Booked {
            gained,
            lost_stream,
            lost_stakes,
            retired,
        } = self.booked;
        let mut events = vec![];
        if !gained.is_zero() {
            events.push(
                RevenueBooked {
                    asset: self.asset.clone(),
                    shares: gained,
                    streaming: self.pool.streaming,
                    stream_ends_at: self.pool.stream_ends_at,
                }
                .into(),
            );
        }
        if !(lost_stream.is_zero() && lost_stakes.is_zero()) {
            events.push(
                LossBooked {
                    asset: self.asset.clone(),
                    from_stream: lost_stream,
                    from_stakes: lost_stakes,
                    shares: self.pool.shares,
                }
                .into(),
            );
        }
        if !retired.is_zero() {
            events.push(
                PoolRetired {
                    asset: self.asset,
                    units: retired,
                    generation: self.pool.generation,
                }
                .into(),
            );
        }
        Ok(events)
    }
}
