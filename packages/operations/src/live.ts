import type { Chain } from "./chain.js";
import type { JsonObject } from "./json.js";
import type { Network } from "./network.js";
import { chainOf, readRecord } from "./record.js";
import { CONTRACTS, type ContractName, type Five } from "./suite.js";
import { Refused } from "./words.js";

/** A suite that is on a chain, and whose it is. */
export interface Live {
  chain: Chain;
  at: Five<string>;
  /** The governance account, which proposals act as. */
  gov: string;
  /** Who put the suite there: an account that simulations may be done as. */
  deployer: string;
}

/** The suite that a network's record names. */
export async function live(network: Network, chain: Chain): Promise<Live> {
  const record = readRecord(network.record);
  if (!record?.contracts) throw new Refused(`${network.record} names no contracts: scripts/deploy puts them there`);
  if (chainOf(network, record, await chain.genesis()) === "gone") {
    throw new Refused(`${network.record} is of a chain that is gone: scripts/deploy begins anew`);
  }
  return { chain, at: record.contracts, gov: await chain.moduleAccount("gov"), deployer: record.deployer };
}

/** Which of the five an address is. */
export function nameOf(live: Live, address: string): ContractName | undefined {
  return CONTRACTS.find((name) => live.at[name] === address);
}

/** Configuration of one of the five. */
export function configOf(live: Live, name: ContractName): Promise<JsonObject> {
  return live.chain.ask<JsonObject>(live.at[name], { config: {} });
}
