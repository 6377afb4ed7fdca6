//! Shares of a lending market: no order of operations makes a unit out of nothing.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod model;

use cosmwasm_std::{Decimal, Decimal256, Uint128};
use glidepath_risk::market::{Market, RETIRED_BELOW, VIRTUAL_ASSETS, VIRTUAL_SHARES};
use glidepath_risk::RiskError;
use model::{cases, dec, dec256, frac, int, units, Q};
use num_traits::One;
use proptest::prelude::*;

/// Exact supply price with the virtual shares: assets a share.
fn price(market: &Market) -> Q {
    units(market.total_assets().unwrap() + VIRTUAL_ASSETS) / units(market.supply_shares + VIRTUAL_SHARES)
}

/// 1,000 units, 100 of them the fund's, all of it lent.
fn example() -> Market {
    let mut market = Market::new(0, Decimal::zero());
    market.supply(900u128.into()).unwrap();
    market.supply_fund(100u128.into()).unwrap();
    market.borrow(1_000u128.into()).unwrap();
    market
}

#[test]
fn attack_14_a_market_full_to_the_brim_still_accrues_and_can_be_left() {
    let full = Uint128::MAX / VIRTUAL_SHARES;
    let mut market = Market::new(0, Decimal::percent(50));
    assert_eq!(market.clone().supply(full), Err(RiskError::Overflow));
    let shares = market.supply(full - Uint128::one()).unwrap();
    let debt = market.borrow(full.multiply_ratio(1u128, 2u128)).unwrap();
    market.accrue(Decimal::percent(20), 31_536_000).unwrap();
    assert_eq!(
        (market.supply_shares, market.reserve_shares),
        (shares, Uint128::zero())
    );
    let owed = market.debt_of_shares(debt, 31_536_000).unwrap();
    assert!(market.repay(owed, debt).unwrap().is_zero());
    let worth = market.assets_for_shares(shares).unwrap();
    market.withdraw(worth, shares).unwrap();
    assert!(worth > full && market.supply_shares.is_zero());
}

#[test]
fn time_alone_stops_no_market_however_large() {
    let year = 31_536_000;
    // 300 trillion whole tokens of 18 decimals.
    let all = Uint128::new(300_000_000_000_000_000_000_000_000_000_000);
    let mut market = Market::new(0, Decimal::percent(300));
    let shares = market.supply(all).unwrap();
    let debt = market.borrow(all).unwrap();
    for now in (1..=30).map(|years| years * year) {
        market.accrue(Decimal::percent(10), now).unwrap();
        let owed = market.debt_of_shares(debt, now).unwrap();
        let mut left = market.clone();
        assert!(left.repay(owed, debt).unwrap().is_zero());
        left.assets_for_shares(shares).unwrap();
        market.clone().write_off(debt, Uint128::MAX).unwrap();
    }
}

#[test]
fn worked_example_of_the_write_off() {
    let mut small = example();
    let before = price(&small);
    let loss = small.write_off(40u128.into(), Uint128::MAX).unwrap();
    assert_eq!(
        (loss.written_off.u128(), loss.fund.u128(), loss.suppliers.u128()),
        (40, 40, 0)
    );
    assert_eq!(loss.burnt.u128(), 40_000_000);
    assert_eq!(price(&small), before);

    let mut large = example();
    let loss = large.write_off(250u128.into(), Uint128::MAX).unwrap();
    assert_eq!(
        (loss.written_off.u128(), loss.fund.u128(), loss.suppliers.u128()),
        (250, 100, 150)
    );
    assert_eq!(large.fund_shares, Uint128::zero());
    assert_eq!(
        large.assets_for_shares(900_000_000u128.into()).unwrap().u128(),
        750
    );
    // (A − X)/(S − b), the virtual unit and its shares included.
    assert_eq!(price(&large), frac(751, 901_000_000));
}

#[test]
fn a_cover_cap_limits_what_the_fund_pays() {
    let mut market = example();
    let loss = market.write_off(250u128.into(), 30u128.into()).unwrap();
    assert_eq!(
        (loss.fund.u128(), loss.burnt.u128(), loss.suppliers.u128()),
        (30, 30_000_000, 220)
    );
    let mut market = example();
    let loss = market.write_off(250u128.into(), Uint128::zero()).unwrap();
    assert_eq!(
        (loss.fund.u128(), loss.burnt.u128(), loss.suppliers.u128()),
        (0, 0, 250)
    );
    assert!(matches!(
        example().write_off(1_001u128.into(), Uint128::MAX),
        Err(RiskError::Underflow {
            held: 1_000,
            taken: 1_001
        })
    ));
}

#[test]
fn an_empty_market_answers() {
    let market = Market::new(5, Decimal::percent(1));
    assert_eq!(market.total_assets().unwrap(), Uint128::zero());
    assert_eq!(market.utilisation().unwrap(), Decimal::zero());
    assert_eq!(market.supply_price().unwrap(), Decimal256::one());
    assert!(!market.is_retired().unwrap());
    assert_eq!(market.shares_for_supply(1u128.into()).unwrap(), VIRTUAL_SHARES);
    assert_eq!(
        market.assets_for_shares(Uint128::zero()).unwrap(),
        Uint128::zero()
    );
    let mut empty = market.clone();
    empty.accrue(Decimal::one(), 1_000_000_000).unwrap();
    assert_eq!(empty.reserve_shares, Uint128::zero());
    assert!(matches!(
        empty.borrow(1u128.into()),
        Err(RiskError::Underflow { held: 0, taken: 1 })
    ));
    assert!(matches!(
        empty.withdraw(1u128.into(), Uint128::zero()),
        Err(RiskError::Underflow { .. })
    ));
    assert!(matches!(
        empty.repay(1u128.into(), Uint128::zero()),
        Err(RiskError::Underflow { held: 0, taken: 1 })
    ));
    assert_eq!(
        empty
            .write_off(Uint128::zero(), Uint128::MAX)
            .unwrap()
            .written_off,
        Uint128::zero()
    );
}

/// Attack 17, shares without assets: everything is written off. The old shares are worth nothing and stay so; the
/// market says that it is retired once its price is a millionth.
#[test]
fn attack_17_shares_without_assets() {
    let mut market = Market::new(0, Decimal::zero());
    let old = market.supply(10_000_000u128.into()).unwrap();
    market.borrow(10_000_000u128.into()).unwrap();
    market.write_off(10_000_000u128.into(), Uint128::MAX).unwrap();
    assert_eq!(market.total_assets().unwrap(), Uint128::zero());
    assert_eq!(market.assets_for_shares(old).unwrap(), Uint128::zero());
    assert!(market.is_retired().unwrap());
    // Not one unit is lost for whoever would come in all the same, nor given to the old shares.
    let new = market.supply(1_000_000u128.into()).unwrap();
    assert_eq!(market.assets_for_shares(new).unwrap().u128(), 1_000_000);
    assert_eq!(market.assets_for_shares(old).unwrap(), Uint128::zero());
}

/// Attack 17, assets without shares: what rounding left behind belongs to the virtual shares; a newcomer pays for it
/// no more than a share's worth.
#[test]
fn attack_17_assets_without_shares() {
    let mut market = Market::new(0, Decimal::zero());
    market.cash = 1_000_000u128.into();
    let shares = market.supply(5_000_000u128.into()).unwrap();
    let worth = market.assets_for_shares(shares).unwrap();
    assert!(5_000_000 - worth.u128() <= 2, "{worth}");
    assert_eq!(
        market.shares_for_supply(Uint128::zero()).unwrap(),
        Uint128::zero()
    );
}

#[test]
fn retired_is_a_millionth_of_the_start_exactly() {
    let at = |shares: u128| {
        let mut market = Market::new(0, Decimal::zero());
        market.supply_shares = shares.into();
        market.is_retired().unwrap()
    };
    // One virtual unit behind 10¹² shares is the millionth.
    let edge = VIRTUAL_SHARES.u128() * RETIRED_BELOW.u128() - VIRTUAL_SHARES.u128();
    assert!(!at(edge));
    assert!(at(edge + 1));
}

#[test]
fn open_tickets_are_assets_and_not_cash() {
    let mut market = example();
    market.tickets = 500u128.into();
    assert_eq!(market.total_assets().unwrap().u128(), 1_500);
    assert_eq!(market.utilisation().unwrap(), Decimal::one());
    assert!(market.clone().withdraw(1u128.into(), Uint128::zero()).is_err());
}

#[test]
fn a_ticket_moves_cash_and_back_and_no_price() {
    let mut market = example();
    market.repay(600u128.into(), market.debt_shares).unwrap();
    let (before, start) = (market.clone(), price(&market));
    market.open_ticket(600u128.into()).unwrap();
    assert_eq!(
        (market.cash, market.tickets),
        (Uint128::zero(), Uint128::new(600))
    );
    assert_eq!(price(&market), start);
    let one_more = RiskError::Underflow { held: 0, taken: 1 };
    assert_eq!(market.clone().open_ticket(1u128.into()), Err(one_more));
    let too_much = RiskError::Underflow {
        held: 600,
        taken: 601,
    };
    assert_eq!(market.clone().close_ticket(601u128.into()), Err(too_much));
    market.close_ticket(600u128.into()).unwrap();
    assert_eq!(market, before);
}

#[derive(Clone, Debug)]
enum Op {
    Supply(usize, u128),
    Fund(u128),
    Reserves(u128),
    Withdraw(usize, u128),
    Redeem(usize, u128),
    Borrow(usize, u128),
    Repay(usize, u128),
    Wait(u64),
}

fn op() -> impl Strategy<Value = Op> {
    let who = 0usize..3;
    let amount = (0u32..40, 1u128..1_000).prop_map(|(bits, m)| (1u128 << bits) / 8 + m);
    prop_oneof![
        (who.clone(), amount.clone()).prop_map(|(w, a)| Op::Supply(w, a)),
        amount.clone().prop_map(Op::Fund),
        amount.clone().prop_map(Op::Reserves),
        (who.clone(), 1u128..=1_000).prop_map(|(w, a)| Op::Withdraw(w, a)),
        (who.clone(), 1u128..=1_000).prop_map(|(w, a)| Op::Redeem(w, a)),
        (who.clone(), 1u128..=1_000).prop_map(|(w, a)| Op::Borrow(w, a)),
        (who, 1u128..=1_100).prop_map(|(w, a)| Op::Repay(w, a)),
        (0u64..40_000_000).prop_map(Op::Wait),
    ]
}

/// A market with three people, and the coins that really are in it.
struct Bank {
    market: Market,
    supplies: [Uint128; 3],
    debts: [Uint128; 3],
    now: u64,
}

impl Bank {
    fn step(&mut self, op: &Op) {
        let m = &mut self.market;
        m.accrue(Decimal::percent(10), self.now).unwrap();
        match *op {
            Op::Supply(who, amount) => self.supplies[who] += m.supply(amount.into()).unwrap(),
            Op::Fund(amount) => drop(m.supply_fund(amount.into()).unwrap()),
            Op::Reserves(amount) => drop(m.supply_reserves(amount.into()).unwrap()),
            // By amount: shares are what is burnt for it.
            Op::Withdraw(who, permille) => {
                let worth = m.assets_for_shares(self.supplies[who]).unwrap().min(m.cash);
                let amount = worth.multiply_ratio(permille, 1_000u128);
                let shares = m.shares_for_withdrawal(amount).unwrap();
                m.withdraw(amount, shares).unwrap();
                self.supplies[who] -= shares;
            }
            // By shares: the amount is what they are worth.
            Op::Redeem(who, permille) => {
                let shares = self.supplies[who].multiply_ratio(permille, 1_000u128);
                let amount = m.assets_for_shares(shares).unwrap();
                if amount <= m.cash {
                    m.withdraw(amount, shares).unwrap();
                    self.supplies[who] -= shares;
                }
            }
            Op::Borrow(who, permille) => {
                let amount = m.cash.multiply_ratio(permille, 1_000u128);
                self.debts[who] += m.borrow(amount).unwrap();
            }
            Op::Repay(who, permille) => {
                let owed = m.debt_of_shares(self.debts[who], self.now).unwrap();
                let amount = owed.multiply_ratio(permille, 1_000u128).min(owed);
                self.debts[who] = m.repay(amount, self.debts[who]).unwrap();
            }
            Op::Wait(seconds) => {
                self.now += seconds;
                m.accrue(Decimal::percent(10), self.now).unwrap();
            }
        }
        self.market.rate = Decimal::percent(30);
    }

    fn check(&self, before: &Q) {
        let m = &self.market;
        assert!(price(m) >= *before, "the supply price fell");
        let supplied: Uint128 = self.supplies.iter().sum();
        assert_eq!(supplied + m.fund_shares + m.reserve_shares, m.supply_shares);
        assert_eq!(self.debts.iter().sum::<Uint128>(), m.debt_shares);
        let claims: u128 = self
            .supplies
            .iter()
            .chain([&m.fund_shares, &m.reserve_shares])
            .map(|shares| m.assets_for_shares(*shares).unwrap().u128())
            .sum();
        assert!(claims <= m.total_assets().unwrap().u128(), "claims exceed assets");
        let owed: u128 = self
            .debts
            .iter()
            .map(|shares| m.debt_of_shares(*shares, self.now).unwrap().u128())
            .sum();
        assert!(
            owed >= m.total_debt().unwrap().u128(),
            "debts do not add up to the market's"
        );
        assert!(m.utilisation().unwrap() <= Decimal::one());
        model::assert_near(
            &dec256(m.supply_price().unwrap()),
            &(price(m) * int(1_000_000)),
            &frac(1, 1_000_000_000_000),
        );
    }
}

proptest! {
    #![proptest_config(cases("proptest-regressions/market.txt"))]

    /// Invariant 2: sums of shares, and a price that never falls but in a write-off, over any order of operations.
    #[test]
    fn the_supply_price_never_falls(ops in prop::collection::vec(op(), 1..40)) {
        let mut bank = Bank { market: Market::new(0, Decimal::percent(30)), supplies: Default::default(), debts: Default::default(), now: 0 };
        for op in &ops {
            let before = price(&bank.market);
            bank.step(op);
            bank.check(&before);
        }
    }

    /// Attack 12: in and out at once, on either side, never gains a unit, whatever happened before.
    #[test]
    fn attack_12_no_round_trip_gains_a_unit(ops in prop::collection::vec(op(), 0..20), amount in 1u128..1_000_000_000_000) {
        let mut bank = Bank { market: Market::new(0, Decimal::percent(30)), supplies: Default::default(), debts: Default::default(), now: 0 };
        for op in &ops {
            bank.step(op);
        }
        let base = bank.market;
        let amount = Uint128::new(amount);
        let mut m = base.clone();
        let shares = m.supply(amount).unwrap();
        let back = m.assets_for_shares(shares).unwrap();
        prop_assert!(back <= amount);
        prop_assert!(m.shares_for_withdrawal(amount).unwrap() >= shares);
        m.withdraw(back, shares).unwrap();
        prop_assert!(m.cash >= base.cash);
        let mut m = base.clone();
        let lent = amount.min(m.cash);
        let shares = m.borrow(lent).unwrap();
        let owed = m.debt_of_shares(shares, bank.now).unwrap();
        prop_assert!(owed >= lent);
        prop_assert_eq!(m.repay(owed, shares).unwrap(), Uint128::zero());
        prop_assert!(m.cash >= base.cash && m.debt_shares == base.debt_shares);
        let part = owed.multiply_ratio(1u128, 3u128);
        let mut m = base.clone();
        let shares = m.borrow(lent).unwrap();
        let left = m.repay(part, shares).unwrap();
        prop_assert!(m.debt_of_shares(left, bank.now).unwrap() + part >= lent);
    }

    /// Invariant 12: fund and suppliers bear exactly what is written off, at the price before; and the price after is
    /// the documented one.
    #[test]
    fn a_write_off_is_borne_to_the_unit(ops in prop::collection::vec(op(), 1..20), fund in 0u128..1_000_000, part in 0u128..=1_000, cover in 0u128..2_000_000) {
        let mut bank = Bank { market: Market::new(0, Decimal::percent(30)), supplies: Default::default(), debts: Default::default(), now: 0 };
        bank.step(&Op::Fund(fund));
        for op in &ops {
            bank.step(op);
        }
        let before = bank.market.clone();
        let mut after = before.clone();
        let loss = after.write_off(before.debt_shares.multiply_ratio(part, 1_000u128), cover.into()).unwrap();
        prop_assert_eq!(loss.fund + loss.suppliers, loss.written_off);
        prop_assert_eq!(before.total_assets().unwrap() - after.total_assets().unwrap(), loss.written_off);
        let worth = units(before.fund_shares) * price(&before);
        let exact = units(loss.written_off).min(worth.floor()).min(int(cover));
        prop_assert_eq!(units(loss.fund), exact.clone());
        // The shares burnt are worth what the fund pays, up to one unit or one share.
        let burnt = units(loss.burnt) * price(&before);
        prop_assert!(burnt >= exact && burnt < exact + (Q::one() + price(&before)));
        // (A − X)/(S − b)
        let documented = (units(before.total_assets().unwrap()) + Q::one() - units(loss.written_off))
            / (units(before.supply_shares - loss.burnt) + int(1_000_000));
        prop_assert_eq!(price(&after), documented);
        prop_assert!(!loss.suppliers.is_zero() || price(&after) >= price(&before), "covered in full, and the price fell");
        prop_assert_eq!(before.supply_shares - after.supply_shares, before.fund_shares - after.fund_shares);
        prop_assert_eq!((after.cash, after.index, after.reserve_shares), (before.cash, before.index, before.reserve_shares));
        prop_assert!(dec(before.index) >= Q::one());
    }
}
