//! What the insurance fund bought in an epoch.

use cosmwasm_std::{Addr, QuerierWrapper, Uint128};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::asset::Amount;
use crate::record::{ReadError, RecordMap};
use crate::AssetId;

/// What the insurance fund bought of lots that nobody wanted, by debt market; none where it never did.
pub const BACKSTOPS: RecordMap<&str, Backstop> = RecordMap::new("backstop");

crate::record!(Backstop, "backstop", 1);

/// What the stakers of a market bought in an epoch.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq)]
pub struct Backstop {
    /// Number of the epoch (`time / epoch length`) that the figures belong to.
    pub epoch: u64,
    /// Base units of the debt that were paid.
    pub spent: Uint128,
    /// What was bought, as many assets as the fund's rule names at most.
    pub bought: Vec<Amount>,
}

/// Another contract's reading: nothing where nothing was ever bought. An address without a contract answers the same, so read
/// another record of the vault beside it.
pub fn backstop(querier: &QuerierWrapper, vault: &Addr, debt: &AssetId) -> Result<Backstop, ReadError> {
    let found = BACKSTOPS.may_query(querier, vault, debt.as_str())?;
    Ok(found.unwrap_or_default())
}
