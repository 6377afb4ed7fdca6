//! Who has what before a bid, and after it.

use cosmwasm_std::{Addr, Uint128};
use glidepath_interfaces::events::auction::Filled;
use glidepath_interfaces::events::vault::KeeperCredited;

use super::bids::{Bid, Means};
use crate::sequences::op::Coin;
use crate::sequences::world::{Failure, World};
use crate::Outcome;

/// Coins, and what an account has and has set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Has {
    coins: u128,
    account: u128,
    set_aside: u128,
}

impl Has {
    fn of(world: &World, who: &Addr, coin: Coin) -> Self {
        let account = world.suite.ask().account_of(who, coin.word());
        let (account, set_aside) = account.map_or((0, 0), |account| {
            (account.amount.u128(), account.set_aside.u128())
        });
        Has {
            coins: world.suite.balance(who, coin.word()),
            account,
            set_aside,
        }
    }
}

/// What a bidder and who gets the collateral have before a bid.
pub struct Purse {
    bidder: Addr,
    recipient: Addr,
    gets: Option<Coin>,
    pays: Has,
    got: Option<Has>,
    /// All balances of coins.
    coins: u64,
}

impl Purse {
    /// Before a bid.
    pub fn of(world: &World, bid: &Bid) -> Self {
        let (bidder, recipient) = (world.who(bid.who), world.who(bid.recipient()));
        let sale = world.sale(bid.position);
        let gets = sale.map(|sale| world.coin(sale.collateral.as_str()));
        Purse {
            pays: Has::of(world, &bidder, bid.coin),
            got: gets.map(|coin| Has::of(world, &recipient, coin)),
            coins: match bid.means {
                Means::Account => crate::Moment::coins(&world.suite),
                _ => 0,
            },
            bidder,
            recipient,
            gets,
        }
    }

    /// The bidder, who was given something for it, has paid what his fill says, and the recipient has got it; what a keeper is
    /// credited with comes on top. Out of an account nothing else is paid than what was set aside, and no coin moves.
    ///
    /// # Errors
    /// Where they have something else.
    pub fn check(&self, world: &World, bid: &Bid, outcome: &Outcome) -> Result<(), Failure> {
        let (Some(gets), Some(got)) = (self.gets, self.got) else {
            return Ok(());
        };
        let [sold, paid] = bought(outcome, &self.bidder);
        let from_account = matches!(bid.means, Means::Account);
        let mut pays = self.pays;
        let mut got = got;
        pays.coins += bid.given();
        pays.account += credited(outcome, &self.bidder, bid.coin);
        got.account += credited(outcome, &self.recipient, gets);
        match from_account {
            true => {
                pays.account -= paid;
                pays.set_aside -= paid;
                got.account += sold;
            }
            false => {
                pays.coins -= paid;
                got.coins += sold;
            }
        }
        let now = (
            Has::of(world, &self.bidder, bid.coin),
            Has::of(world, &self.recipient, gets),
        );
        if now != (pays, got) {
            let what = format!(
                "after a fill of {sold} for {paid} they have {now:?}, not {:?}",
                (pays, got)
            );
            return Err(Failure::new("delivery", what));
        }
        if from_account && crate::Moment::coins(&world.suite) != self.coins {
            return Err(Failure::new("delivery", "a bid out of an account moved coins"));
        }
        Ok(())
    }
}

/// What somebody's own fills of a message come to: collateral and debt.
pub fn bought(outcome: &Outcome, bidder: &Addr) -> [u128; 2] {
    let fills = outcome.all(Filled::TYPE);
    let own = fills.filter(|fill| fill.text("bidder") == Some(bidder.as_str()));
    own.fold([0, 0], |[sold, paid], fill| {
        [
            sold + fill.must::<Uint128>("sold").u128(),
            paid + fill.must::<Uint128>("paid").u128(),
        ]
    })
}

/// What a keeper was credited with of an asset.
pub fn credited(outcome: &Outcome, keeper: &Addr, coin: Coin) -> u128 {
    outcome
        .all(KeeperCredited::TYPE)
        .filter(|credit| credit.text("keeper") == Some(keeper.as_str()))
        .filter(|credit| credit.text("asset") == Some(coin.word()))
        .map(|credit| credit.must::<Uint128>("amount").u128())
        .sum()
}
