//! `Settle`: fills of sales, and how they are paid.

use std::collections::BTreeMap;

use cosmwasm_std::{
    Addr, Binary, CosmosMsg, Decimal256, DepsMut, Event, Response, Storage, Uint128, Uint256,
};
use cw_asset::Asset;
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::events::vault::{KeeperCredited, Settled};
use glidepath_interfaces::payment::{some, Call};
use glidepath_interfaces::vault::{Ledger, PenaltySplit, SalePermission, VaultAsset};
use glidepath_interfaces::AssetId;
use glidepath_risk::math::{mul, mul_div_256, ten_pow};
use glidepath_risk::Rounding;

use super::backstop::{self, Purchase};
use super::ticket::{self, Delivery};
use crate::books::{minus, plus, to_fund, to_reserves, Books, Part};
use crate::call::{paid_by_peer, payout};
use crate::error::ContractError;
use crate::execute::distress::{set, Distress};
use crate::state::{listed, Config, CONFIG, LEDGERS, MAX_PENALTY};

/// Who matches a standing order gets one of so many parts of the keepers' part of that fill: enough to be worth a message,
/// and as much as is left to who called and opened.
const PARTS_FOR_MATCHING: Uint128 = Uint128::new(2);

/// What the auction settles.
pub struct Fill {
    /// Position.
    pub position: u64,
    /// Collateral base units.
    pub sold: Uint128,
    /// Debt base units that repay.
    pub repaid: Uint128,
    /// Debt base units of penalty.
    pub penalty: Uint128,
    /// Who matched a standing order.
    pub matched_by: Option<Addr>,
    /// Who earned the keepers' part, if the sale ends with it.
    pub ends: Option<Vec<Addr>>,
}

/// How fills are paid.
pub enum PaidBy {
    /// With coins.
    Coins,
    /// Out of somebody's account, into the recipient's.
    Account(Addr),
    /// With supply shares of the insurance fund, into its account.
    Fund,
    /// By the bidder's contract, after the delivery.
    Ticket {
        /// Whom to call.
        bidder: Addr,
        /// With what.
        msg: Binary,
    },
}

/// Sells collateral of the permitted pairs for the payment, which repays debts and pays the penalties. A fill writes three
/// records: the ledger, the debt's market, the collateral's holdings (and the count of insolvent debts with the fill that
/// clears one); several fills share the last two. The fill that ends its sale ends the position's distress with it: one write
/// of each record where the position manager's word behind it would take a second.
pub fn settle(
    deps: DepsMut,
    now: u64,
    call: &Call,
    fills: Vec<Fill>,
    paid_by: PaidBy,
    recipient: &Addr,
) -> Result<Response, ContractError> {
    let DepsMut { storage, querier, .. } = deps;
    let config = CONFIG.load(storage)?;
    config.only_auction(&call.sender)?;
    let fund = &config.peers.insurance_fund;
    match &paid_by {
        PaidBy::Account(payer) => exchanged_for_its_owner(payer, recipient)?,
        PaidBy::Fund => exchanged_for_its_owner(fund, recipient)?,
        PaidBy::Coins | PaidBy::Ticket { .. } => config.user(recipient)?,
    }
    let first = fills.first().map(|fill| fill.position);
    let first = first.ok_or(ContractError::NoFills {})?;
    if matches!(paid_by, PaidBy::Ticket { .. }) && fills.len() > 1 {
        return Err(ContractError::OneFillATicket { fills: fills.len() });
    }
    if matches!(paid_by, PaidBy::Fund) {
        backstop::check(&fills)?;
    }

    let mut settling = Settling {
        storage,
        config: &config,
        recipient,
        payer: match &paid_by {
            PaidBy::Account(payer) => Some(payer),
            PaidBy::Fund => Some(fund),
            PaidBy::Coins | PaidBy::Ticket { .. } => None,
        },
        books: Books::open(now),
        ledgers: BTreeMap::new(),
        paid: BTreeMap::new(),
        sold: BTreeMap::new(),
        keepers: Uint128::zero(),
        events: vec![],
    };
    for fill in fills {
        settling.fill(fill)?;
    }
    let Settling {
        mut books,
        ledgers,
        paid,
        sold,
        keepers,
        mut events,
        ..
    } = settling;

    let messages = match paid_by {
        PaidBy::Coins => {
            paid_by_peer(call, &assets(storage, &paid)?)?;
            delivery(&goods(sold), recipient)?
        }
        PaidBy::Account(payer) => {
            call.unpaid()?;
            // The auction's own account holds what standing orders are paid from: all of it is set aside.
            let part = match payer == config.peers.liquidation_auction {
                true => Part::All,
                false => Part::SetAside,
            };
            for (asset, amount) in &paid {
                books.debit(storage, &payer, asset, *amount, part)?;
            }
            for (asset, Asset { amount, .. }) in &sold {
                books.credit(storage, recipient, asset, *amount)?;
            }
            vec![]
        }
        PaidBy::Fund => {
            call.unpaid()?;
            let mut messages = vec![];
            for ((debt, amount), (collateral, goods)) in paid.into_iter().zip(sold) {
                let purchase = Purchase {
                    position: first,
                    paid: Amount { asset: debt, amount },
                    goods: Amount {
                        asset: collateral,
                        amount: goods.amount,
                    },
                };
                let (told, event) = backstop::pay(storage, &querier, &mut books, fund, purchase)?;
                messages.push(told);
                events.push(event);
            }
            messages
        }
        PaidBy::Ticket { bidder, msg } => {
            call.unpaid()?;
            let goods = goods(sold);
            let mut messages = delivery(&goods, recipient)?;
            for (asset, owed) in paid {
                let delivered = Delivery {
                    position: first,
                    goods: &goods,
                    owed,
                    cash: minus(owed, keepers)?,
                    bidder: &bidder,
                    msg: msg.clone(),
                };
                let (opened, event) =
                    ticket::open(storage, &mut books, asset, delivered, &config.peers.vault)?;
                messages.extend(opened);
                events.push(event);
            }
            messages
        }
    };
    books.close(storage)?;
    for (position, ledger) in ledgers {
        LEDGERS.save(storage, position, &ledger)?;
    }
    Ok(Response::new().add_messages(messages).add_events(events))
}

/// Named amounts as coins and tokens.
fn assets(storage: &dyn Storage, amounts: &BTreeMap<AssetId, Uint128>) -> Result<Vec<Asset>, ContractError> {
    amounts
        .iter()
        .map(|(asset, amount)| Ok(Asset::new(listed(storage, asset)?.info, *amount)))
        .collect()
}

/// What was sold, as coins and tokens.
fn goods(sold: BTreeMap<AssetId, Asset>) -> Vec<Asset> {
    sold.into_values().collect()
}

fn delivery(goods: &[Asset], recipient: &Addr) -> Result<Vec<CosmosMsg>, ContractError> {
    goods
        .iter()
        .map(|one| payout(one.info.clone(), one.amount, recipient))
        .collect()
}

/// Fills under way: what they change, saved when all are done.
struct Settling<'a> {
    storage: &'a mut dyn Storage,
    config: &'a Config,
    recipient: &'a Addr,
    payer: Option<&'a Addr>,
    books: Books,
    ledgers: BTreeMap<u64, Ledger>,
    paid: BTreeMap<AssetId, Uint128>,
    /// With what each name stands for: read once, for its decimals and for the payout.
    sold: BTreeMap<AssetId, Asset>,
    /// The keepers' part of all penalties.
    keepers: Uint128,
    events: Vec<Event>,
}

impl Settling<'_> {
    // Chains refuse a function of more than 100 locals, which inlining makes of it.
    #[inline(never)]
    fn fill(&mut self, fill: Fill) -> Result<(), ContractError> {
        let Fill {
            position,
            sold,
            repaid,
            penalty,
            matched_by,
            ends,
        } = fill;
        let no_position = || ContractError::NoPosition { position };
        let mut ledger = match self.ledgers.remove(&position) {
            Some(ledger) => ledger,
            None => LEDGERS
                .may_load(self.storage, position)?
                .ok_or_else(no_position)?,
        };
        let mut sale = ledger.sale.take().ok_or(ContractError::NoSale { position })?;
        let paid = plus(some(repaid)?, penalty)?;
        check_penalty(repaid, penalty)?;
        let VaultAsset { info, decimals } = listed(self.storage, &sale.collateral)?;
        check_price(paid, some(sold)?, decimals, sale.min_price)?;

        let books = &mut self.books;
        books.release(self.storage, &mut ledger, &sale.collateral, sold)?;
        let owed = books.repay(self.storage, &mut ledger, &sale.debt, repaid)?;
        let parts = Parts::of(penalty, &self.config.penalty_split)?;
        let for_matching = match matched_by {
            Some(_) => parts.keepers.checked_div(PARTS_FOR_MATCHING).unwrap_or_default(),
            None => Uint128::zero(),
        };
        let for_keepers = minus(parts.keepers, for_matching)?;
        parts.book(self.storage, books, &mut sale, for_keepers)?;
        let sum = self.paid.entry(sale.debt.clone()).or_default();
        *sum = plus(*sum, paid)?;
        let goods = self.sold.entry(sale.collateral.clone());
        let goods = goods.or_insert_with(|| Asset::new(info, Uint128::zero()));
        goods.amount = plus(goods.amount, sold)?;
        self.keepers = plus(self.keepers, parts.keepers)?;

        self.events.push(
            Settled {
                position,
                collateral: sale.collateral.clone(),
                debt: sale.debt.clone(),
                recipient: self.recipient.clone(),
                sold,
                principal: owed.principal,
                surcharge: owed.surcharge,
                penalty_fund: parts.fund,
                penalty_keepers: parts.keepers,
                penalty_reserves: parts.reserves,
                payer: self.payer.cloned(),
            }
            .into(),
        );
        if let Some(keeper) = matched_by.filter(|_| !for_matching.is_zero()) {
            books.credit(self.storage, &keeper, &sale.debt, for_matching)?;
            self.events.push(
                KeeperCredited {
                    position,
                    asset: sale.debt.clone(),
                    keeper,
                    amount: for_matching,
                }
                .into(),
            );
        }
        ledger.sale = Some(sale);
        if let Some(keepers) = ends {
            let over = Distress::over(keepers);
            let ended = set(self.storage, books, &mut ledger, position, over)?;
            self.events.extend(ended);
        }
        self.ledgers.insert(position, ledger);
        Ok(())
    }
}

/// A penalty split to the unit.
pub struct Parts {
    /// The insurance fund's.
    pub fund: Uint128,
    /// The keepers'.
    pub keepers: Uint128,
    /// The reserves'.
    pub reserves: Uint128,
}

impl Parts {
    /// The fund's and the keepers' parts are rounded down; what does not divide goes to the reserves.
    pub fn of(penalty: Uint128, split: &PenaltySplit) -> Result<Self, ContractError> {
        let fund = mul(penalty, split.fund, Rounding::Down)?;
        let keepers = mul(penalty, split.keepers, Rounding::Down)?;
        let reserves = minus(penalty, plus(fund, keepers)?)?;
        Ok(Parts {
            fund,
            keepers,
            reserves,
        })
    }

    /// Supplies the fund's and the reserves' parts to the market of the debt on sale, and counts `for_keepers` of the keepers'
    /// as due to those of the sale.
    pub fn book(
        &self,
        storage: &dyn Storage,
        books: &mut Books,
        sale: &mut SalePermission,
        for_keepers: Uint128,
    ) -> Result<(), ContractError> {
        let market = &mut books.market(storage, &sale.debt)?.state;
        to_fund(market, self.fund)?;
        to_reserves(market, self.reserves)?;
        market.dues = plus(market.dues, for_keepers)?;
        sale.keepers = plus(sale.keepers, for_keepers)?;
        Ok(())
    }
}

/// What was set aside may be exchanged, not given away: not even a broken auction can name somebody else.
fn exchanged_for_its_owner(payer: &Addr, recipient: &Addr) -> Result<(), ContractError> {
    if payer != recipient {
        return Err(ContractError::OthersAccount {
            payer: payer.clone(),
            recipient: recipient.clone(),
        });
    }
    Ok(())
}

fn check_penalty(repaid: Uint128, penalty: Uint128) -> Result<(), ContractError> {
    let max = mul(repaid, MAX_PENALTY, Rounding::Down)?;
    if penalty > max {
        return Err(ContractError::PenaltyTooHigh { penalty, max });
    }
    Ok(())
}

/// `paid · 10^decimals ≥ min_price · sold`, exactly.
fn check_price(
    paid: Uint128,
    sold: Uint128,
    decimals: u8,
    min_price: Decimal256,
) -> Result<(), ContractError> {
    let least = mul_div_256(
        min_price.atomics(),
        sold.into(),
        Decimal256::one().atomics(),
        Rounding::Up,
    )?;
    let offered = Uint256::from(paid)
        .checked_mul(ten_pow(decimals)?)
        .map_err(glidepath_risk::RiskError::from)?;
    if offered < least {
        return Err(ContractError::BelowMinPrice {
            paid,
            sold,
            min_price,
        });
    }
    Ok(())
}
