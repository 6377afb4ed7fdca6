//! Writes the JSON schema of the liquidation-auction into `schema/` of the current folder.

use cosmwasm_schema::write_api;
use glidepath_interfaces::admin::MigrateMsg;
use glidepath_interfaces::auction::{ExecuteMsg, InstantiateMsg, QueryMsg};

fn main() {
    write_api! {
        name: "glidepath-liquidation-auction",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
        migrate: MigrateMsg,
    }
}
