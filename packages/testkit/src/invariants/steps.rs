//! Invariants 4, 5 (first fills), 6, 7, 10 and 12: what one message did, by its events.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::{Decimal, Decimal256, Uint128};
use glidepath_interfaces::events::{auction, position_manager, vault};
use glidepath_interfaces::position_manager::{AssetParams, PositionResponse, Row};
use glidepath_risk::market::VIRTUAL_SHARES;
use glidepath_risk::{Rounding, Value};

use super::wishes::Wish;
use super::{holds, Broken, Invariants, SaleSeen};
use crate::{id, Outcome, Seen, Suite};

pub fn observe(watch: &mut Invariants, suite: &Suite, outcome: &Outcome) -> Result<(), Broken> {
    let mut risked = BTreeSet::new();
    let mut filled: BTreeMap<u64, Seen> = BTreeMap::new();
    let mut targets = BTreeMap::new();
    let mut matching = Matching::default();
    for (name, event) in outcome.of_suite() {
        let position: u64 = event.get("position").unwrap_or_default();
        if name == auction::SaleOpened::TYPE {
            let asked = event.text("mode") == Some("asked");
            let standing = watch.wishes.get(&position).filter(|(wish, _)| wish.asks());
            let wish = standing.filter(|_| asked);
            holds(5, wish.is_some() == asked, || {
                format!("position {position} is on sale as its owner asks, and he asks for nothing")
            })?;
            holds(5, wish.is_none_or(|(_, since)| suite.now() > *since), || {
                format!("position {position} is on sale in the second in which its owner asks for it")
            })?;
            let seen = SaleSeen {
                target: event.must("target"),
                follows: false,
                untouched: true,
                asked: wish.map(|(wish, _)| wish.clone()),
            };
            watch.sales.insert(position, seen);
        } else if name == auction::LotStarted::TYPE {
            if let Some(sale) = watch.sales.get_mut(&position) {
                sale.follows = event.must("follows");
                sale.untouched = true;
                if event.text("mode") != Some("asked") && sale.asked.take().is_some() {
                    sale.target = Decimal::one();
                }
            }
        } else if name == position_manager::OrderSet::TYPE {
            watch.wish(position, Wish::of(&event), suite.now());
        } else if name == position_manager::PositionTransferred::TYPE {
            watch.wish(position, Wish::default(), suite.now());
        } else if name == auction::SaleEnded::TYPE {
            if let Some(asked) = watch.sales.remove(&position).and_then(|sale| sale.asked) {
                watch.sold(position, &asked);
            }
        } else if name == auction::Filled::TYPE {
            let sale = watch.sales.get_mut(&position);
            holds(5, sale.is_some(), || {
                format!("a fill of position {position}, which is not on sale")
            })?;
            if let Some(sale) = sale {
                fill(position, &event, sale)?;
                if let Some(asked) = &sale.asked {
                    let now = watch.wishes.get(&position);
                    asked.filled(suite, position, &event, now)?;
                }
                sale.untouched = false;
                targets.insert(position, sale.target);
            }
            filled.insert(position, event);
        } else if name == vault::Settled::TYPE {
            let seen = filled.get(&position);
            settled(position, seen, &event)?;
            let earned = event.get("penalty_keepers").unwrap_or_default();
            *watch.earned.entry(position).or_default() += earned;
            matching.settled(position, earned);
        } else if name == vault::TakenOver::TYPE {
            let earned: Uint128 = event.must("penalty_keepers");
            *watch.earned.entry(position).or_default() += earned;
            // Who takes over meets initial margin, whatever he did.
            risked.insert(position);
        } else if name == auction::OrdersMatched::TYPE {
            matching.by.insert(position, event.must("keeper"));
        } else if name == vault::KeeperCredited::TYPE {
            let amount: Uint128 = event.must("amount");
            matching.credited(position, event.must("keeper"), amount)?;
            let earned = watch.earned.entry(position).or_default();
            holds(10, amount <= *earned, || {
                format!("of position {position} a keeper was credited with {amount} of {earned}")
            })?;
            *earned -= amount;
        } else if name == vault::CollateralDeposited::TYPE || name == vault::Repaid::TYPE {
            // What comes in behind a fill, by a contract that is called in the middle of it, is no part of the fill.
            filled.remove(&position);
        } else if name == vault::Borrowed::TYPE || name == vault::CollateralWithdrawn::TYPE {
            risked.insert(position);
        } else if name == vault::DebtWrittenOff::TYPE {
            watch
                .written_off
                .insert(id(event.text("asset").unwrap_or_default()));
            filled.remove(&position);
            written_off(position, &event)?;
        }
    }
    holds(10, matching.due.is_none(), || {
        format!("who matched orders was not credited: {:?}", matching.due)
    })?;
    for position in risked {
        margin(suite, position)?;
    }
    for (position, event) in filled {
        let target = targets.get(&position).copied().unwrap_or(Decimal::one());
        after_fill(suite, position, &event, target)?;
    }
    Ok(())
}

/// 10: who matches orders is credited with half of the keepers' part of that fill, rounded down, at once.
#[derive(Default)]
struct Matching {
    /// Who matched orders that were not settled yet.
    by: BTreeMap<u64, String>,
    /// The credit that must come next.
    due: Option<(u64, String, Uint128)>,
}

impl Matching {
    fn settled(&mut self, position: u64, keepers: Uint128) {
        let half = keepers.multiply_ratio(1u8, 2u8);
        let keeper = self.by.remove(&position).filter(|_| !half.is_zero());
        self.due = keeper.map(|keeper| (position, keeper, half));
    }

    fn credited(&mut self, position: u64, keeper: String, amount: Uint128) -> Result<(), Broken> {
        let Some(due) = self.due.take() else {
            return Ok(());
        };
        let is = (position, keeper, amount);
        holds(10, due == is, || {
            format!("who matched orders should be credited with {due:?}, it was {is:?}")
        })
    }
}

fn asked(suite: &Suite, number: u8, position: u64) -> Result<PositionResponse, Broken> {
    suite.ask().position(position).map_err(|error| Broken {
        number,
        what: format!("position {position} can't be read: {error:#}"),
    })
}

/// 4: initial margin is met by who has just borrowed or withdrawn.
fn margin(suite: &Suite, position: u64) -> Result<(), Broken> {
    let health = asked(suite, 4, position)?.health.initial;
    holds(4, health.is_none_or(|health| health >= Decimal::one()), || {
        format!("position {position} borrowed or withdrew and has initial health {health:?}")
    })
}

/// 5: the first fill of a lot needs a health below 1 or its owner's trigger, unless the lot follows. 7: a fill raises health, but
/// for those of a close-out.
fn fill(position: u64, event: &Seen, sale: &SaleSeen) -> Result<(), Broken> {
    let before: Decimal = event.must("health_before");
    let first = sale.untouched && !sale.follows;
    let trigger = sale
        .asked
        .as_ref()
        .map_or(Some(Decimal::one()), |asked| asked.trigger);
    let stands = trigger.is_none_or(|trigger| before < trigger);
    holds(5, !first || stands, || {
        format!("the first fill of a lot of position {position} at health {before}")
    })?;
    let after: Option<Decimal> = event.get("health_after");
    let soft = event.text("mode") != Some("close_out");
    holds(7, !soft || after.is_none_or(|after| after >= before), || {
        format!("a soft fill moved position {position} from health {before} to {after:?}")
    })?;
    let parts: [Uint128; 3] = ["paid", "repaid", "penalty"].map(|part| event.must(part));
    let [paid, repaid, penalty] = parts;
    holds(10, paid == repaid + penalty, || {
        format!("a fill of position {position}: {paid} paid, {repaid} repaid, {penalty} penalty")
    })
}

/// 10: what the vault booked is what the bidder paid, to the unit.
fn settled(position: u64, fill: Option<&Seen>, event: &Seen) -> Result<(), Broken> {
    let sum = |parts: &[&str]| -> Uint128 {
        parts
            .iter()
            .map(|part| event.get::<Uint128>(part).unwrap_or_default())
            .sum()
    };
    let shares = sum(&["penalty_fund", "penalty_keepers", "penalty_reserves"]);
    let repaid = sum(&["principal", "surcharge"]);
    let Some(fill) = fill else {
        return holds(10, false, || {
            format!("position {position} was settled without a fill")
        });
    };
    let (penalty, to_repay): (Uint128, Uint128) = (fill.must("penalty"), fill.must("repaid"));
    holds(10, shares == penalty && repaid == to_repay, || {
        format!(
            "position {position}: a penalty of {penalty} was split into {shares}, of {to_repay} {repaid} were repaid"
        )
    })
}

/// 12: a loss is borne by the fund and the suppliers, to the unit; what the fund bears is what its burnt shares were
/// worth.
fn written_off(position: u64, event: &Seen) -> Result<(), Broken> {
    let [loss, fund, suppliers, burnt]: [Uint128; 4] =
        ["loss", "fund", "suppliers", "burnt"].map(|part| event.must(part));
    holds(12, fund + suppliers == loss, || {
        format!("position {position}: of a loss of {loss}, {fund} + {suppliers} were borne")
    })?;
    let prices: [Decimal256; 2] = ["price_before", "price_after"].map(|price| event.must(price));
    // The burnt shares are rounded up, so a covered loss may lift the price by a hair, never lower it.
    holds(12, !suppliers.is_zero() || prices[1] >= prices[0], || {
        format!("the suppliers bore nothing of position {position} and their price went {prices:?}")
    })?;
    // The fund's worth is rounded down and burnt shares up: a unit and a share, and one more. A price is that of a million
    // shares to twelve places, however low it is.
    let worth = |shares: Uint128| prices[0] * Decimal256::from_ratio(shares, VIRTUAL_SHARES);
    let (borne, burnt_worth) = (Decimal256::from_ratio(fund, 1u128), worth(burnt));
    let digits = Decimal256::from_ratio(burnt, 1_000_000_000_000_000_000u128);
    let slack = worth(Uint128::one()) + Decimal256::from_ratio(2u128, 1u128) + digits;
    holds(12, borne.abs_diff(burnt_worth) <= slack, || {
        format!(
            "of position {position} the fund bore {fund}, its {burnt} burnt shares were worth {burnt_worth}"
        )
    })
}

/// 6: nothing is sold beyond the target but for rounding and dust. 10: no penalty from a position that is left with
/// negative equity.
fn after_fill(suite: &Suite, position: u64, event: &Seen, target: Decimal) -> Result<(), Broken> {
    let after = asked(suite, 6, position)?;
    let params = |row: &Row| -> AssetParams {
        let asset = suite.ask().asset(row.asset.as_str());
        asset.expect("an asset that is held is listed").params
    };
    let slack = slack(suite, event);
    let short = after.collateral_value.plus(slack).expect("fits") < after.debt_value;
    let penalty: Uint128 = event.must("penalty");
    holds(10, !short || penalty.is_zero(), || {
        format!("a fill of position {position} left negative equity and took a penalty of {penalty}")
    })?;

    let mut counted = Value::ZERO;
    for row in &after.collateral {
        let weight = params(row)
            .collateral
            .map_or(Decimal::zero(), |c| c.weights.target);
        counted = counted
            .plus(row.value.times(weight, Rounding::Down).expect("fits"))
            .expect("fits");
    }
    let mut needed = Value::ZERO;
    for row in &after.debts {
        let factor = params(row).debt.map_or(Decimal::one(), |d| d.factors.target);
        needed = needed
            .plus(row.value.times(factor, Rounding::Up).expect("fits"))
            .expect("fits");
    }
    let needed = needed.times(target, Rounding::Up).expect("fits");
    let allowed = needed.plus(slack).expect("fits");
    holds(6, after.debts.is_empty() || counted <= allowed, || {
        format!(
            "a fill left position {position} with ${counted} of weighted collateral where ${needed} (and ${slack} of dust) would do"
        )
    })
}

/// Rounding and the dust rule: the smallest fill, debt and collateral, and a unit of each asset. The smallest fill is one of
/// collateral at the oracle's price; it repays what its price says. That is about as much but where a jump of the price is met
/// with care: then a smallest fill can cost many times what it is worth, to whoever pays so much.
fn slack(suite: &Suite, event: &Seen) -> Value {
    let unit = |asset: &str| -> Value {
        let record = suite.ask().price(asset).expect("a price of what was sold");
        record
            .price
            .value_of(Uint128::new(2), suite.listed(asset).decimals, Rounding::Up)
            .expect("fits")
    };
    let params = |asset: &str| suite.ask().asset(asset).expect("listed").params;
    let (collateral, debt) = (
        event.text("collateral").unwrap_or_default(),
        event.text("debt").unwrap_or_default(),
    );
    let (min_fill, min_collateral) = params(collateral)
        .collateral
        .map_or((Value::ZERO, Value::ZERO), |c| (c.min_fill, c.min_collateral));
    let multiplier: Decimal = event.must("multiplier");
    let min_fill = min_fill
        .times(multiplier.max(Decimal::one()), Rounding::Up)
        .expect("fits");
    let min_debt = params(debt).debt.map_or(Value::ZERO, |d| d.min_debt);
    [min_fill, min_collateral, min_debt, unit(collateral), unit(debt)]
        .into_iter()
        .try_fold(Value::ZERO, Value::plus)
        .expect("fits")
}
