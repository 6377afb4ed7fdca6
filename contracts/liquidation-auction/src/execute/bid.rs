//! Bids: one, or several with one payment.

use cosmwasm_std::{Addr, Binary, CosmosMsg, Deps, DepsMut, Env, Response, Uint128};
use cw_asset::Asset;
use glidepath_interfaces::asset::{self, call_then_pay, Amount};
use glidepath_interfaces::auction::{BidItem, Coins, ExecuteMsg, Pay, Resume};
use glidepath_interfaces::events::auction::BidPassedOver;
use glidepath_interfaces::payment::{some, Call, PaymentError};
use glidepath_interfaces::vault::{self, PaidBy};
use glidepath_interfaces::{first_twice, Peers};

use super::fill::{fill, told, Buyer, Done};
use super::matching::{in_front, serve, First};
use crate::quote::{quote, Quote};
use crate::state::PEERS;
use crate::ContractError;

/// Most bids in one message: each is a query and some records, and a chain's block has room for more than one message.
pub const MAX_BIDS: usize = 64;

/// Most slots that are served in front of a bid: what a bidder pays for others is bounded.
const MOST_SERVED: u8 = 2;

/// What pays.
enum Means {
    /// Coins or tokens that are here.
    Coins(Asset),
    /// What the bidder set aside in the vault.
    Account(Amount),
    /// The bidder's contract, once it has the collateral.
    Callback { max: Option<Uint128>, msg: Binary },
}

impl Means {
    fn of(call: &Call, pay: Option<Pay>) -> Result<Self, ContractError> {
        Ok(match pay {
            None => Means::Coins(call.paid_in_one()?.clone()),
            Some(Pay::Account(most)) => {
                call.unpaid()?;
                some(most.amount)?;
                Means::Account(most)
            }
            Some(Pay::Callback { max, msg }) => {
                call.unpaid()?;
                Means::Callback { max, msg }
            }
        })
    }

    /// Most debt base units.
    fn most(&self) -> Option<Uint128> {
        match self {
            Means::Coins(paid) => Some(paid.amount),
            Means::Account(most) => Some(most.amount),
            Means::Callback { max, .. } => *max,
        }
    }

    /// Is it what the sale takes?
    fn check(&self, position: u64, quote: &Quote) -> Result<(), ContractError> {
        match self {
            Means::Coins(paid) if paid.info != quote.fill.pay => {
                return Err(PaymentError::WrongPayment {
                    expected: quote.fill.pay.to_string(),
                    found: paid.to_string(),
                }
                .into())
            }
            Means::Account(most) if most.asset != quote.live.sale.debt => {
                return Err(ContractError::OtherDebt {
                    position,
                    debt: quote.live.sale.debt.clone(),
                    paid: most.asset.clone(),
                })
            }
            Means::Coins(_) | Means::Account(_) | Means::Callback { .. } => {}
        }
        Ok(())
    }
}

/// Who bids, with what, for whom.
struct Bidder {
    address: Addr,
    recipient: Addr,
    means: Means,
}

impl Bidder {
    fn of(
        deps: Deps,
        peers: &Peers<Addr>,
        call: &Call,
        recipient: Option<String>,
        pay: Option<Pay>,
    ) -> Result<Self, ContractError> {
        let means = Means::of(call, pay)?;
        let recipient = recipient_of(deps, peers, call, recipient)?;
        if matches!(means, Means::Account(_)) && recipient != call.sender {
            return Err(ContractError::AccountBuysForItself { recipient });
        }
        Ok(Bidder {
            address: call.sender.clone(),
            recipient,
            means,
        })
    }

    fn buyer(&self) -> Buyer<'_> {
        Buyer {
            bidder: &self.address,
            recipient: &self.recipient,
        }
    }
}

/// Buys what the payment buys at the price of now and returns the rest. The payment goes on to the vault, which delivers; the
/// auction keeps nothing. Orders that pay as much come first.
pub fn bid(
    deps: DepsMut,
    env: &Env,
    call: &Call,
    bid: BidItem,
    recipient: Option<String>,
    pay: Option<Pay>,
) -> Result<Response, ContractError> {
    let peers = PEERS.load(deps.storage)?;
    let bidder = Bidder::of(deps.as_ref(), &peers, call, recipient, pay)?;
    bid_behind(deps, env, &peers, bidder, bid, 0)
}

/// Goes on with a bid behind orders that came before it.
pub fn resume(deps: DepsMut, env: &Env, sender: &Addr, resume: Resume) -> Result<Response, ContractError> {
    if *sender != env.contract.address {
        return Err(ContractError::NotSelf {
            sender: sender.clone(),
        });
    }
    let peers = PEERS.load(deps.storage)?;
    let means = match (resume.coins, resume.pay) {
        (_, Some(Pay::Account(most))) => Means::Account(most),
        (_, Some(Pay::Callback { max, msg })) => Means::Callback { max, msg },
        (Some(Coins { info, amount }), None) => Means::Coins(Asset::new(info, amount)),
        (None, None) => return Err(PaymentError::ZeroAmount {}.into()),
    };
    let bidder = Bidder {
        address: deps.api.addr_validate(&resume.bidder)?,
        recipient: deps.api.addr_validate(&resume.recipient)?,
        means,
    };
    bid_behind(deps, env, &peers, bidder, resume.bid, resume.served)
}

/// A bid before which `served` slots were served. Where it can't be filled after that, what they bought stands, and the bidder
/// has his coins back: else who places orders could have bids fail at no cost. Who asked for something in return
/// (`min_received`) is refused, and all of it is undone.
// Chains refuse a function of more than 100 locals, which inlining makes of it.
#[inline(never)]
fn bid_behind(
    deps: DepsMut,
    env: &Env,
    peers: &Peers<Addr>,
    bidder: Bidder,
    bid: BidItem,
    served: u8,
) -> Result<Response, ContractError> {
    let now = env.block.time.seconds();
    let keeps = served > 0 && bid.min_received.is_none();
    let quote = match offered(deps.as_ref(), peers, now, &bidder, bidder.means.most(), &bid) {
        Err(refusal) if keeps => return passed_over(bidder, bid.position, &refusal),
        other => other?,
    };
    match in_front(deps.as_ref(), env, peers, bid.position, &quote, None)? {
        Some(first) if served >= MOST_SERVED => {
            let refusal = match_first(bid.position, &first);
            if keeps {
                passed_over(bidder, bid.position, &refusal)
            } else {
                Err(refusal)
            }
        }
        Some(first) => {
            let bought = serve(deps, env, peers, &bidder.address, bid.position, first)?;
            Ok(bought.add_message(behind(peers, bidder, bid, served.saturating_add(1))?))
        }
        None => {
            let done = fill(deps, now, bid.position, &quote, &bidder.buyer())?;
            settled(peers, bidder, vec![done])
        }
    }
}

/// Nothing was bought; what came comes back.
fn passed_over(bidder: Bidder, position: u64, refusal: &ContractError) -> Result<Response, ContractError> {
    let event = BidPassedOver {
        position,
        reason: refusal.to_string(),
        bidder: bidder.address.clone(),
    };
    let mut response = Response::new().add_event(event);
    if let Means::Coins(coins) = bidder.means {
        response = response.add_message(coins.transfer_msg(&bidder.address)?);
    }
    Ok(response)
}

/// The message by which a bid goes on.
fn behind(peers: &Peers<Addr>, bidder: Bidder, bid: BidItem, served: u8) -> Result<CosmosMsg, ContractError> {
    let (coins, pay) = match bidder.means {
        Means::Coins(Asset { info, amount }) => (Some(Coins { info, amount }), None),
        Means::Account(most) => (None, Some(Pay::Account(most))),
        Means::Callback { max, msg } => (None, Some(Pay::Callback { max, msg })),
    };
    let resume = Resume {
        bid,
        bidder: bidder.address.into(),
        recipient: bidder.recipient.into(),
        coins,
        pay,
        served,
    };
    Ok(asset::call(
        &peers.liquidation_auction,
        &ExecuteMsg::Resume(resume),
    )?)
}

pub fn match_first(position: u64, First { orders, .. }: &First) -> ContractError {
    ContractError::MatchFirst {
        position,
        slot: orders.slot,
        pays: orders.pays,
    }
}

/// Buys from several lots with one payment. What can't be filled is passed over: a bid fails in what is asked about it, before
/// anything of it is booked, and no bid touches another's position.
// Chains refuse a function of more than 100 locals, which inlining makes of it.
#[inline(never)]
pub fn bid_many(
    mut deps: DepsMut,
    env: &Env,
    call: &Call,
    bids: Vec<BidItem>,
    recipient: Option<String>,
    account: Option<Amount>,
) -> Result<Response, ContractError> {
    check_list(&bids)?;
    let now = env.block.time.seconds();
    let peers = PEERS.load(deps.storage)?;
    let bidder = Bidder::of(deps.as_ref(), &peers, call, recipient, account.map(Pay::Account))?;
    let mut left = bidder.means.most().unwrap_or_default();
    let (mut all, mut first_refusal, mut passed_over) = (vec![], None, vec![]);
    for bid in bids {
        let first = |quote: Quote| match in_front(deps.as_ref(), env, &peers, bid.position, &quote, None)? {
            Some(first) => Err(match_first(bid.position, &first)),
            None => Ok(quote),
        };
        let quote = offered(deps.as_ref(), &peers, now, &bidder, Some(left), &bid).and_then(first);
        match quote {
            Ok(quote) => {
                let done = fill(deps.branch(), now, bid.position, &quote, &bidder.buyer())?;
                left = left.checked_sub(done.paid)?;
                all.push(done);
            }
            Err(refusal) => {
                passed_over.push(BidPassedOver {
                    position: bid.position,
                    bidder: call.sender.clone(),
                    reason: refusal.to_string(),
                });
                first_refusal.get_or_insert(refusal);
            }
        }
    }
    if let (true, Some(refusal)) = (all.is_empty(), first_refusal) {
        return Err(refusal);
    }
    Ok(settled(&peers, bidder, all)?.add_events(passed_over))
}

fn check_list(bids: &[BidItem]) -> Result<(), ContractError> {
    if bids.is_empty() || bids.len() > MAX_BIDS {
        return Err(ContractError::BadNumber {
            bids: bids.len(),
            max: MAX_BIDS,
        });
    }
    match first_twice(bids.iter().map(|bid| bid.position)) {
        Some(position) => Err(ContractError::BidTwice { position }),
        None => Ok(()),
    }
}

pub fn recipient_of(
    deps: Deps,
    peers: &Peers<Addr>,
    call: &Call,
    recipient: Option<String>,
) -> Result<Addr, ContractError> {
    let recipient = call.or_sender(deps.api, recipient)?;
    if peers.contains(&recipient) {
        return Err(ContractError::RecipientIsSuite { recipient });
    }
    Ok(recipient)
}

/// What a bid for at most `most` gets now, if that is what the bidder asked for.
fn offered(
    deps: Deps,
    peers: &Peers<Addr>,
    now: u64,
    bidder: &Bidder,
    most: Option<Uint128>,
    bid: &BidItem,
) -> Result<Quote, ContractError> {
    let most = match (most, bid.max_pay) {
        (Some(most), Some(max)) => Some(most.min(max)),
        (one, other) => one.or(other),
    };
    let quote = quote(deps, peers, bid.position, most, None, now)?;
    quote
        .live
        .open_to(deps.storage, bid.position, Some(&bidder.address))?;
    bidder.means.check(bid.position, &quote)?;
    let fill = &quote.fill;
    if fill.price > bid.max_price {
        return Err(ContractError::BidAboveMaxPrice {
            price: fill.price,
            max: bid.max_price,
        });
    }
    match bid.min_received {
        Some(min) if fill.sold < min => Err(ContractError::BelowMinReceived { sold: fill.sold, min }),
        _ => Ok(quote),
    }
}

/// Has the vault settle fills that are booked here, and returns what is left of the payment.
fn settled(peers: &Peers<Addr>, bidder: Bidder, all: Vec<Done>) -> Result<Response, ContractError> {
    let (mut response, mut fills, mut thens) = (Response::new(), vec![], vec![]);
    let mut paid = Uint128::zero();
    for done in all {
        response = response.add_events(done.events);
        paid = paid.checked_add(done.paid)?;
        fills.push(done.fill);
        thens.extend(done.then);
    }
    let address = bidder.address.to_string();
    let (paid_by, coins) = match bidder.means {
        Means::Coins(coins) => (PaidBy::Coins {}, Some(coins)),
        Means::Account(_) => (PaidBy::Account { payer: address }, None),
        Means::Callback { msg, .. } => (PaidBy::Ticket { bidder: address, msg }, None),
    };
    let settle = vault::ExecuteMsg::Settle {
        fills,
        paid_by,
        recipient: bidder.recipient.into(),
    };
    let due = coins.as_ref().map(|coins| Asset::new(coins.info.clone(), paid));
    let (settle, tokens) = call_then_pay(&peers.vault, &settle, due.as_slice())?;
    let (before, behind) = told(&peers.position_manager, thens)?;
    // Tokens move when all is told: one that calls back finds nothing half-done.
    response = response
        .add_messages(before)
        .add_message(settle)
        .add_messages(behind)
        .add_messages(tokens);
    if let Some(coins) = coins {
        let refund = coins.amount.checked_sub(paid)?;
        if !refund.is_zero() {
            response = response.add_message(Asset::new(coins.info, refund).transfer_msg(&bidder.address)?);
        }
    }
    Ok(response)
}
