//! What keepers know of time: the grace that prices allow, and what stands still in an outage or a stop.

use cosmwasm_std::Decimal;
use glidepath_interfaces::oracle::PriceRecord;
use glidepath_risk::tempo;

use super::keeper::Case;
use super::records;
use super::setup::DEBT;
use super::standing::Standing;
use super::units::decimal;
use super::Soft;
use crate::amounts::AssetNumber;
use crate::rules::PositionId;

impl Soft {
    /// Seconds of grace that the prices allow a position: of several collaterals the contracts go by the one that would be
    /// sold first, and keepers by the least, to look too early rather than too late.
    pub(super) fn grace(&self, standing: &Standing, volatilities: &[Decimal]) -> anyhow::Result<u64> {
        let health = standing.health().unwrap_or(f64::MAX);
        let mut least = u64::MAX;
        for (asset, _) in standing.holding.collateral.held() {
            least = least.min(self.grace_at(asset, volatilities[asset], health)?);
        }
        Ok(least)
    }

    pub(super) fn volatilities(&self) -> anyhow::Result<Vec<Decimal>> {
        let names = self.known.assets.iter().map(|asset| asset.name.as_str());
        names
            .map(|name| Ok(records::price(&self.suite, name)?.volatility))
            .collect()
    }

    fn grace_at(
        &self,
        asset: AssetNumber,
        volatility: Decimal,
        health: f64,
    ) -> glidepath_risk::RiskResult<u64> {
        let rules = &self.params;
        let reference = decimal(self.sigma_ref[asset]);
        tempo::grace(
            rules.grace,
            reference,
            volatility,
            decimal(health.min(2.0)),
            rules.no_grace_below,
        )
    }

    /// Counts an outage that a price has just ended, and what stood while it lasted.
    pub(super) fn end_silence(&mut self, asset: AssetNumber, record: &PriceRecord) {
        let Some(until) = record.outage.until else { return };
        let (from, total) = (record.outage.from, record.outage.seconds_by(until));
        if total <= self.outage_total[asset] {
            return;
        }
        let holds = |position: &PositionId| {
            let holding = self.holdings.get(position);
            holding.is_some_and(|holding| holding.collateral[asset] > 0.0)
        };
        let in_grace = |case: &Case| case.sale.is_none() && case.call.is_some_and(|call| call.until > from);
        let on_sale = |case: &&Case| {
            let lot = case
                .sale
                .filter(|sale| sale.asset == asset)
                .and_then(|sale| sale.lot);
            lot.is_some_and(|lot| (lot.life.start_at..=lot.life.ends_at).contains(&from))
        };
        let graces = self.cases.iter().filter(|(id, case)| holds(id) && in_grace(case));
        let (graces, lots) = (graces.count(), self.cases.values().filter(on_sale).count());
        self.silence.seconds += total - self.outage_total[asset];
        self.outage_total[asset] = total;
        self.silence.graces += graces;
        self.silence.lots += lots;
    }

    /// Takes in what the chain's records say of pauses.
    pub(super) fn read_pauses(&mut self) -> anyhow::Result<()> {
        let stood = self.known.pauses.0.clone();
        for asset in 0..self.known.assets.len() {
            let record = records::price(&self.suite, &self.known.assets[asset].name)?;
            self.known.pauses.0[asset] = record.pauses();
            self.end_silence(asset, &record);
        }
        let before = std::mem::replace(
            &mut self.known.pauses.1,
            records::price(&self.suite, DEBT)?.pauses(),
        );
        if stood != self.known.pauses.0 || before != self.known.pauses.1 {
            // A lot that stood still may ask more for its next fill.
            for (position, case) in self.cases.iter_mut().filter(|(_, case)| case.sale.is_some()) {
                case.sale = records::sale(&self.suite, &self.known, *position)?;
            }
        }
        self.read_queues()
    }
}
