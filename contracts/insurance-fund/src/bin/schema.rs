//! Writes the JSON schema of the insurance-fund into `schema/` of the current folder.

use cosmwasm_schema::write_api;
use glidepath_interfaces::admin::MigrateMsg;
use glidepath_interfaces::fund::{ExecuteMsg, InstantiateMsg, QueryMsg};

fn main() {
    write_api! {
        name: "glidepath-insurance-fund",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
        migrate: MigrateMsg,
    }
}
