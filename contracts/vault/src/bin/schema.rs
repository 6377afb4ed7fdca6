//! Writes the JSON schema of the vault into `./schema`.

use cosmwasm_schema::write_api;
use glidepath_interfaces::admin::MigrateMsg;
use glidepath_interfaces::vault::{ExecuteMsg, InstantiateMsg, QueryMsg};

fn main() {
    write_api! {
        name: "glidepath-vault",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
        migrate: MigrateMsg,
    }
}
