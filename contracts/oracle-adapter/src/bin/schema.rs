//! Writes the JSON schema of the oracle-adapter into `schema/` of the current folder.

use cosmwasm_schema::write_api;
use glidepath_interfaces::admin::MigrateMsg;
use glidepath_interfaces::oracle::{ExecuteMsg, InstantiateMsg, QueryMsg};

fn main() {
    write_api! {
        name: "glidepath-oracle-adapter",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
        migrate: MigrateMsg,
    }
}
