//! Lots that nobody wanted: what the fund buys, what its stakers take out, and by which rule.

use cosmwasm_std::{Decimal, Uint128};
use glidepath_interfaces::auction::{self, PreviewBackstopResponse};
use glidepath_interfaces::events::auction::Filled;
use glidepath_interfaces::fund::{self, BackstopRule, CollateralCap};

use super::governance::tell;
use crate::agent::TOLD;
use crate::id;
use crate::sequences::op::{Coin, Peer, Slot, Who};
use crate::sequences::world::{Failure, World};

fn differs(what: String) -> Failure {
    Failure::new("backstop", what)
}

/// Has the fund buy; what the preview says beforehand is what happens.
pub fn buy(world: &mut World, who: Who, slot: Slot) -> Result<(), Failure> {
    let Some(position) = world.position(slot) else {
        return Ok(());
    };
    let shown = world.suite.ask().preview_backstop(position);
    let (keeper, auction) = (world.who(who), world.peer(Peer::Auction));
    let msg = auction::ExecuteMsg::Backstop { position };
    let told = world.execute(&keeper, &auction, &msg, &[])?;
    match (&shown, &told) {
        (Ok(PreviewBackstopResponse::Buys(preview)), Ok(outcome)) => {
            let fill = outcome.event(Filled::TYPE);
            let amounts = fill.map(|fill| ["sold", "paid", "repaid"].map(|key| fill.must::<Uint128>(key)));
            if amounts != Some([preview.sold, preview.paid, preview.repaid]) {
                return Err(differs(format!("{preview:?} was shown, it came to {amounts:?}")));
            }
        }
        (Ok(PreviewBackstopResponse::Buys(_)), Err(_)) | (_, Ok(_)) => {
            return Err(differs(format!("{shown:?} was shown, it came to {told:?}")));
        }
        (_, Err(_)) => {}
    }
    Ok(())
}

/// Takes out what a stake bought: all that it had.
pub fn fetch(world: &mut World, who: Who, coin: Coin, debt: Coin) -> Result<(), Failure> {
    let (staker, fund) = (world.who(who), world.peer(Peer::Fund));
    let had = world.suite.ask().stake(&staker, debt.word())?.goods;
    let had = had.iter().find(|goods| goods.asset.as_str() == coin.word());
    let had = had.map_or(0, |goods| goods.amount.u128());
    let before = world.suite.balance(&staker, coin.word());
    let msg = fund::ExecuteMsg::Claim {
        asset: id(debt.word()),
        collateral: id(coin.word()),
    };
    let told = world.execute(&staker, &fund, &msg, &[])?;
    let Ok(outcome) = &told else {
        return Ok(());
    };
    let got = world.suite.balance(&staker, coin.word()) - before;
    if had == 0 || (!outcome.has(TOLD) && got != had) {
        let what = format!("{who} had {had} {coin} to take out and got {got}: {told:?}");
        return Err(differs(what));
    }
    Ok(())
}

/// Another rule for a market.
pub fn rule(world: &mut World, coin: Coin, variant: u8) -> Result<(), Failure> {
    let of = |share, usd: u64, epoch| BackstopRule {
        max_share: Decimal::percent(share),
        epoch,
        collaterals: Coin::COLLATERALS
            .iter()
            .filter(|collateral| **collateral != coin)
            .map(|collateral| CollateralCap {
                asset: id(collateral.word()),
                epoch_cap: world.units(*collateral, usd).into(),
            })
            .collect(),
    };
    let rule = match variant % 6 {
        0 => of(20, 1_000_000, 7 * 86_400),
        1 => of(50, 1_000_000, 86_400),
        2 => of(50, 500, 3_600),
        3 => of(1, 1_000_000, 86_400),
        4 => BackstopRule {
            collaterals: vec![],
            ..of(20, 1, 86_400)
        },
        _ => of(51, 1, 86_400),
    };
    let asset = id(coin.word());
    tell(world, Peer::Fund, &fund::ExecuteMsg::SetBackstop { asset, rule })
}
