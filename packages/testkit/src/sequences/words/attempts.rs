//! What is tried by who means no good: forged messages, wrong payments, calls from within.

use std::fmt::{Display, Formatter, Result as Fmt};
use std::str::FromStr;

use super::BadLine;

words! {
    /// What a contract does that is called in the middle of its payout.
    Back {
        /// Adds collateral to a position.
        Deposit = "deposit",
        /// Takes collateral out of one.
        Withdraw = "withdraw",
        /// Borrows on one.
        Borrow = "borrow",
        /// Repays a debt of one.
        Repay = "repay",
        /// Bids on one.
        Bid = "bid",
        /// Advances one.
        Advance = "advance",
        /// Has all prices asked.
        Ask = "ask",
        /// Lends.
        Supply = "supply",
        /// Takes a supply out.
        Recall = "recall",
        /// Takes its account out.
        Take = "take",
        /// Stakes.
        Stake = "stake",
        /// Asks to leave the fund.
        Request = "request",
        /// Leaves the fund.
        Exit = "exit",
        /// Has the fund's books kept.
        Book = "book",
        /// Bids on one without paying, and pays when it is called.
        Flash = "flash",
        /// Has standing orders buy from one.
        Match = "match",
        /// Places a standing order for what is on sale.
        Place = "place",
        /// Takes out its first standing order.
        Unplace = "unplace",
    }
}

words! {
    /// A message that is not the sender's to send. All are refused.
    Forged {
        /// `vault.apply`
        Apply = "apply",
        /// `vault.set_distress`
        SetDistress = "set_distress",
        /// `vault.settle`
        Settle = "settle",
        /// `vault.write_off`
        WriteOff = "write_off",
        /// `vault.take_over`
        TakeOver = "take_over",
        /// `vault.list_asset`
        ListAsset = "list_asset",
        /// `vault.set_market`
        SetMarket = "set_market",
        /// `vault.set_penalty_split`
        SetSplit = "set_split",
        /// `vault.withdraw_reserves`
        Reserves = "reserves",
        /// `auction.open`
        Open = "open",
        /// `auction.start_lot`
        StartLot = "start_lot",
        /// `auction.sleep`
        Sleep = "sleep",
        /// `auction.end`
        End = "end",
        /// `auction.set_terms`
        SetTerms = "set_terms",
        /// `auction.resume`
        Resume = "resume",
        /// `auction.set_min_order`
        MinOrder = "min_order",
        /// `vault.ticket_paid`
        TicketPaid = "ticket_paid",
        /// `vault.deposit` into the auction's account
        IntoOrders = "into_orders",
        /// `position_manager.set_asset`
        SetAsset = "set_asset",
        /// `position_manager.set_params`
        SetParams = "set_params",
        /// `position_manager.set_order`
        SetOrder = "set_order",
        /// `position_manager.end_sale`
        EndSale = "end_sale",
        /// `oracle.post`
        Post = "post",
        /// `oracle.set_guardian`
        OracleGuardian = "oracle_guardian",
        /// `vault.set_guardian`
        VaultGuardian = "vault_guardian",
        /// `position_manager.set_guardian`
        ManagerGuardian = "manager_guardian",
        /// `oracle.set_feed`
        SetFeed = "set_feed",
        /// `oracle.set_reporters`
        SetReporters = "set_reporters",
        /// `fund.set_cover`
        SetCover = "set_cover",
        /// `fund.set_params`
        FundParams = "fund_params",
        /// `fund.withdraw_account`
        FundAccount = "fund_account",
        /// `update_ownership` of each contract in turn
        Ownership = "ownership",
    }
}

words! {
    /// A payment that is not what the message takes. All are refused.
    Wrong {
        /// A bid in the collateral on sale.
        BidDenom = "bid_denom",
        /// A bid in two coins.
        BidTwo = "bid_two",
        /// A bid without a coin.
        BidNothing = "bid_nothing",
        /// A bid that says that an account pays, with a coin.
        BidBoth = "bid_both",
        /// Several bids without a coin.
        ManyNothing = "many_nothing",
        /// A standing order paid in another coin.
        OrderDenom = "order_denom",
        /// A payment of a ticket that there is not.
        NoTicket = "no_ticket",
        /// A supply in another coin.
        SupplyDenom = "supply_denom",
        /// A supply without a coin.
        SupplyNothing = "supply_nothing",
        /// A deposit with a coin too many.
        UpdateExtra = "update_extra",
        /// A deposit that is not paid for.
        UpdateUnpaid = "update_unpaid",
        /// A coin with `advance`.
        AdvancePaid = "advance_paid",
        /// A coin with `withdraw`.
        WithdrawPaid = "withdraw_paid",
        /// A stake in another coin.
        StakeDenom = "stake_denom",
        /// A token that nobody listed, by the hook of each contract in turn.
        Token = "token",
        /// A listed token with a message that nobody knows.
        Message = "message",
        /// A hook inside a hook.
        Nested = "nested",
        /// A hook that no token sent.
        Posing = "posing",
    }
}
