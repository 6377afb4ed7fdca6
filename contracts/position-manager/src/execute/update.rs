//! `Update`: money in and out of a position.

use cosmwasm_std::{Addr, CosmosMsg, DepsMut, Empty, Response, Uint128};
use cw_asset::{Asset, AssetInfo};
use glidepath_interfaces::asset::call_then_pay;
use glidepath_interfaces::auction::Sale;
use glidepath_interfaces::events::position_manager::{DistressEnded, PositionOpened, PositionUpdated};
use glidepath_interfaces::payment::Call;
use glidepath_interfaces::position_manager::Action;
use glidepath_interfaces::vault::{self, Ledger};

use super::advance::{bare, figures, reason, recovered};
use super::messages::Told;
use crate::actions::{carry_out, Actor, Change};
use crate::decide::{end_due, touched, without_distress, Step};
use crate::ledger;
use crate::purse::Purse;
use crate::records::Records;
use crate::state::{load_position, save_position, Config, Position, NEXT, OWNED};
use crate::ContractError;

/// Carries out `actions` in order on a copy of the ledger, checks the result once, and has the vault do the same with
/// all of the payment in one message. A distress whose end is due ends with it: before the actions if the position
/// had recovered by itself, behind them if they are what cured it.
pub fn update(
    deps: DepsMut,
    now: u64,
    call: &Call,
    id: Option<u64>,
    actions: Vec<Action>,
    recipient: Option<Addr>,
) -> Result<Response, ContractError> {
    let mut records = Records::open(deps.as_ref(), now)?;
    vouch(&mut records, call, &actions, None)?;
    let recipient = user(&records.config, call, recipient)?;
    let (number, position, mut ledger) = match id {
        Some(id) => (id, load_position(deps.storage, id)?, records.ledger(id)?),
        None => (
            NEXT.load(deps.storage)?,
            Position::new(call.sender.clone()),
            Ledger::default(),
        ),
    };

    let mut course = Course::of(&records, number, &position)?;
    course.recover(&mut records, &mut ledger)?;
    let actor = Actor {
        position: id,
        owner: &position.owner,
        sender: &call.sender,
        recipient: &recipient,
        in_distress: course.after.is_in_distress(),
        on_sale: course.after.has_sale(),
    };
    let mut purse = Purse::Paid(call.each()?.to_vec());
    let change = carry_out(&mut records, &actor, ledger, &actions, &mut purse)?;
    purse.is_spent()?;
    course.cure(&mut records, &change.ledger)?;
    let ended = course.ended_event(&mut records, &change.ledger)?;
    let config = records.config;

    let opened = id.is_none();
    if opened {
        NEXT.save(deps.storage, &number.saturating_add(1))?;
        OWNED.save(deps.storage, (&position.owner, number), &Empty {})?;
    }
    if opened || course.after != position {
        save_position(deps.storage, number, &course.after)?;
    }

    // Tokens move when all is told: one that calls back finds nothing half-done.
    let (apply, tokens) = to_vault(&config, number, call, &change)?;
    let mut response = Response::new()
        .add_messages(course.before_it)
        .add_message(apply)
        .add_messages(course.behind_it)
        .add_messages(tokens)
        .add_messages(refunds(&change, &call.sender)?);
    if opened {
        response = response.add_event(PositionOpened {
            position: number,
            owner: position.owner.clone(),
        });
    }
    response = response.add_event(PositionUpdated {
        position: number,
        sender: call.sender.clone(),
        actions: u32::try_from(actions.len()).unwrap_or(u32::MAX),
        initial_health: change.initial_health,
    });
    if let Some(ended) = ended {
        response = response.add_event(ended);
    }
    Ok(response)
}

/// Who gets what goes out: by a token's hook the sender only, and never a contract of the suite.
pub fn user(config: &Config, call: &Call, recipient: Option<Addr>) -> Result<Addr, ContractError> {
    if call.is_by_hook() && recipient.is_some() {
        return Err(ContractError::RecipientByHook {});
    }
    let recipient = recipient.unwrap_or_else(|| call.sender.clone());
    if config.peers.contains(&recipient) {
        return Err(ContractError::RecipientIsSuite { recipient });
    }
    Ok(recipient)
}

/// What an update does to a position's distress.
struct Course<'a> {
    id: u64,
    /// Before the update.
    position: &'a Position,
    sale: Option<Sale>,
    /// After it.
    after: Position,
    /// What ended the distress.
    ended: Option<Step>,
    /// To be told before the ledger changes, and behind it.
    before_it: Vec<CosmosMsg>,
    behind_it: Vec<CosmosMsg>,
}

impl<'a> Course<'a> {
    fn of(records: &Records, id: u64, position: &'a Position) -> Result<Self, ContractError> {
        Ok(Course {
            id,
            position,
            sale: records.sale_of(id, position)?,
            after: position.clone(),
            ended: None,
            before_it: vec![],
            behind_it: vec![],
        })
    }

    fn told<'t>(&'t self, config: &'t Config) -> Told<'t> {
        Told {
            config,
            id: self.id,
            distress: self.position.distress.as_ref(),
            mode: self.sale.as_ref().map(|sale| sale.mode),
            insolvent: false,
            asked: None,
        }
    }

    /// Ends a distress that the position has recovered from by itself: the actions find it without one.
    fn recover(&mut self, records: &mut Records, ledger: &mut Ledger) -> Result<(), ContractError> {
        let Some(step) = recovered(records, self.position, ledger, self.sale.as_ref())? else {
            return Ok(());
        };
        self.before_it = self.told(&records.config).of(&step, records.now)?;
        let found = bare(records, self.position, ledger, self.sale.as_ref())?;
        ledger::calm(records, ledger, true)?;
        self.after = without_distress(self.position, &records.config.params, records.now, found.as_ref());
        self.ended = Some(step);
        Ok(())
    }

    /// Ends a distress that the actions have cured. A first sighting that no longer holds is forgotten, as by any touch.
    fn cure(&mut self, records: &mut Records, ledger: &Ledger) -> Result<(), ContractError> {
        let Some(distress) = &self.after.distress else {
            return Ok(());
        };
        let is_sighted = distress.sighted_at.is_some();
        let found = bare(records, &self.after, ledger, self.sale.as_ref())?;
        if let Some(step) = end_due(&self.after, self.sale.as_ref(), found.as_ref(), records.now) {
            self.behind_it = self.told(&records.config).ended(&step)?;
            self.after = without_distress(&self.after, &records.config.params, records.now, found.as_ref());
            self.ended = Some(step);
        } else if is_sighted {
            let found = figures(records, self.id, &self.after, ledger, self.sale.as_ref())?;
            self.after.distress = Some(touched(distress, found.as_ref(), &records.config.params));
        }
        Ok(())
    }

    fn ended_event(
        &self,
        records: &mut Records,
        ledger: &Ledger,
    ) -> Result<Option<DistressEnded>, ContractError> {
        let (Some(step), Some(distress)) = (&self.ended, &self.position.distress) else {
            return Ok(None);
        };
        Ok(Some(DistressEnded {
            position: self.id,
            reason: reason(step),
            called_at: distress.called_at,
            health: bare(records, self.position, ledger, None)?.map(|figures| figures.maintenance),
        }))
    }
}

/// A token's word about its sender is taken only where the token stands for something that the actions pay in, or for what is
/// paid beside them, and its own coins go in first.
pub fn vouch(
    records: &mut Records,
    call: &Call,
    actions: &[Action],
    beside: Option<&AssetInfo>,
) -> Result<(), ContractError> {
    let Some(token) = &call.token else { return Ok(()) };
    let info = AssetInfo::cw20(token.clone());
    let mut stands_for_one = beside == Some(&info);
    for action in actions {
        if let Action::Deposit(what) = action {
            stands_for_one |= records.asset(&what.asset)?.info == info;
        }
        if let Action::Repay { asset, .. } = action {
            stands_for_one |= records.asset(asset)?.info == info;
        }
    }
    if !stands_for_one {
        return Err(ContractError::WrongToken { token: token.clone() });
    }
    let pays = |action: &Action| matches!(action, Action::Deposit(_) | Action::Repay { .. });
    if !actions
        .iter()
        .skip_while(|action| pays(action))
        .all(|action| !pays(action))
    {
        return Err(ContractError::PaymentsFirst {});
    }
    Ok(())
}

/// The ledger's change with all coins of its payment, and the tokens that go behind it.
pub fn to_vault(
    config: &Config,
    position: u64,
    call: &Call,
    change: &Change,
) -> Result<(CosmosMsg, Vec<CosmosMsg>), ContractError> {
    let kept: Vec<Asset> = call
        .paid
        .iter()
        .map(|coin| {
            let back = change.refunds.iter().filter(|back| back.info == coin.info);
            let back = back.fold(Uint128::zero(), |sum, back| sum.saturating_add(back.amount));
            Asset::new(coin.info.clone(), coin.amount.saturating_sub(back))
        })
        .filter(|coin| !coin.amount.is_zero())
        .collect();
    let actions = change.actions.clone();
    let apply = vault::ExecuteMsg::Apply { position, actions };
    Ok(call_then_pay(&config.peers.vault, &apply, &kept)?)
}

/// What repayments did not need goes back to who paid.
pub fn refunds(change: &Change, payer: &Addr) -> Result<Vec<CosmosMsg>, ContractError> {
    change
        .refunds
        .iter()
        .map(|back| Ok(back.transfer_msg(payer)?))
        .collect()
}
