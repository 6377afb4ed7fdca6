//! What a bid would do. `bid` and the previews share this one function, so that a preview is the execution.

use cosmwasm_std::{Addr, Decimal, Deps, Storage, Uint128};
use glidepath_interfaces::auction::{Lot, Sale, TryPrice};
use glidepath_interfaces::oracle::PriceRecord;
use glidepath_interfaces::position_manager::{self, Known, Next, SaleFill, SellableResponse};
use glidepath_interfaces::record::encode;
use glidepath_interfaces::{AssetId, Peers};
use glidepath_risk::curve::Curve;

use crate::lot;
use crate::state::{load_sale, BIDDERS};
use crate::ContractError;

/// A fill that is possible at a moment.
pub struct Quote {
    /// The sale and its lot before it.
    pub live: Live,
    /// Multiplier that was asked for, before the position manager holds it up: the lot's clock's, or that of orders which pay
    /// more.
    pub multiplier: Decimal,
    /// What changes hands.
    pub fill: SaleFill,
}

impl Quote {
    /// What the fill teaches the next lot: its price, but of orders that pay more than the lot costs no more than that. Else who
    /// buys the last dollar of a lot far above its price would put off the next.
    pub fn reached(&self) -> Decimal {
        if self.multiplier > self.live.multiplier {
            return self.live.multiplier;
        }
        self.fill.of_lot
    }

    /// What is left of the lot after the fill.
    pub fn left(&self) -> Result<Uint128, ContractError> {
        Ok(self.live.lot.left.checked_sub(self.fill.sold)?)
    }

    /// The lot's curve after the fill. Where the soft floor held the price up, the lot keeps it: the fill lifts health,
    /// which would allow the next piece of the same bid a deeper discount. What the loan-to-value holds up in a
    /// close-out needs no keeping: a fill at that price leaves it where it is.
    pub fn curve(&self) -> Curve {
        let curve = self.live.lot.curve.clone();
        if self.live.sale.mode.is_soft() && self.fill.of_lot > self.multiplier {
            return curve.not_below(self.fill.of_lot);
        }
        curve
    }

    /// Is the lot done with this fill? What would be left of it is too little to be sold, or the pair is done.
    pub fn clears_lot(&self) -> Result<bool, ContractError> {
        let left = self.left()?;
        Ok(left.is_zero() || left < self.fill.min_left || !matches!(self.fill.next, Next::Lot(_)))
    }
}

/// A lot at a moment of its life.
#[derive(Clone)]
pub struct Live {
    /// Its sale.
    pub sale: Sale,
    /// The lot.
    pub lot: Lot,
    /// Multiplier of its clock.
    pub multiplier: Decimal,
    /// Until when it is for listed bidders only, if it is.
    pub reserved_until: Option<u64>,
    /// Of collateral and debt.
    prices: [PriceRecord; 2],
}

impl Live {
    /// The two assets on sale with their prices: collateral, debt.
    pub fn priced(&self) -> [(&AssetId, &PriceRecord); 2] {
        let [collateral, debt] = &self.prices;
        [(&self.sale.collateral, collateral), (&self.sale.debt, debt)]
    }

    /// May this bidder buy, or anybody if none is said? Of what is for listed ones only nobody else may, and nobody has orders
    /// buy, but in front of a listed bid.
    ///
    /// # Errors
    /// `Reserved`.
    pub fn open_to(
        &self,
        storage: &dyn Storage,
        position: u64,
        bidder: Option<&Addr>,
    ) -> Result<(), ContractError> {
        let Some(until) = self.reserved_until else {
            return Ok(());
        };
        let collateral = self.sale.collateral.as_str();
        match bidder {
            Some(bidder) if BIDDERS.has(storage, (collateral, bidder)) => Ok(()),
            _ => Err(ContractError::Reserved { position, until }),
        }
    }
}

/// The lot of a position `at` a moment of its life.
///
/// # Errors
/// `NoSale`, `NoLot`, `LotNotStarted`, `LotExpired`, `OutageLasts`.
pub fn live_lot(deps: Deps, peers: &Peers<Addr>, position: u64, at: u64) -> Result<Live, ContractError> {
    let sale = load_sale(deps.storage, position)?;
    let lot = sale
        .lot
        .clone()
        .filter(|lot| !lot.left.is_zero())
        .ok_or(ContractError::NoLot { position })?;
    if at < lot.start_at {
        return Err(ContractError::LotNotStarted {
            start_at: lot.start_at,
            now: at,
        });
    }
    let prices = lot::prices(deps, peers, &sale)?;
    let pauses = prices.each_ref().map(PriceRecord::pauses);
    if lot.is_over(&pauses, at) {
        return Err(ContractError::LotExpired {
            ended_at: lot.life().end(&pauses),
            now: at,
        });
    }
    if !lot.is_alive(&pauses, at) {
        return Err(ContractError::OutageLasts { position });
    }
    let multiplier = lot.multiplier(&pauses, at)?;
    let reserved_until = lot.reserved_until(&pauses, at);
    Ok(Live {
        sale,
        lot,
        multiplier,
        reserved_until,
        prices,
    })
}

/// The lot of a position at its end, if it is over `at` a moment: with the lowest multiplier that it had.
///
/// # Errors
/// `NoSale`, `NoLot`, `LotNotOver`.
pub fn ended_lot(deps: Deps, peers: &Peers<Addr>, position: u64, at: u64) -> Result<Live, ContractError> {
    let sale = load_sale(deps.storage, position)?;
    let lot = sale
        .lot
        .clone()
        .filter(|lot| !lot.left.is_zero())
        .ok_or(ContractError::NoLot { position })?;
    let prices = lot::prices(deps, peers, &sale)?;
    let pauses = prices.each_ref().map(PriceRecord::pauses);
    if !lot.is_over(&pauses, at) {
        return Err(ContractError::LotNotOver {
            position,
            ends_at: lot.life().end(&pauses),
            now: at,
        });
    }
    let multiplier = lot.curve.multiplier(u64::MAX)?;
    Ok(Live {
        sale,
        lot,
        multiplier,
        reserved_until: None,
        prices,
    })
}

/// What a payment of at most `max_pay` buys from the lot of a position with the multiplier of the moment `at`.
///
/// # Errors
/// Those of [`live_lot`], and `Refused` where the position manager sells nothing.
pub fn quote(
    deps: Deps,
    peers: &Peers<Addr>,
    position: u64,
    max_pay: Option<Uint128>,
    prices: Option<Vec<TryPrice>>,
    at: u64,
) -> Result<Quote, ContractError> {
    let live = live_lot(deps, peers, position, at)?;
    let multiplier = live.multiplier;
    asked(deps, peers, position, live, multiplier, max_pay, prices)
}

/// The same of a lot that is known, for who pays at least `pays` times the oracle's price.
pub fn at_least(
    deps: Deps,
    peers: &Peers<Addr>,
    position: u64,
    live: &Live,
    pays: Decimal,
    max_pay: Option<Uint128>,
    prices: Option<Vec<TryPrice>>,
) -> Result<Quote, ContractError> {
    let multiplier = live.multiplier.max(pays);
    asked(deps, peers, position, live.clone(), multiplier, max_pay, prices)
}

fn asked(
    deps: Deps,
    peers: &Peers<Addr>,
    position: u64,
    live: Live,
    multiplier: Decimal,
    max_pay: Option<Uint128>,
    prices: Option<Vec<TryPrice>>,
) -> Result<Quote, ContractError> {
    let [collateral, debt] = &live.prices;
    let answer: SellableResponse = deps.querier.query_wasm_smart(
        &peers.position_manager,
        &position_manager::QueryMsg::Sellable {
            position,
            multiplier,
            max_pay,
            prices,
            known: Some(Known {
                sale: encode(&live.sale)?.into(),
                collateral: encode(collateral)?.into(),
                debt: encode(debt)?.into(),
            }),
        },
    )?;
    match answer {
        SellableResponse::Fill(fill) => Ok(Quote {
            live,
            multiplier,
            fill,
        }),
        SellableResponse::Refused(refusal) => Err(ContractError::Refused(refusal)),
    }
}
