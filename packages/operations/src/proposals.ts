import type { EncodeObject } from "@cosmjs/proto-signing";
import { differences, isObject, type Json, type JsonObject, merged } from "./json.js";
import { configOf, type Live } from "./live.js";
import { execute, migrate, pinCodes } from "./messages.js";
import type { AssetPlan } from "./network.js";
import { isSettable, known, listing, pages, type Settable } from "./settings.js";
import { asTold, CONTRACTS, type ContractName, dashed, tell } from "./suite.js";
import { Refused } from "./words.js";

/** What a proposal does, before it is judged and written. */
export interface Draft {
  title: string;
  summary: string;
  messages: EncodeObject[];
}

/**
 * Lists an asset, in two votes: first its name, market and feed; then, once its source has a price, what it is worth as
 * collateral and debt, and its cover. This writes the one that is next. What is set already it changes nothing of: what is in
 * use has bounds and ramps of its own.
 */
export async function listAsset(live: Live, plan: AssetPlan): Promise<Draft> {
  const { chain, at, gov } = live;
  if ("token" in plan.info) throw new Refused(`${plan.name}: a token is proposed by its address, as cw20`);
  const open: Settable[] = [];
  for (const setting of listing(plan, known(plan, new Map()))) {
    const there = (await setting.read(chain, at)) ?? null;
    const [other] = there === null ? [] : differences(setting.wanted, there);
    if (other) {
      const which = `${dashed(setting.contract)}: ${setting.what}${other.path ? `: ${other.path}` : ""}`;
      const [is, not] = [other.actual, other.wanted].map((value) => (value ? JSON.stringify(value) : "none"));
      throw new Refused(`${which} is ${is}, not ${not}: what is set already, list-asset can't change`);
    }
    if (there === null && isSettable(setting)) open.push(setting);
  }
  if (open.length === 0) throw new Refused(`${plan.name} is listed as the file says`);
  const first = open.filter((setting) => !setting.needsPrice);
  const now = first.length > 0 ? first : open;
  const messages = now.map((setting) => execute(gov, at[setting.contract], setting.message));
  const what = now.map((setting) => `${dashed(setting.contract)}: ${setting.what}`).join("; ");
  return first.length > 0
    ? {
        title: `List ${plan.name}`,
        summary: `Makes ${plan.name} known to the suite (${what}). Nothing can be done with it before its source has a price and a second proposal says what it is worth as collateral and debt.`,
        messages,
      }
    : {
        title: `Open ${plan.name} for use`,
        summary: `Says what ${plan.name} is worth as collateral and debt, now that it has a price (${what}).`,
        messages,
      };
}

/** Initial, target and maintenance weight, or factor. */
export type Three = { initial: string; target: string; maintenance: string };

/** Moves an asset's weights as collateral or factors as debt, in a line within `seconds`. */
export async function ramp(
  live: Live,
  asset: string,
  change: { weights?: Three; factors?: Three },
  seconds: number,
): Promise<Draft> {
  const rows = await pages(live.chain, live.at.position_manager, "assets");
  const row = rows.find((one) => one.asset === asset);
  if (!row || !isObject(row.target)) throw new Refused(`the position manager lists no ${asset}`);
  const changed: JsonObject = {};
  if (change.weights) changed.collateral = within(row.target, "collateral", asset, { weights: change.weights });
  if (change.factors) changed.debt = within(row.target, "debt", asset, { factors: change.factors });
  const params = merged(row.target, changed);
  const moved = differences(params, row.target).map(
    ({ path, wanted, actual }) => `${path} from ${actual} to ${wanted}`,
  );
  if (moved.length === 0) throw new Refused(`that is where ${asset} goes already`);
  return {
    title: `Change the ${change.weights ? "weights" : "factors"} of ${asset}`,
    summary: `Moves ${moved.join(", ")}, ${seconds === 0 ? "at once" : `in a line within ${duration(seconds)} of the vote`}.`,
    messages: [
      tell(live.gov, live.at, "position_manager", { set_asset: { asset, params: asTold(params), ramp: seconds } }),
    ],
  };
}

/** Changes terms of sales that open from now on; what is not named stays. */
export async function saleTerms(live: Live, change: JsonObject): Promise<Draft> {
  const terms = (await configOf(live, "liquidation_auction")).terms as JsonObject;
  const next = merged(terms, change);
  const moved = differences(next, terms).map(
    ({ path, wanted, actual }) => `${path} from ${actual ?? "none"} to ${wanted}`,
  );
  if (moved.length === 0) throw new Refused("these are the terms of sales already");
  return {
    title: "Change the terms of sales",
    summary: `Changes ${moved.join(", ")}, for sales that open from now on. Running sales keep theirs.`,
    messages: [tell(live.gov, live.at, "liquidation_auction", { set_terms: { terms: asTold(next) } })],
  };
}

/** Sets who may post prices: those of now, with some added and some removed. */
export async function reporters(live: Live, add: string[], remove: string[]): Promise<Draft> {
  const now = (await configOf(live, "oracle_adapter")).reporters as string[];
  const stranger = remove.find((who) => !now.includes(who));
  if (stranger) throw new Refused(`${stranger} is no reporter`);
  const next = [...now.filter((who) => !remove.includes(who)), ...add];
  const words = [add.length ? `adds ${add.join(", ")}` : "", remove.length ? `removes ${remove.join(", ")}` : ""];
  return {
    title: "Change who may post prices",
    summary: `Of the reporters it ${words.filter(Boolean).join(" and ")}: ${next.length} in all. Reports of others count no more.`,
    messages: [tell(live.gov, live.at, "oracle_adapter", { set_reporters: { reporters: next } })],
  };
}

/** What a stop stops. */
export type StopKind = "borrowing" | "fills";

/** Stops borrowing on these assets, or fills of sales of them, from the vote on and for so long. */
export function stop(live: Live, kind: StopKind, assets: string[], seconds: number): Draft {
  return {
    title: `Stop ${kind} of ${assets.join(", ")}`,
    summary: `Stops ${kind} with the prices of ${assets.join(", ")} for ${duration(seconds)} from the vote on. It ends by itself.`,
    messages: [tell(live.gov, live.at, "oracle_adapter", { stop: { assets, kind, seconds } })],
  };
}

/** Ends stops at once. */
export function lift(live: Live, kind: StopKind, assets: string[]): Draft {
  return {
    title: `Lift the stop of ${kind} of ${assets.join(", ")}`,
    summary: `Ends the stop of ${kind} with the prices of ${assets.join(", ")} with the vote.`,
    messages: [tell(live.gov, live.at, "oracle_adapter", { lift: { assets, kind } })],
  };
}

/** Keeps the code of the five in memory: a call of each costs some 58,000 gas less. */
export async function pin(live: Live): Promise<Draft> {
  const pinned = await live.chain.pinned();
  const ids = new Set<number>();
  for (const name of CONTRACTS) {
    const codeId = (await live.chain.contract(live.at[name]))?.codeId;
    if (codeId !== undefined && !pinned.has(codeId)) ids.add(codeId);
  }
  if (ids.size === 0) throw new Refused("the codes of all five are pinned already");
  return {
    title: "Pin the codes of Glidepath",
    summary: `Keeps the codes ${[...ids].join(", ")} in every node's memory, which makes each call of them cheaper.`,
    messages: [pinCodes(live.gov, [...ids])],
  };
}

/** Moves a contract to another stored code. */
export async function migration(live: Live, name: ContractName, codeId: number): Promise<Draft> {
  const { chain, at, gov } = live;
  const old = (await chain.contract(at[name]))?.codeId;
  const version = (await chain.version(at[name]))?.version ?? "unknown";
  return {
    title: `Migrate the ${dashed(name)}`,
    summary: `Moves the ${dashed(name)} from code ${old} (version ${version}) to code ${codeId}, whose checksum is ${await chain.checksum(codeId)}. Its address and its state stay.`,
    messages: [migrate(gov, at[name], codeId)],
  };
}

/** `3600` as `1 h`, as far as it is whole. */
export function duration(seconds: number): string {
  for (const [unit, word] of [
    [86_400, "d"],
    [3_600, "h"],
    [60, "min"],
  ] as const) {
    if (seconds > 0 && seconds % unit === 0) return `${seconds / unit} ${word}`;
  }
  return `${seconds} s`;
}

function within(params: JsonObject, part: "collateral" | "debt", asset: string, change: JsonObject): Json {
  const now = params[part];
  if (!isObject(now)) throw new Refused(`${asset} is no ${part}`);
  return change;
}
