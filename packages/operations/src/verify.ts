import type { Chain } from "./chain.js";
import { isObject, type Json } from "./json.js";
import type { Network } from "./network.js";
import { settings, strangers, unlike } from "./settings.js";
import { stops } from "./stops.js";
import { CONTRACTS, crateName, dashed, type Five } from "./suite.js";

/** One place where the chain is not what the file says. */
export interface Finding {
  /** `vault: market of atom: supply_cap`. */
  where: string;
  wanted: string;
  actual: string;
}

/** What is expected beside the file itself. */
export interface Expected {
  owner: string;
  at: Five<string>;
  checksums: Five<string | { id: number }>;
  tokens: ReadonlyMap<string, string>;
}

/** Compares what is on the chain with what the file says: codes, names, admins, owners, peers, every parameter as it is in
 * force; and tells what is there beside it: assets, markets, cover, ramps, stops. */
export async function verify(chain: Chain, network: Network, expected: Expected): Promise<Finding[]> {
  const { at, owner } = expected;
  const found: Finding[] = [];
  const expect = (where: string, wanted: unknown, actual: unknown) => {
    if (wanted !== actual) found.push({ where, wanted: text(wanted), actual: text(actual) });
  };
  for (const name of CONTRACTS) {
    const contract = await chain.contract(at[name]);
    if (!contract) {
      expect(dashed(name), `a contract at ${at[name]}`, "none");
      continue;
    }
    const wanted = expected.checksums[name];
    if (typeof wanted === "string") {
      expect(`${dashed(name)}: checksum of its code`, wanted, await chain.checksum(contract.codeId));
    } else {
      expect(`${dashed(name)}: code`, wanted.id, contract.codeId);
    }
    expect(`${dashed(name)}: admin`, owner, contract.admin);
    expect(`${dashed(name)}: name`, crateName(name), (await chain.version(at[name]))?.contract);
    const ownership = await chain.ask<{ owner: string; pending_owner: string | null }>(at[name], { ownership: {} });
    expect(`${dashed(name)}: owner`, owner, ownership.owner);
    expect(`${dashed(name)}: proposed owner`, null, ownership.pending_owner);
    const config = await chain.ask(at[name], { config: {} });
    const peers = isObject(config) && isObject(config.peers) ? config.peers : {};
    for (const peer of CONTRACTS) expect(`${dashed(name)}: peer ${dashed(peer)}`, at[peer], peers[peer]);
  }
  if (found.some((finding) => finding.actual === "none")) return found;
  const all = settings(network, expected.tokens);
  const unlikes = await Promise.all(all.map((setting) => unlike(chain, at, setting)));
  for (const [n, setting] of all.entries()) {
    for (const { path, wanted, actual } of unlikes[n] ?? []) {
      const where = `${dashed(setting.contract)}: ${setting.what}${path ? `: ${path}` : ""}`;
      found.push({ where, wanted: text(wanted), actual: text(actual) });
    }
  }
  for (const asset of await strangers(chain, at, network)) {
    found.push({ where: `vault: asset ${asset}`, wanted: "not listed", actual: "listed" });
  }
  for (const { asset, what, until } of await stops(chain, at, network)) {
    const end = until === null ? "" : ` until ${new Date(until * 1000).toISOString()}`;
    found.push({ where: `oracle-adapter: ${what} of ${asset}`, wanted: "open", actual: `stopped${end}` });
  }
  return found;
}

function text(value: unknown): string {
  if (value === undefined || value === null) return "none";
  return typeof value === "string" ? value : JSON.stringify(value as Json);
}
