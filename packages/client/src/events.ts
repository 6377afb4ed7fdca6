/** Events of the suite, typed. */

import { type Addresses, contractAt } from "./deployment.js";
import { EVENTS, type Events } from "./generated/events.js";

/** An event of the suite: its name without `glidepath_`, and its attributes. Amounts are `bigint`, decimals text. */
export type GlidepathEvent = { [Type in keyof Events]: { type: Type } & Events[Type] }[keyof Events];

/** An event as the chain tells it. */
export interface RawEvent {
  readonly type: string;
  readonly attributes: readonly { readonly key: string; readonly value: string }[];
}

const PREFIX = "wasm-glidepath_";

/**
 * The events of the suite among those of a chain, in order. Anybody's contract may emit an event of any name: only what
 * the five contracts themselves say is taken. An event that this version does not know, or can't read as it knows it, is
 * passed over: it is among the chain's own events still.
 */
export function parseEvents(events: readonly RawEvent[], contracts: Addresses): GlidepathEvent[] {
  return events.flatMap((event) => parseEvent(event, contracts) ?? []);
}

/** One of them; none if it is not the suite's, or not as this version knows it. */
export function parseEvent({ type, attributes }: RawEvent, contracts: Addresses): GlidepathEvent | undefined {
  if (!type.startsWith(PREFIX)) return undefined;
  const name = type.slice(PREFIX.length);
  if (!isKnown(name)) return undefined;
  const texts = new Map(attributes.map(({ key, value }) => [key, value]));
  const contract = contractAt(contracts, texts.get("_contract_address") ?? "");
  if (contract?.replaceAll("_", "-") !== name.slice(0, name.indexOf("/"))) return undefined;
  const event: Record<string, unknown> = { type: name };
  for (const [key, kind] of Object.entries<string>(EVENTS[name])) {
    const text = texts.get(key);
    if (text === undefined && kind.endsWith("?")) continue;
    const value = text === undefined ? undefined : read(text, kind);
    if (value === undefined) return undefined;
    event[key] = value;
  }
  return event as GlidepathEvent;
}

function isKnown(name: string): name is keyof Events {
  return Object.hasOwn(EVENTS, name);
}

/**
 * An attribute or a figure of an error; none where the text is no such thing. Numbers are times, positions and counts: whole,
 * and far below 2⁵³.
 */
export function read(text: string, kind: string): number | bigint | string | boolean | undefined {
  switch (kind.replace("?", "")) {
    case "number":
      return /^\d+$/.test(text) ? Number(text) : undefined;
    case "bigint":
      return /^\d+$/.test(text) ? BigInt(text) : undefined;
    case "flag":
      return text === "true";
    default:
      return text;
  }
}
