//! Chores that all five contracts share: who owns a contract, and what a migration may start from.

use std::str::FromStr;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Api, BlockInfo, StdError, Storage};
use cw2::{ContractVersion, VersionError};
use cw_ownable::{Action, OwnershipError};
pub use cw_ownable::{Expiration, Ownership};
use cw_storage_plus::Item;
use thiserror::Error;

/// Two-step transfer of a contract to another owner. There is no renouncing: a contract without an owner could
/// not be saved.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum OwnershipMsg {
    /// The owner names the next one, who has until `expiry` to accept. Naming another replaces the proposal.
    Propose {
        /// The next owner.
        owner: String,
        /// Until when the proposal stands; without it, until it is replaced.
        expiry: Option<Expiration>,
    },
    /// The owner takes the proposal back.
    Cancel {},
    /// The proposed owner accepts.
    Accept {},
}

/// Every contract's migration takes nothing: what changes is decided by the code that is migrated to.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct MigrateMsg {}

/// Who may stop and lower, but never loosen: set by the owner. One key in each contract that has something to stop or to
/// lower.
pub const GUARDIAN: Item<Addr> = Item::new("guardian");

/// In which role somebody stops or lowers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The owner.
    Owner,
    /// The guardian.
    Guardian,
}

/// The owner names the guardian, or none.
pub fn set_guardian(
    storage: &mut dyn Storage,
    api: &dyn Api,
    sender: &Addr,
    guardian: Option<&str>,
) -> Result<Option<Addr>, AdminError> {
    cw_ownable::assert_owner(storage, sender)?;
    name_guardian(storage, api, guardian)
}

/// Stores the guardian, or none. Of a contract's creation; later it is [`set_guardian`].
pub fn name_guardian(
    storage: &mut dyn Storage,
    api: &dyn Api,
    guardian: Option<&str>,
) -> Result<Option<Addr>, AdminError> {
    let guardian = guardian.map(|to| api.addr_validate(to)).transpose()?;
    match &guardian {
        Some(guardian) => GUARDIAN.save(storage, guardian)?,
        None => GUARDIAN.remove(storage),
    }
    Ok(guardian)
}

/// In which role `sender` may stop or lower: an owner who is the guardian too is the owner.
///
/// # Errors
/// `NotGuardian`.
pub fn role(storage: &dyn Storage, sender: &Addr) -> Result<Role, AdminError> {
    if cw_ownable::is_owner(storage, sender)? {
        return Ok(Role::Owner);
    }
    if GUARDIAN.may_load(storage)?.as_ref() == Some(sender) {
        return Ok(Role::Guardian);
    }
    Err(AdminError::NotGuardian {
        sender: sender.clone(),
    })
}

/// Ownership or migration refused.
#[derive(Error, Debug, PartialEq)]
pub enum AdminError {
    /// Not the owner, not the proposed one, or too late.
    #[error(transparent)]
    Ownership(#[from] OwnershipError),
    /// Two contracts of a suite can't be one.
    #[error("{address} is named as two contracts of the suite")]
    SamePeer {
        /// The address.
        address: Addr,
    },
    /// Neither the owner nor the guardian.
    #[error("{sender} is neither the owner nor the guardian")]
    NotGuardian {
        /// Who sent it.
        sender: Addr,
    },
    /// The code belongs to another contract.
    #[error("this is {found}, not {expected}")]
    WrongContract {
        /// Name in storage.
        found: String,
        /// Name of the code.
        expected: String,
    },
    /// The stored version is not older than the code's.
    #[error("version {stored} can't be migrated to {code}")]
    NotNewer {
        /// Version in storage.
        stored: String,
        /// Version of the code.
        code: String,
    },
    /// A version that is no semantic version, or none at all.
    #[error("unreadable contract version: {0}")]
    BadVersion(String),
    /// Storage or address.
    #[error(transparent)]
    Std(#[from] StdError),
}

/// Carries out an [`OwnershipMsg`] and returns the ownership after it.
pub fn update_ownership(
    storage: &mut dyn Storage,
    api: &dyn Api,
    block: &BlockInfo,
    sender: &Addr,
    msg: OwnershipMsg,
) -> Result<Ownership<Addr>, AdminError> {
    let action = match msg {
        OwnershipMsg::Propose { owner, expiry } => Action::TransferOwnership {
            new_owner: api.addr_validate(&owner)?.into(),
            expiry,
        },
        OwnershipMsg::Accept {} => Action::AcceptOwnership,
        OwnershipMsg::Cancel {} => {
            cw_ownable::assert_owner(storage, sender)?;
            let kept = Ownership {
                pending_owner: None,
                pending_expiry: None,
                ..cw_ownable::get_ownership(storage)?
            };
            Item::new("ownership").save(storage, &kept)?;
            return Ok(kept);
        }
    };
    let deps = cosmwasm_std::DepsMut {
        storage,
        api,
        querier: cosmwasm_std::QuerierWrapper::new(&NoQuerier),
    };
    Ok(cw_ownable::update_ownership(deps, block, sender, action)?)
}

/// Changing ownership asks no other contract.
struct NoQuerier;

impl cosmwasm_std::Querier for NoQuerier {
    fn raw_query(&self, _: &[u8]) -> cosmwasm_std::QuerierResult {
        cosmwasm_std::SystemResult::Err(cosmwasm_std::SystemError::UnsupportedRequest {
            kind: "no query in an ownership change".into(),
        })
    }
}

/// Checks that the stored contract is `name` of a version older than `version`, then stores the new version.
/// Returns the version that was stored, for the contract's own steps.
pub fn migrate(storage: &mut dyn Storage, name: &str, version: &str) -> Result<semver::Version, AdminError> {
    let stored = cw2::get_contract_version(storage).map_err(|e: StdError| match e {
        StdError::NotFound { .. } => AdminError::BadVersion(VersionError::NotFound.to_string()),
        other => AdminError::Std(other),
    })?;
    let ContractVersion {
        contract,
        version: old,
    } = stored;
    if contract != name {
        return Err(AdminError::WrongContract {
            found: contract,
            expected: name.into(),
        });
    }
    let parse = |text: &str| {
        semver::Version::from_str(text).map_err(|e| AdminError::BadVersion(format!("{text}: {e}")))
    };
    let (from, to) = (parse(&old)?, parse(version)?);
    if from >= to {
        return Err(AdminError::NotNewer {
            stored: old,
            code: version.into(),
        });
    }
    cw2::set_contract_version(storage, name, version)?;
    Ok(from)
}
