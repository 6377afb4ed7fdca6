//! Soft rules between the simulation and the contracts: what keepers reckon is compared with what the contracts answer.

use glidepath_interfaces::auction::{PreviewBidResponse, TryPrice};
use glidepath_risk::Price;

use super::super::units::from_units;
use super::*;

/// Soft rules that are held against the contracts whenever the simulation asks or tells them something.
pub(super) struct Held {
    pub(super) soft: std::cell::RefCell<Soft>,
    pub(super) positions: Vec<PositionId>,
    pub(super) quotes: std::cell::Cell<u64>,
    pub(super) looks: u64,
    pub(super) declined: u64,
    pub(super) refused: u64,
    /// Times that orders were in front of a bid, in previews.
    pub(super) in_front: std::cell::Cell<u64>,
    /// Matches that keepers sent because they pay.
    pub(super) matches: u64,
}

impl Held {
    pub(super) fn new(scene: &Scene) -> Self {
        Self {
            soft: Soft::open(scene).unwrap().into(),
            positions: scene.borrowers.iter().map(|borrower| borrower.position).collect(),
            quotes: 0.into(),
            looks: 0,
            declined: 0,
            refused: 0,
            in_front: 0.into(),
            matches: 0,
        }
    }

    /// What the auction would sell of a position now, at the prices on chain: `(USD per token, tokens)`. None where standing
    /// orders come first, as keepers see too.
    fn preview(&self, now: Time, position: PositionId) -> Result<Option<(f64, f64)>, String> {
        let soft = self.soft.borrow();
        let tries = soft
            .known
            .assets
            .iter()
            .zip(&soft.known.prices)
            .map(|(asset, price)| (asset.name.as_str(), decimal(*price)));
        let tries: Vec<TryPrice> = tries
            .chain([(DEBT, Decimal::one())])
            .map(|(asset, price)| TryPrice {
                asset: id(asset),
                price: Price(price),
            })
            .collect();
        let ask = soft.suite.ask();
        match ask.preview_bid_at(position.into(), None, Some(tries)) {
            Ok(PreviewBidResponse::Fills(fill)) => {
                let price = units::usd_price(fill.price, DEBT_DECIMALS);
                let sale = soft.cases[&position].sale.unwrap();
                let decimals = soft.known.assets[sale.asset].decimals;
                assert_eq!(
                    soft.slots_in_front(now, position),
                    0,
                    "{position} at {now}: no orders are in front"
                );
                Ok(Some((price, from_units(fill.sold, decimals))))
            }
            Ok(PreviewBidResponse::OrdersFirst { slot, .. }) => {
                let case = &soft.cases[&position];
                let sale = case.sale.unwrap();
                let price = soft.standing(now, position).multiplier(&sale).unwrap();
                let seen = soft.books[sale.asset].reached(price).next();
                let pays = 1.025 - 0.005 * f64::from(slot);
                assert!(
                    seen.is_some_and(|(seen, _)| (seen - pays).abs() < 1e-9),
                    "position {position} at {now}: keepers see orders at {seen:?} first, the auction those of slot {slot}"
                );
                self.in_front.set(self.in_front.get() + 1);
                Ok(None)
            }
            other => Err(format!("{other:?}")),
        }
    }

    fn holds_offers(&self, now: Time, offers: &[Offer]) {
        self.soft.borrow_mut().at(now);
        let soft = self.soft.borrow();
        for (position, case) in &soft.cases {
            let offer = offers.iter().find(|offer| offer.position == *position);
            let standing = soft.standing(now, *position);
            let Some(preview) = self.preview(now, *position).transpose() else {
                continue;
            };
            match (offer, preview) {
                (Some(offer), Ok((price, tokens))) => {
                    self.quotes.set(self.quotes.get() + 1);
                    assert!(
                        (offer.price / price - 1.0).abs() < TOLERANCE,
                        "position {position} at {now}: keepers see {} a token, the auction asks {price}",
                        offer.price
                    );
                    let differ = (offer.tokens - tokens).abs();
                    assert!(
                        differ < TOLERANCE * tokens || differ * price < CENTS,
                        "position {position} at {now}: keepers see {} tokens, the auction has {tokens}",
                        offer.tokens
                    );
                    self.holds_later_price(now, *position);
                }
                (None, Ok(found)) => {
                    assert!(
                        case.shut || standing.is_on_edge(),
                        "position {position} at {now}: keepers see no lot, the auction sells {found:?}"
                    );
                }
                (Some(offer), Err(why)) => {
                    assert!(
                        standing.is_on_edge() || offer.tokens * offer.price < CENTS,
                        "position {position} at {now}: keepers see {offer:?}, the auction says {why}"
                    );
                }
                (None, Err(_)) => {}
            }
        }
    }

    /// The price half a minute on.
    fn holds_later_price(&self, now: Time, position: PositionId) {
        let soft = self.soft.borrow();
        let sale = soft.cases[&position].sale.unwrap();
        let (lot, later) = (sale.lot.unwrap(), now + 30);
        let pauses = &soft.standing(now, position).pauses(sale.asset);
        if let Ok(found) = soft.suite.ask().price_at(position.into(), later) {
            let lowest = soft.standing(now, position).lowest(&sale, lot.to).unwrap();
            let (expected, found) = (
                lot.multiplier(pauses, later).max(lowest),
                units::float(found.multiplier),
            );
            assert!(
                (expected / found - 1.0).abs() < TOLERANCE,
                "position {position} at {now}: keepers expect {expected} at {later}, the auction says {found}"
            );
        }
    }

    /// Nothing is due of any position that a keeper would send.
    fn holds_nothing_due(&mut self, now: Time) {
        let soft = self.soft.borrow();
        for position in &self.positions {
            self.looks += 1;
            let answer = soft.suite.ask().due(u64::from(*position)).unwrap();
            let Some(due) = answer.due else { continue };
            let standing = soft.standing(now, *position);
            if soft.is_wanted(now, *position, &due) {
                assert!(
                    standing.is_on_edge(),
                    "position {position} at {now}: {due:?} is due at health {:?} and nobody sends it",
                    standing.health()
                );
            } else {
                self.declined += 1;
            }
        }
    }
}

impl Rules for Held {
    fn prices(&mut self, now: Time, new: &[(AssetNumber, f64)]) -> Result<(), RulesError> {
        self.soft.get_mut().prices(now, new)
    }
    fn next_due(&self) -> Option<Time> {
        self.soft.borrow().next_due()
    }
    fn advance(&mut self, now: Time) -> Result<(), RulesError> {
        self.soft.get_mut().advance(now)
    }
    fn offers(&self, now: Time, into: &mut Vec<Offer>) {
        self.soft.borrow().offers(now, into);
        self.holds_offers(now, into);
    }
    fn bid(&mut self, now: Time, bid: Bid) -> Result<Option<Bought>, RulesError> {
        let soft = self.soft.get_mut();
        let behind = soft.slots_in_front(now, bid.position) > 0;
        let bought = soft.bid(now, bid)?;
        // Orders in front may take all of it.
        self.refused += u64::from(bought.is_none() && !behind);
        Ok(bought)
    }
    fn match_pays(&self, now: Time, position: PositionId) -> Option<f64> {
        self.soft.borrow().match_pays(now, position)
    }
    fn match_orders(&mut self, now: Time, keeper: usize, position: PositionId) -> Result<bool, RulesError> {
        let soft = self.soft.get_mut();
        let expected = soft.match_pays(now, position).unwrap();
        let account = |soft: &Soft| {
            soft.suite
                .ask()
                .account(&soft.keepers[keeper], DEBT)
                .unwrap_or_default()
        };
        let before = account(soft);
        let done = soft.match_orders(now, keeper, position)?;
        let paid = from_units((account(soft) - before).into(), DEBT_DECIMALS);
        // A fill that ends the sale pays who called and opened it, too.
        let ended = !soft.cases.contains_key(&position);
        let differ = paid - expected;
        assert!(
            differ.abs() < CENTS || (ended && differ > 0.0) || !done,
            "a match of position {position} at {now} paid {paid}, keepers expect {expected}"
        );
        self.matches += u64::from(done);
        self.refused += u64::from(!done);
        Ok(done)
    }
    fn flash(&mut self, now: Time, bid: Bid, sells_at: f64) -> Result<Option<Bought>, RulesError> {
        let soft = self.soft.get_mut();
        let behind = soft.slots_in_front(now, bid.position) > 0;
        let bought = soft.flash(now, bid, sells_at)?;
        self.refused += u64::from(bought.is_none() && !behind);
        Ok(bought)
    }
    fn cure(&mut self, now: Time, position: PositionId) -> Result<(), RulesError> {
        self.soft.get_mut().cure(now, position)
    }
    /// Every block, at its end.
    fn audit(&mut self, now: Time) -> Result<(), RulesError> {
        if self.soft.borrow().checked_at.iter().all(|at| *at == now) {
            self.holds_nothing_due(now);
        }
        self.soft.get_mut().audit(now)
    }
    fn drain(&mut self, into: &mut Vec<Event>) {
        self.soft.get_mut().drain(into);
    }
    fn accounts(&mut self, now: Time) -> Result<Vec<Account>, RulesError> {
        self.soft.get_mut().at(now);
        let accounts = self.soft.get_mut().accounts(now)?;
        for (position, account) in self.positions.iter().zip(&accounts) {
            let owed = self
                .soft
                .borrow()
                .suite
                .ask()
                .owed(u64::from(*position), DEBT)
                .unwrap();
            let owed = from_units(owed.into(), DEBT_DECIMALS);
            assert!(
                (account.debt - owed).abs() < CENTS,
                "position {position}: {} is reckoned, {owed} is owed",
                account.debt
            );
        }
        Ok(accounts)
    }
    fn counts(&self) -> Counts {
        self.soft.borrow().counts()
    }
    fn queue(&self, now: Time, asset: AssetNumber) -> Option<QueueState> {
        self.soft.borrow().queue(now, asset)
    }
}
