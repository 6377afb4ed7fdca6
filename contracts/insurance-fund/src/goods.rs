//! What the stakers of a market bought together, and what of it each of them has. A purchase belongs to the units that are
//! staked when it is made: who comes later has no part of it, who leaves later keeps his. Whoever's units change is settled
//! first; nothing here grows with the number of stakers.

use cosmwasm_std::{Addr, StdError, Storage, Uint128, Uint256};
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::record::ReadError;
use glidepath_interfaces::AssetId;
use glidepath_risk::goods::{part, per_unit};
use glidepath_risk::{RiskError, RiskResult};

use crate::books::Books;
use crate::error::ContractError;
use crate::state::{Claims, Goods, GoodsClaim, PerUnit, CLAIMS, GOODS, HELD, STAKES};

/// The units that a purchase belongs to.
pub struct Buyers {
    /// How many.
    pub units: Uint128,
    /// Their generation.
    pub generation: u32,
}

/// Adds a purchase to what the units of a market have.
pub fn add(
    storage: &mut dyn Storage,
    asset: &AssetId,
    buyers: &Buyers,
    bought: &Amount,
) -> Result<(), ContractError> {
    let key = (asset.as_str(), buyers.generation);
    let mut goods = GOODS.may_load(storage, key)?.unwrap_or_default();
    let rise = per_unit(bought.amount, buyers.units)?;
    let mut there = goods.lines.iter_mut();
    match there.find(|line| line.asset == bought.asset) {
        Some(line) => line.figure = line.figure.checked_add(rise).map_err(RiskError::from)?,
        None => goods.lines.push(PerUnit {
            asset: bought.asset.clone(),
            figure: rise,
        }),
    }
    GOODS.save(storage, key, &goods)?;
    let held = held(storage, &bought.asset)?.checked_add(bought.amount);
    HELD.save(storage, bought.asset.as_str(), &held.map_err(StdError::from)?)?;
    Ok(())
}

/// What stakers bought of an asset and have not taken out.
pub fn held(storage: &dyn Storage, asset: &AssetId) -> Result<Uint128, ContractError> {
    Ok(HELD.may_load(storage, asset.as_str())?.unwrap_or_default())
}

/// Counts out what a staker takes.
pub fn hand_out(storage: &mut dyn Storage, asset: &AssetId, amount: Uint128) -> Result<(), ContractError> {
    let left = held(storage, asset)?
        .checked_sub(amount)
        .map_err(StdError::from)?;
    if left.is_zero() {
        HELD.remove(storage, asset.as_str());
        return Ok(());
    }
    Ok(HELD.save(storage, asset.as_str(), &left)?)
}

/// What the units of a generation have bought so far.
pub fn of(storage: &dyn Storage, asset: &AssetId, generation: u32) -> Result<Goods, ReadError> {
    Ok(GOODS
        .may_load(storage, (asset.as_str(), generation))?
        .unwrap_or_default())
}

/// What a staker may take out now.
pub fn claims(storage: &dyn Storage, books: &Books, staker: &Addr) -> Result<Claims, ContractError> {
    let key = (books.asset.as_str(), staker);
    let mut claims = CLAIMS.may_load(storage, key)?.unwrap_or_default();
    let generation = books.pool.generation;
    let goods = of(storage, &books.asset, generation)?;
    // A stake of an ended generation has what that one bought, and no part of what later ones do.
    match STAKES.may_load(storage, key)? {
        Some(stake) if stake.generation == generation => claims.earn(&goods, stake.units)?,
        Some(stake) => claims.earn(&of(storage, &books.asset, stake.generation)?, stake.units)?,
        None => {}
    }
    claims.see(&goods);
    Ok(claims)
}

/// Brings what a staker may take out up to date, who will have `left` units: call it before they change.
pub fn settle(
    storage: &mut dyn Storage,
    books: &Books,
    staker: &Addr,
    left: Uint128,
) -> Result<(), ContractError> {
    let claims = claims(storage, books, staker)?;
    save(storage, books, staker, claims, left)
}

/// Stores what a staker with `units` may take out. A stake of an ended generation is worth nothing, and has what it had: it is
/// removed.
pub fn save(
    storage: &mut dyn Storage,
    books: &Books,
    staker: &Addr,
    mut claims: Claims,
    units: Uint128,
) -> Result<(), ContractError> {
    let key = (books.asset.as_str(), staker);
    let stake = STAKES.may_load(storage, key)?;
    if stake.is_some_and(|stake| stake.generation != books.pool.generation) {
        STAKES.remove(storage, key);
    }
    if units.is_zero() {
        // Whoever has no units counts from where he comes back.
        claims.see(&Goods::default());
    }
    if claims.lines.is_empty() {
        CLAIMS.remove(storage, key);
        return Ok(());
    }
    Ok(CLAIMS.save(storage, key, &claims)?)
}

impl Claims {
    /// Adds what `units` have of the goods since they were last looked at.
    fn earn(&mut self, goods: &Goods, units: Uint128) -> RiskResult<()> {
        for PerUnit { asset, figure } in &goods.lines {
            self.edit(asset, |claim| {
                let rise = figure.saturating_sub(claim.seen);
                claim.owed = claim.owed.checked_add(part(units, rise)?)?;
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Counts from these on; a line of which nothing is left to be said is dropped.
    fn see(&mut self, goods: &Goods) {
        for claim in &mut self.lines {
            claim.seen = goods.figure(&claim.asset);
        }
        for PerUnit { asset, figure } in &goods.lines {
            if !self.lines.iter().any(|claim| claim.asset == *asset) {
                self.lines.push(GoodsClaim {
                    asset: asset.clone(),
                    seen: *figure,
                    owed: Uint128::zero(),
                });
            }
        }
        self.tidy();
    }

    /// Changes the line of an asset, of nothing where there is none.
    fn edit(
        &mut self,
        asset: &AssetId,
        change: impl FnOnce(&mut GoodsClaim) -> RiskResult<()>,
    ) -> RiskResult<()> {
        let mut lines = self.lines.iter_mut();
        if let Some(claim) = lines.find(|claim| claim.asset == *asset) {
            return change(claim);
        }
        let mut claim = GoodsClaim {
            asset: asset.clone(),
            seen: Uint256::zero(),
            owed: Uint128::zero(),
        };
        change(&mut claim)?;
        self.lines.push(claim);
        Ok(())
    }

    fn tidy(&mut self) {
        let says_something = |claim: &GoodsClaim| !(claim.owed.is_zero() && claim.seen.is_zero());
        self.lines.retain(says_something);
    }

    /// Takes all of an asset out: nothing where nothing is owed.
    pub fn take(&mut self, asset: &AssetId) -> Uint128 {
        let mut lines = self.lines.iter_mut();
        let found = lines.find(|claim| claim.asset == *asset);
        let owed = found.map(|claim| std::mem::take(&mut claim.owed));
        self.tidy();
        owed.unwrap_or_default()
    }

    /// What may be taken out.
    pub fn owed(self) -> Vec<Amount> {
        let lines = self.lines.into_iter().filter(|claim| !claim.owed.is_zero());
        lines
            .map(|claim| Amount {
                asset: claim.asset,
                amount: claim.owed,
            })
            .collect()
    }
}

impl Goods {
    /// The figure per unit of an asset; zero where none was bought.
    fn figure(&self, asset: &AssetId) -> Uint256 {
        let mut lines = self.lines.iter();
        lines
            .find(|line| line.asset == *asset)
            .map_or(Uint256::zero(), |line| line.figure)
    }
}
