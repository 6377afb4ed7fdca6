import type { fund, positions } from "@glidepath/client";
import type { Chain } from "./chain.js";
import { type Difference, differences, isObject, type Json, type JsonObject } from "./json.js";
import type { AssetPlan, Network } from "./network.js";
import { ask, asTold, type ContractName, type ExecuteMsgs, type Five } from "./suite.js";
import { Unanswered } from "./words.js";

/** One thing that the owner of the contracts decides: what the file says, how it is read back, and the message that sets it. */
export interface Setting {
  contract: ContractName;
  /** As a person names it: `market of atom`. */
  what: string;
  /** The asset that it is about, if it is about one. */
  asset?: string;
  /** Whether it needs a price of its asset: such a thing is set after the price is there. */
  needsPrice: boolean;
  /** Null: there is none. */
  wanted: Json;
  /** Of what the contract answers; nothing where it has no such thing yet. */
  read: (chain: Chain, at: Five<string>) => Promise<Json | undefined>;
  /** None where nothing is wanted: no message takes such a thing back. */
  message?: Json;
}

/** A setting that a message makes. */
export type Settable = Setting & { message: Json };

/** Can a message make it? */
export function isSettable(setting: Setting): setting is Settable {
  return setting.message !== undefined;
}

/** What the file says of an asset's token; tokens of the file itself have an address by now. */
export type Known = { native: string } | { cw20: string };

/** Every setting of a network's file, in an order in which they can be made. */
export function settings(network: Network, tokens: ReadonlyMap<string, string>): Setting[] {
  const { own, guardian = null, reporters } = network;
  const guarded: Setting[] = [
    setting("vault", "guardian", guardian, config("vault", "guardian"), { set_guardian: { guardian } }),
    {
      ...setting("position_manager", "guardian", guardian, undefined, { set_guardian: { guardian } }),
      read: (chain, at) => ask(chain, at, "position_manager", { guardian: {} }),
    },
    setting("oracle_adapter", "guardian", guardian, config("oracle_adapter", "guardian"), {
      set_guardian: { guardian },
    }),
  ];
  const split = own.vault.penalty_split ?? null;
  const common: Setting[] = [
    setting("vault", "split of penalties", split, config("vault", "penalty_split"), {
      set_penalty_split: { split: asTold(split) },
    }),
    setting("position_manager", "rules", own.position_manager, config("position_manager", "params"), {
      set_params: { params: asTold<positions.Params>(own.position_manager) },
    }),
    setting("oracle_adapter", "reporters", sorted(reporters), config("oracle_adapter", "reporters", sorted), {
      set_reporters: { reporters },
    }),
    setting("liquidation_auction", "terms of sales", own.liquidation_auction, config("liquidation_auction", "terms"), {
      set_terms: { terms: asTold(own.liquidation_auction) },
    }),
    setting("insurance_fund", "parameters", own.insurance_fund, config("insurance_fund", "params"), {
      set_params: { params: asTold<fund.Params>(own.insurance_fund) },
    }),
  ];
  const listed = network.assets.flatMap((asset) => listing(asset, known(asset, tokens)));
  return [...guarded, ...common, ...listed];
}

/** What an asset's name stands for. */
export function known(asset: AssetPlan, tokens: ReadonlyMap<string, string>): Known {
  const { info } = asset;
  return "token" in info ? { cw20: tokens.get(info.token) ?? `the token ${info.token}` } : info;
}

/** Settings of an asset: those of its listing first, then those that need a price. A market or a cover that the file does not
 * name is one, too: there must be none. */
export function listing(plan: AssetPlan, info: Known): Setting[] {
  const { name: asset, decimals } = plan;
  const all: Setting[] = [
    {
      ...setting("vault", `asset ${asset}`, { info, decimals } as Json, undefined, {
        list_asset: { asset, info, decimals },
      }),
      read: async (chain, at) => {
        const rows = await pages(chain, at.vault, "assets");
        const row = rows.find((one) => one.asset === asset);
        return row && { info: row.info ?? null, decimals: row.decimals ?? null };
      },
    },
  ];
  const { market = null, cover = null } = plan;
  all.push(
    {
      ...setting("vault", `market of ${asset}`, market, undefined, {
        set_market: { asset, terms: asTold(market) },
      }),
      read: async (chain, at) => (await pages(chain, at.vault, "markets")).find((one) => one.asset === asset)?.terms,
    },
    {
      ...setting("oracle_adapter", `feed of ${asset}`, plan.feed, undefined, {
        set_feed: { asset, feed: asTold(plan.feed) },
      }),
      read: (chain, at) => orNothing(ask(chain, at, "oracle_adapter", { feed: { asset } })),
    },
    {
      ...setting("position_manager", `parameters of ${asset}`, plan.params, undefined, {
        set_asset: { asset, params: asTold(plan.params), ramp: 0 },
      }),
      needsPrice: true,
      read: async (chain, at) => {
        const row = (await pages(chain, at.position_manager, "assets")).find((one) => one.asset === asset);
        // What is in force. A ramp leads somewhere else, be it where the file says: what runs is a difference by itself.
        return row && (row.ramp ? { ...(row.params as JsonObject), ramp: row.ramp } : row.params);
      },
    },
    {
      ...setting("insurance_fund", `cover of ${asset}`, cover, undefined, {
        set_cover: { asset, rule: asTold(cover) },
      }),
      needsPrice: true,
      read: async (chain, at) =>
        (await pages(chain, at.insurance_fund, "pools")).find((one) => one.asset === asset)?.rule,
    },
  );
  return all.map(({ message, ...one }) => ({ ...one, asset, ...(one.wanted === null ? {} : { message }) }) as Setting);
}

/** Assets that the chain lists and the file does not name. */
export async function strangers(chain: Chain, at: Five<string>, network: Network): Promise<string[]> {
  const named = new Set(network.assets.map((asset) => asset.name));
  const rows = await pages(chain, at.vault, "assets");
  return rows.map((row) => String(row.asset)).filter((asset) => !named.has(asset));
}

/** Where a setting is not as the file says. */
export async function unlike(chain: Chain, at: Five<string>, setting: Setting): Promise<Difference[]> {
  return differences(setting.wanted, await setting.read(chain, at));
}

/** All rows of a list that a contract answers page by page. */
export async function pages(chain: Chain, contract: string, list: string, key = "asset"): Promise<JsonObject[]> {
  const rows: JsonObject[] = [];
  const limit = 100;
  for (;;) {
    const start_after = rows.at(-1)?.[key] ?? null;
    const page = await chain.ask<JsonObject[]>(contract, { [list]: { start_after, limit } });
    rows.push(...page);
    if (page.length < limit) return rows;
  }
}

function setting<Name extends ContractName>(
  contract: Name,
  what: string,
  wanted: Json,
  read: Setting["read"] | undefined,
  message: ExecuteMsgs[Name],
): Settable {
  const nothing = () => Promise.resolve(undefined);
  const json = message as unknown as Json;
  return { contract, what, wanted, message: json, needsPrice: false, read: read ?? nothing };
}

function config(
  contract: ContractName,
  field: string,
  shape: (value: Json) => Json = (value) => value,
): Setting["read"] {
  return async (chain, at) => {
    const answer = await ask<Json>(chain, at, contract, { config: {} });
    return isObject(answer) ? shape(answer[field] ?? null) : undefined;
  };
}

/** Of a list whose order means nothing. */
function sorted(list: Json): Json {
  return Array.isArray(list) ? [...list].sort() : list;
}

/** An answer, or nothing where the contract has no such thing. */
async function orNothing(answer: Promise<Json>): Promise<Json | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Unanswered) return undefined;
    throw error;
  }
}
