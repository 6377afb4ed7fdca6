use anyhow::Result;
use cosmwasm_std::{Addr, Decimal256, Uint128};
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::auction::{BidItem, ExecuteMsg, Pay, SaleTerms};
use glidepath_interfaces::events::auction::OrderPlaced;

use crate::{id, Outcome, Suite};

/// What a bidder asks for beside what he pays.
#[derive(Clone, Debug)]
pub struct BidTerms {
    /// Most debt base units per whole collateral token.
    pub max_price: Decimal256,
    /// Who gets the collateral; the bidder if not said.
    pub recipient: Option<String>,
    /// Fewest collateral base units.
    pub min_received: Option<u128>,
    /// What pays instead of coins.
    pub pay: Option<Pay>,
}

impl Default for BidTerms {
    /// At any price.
    fn default() -> Self {
        BidTerms {
            max_price: Decimal256::MAX,
            recipient: None,
            min_received: None,
            pay: None,
        }
    }
}

impl BidTerms {
    /// As a message.
    pub fn on(self, position: u64) -> ExecuteMsg {
        ExecuteMsg::Bid {
            position,
            max_price: self.max_price,
            recipient: self.recipient,
            min_received: self.min_received.map(Uint128::new),
            pay: self.pay,
        }
    }
}

/// One of several bids, at any price and for as much as the payment buys.
pub fn item(position: u64) -> BidItem {
    BidItem {
        position,
        max_price: Decimal256::MAX,
        max_pay: None,
        min_received: None,
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
        let auction = self.0.peers.liquidation_auction.clone();
        self.0.pay(bidder, &auction, &terms.on(position), asset, amount)
    }

    /// A bid at any price out of what the bidder set aside in the vault, of the debt on sale.
    pub fn bid_from_account(&mut self, bidder: &Addr, position: u64, amount: u128) -> Result<Outcome> {
        let asset = self.0.ask().sale(position)?.sale.debt;
        let terms = BidTerms {
            pay: Some(Pay::Account(Amount {
                asset,
                amount: amount.into(),
            })),
            ..BidTerms::default()
        };
        self.execute(bidder, &terms.on(position))
    }

    /// Several bids with one payment in `asset`.
    pub fn bid_many(
        &mut self,
        bidder: &Addr,
        bids: Vec<BidItem>,
        asset: &str,
        amount: u128,
    ) -> Result<Outcome> {
        let msg = ExecuteMsg::BidMany {
            bids,
            recipient: None,
            account: None,
        };
        let auction = self.0.peers.liquidation_auction.clone();
        self.0.pay(bidder, &auction, &msg, asset, amount)
    }

    /// Several bids out of what the bidder set aside in the vault.
    pub fn bid_many_from_account(
        &mut self,
        bidder: &Addr,
        bids: Vec<BidItem>,
        asset: &str,
        amount: u128,
    ) -> Result<Outcome> {
        let account = Amount {
            asset: id(asset),
            amount: amount.into(),
        };
        let msg = ExecuteMsg::BidMany {
            bids,
            recipient: None,
            account: Some(account),
        };
        self.execute(bidder, &msg)
    }

    /// The smallest order in a debt asset; without it none is taken.
    pub fn set_min_order(&mut self, debt: &str, amount: Option<u128>) -> Result<Outcome> {
        let owner = self.0.owner.clone();
        let msg = ExecuteMsg::SetMinOrder {
            debt: id(debt),
            amount: amount.map(Into::into),
        };
        self.execute(&owner, &msg)
    }

    /// Who alone may buy from a collateral's soft lots in their first seconds.
    pub fn set_bidders(&mut self, collateral: &str, reserved: u64, bidders: &[&Addr]) -> Result<Outcome> {
        let owner = self.0.owner.clone();
        let msg = ExecuteMsg::SetBidders {
            collateral: id(collateral),
            reserved,
            bidders: bidders.iter().map(|bidder| bidder.to_string()).collect(),
        };
        self.execute(&owner, &msg)
    }

    /// Places an order with new coins; returns its number.
    pub fn place_order(&mut self, owner: &Addr, pair: (&str, &str), slot: u8, amount: u128) -> Result<u64> {
        let (collateral, debt) = pair;
        self.0.give(owner, debt, amount);
        let msg = ExecuteMsg::PlaceOrder {
            collateral: id(collateral),
            debt: id(debt),
            slot,
        };
        let auction = self.0.peers.liquidation_auction.clone();
        let done = self.0.pay(owner, &auction, &msg, debt, amount)?;
        let placed = done.event(OrderPlaced::TYPE).expect("an order");
        Ok(placed.must("order"))
    }

    /// Takes an order out.
    pub fn cancel_order(&mut self, owner: &Addr, order: u64) -> Result<Outcome> {
        let recipient = None;
        self.execute(owner, &ExecuteMsg::CancelOrder { order, recipient })
    }

    /// Takes out what an order has bought.
    pub fn claim_order(&mut self, owner: &Addr, order: u64) -> Result<Outcome> {
        let recipient = None;
        self.execute(owner, &ExecuteMsg::ClaimOrder { order, recipient })
    }

    /// Has the dearest orders buy.
    pub fn match_orders(&mut self, keeper: &Addr, position: u64) -> Result<Outcome> {
        self.execute(keeper, &ExecuteMsg::Match { position })
    }

    /// Has the insurance fund buy from a lot that nobody wanted.
    pub fn backstop(&mut self, keeper: &Addr, position: u64) -> Result<Outcome> {
        self.execute(keeper, &ExecuteMsg::Backstop { position })
    }

    /// Terms of sales that open from now on.
    pub fn set_terms(&mut self, terms: SaleTerms) -> Result<Outcome> {
        let owner = self.0.owner.clone();
        self.execute(&owner, &ExecuteMsg::SetTerms { terms })
    }
}
