//! What a bidder's contract is called with that buys without capital.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, Uint128};
use cw_asset::AssetInfo;

/// The message that a bidder's contract has to take, from the vault and from nobody else.
#[cw_serde]
pub enum CallbackMsg {
    /// A bid of this contract was filled and the collateral is there; what is owed for it is to be paid before it returns.
    GlidepathBought(Bought),
}

/// What was bought and what it costs.
#[cw_serde]
pub struct Bought {
    /// The position whose fill it is: the ticket is paid by [`PayTicket`](super::ExecuteMsg::PayTicket) with it.
    pub position: u64,
    /// Denom or token of the collateral, which has been sent to the recipient of the bid.
    pub collateral: AssetInfo,
    /// Its base units.
    pub sold: Uint128,
    /// Denom or token to pay in.
    pub debt: AssetInfo,
    /// Base units to pay, no more and no less.
    pub owed: Uint128,
    /// What the contract said with its bid.
    pub msg: Binary,
}
