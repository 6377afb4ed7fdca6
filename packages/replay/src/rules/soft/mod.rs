//! Gradual liquidation by the real contracts on an embedded chain: every action is a message.
//!
//! Keepers look at a position when its oracle price crosses a threshold or a time has come, ask the position manager
//! what is due, and send `advance` where something is. What happened is told by the contracts' events.

mod bidding;
mod keeper;
mod orders;
mod pauses;
mod queue;
mod records;
mod setup;
mod standing;
#[cfg(test)]
mod tests;
mod told;
mod units;

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::{Addr, Decimal, Timestamp};
use glidepath_interfaces::events::vault;
use glidepath_interfaces::position_manager::{Advanced, Params};
use glidepath_liquidation_auction::ContractError as AuctionError;
use glidepath_risk::pause::Pauses;
use glidepath_testkit::handles::repay;
use glidepath_testkit::invariants::{donation_changes_nothing, Broken, Invariants, DONATION};
use glidepath_testkit::{id, Suite};

use super::{
    Account, Bid, Bought, Counts, Event, Offer, PositionId, QueueState, Rules, RulesError, SetupError,
    Silence, Watch,
};
use crate::amounts::AssetNumber;
use crate::clock::Time;
use crate::config::Config;
use crate::scene::Scene;

use bidding::Flash;
use keeper::{Case, NEVER};
use orders::Book;
use queue::Queue;
use setup::{keeper_name, owner_name, DEBT, DEBT_DECIMALS, PURSE_USD};
use standing::{Holding, Known, Standing};
use told::usd;
use units::{decimal, to_units};

/// Steps that can follow each other at one moment (offset, call, open …); a bound, never reached.
const STEPS_AT_ONCE: usize = 8;
/// USD that an owner repays beyond what is missing to the target: floats must not leave a part of it unpaid.
const SPARE_USD: f64 = 1e-3;
/// Donations are slow to make: one for so many checks of the whole.
const CHECKS_A_DONATION: u64 = 10;

/// Positions under the rules of the suite.
pub struct Soft {
    suite: Suite,
    config: Config,
    /// Normal volatility of each collateral.
    sigma_ref: Vec<f64>,
    /// Rules of the position manager.
    params: Params,
    /// Collaterals and prices on chain.
    known: Known,
    /// When the price of each collateral was last posted or asked for.
    checked_at: Vec<Time>,
    holdings: BTreeMap<PositionId, Holding>,
    /// Whose owners have a glide path.
    glides: BTreeSet<PositionId>,
    /// USD of surcharge that positions have paid.
    surcharge_paid: BTreeMap<PositionId, f64>,
    /// Number of each position's last lot.
    lots: BTreeMap<PositionId, u32>,
    watch: Watch,
    cases: BTreeMap<PositionId, Case>,
    keepers: Vec<Addr>,
    /// What those of them have on chain who have no capital.
    flash: Option<Flash>,
    /// Standing orders of each collateral; empty where there are no holders.
    books: Vec<Book>,
    /// Whose repayment is under way: the distress that it ends is cured.
    curing: Option<PositionId>,
    events: Vec<Event>,
    invariants: Invariants,
    /// Messages whose effects were checked.
    observed: u64,
    /// What silent sources did, as far as it is over.
    silence: Silence,
    /// The queue of each collateral's lots, where it has one.
    queues: Vec<Option<Queue>>,
    /// Seconds of all outages of each collateral's source that are over.
    outage_total: Vec<u64>,
}

fn failed<E: Into<anyhow::Error>>(time: Time, action: &str) -> impl FnOnce(E) -> RulesError + '_ {
    move |error| RulesError {
        time,
        action: action.to_string(),
        cause: format!("{:#}", error.into()),
    }
}

impl Soft {
    /// Puts the suite on its chain and opens the positions of `scene`.
    ///
    /// # Errors
    /// Where a contract refuses what the configuration says.
    pub fn open(scene: &Scene) -> Result<Self, SetupError> {
        let start = scene.path.from;
        let mut suite = setup::suite(scene)?;
        let purse = to_units(PURSE_USD, DEBT_DECIMALS);
        let keepers: Vec<Addr> = (0..scene.keepers.len())
            .map(|n| suite.user(&keeper_name(n)))
            .collect();
        for keeper in &keepers {
            suite.give(keeper, DEBT, purse);
        }
        let flash = Flash::open(&mut suite, scene);
        suite.messages = 0;
        let invariants = Invariants::new(&suite);
        let mut soft = Self {
            checked_at: vec![suite.now(); scene.assets.len()],
            suite,
            config: scene.config.clone(),
            sigma_ref: scene.paths().map(|path| path.sigma_ref).collect(),
            params: setup::rules(&scene.config),
            known: Known {
                assets: scene.assets.clone(),
                prices: scene.first_prices(),
                pauses: (vec![Pauses::default(); scene.assets.len()], Pauses::default()),
            },
            holdings: BTreeMap::new(),
            glides: scene.glides.clone(),
            surcharge_paid: BTreeMap::new(),
            lots: BTreeMap::new(),
            watch: Watch::default(),
            cases: BTreeMap::new(),
            keepers,
            flash,
            books: Vec::new(),
            curing: None,
            events: Vec::new(),
            invariants,
            observed: 0,
            silence: Silence::default(),
            queues: vec![None; scene.assets.len()],
            outage_total: vec![0; scene.assets.len()],
        };
        for borrower in &scene.borrowers {
            soft.refresh(start, borrower.position)
                .map_err(|error| SetupError(format!("{error:#}")))?;
        }
        let read = soft.read_queues().and_then(|()| soft.read_books());
        read.map_err(|error| SetupError(format!("{error:#}")))?;
        Ok(soft)
    }

    /// Invariant 3, on the contracts as they are now: coins are given to all of them, and nothing that can be asked about
    /// the markets and one of the positions, each time another, may change. No message of the run, so none is counted.
    fn donate(&mut self) -> Result<(), Broken> {
        let sent = self.suite.messages;
        let nth = usize::try_from(self.invariants.checks).unwrap_or_default();
        let looked_at = self.holdings.keys().nth(nth % self.holdings.len().max(1));
        let looked_at = looked_at.copied().map(u64::from);
        donation_changes_nothing(&mut self.suite, looked_at.as_slice())?;
        self.suite.messages = sent;
        self.observed += 1;
        let names = self.known.assets.iter().map(|asset| asset.name.as_str());
        for asset in names.chain([DEBT]) {
            self.invariants.donated(&id(asset), DONATION);
        }
        Ok(())
    }

    /// Moves the chain's clock.
    fn at(&mut self, now: Time) {
        if self.suite.now() != now {
            self.suite.app.update_block(|block| {
                block.time = Timestamp::from_seconds(now);
                block.height += 1;
            });
        }
    }

    /// Who sends what anybody may send.
    fn caller(&self) -> Addr {
        self.keepers.first().unwrap_or(&self.suite.owner).clone()
    }

    fn standing(&self, now: Time, position: PositionId) -> Standing<'_> {
        Standing {
            config: &self.config,
            holding: self.holdings.get(&position).copied().unwrap_or_default(),
            known: &self.known,
            trigger: match self.glides.contains(&position) {
                true => self.config.owners.glide_trigger,
                false => 1.0,
            },
            now,
        }
    }

    /// Reads a position's ledger.
    fn refresh(&mut self, now: Time, position: PositionId) -> anyhow::Result<()> {
        let holding = records::holding(&self.suite, &self.known.assets, position)?;
        self.holdings.insert(position, holding);
        let breach = self.standing(now, position).breach();
        self.watch.set(position, breach);
        Ok(())
    }

    /// Puts `update_prices` in front where the sources were not asked lately.
    fn freshen(&mut self, now: Time) -> anyhow::Result<()> {
        let oldest = self.checked_at.iter().min().copied().unwrap_or_default();
        if now > oldest + self.config.feed.age_check_s {
            let caller = self.caller();
            let names = self.known.assets.iter().map(|asset| asset.name.as_str());
            let names: Vec<&str> = names.chain([DEBT]).collect();
            self.suite.oracle().update_prices(&caller, &names)?;
            self.checked_at.fill(now);
            self.read_pauses()?;
        }
        Ok(())
    }

    /// Looks at a position, and sends `advance` as long as something is due.
    fn look(&mut self, now: Time, position: PositionId) -> anyhow::Result<()> {
        let caller = self.caller();
        for _ in 0..STEPS_AT_ONCE {
            let answer = self.suite.ask().due(position.into())?;
            self.wait(now, position, &answer);
            let due = answer.due.filter(|due| self.is_wanted(now, position, due));
            if due.is_none() {
                if let Some(mut case) = self.cases.remove(&position) {
                    let standing = self.standing(now, position);
                    case.looked(&standing, &self.params, answer.not_before);
                    if standing.is_due() || case.call.is_some() || case.sale.is_some() {
                        self.cases.insert(position, case);
                    }
                    // Else the price came back before anybody could call.
                }
                return Ok(());
            }
            let outcome = self.suite.positions().advance_by(&caller, position.into())?;
            self.absorb(now, &outcome)?;
            if !self.cases.contains_key(&position) {
                return Ok(());
            }
        }
        anyhow::bail!("position {position} is not done after {STEPS_AT_ONCE} steps")
    }

    /// Would a keeper send this? Not the start of a lot that nobody would buy; but a close-out that is near or goes on
    /// is never held up.
    fn is_wanted(&self, now: Time, position: PositionId, due: &Advanced) -> bool {
        let standing = self.standing(now, position);
        let sale = self.cases.get(&position).and_then(|case| case.sale);
        match (due, sale) {
            (Advanced::Restarted {} | Advanced::Woken {}, Some(sale)) => {
                standing.is_worth_a_lot(sale.stage)
                    || (sale.stage != super::Stage::CloseOut && standing.regime(Some(&sale)).is_triggered())
            }
            _ => true,
        }
    }
}

/// Is this a refusal that a bidder must expect: the price has moved, the lot is gone, too little is left?
fn is_refusal(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(
            AuctionError::Refused(_)
                | AuctionError::BidAboveMaxPrice { .. }
                | AuctionError::NoSale { .. }
                | AuctionError::NoLot { .. }
                | AuctionError::LotNotStarted { .. }
                | AuctionError::LotExpired { .. }
        )
    )
}

impl Rules for Soft {
    fn prices(&mut self, now: Time, new: &[(AssetNumber, f64)]) -> Result<(), RulesError> {
        self.at(now);
        let mut posted = Vec::new();
        for (asset, price) in new {
            posted.push((id(&self.known.assets[*asset].name), decimal(*price)));
            self.known.prices[*asset] = *price;
            self.checked_at[*asset] = now;
        }
        posted.push((id(DEBT), Decimal::one()));
        self.suite.post(&posted);
        let singles = new
            .iter()
            .flat_map(|(asset, price)| self.watch.below(*asset, *price));
        let mixed = self.watch.mixed();
        let fresh = singles
            .chain(mixed.filter(|position| self.standing(now, *position).is_due()))
            .filter(|position| !self.cases.contains_key(position));
        let fresh: Vec<PositionId> = fresh.collect();
        self.cases
            .extend(fresh.into_iter().map(|position| (position, Case::new(now))));
        self.read_pauses().map_err(failed(now, "reading a price"))?;
        let volatilities = self.volatilities().map_err(failed(now, "reading a price"))?;
        let mut cases = std::mem::take(&mut self.cases);
        for (position, case) in &mut cases {
            let standing = self.standing(now, *position);
            // What can't be reckoned allows none: looking too early does no harm.
            case.priced(&standing, || {
                self.grace(&standing, &volatilities).unwrap_or_default()
            });
        }
        self.cases = cases;
        Ok(())
    }

    fn next_due(&self) -> Option<Time> {
        let times = self.cases.iter();
        times
            .map(|(position, case)| self.look_at(*position, case))
            .min()
            .filter(|time| *time != NEVER)
    }

    fn advance(&mut self, now: Time) -> Result<(), RulesError> {
        self.at(now);
        let looks = self.cases.iter();
        let due = looks.filter(|(position, case)| self.look_at(**position, case) <= now);
        // Who has waited for longest comes first.
        let mut due: Vec<(Time, PositionId)> = due
            .map(|(position, case)| (case.waits_since.unwrap_or(0), *position))
            .collect();
        due.sort_unstable();
        if due.is_empty() {
            return Ok(());
        }
        self.freshen(now).map_err(failed(now, "updating prices"))?;
        for (_, position) in due {
            let may = self.cases.get(&position).map(|case| self.look_at(position, case));
            // What started just before may have filled the queue.
            if may.is_some_and(|at| at > now) {
                continue;
            }
            self.look(now, position)
                .map_err(failed(now, "advancing a position"))?;
        }
        Ok(())
    }

    fn offers(&self, now: Time, into: &mut Vec<Offer>) {
        for (position, case) in &self.cases {
            if let (Some(sale), false) = (&case.sale, case.shut) {
                into.extend(self.standing(now, *position).offer(*position, sale));
            }
        }
    }

    fn bid(&mut self, now: Time, bid: Bid) -> Result<Option<Bought>, RulesError> {
        self.bid_with_coins(now, bid)
    }

    fn match_pays(&self, now: Time, position: PositionId) -> Option<f64> {
        self.matcher_gets(now, position)
    }

    fn match_orders(&mut self, now: Time, keeper: usize, position: PositionId) -> Result<bool, RulesError> {
        self.send_match(now, keeper, position)
    }

    fn flash(&mut self, now: Time, bid: Bid, sells_at: f64) -> Result<Option<Bought>, RulesError> {
        self.bid_without_capital(now, bid, sells_at)
    }

    fn cure(&mut self, now: Time, position: PositionId) -> Result<(), RulesError> {
        self.at(now);
        let missing = self.standing(now, position).missing();
        let called = self.cases.get(&position).is_some_and(|case| case.call.is_some());
        if !called || missing <= 0.0 {
            return Ok(());
        }
        let owner = self.suite.user(&owner_name(position));
        let amount = to_units(missing + SPARE_USD, DEBT_DECIMALS);
        self.curing = Some(position);
        let paid = self.suite.positions().update(
            &owner,
            Some(position.into()),
            vec![repay(DEBT, amount)],
            &[(DEBT, amount)],
        );
        let before = self.events.len();
        let cash = paid.and_then(|outcome| {
            self.absorb(now, &outcome)?;
            let repaid = outcome.all(vault::Repaid::TYPE);
            Ok(repaid
                .map(|event| usd(&event, "principal") + usd(&event, "surcharge"))
                .sum())
        });
        self.curing = None;
        let cash = cash.map_err(failed(now, "curing a position"))?;
        let health = self.standing(now, position).health();
        // The end of the distress is told first by the chain, and comes after its cause here.
        self.events.insert(
            before,
            Event::Cured {
                position,
                cash,
                health,
            },
        );
        Ok(())
    }

    fn audit(&mut self, now: Time) -> Result<(), RulesError> {
        self.invariants
            .check(&self.suite)
            .map_err(failed(now, "checking the invariants"))?;
        if self.invariants.checks % CHECKS_A_DONATION == 1 {
            self.donate()
                .map_err(failed(now, "donating coins to the contracts"))?;
        }
        Ok(())
    }

    fn drain(&mut self, into: &mut Vec<Event>) {
        into.append(&mut self.events);
    }

    fn accounts(&mut self, now: Time) -> Result<Vec<Account>, RulesError> {
        let paid = |position| self.surcharge_paid.get(position).copied().unwrap_or_default();
        let accounts = self.holdings.iter();
        Ok(accounts
            .map(|(position, holding)| holding.account(now, paid(position)))
            .collect())
    }

    fn queue(&self, now: Time, asset: AssetNumber) -> Option<QueueState> {
        let queue = self.queues.get(asset)?.as_ref()?;
        let waiting = self.cases.iter().filter(|(position, case)| {
            case.waits_since.is_some() && self.next_asset(now, **position, case) == Some(asset)
        });
        Some(QueueState {
            backlog: queue.left(now),
            burst: queue.burst,
            waiting: waiting.count(),
        })
    }

    fn counts(&self) -> Counts {
        Counts {
            messages: self.suite.messages,
            invariant_checks: self.observed + self.invariants.checks,
            silence: self.silence,
        }
    }
}
