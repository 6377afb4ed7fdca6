//! The token holds balances and moves them.
#![allow(missing_docs, clippy::unwrap_used)]

use cosmwasm_std::{Addr, Uint128};
use cw20::{BalanceResponse, Cw20Coin};
use cw20_base::msg::{ExecuteMsg, InstantiateMsg, QueryMsg};
use cw_multi_test::{App, ContractWrapper, Executor};

#[test]
fn balances_move() {
    let mut app = App::default();
    let (alice, bob) = (app.api().addr_make("alice"), app.api().addr_make("bob"));
    let code = ContractWrapper::new(cw20_token::execute, cw20_token::instantiate, cw20_token::query)
        .with_migrate(cw20_token::migrate);
    let code = app.store_code(Box::new(code));
    let msg = InstantiateMsg {
        name: "Token".into(),
        symbol: "TOK".into(),
        decimals: 6,
        initial_balances: vec![Cw20Coin {
            address: alice.to_string(),
            amount: Uint128::new(100),
        }],
        mint: None,
        marketing: None,
    };
    let token = app
        .instantiate_contract(code, alice.clone(), &msg, &[], "token", None)
        .unwrap();
    let transfer = ExecuteMsg::Transfer {
        recipient: bob.to_string(),
        amount: Uint128::new(30),
    };
    app.execute_contract(alice.clone(), token.clone(), &transfer, &[])
        .unwrap();
    let held = |who: &Addr| -> u128 {
        let msg = QueryMsg::Balance {
            address: who.to_string(),
        };
        let found: BalanceResponse = app.wrap().query_wasm_smart(&token, &msg).unwrap();
        found.balance.u128()
    };
    assert_eq!((held(&alice), held(&bob)), (70, 30));
}
