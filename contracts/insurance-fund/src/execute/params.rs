//! `SetParams`: cooldown, exit window and stream.

use cosmwasm_std::{Addr, Event, Response, Storage};
use glidepath_interfaces::events::fund::ParamsSet;
use glidepath_interfaces::fund::Params;

use crate::error::ContractError;
use crate::state::CONFIG;
use crate::validate;

/// Sets the parameters for requests and gains from now on.
pub fn set_params(
    storage: &mut dyn Storage,
    sender: &Addr,
    params: Params,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(storage, sender)?;
    validate::params(&params)?;
    let mut config = CONFIG.load(storage)?;
    config.params = params;
    CONFIG.save(storage, &config)?;
    Ok(Response::new().add_event(event(&config.params)))
}

/// The event of parameters.
pub fn event(params: &Params) -> Event {
    ParamsSet {
        cooldown: params.cooldown,
        exit_window: params.exit_window,
        stream: params.stream,
    }
    .into()
}
