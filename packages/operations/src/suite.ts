import type { EncodeObject } from "@cosmjs/proto-signing";
import {
  type auction,
  CONTRACTS,
  type ContractName,
  type fund,
  type oracle,
  type positions,
  type vault,
} from "@glidepath/client";
import type { Chain } from "./chain.js";
import type { Json, JsonObject } from "./json.js";
import { execute } from "./messages.js";

export { CONTRACTS, type ContractName };

/** What each contract is told. */
export interface ExecuteMsgs {
  vault: vault.ExecuteMsg;
  position_manager: positions.ExecuteMsg;
  oracle_adapter: oracle.ExecuteMsg;
  liquidation_auction: auction.ExecuteMsg;
  insurance_fund: fund.ExecuteMsg;
}

/** What each contract is asked. */
export interface QueryMsgs {
  vault: vault.QueryMsg;
  position_manager: positions.QueryMsg;
  oracle_adapter: oracle.QueryMsg;
  liquidation_auction: auction.QueryMsg;
  insurance_fund: fund.QueryMsg;
}

/** What a person wrote, as the type that the contract will judge it by. */
export function asTold<T>(written: Json | undefined): T {
  return written as T;
}

/** A message to one of the five. */
export function tell<Name extends ContractName>(
  sender: string,
  at: Five<string>,
  name: Name,
  msg: ExecuteMsgs[Name],
): EncodeObject {
  return execute(sender, at[name], msg as unknown as Json);
}

/** An answer of one of the five. */
export function ask<Answer, Name extends ContractName = ContractName>(
  chain: Chain,
  at: Five<string>,
  name: Name,
  question: QueryMsgs[Name],
): Promise<Answer> {
  return chain.ask<Answer>(at[name], question as unknown as Json);
}

/** Something for each of the five. */
export type Five<T> = Record<ContractName, T>;

/** Makes something for each of the five. */
export function each<T>(make: (name: ContractName) => T): Five<T> {
  return Object.fromEntries(CONTRACTS.map((name) => [name, make(name)])) as Five<T>;
}

/** `position-manager`, as in labels and crate names. */
export function dashed(name: string): string {
  return name.replaceAll("_", "-");
}

/** Under which a contract knows itself (`cw2`). */
export function crateName(name: ContractName): string {
  return `crates.io:glidepath-${dashed(name)}`;
}

/** File of a contract's code below the folder of artifacts. */
export function artifact(name: ContractName): string {
  return `glidepath_${name}.wasm`;
}

/** What a contract is created with: its owner and peers, and its own section of the network's file. */
export function instantiateMsg(
  name: ContractName,
  common: { owner: string; peers: Five<string>; guardian: string | undefined; reporters: string[] },
  own: { vault: JsonObject; position_manager: JsonObject; liquidation_auction: JsonObject; insurance_fund: JsonObject },
): JsonObject {
  const base = { owner: common.owner, peers: common.peers };
  const guardian = common.guardian ?? null;
  switch (name) {
    case "vault":
      return { ...base, ...own.vault, guardian };
    case "position_manager":
      return { ...base, params: own.position_manager, guardian };
    case "oracle_adapter":
      return { ...base, reporters: common.reporters, guardian };
    case "liquidation_auction":
      return { ...base, terms: own.liquidation_auction };
    case "insurance_fund":
      return { ...base, params: own.insurance_fund };
  }
}
