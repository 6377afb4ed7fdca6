//! The suite that sequences run on, as it is built.

use crate::{hostile, AssetSpec, Outcome, Suite};
use cosmwasm_std::{Addr, Decimal, Uint128};
use cw20::Cw20Coin;
use cw_multi_test::Executor;
use glidepath_risk::health::Weights;

use super::op::{Coin, Who};

/// Five assets: native with 6 and 18 decimals, a token; two of them as collateral and as debt. Lots of $50,000 while
/// soft, so that a position takes several. The token behaves until a contract wants to be called when it is paid in it.
pub fn suite() -> Suite {
    let yusd = AssetSpec::native("yusd", "uyusd", 6, "1").as_collateral(Weights {
        initial: Decimal::percent(90),
        target: Decimal::percent(90),
        maintenance: Decimal::percent(93),
    });
    let gold = AssetSpec::gold().token_code(hostile::token);
    Suite::builder()
        .asset(AssetSpec::atom().calm().depth(100_000))
        .asset(AssetSpec::eth().depth(100_000).lent(400_000))
        .asset(gold.depth(100_000).lent(400_000).queue(8, 2))
        .asset(AssetSpec::usdc().calm().lent(800_000))
        .asset(yusd.calm().depth(200_000))
        .unwatched()
        .build()
}

/// A token that nobody listed, and that everybody has.
pub fn junk(suite: &mut Suite) -> Addr {
    let code = suite.app.store_code(hostile::token());
    let minter = suite.user("minter");
    let initial_balances = Who::ALL
        .iter()
        .map(|who| Cw20Coin {
            address: suite.user(who.word()).to_string(),
            amount: Uint128::new(1_000_000_000),
        })
        .collect();
    let msg = cw20_base::msg::InstantiateMsg {
        name: "token of nobody".into(),
        symbol: "JUNK".into(),
        decimals: 6,
        initial_balances,
        mint: None,
        marketing: None,
    };
    suite
        .app
        .instantiate_contract(code, minter, &msg, &[], "junk", None)
        .expect("a token")
}

/// Standing orders are taken in every debt, from twenty dollars on. What the owner's messages did.
pub fn min_orders(suite: &mut Suite) -> Vec<Outcome> {
    Coin::DEBTS
        .iter()
        .map(|coin| {
            let least = match coin {
                Coin::Eth => "0.008",
                Coin::Gold => "0.01",
                _ => "20",
            };
            let least = suite.units(coin.word(), least);
            let set = suite.auction().set_min_order(coin.word(), Some(least));
            set.expect("smallest orders")
        })
        .collect()
}
