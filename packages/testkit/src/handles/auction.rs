use anyhow::Result;
use cosmwasm_std::{Addr, Decimal256, Uint128};
use glidepath_interfaces::auction::{ExecuteMsg, SaleTerms};

use crate::{Outcome, Suite};

/// What a bidder asks for beside what he pays.
#[derive(Clone, Debug)]
pub struct BidTerms {
    /// Most debt base units per whole collateral token.
    pub max_price: Decimal256,
    /// Who gets the collateral; the bidder if not said.
    pub recipient: Option<String>,
    /// Fewest collateral base units.
    pub min_received: Option<u128>,
}

impl Default for BidTerms {
    /// At any price.
    fn default() -> Self {
        BidTerms {
            max_price: Decimal256::MAX,
            recipient: None,
            min_received: None,
        }
    }
}

/// The liquidation auction.
pub struct Auction<'a>(pub(crate) &'a mut Suite);

impl Auction<'_> {
    /// Any message without a payment.
    pub fn execute(&mut self, sender: &Addr, msg: &ExecuteMsg) -> Result<Outcome> {
        let auction = self.0.peers.liquidation_auction.clone();
        self.0.execute(sender, &auction, msg, &[])
    }

    /// A bid at any price, paid in the debt on sale; the bidder is given what he pays.
    pub fn bid(&mut self, bidder: &Addr, position: u64, amount: u128) -> Result<Outcome> {
        let asset = self.0.ask().sale(position)?.sale.debt;
        self.0.give(bidder, asset.as_str(), amount);
        self.bid_with(bidder, position, BidTerms::default(), asset.as_str(), amount)
    }

    /// A bid under terms, paid in `asset`.
    pub fn bid_with(
        &mut self,
        bidder: &Addr,
        position: u64,
        terms: BidTerms,
        asset: &str,
        amount: u128,
    ) -> Result<Outcome> {
        let msg = ExecuteMsg::Bid {
            position,
            max_price: terms.max_price,
            recipient: terms.recipient,
            min_received: terms.min_received.map(Uint128::new),
        };
        let auction = self.0.peers.liquidation_auction.clone();
        self.0.pay(bidder, &auction, &msg, asset, amount)
    }

    /// Terms of sales that open from now on.
    pub fn set_terms(&mut self, terms: SaleTerms) -> Result<Outcome> {
        let owner = self.0.owner.clone();
        self.execute(&owner, &ExecuteMsg::SetTerms { terms })
    }
}
