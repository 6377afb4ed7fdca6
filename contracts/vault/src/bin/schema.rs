//! Writes the JSON schema of the vault into `schema/` of the current folder.

use cosmwasm_schema::write_api;
use glidepath_interfaces::admin::MigrateMsg;
use glidepath_interfaces::vault::{ExecuteMsg, InstantiateMsg, QueryMsg};

fn main() {
    write_api! {
        name: "glidepath-vault",
        version: env!("CARGO_PKG_VERSION"),
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
        migrate: MigrateMsg,
    }
}
