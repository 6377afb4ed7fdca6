/** What happens on the chain, as it happens. */

import { type CometClient, connectComet } from "@cosmjs/tendermint-rpc";
import type { Addresses } from "./deployment.js";
import { type GlidepathEvent, parseEvents, type RawEvent } from "./events.js";

/** An event and the block that it is of. */
export interface Happened {
  height: number;
  event: GlidepathEvent;
}

/** From where on, and how, to watch. */
export interface WatchOptions {
  /** First block; the next one if not said. To go on after a break, the last block seen plus one. */
  from?: number;
  /** Milliseconds between two looks for a new block. */
  pollMs?: number;
  /** Told of each failed look: the node is down, or does not have a block yet. The watch goes on. */
  onError?: (error: unknown) => void;
  /** Ends the watch. */
  signal?: AbortSignal;
}

/** What a watch needs of a node. */
export interface Node {
  /** Height of the last block with results. */
  height(): Promise<number>;
  /** Events of a block in order: those of its transactions, and those of its own end (proposals that passed). */
  events(height: number): Promise<readonly RawEvent[]>;
}

/** A node by its RPC address. It is asked anew each time, so that it may go away and come back. */
export function node(rpc: string): Node {
  let connected: Promise<CometClient> | undefined;
  const comet = () => {
    connected ??= connectComet(rpc).catch((error: unknown) => {
      connected = undefined;
      throw error;
    });
    return connected;
  };
  return {
    // The height of the state, not of the last block: that one may be ahead of its results.
    height: async () => (await (await comet()).abciInfo()).lastBlockHeight ?? 0,
    events: async (height) => {
      const block = await (await comet()).blockResults(height);
      const ends =
        "finalizeBlockEvents" in block
          ? block.finalizeBlockEvents
          : [...block.beginBlockEvents, ...block.endBlockEvents];
      return [...block.results.flatMap(({ events }) => events), ...ends].map(text);
    },
  };
}

/** Newer nodes tell attributes as text, older ones as bytes. */
function text(event: {
  type: string;
  attributes: readonly { key: string | Uint8Array; value: string | Uint8Array }[];
}): RawEvent {
  const decode = (part: string | Uint8Array) => (typeof part === "string" ? part : new TextDecoder().decode(part));
  return {
    type: event.type,
    attributes: event.attributes.map(({ key, value }) => ({ key: decode(key), value: decode(value) })),
  };
}

/**
 * Events of the suite, block by block, none left out and none twice: blocks are read by their height, so a node that is
 * restarted, or a net that is down for a while, only delays it.
 */
export async function* watch(
  chain: Node,
  contracts: Addresses,
  { from, pollMs = 1_000, onError = () => {}, signal }: WatchOptions = {},
): AsyncGenerator<Happened, void> {
  let next = from;
  while (!signal?.aborted) {
    try {
      const last = await chain.height();
      next ??= last + 1;
      for (; next <= last && !signal?.aborted; next += 1) {
        const events = parseEvents(await chain.events(next), contracts);
        for (const event of events) yield { height: next, event };
      }
    } catch (error) {
      onError(error);
    }
    await pause(pollMs, signal);
  }
}

/** Those about one position. */
export async function* watchPosition(
  chain: Node,
  contracts: Addresses,
  position: number,
  options?: WatchOptions,
): AsyncGenerator<Happened, void> {
  for await (const happened of watch(chain, contracts, options)) {
    if ("position" in happened.event && happened.event.position === position) yield happened;
  }
}

/** Those of sales: of all, or of one position. */
export async function* watchAuction(
  chain: Node,
  contracts: Addresses,
  position?: number,
  options?: WatchOptions,
): AsyncGenerator<Happened, void> {
  for await (const happened of watch(chain, contracts, options)) {
    const { event } = happened;
    if (!event.type.startsWith("liquidation-auction/")) continue;
    if (position === undefined || ("position" in event && event.position === position)) yield happened;
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    }
    signal?.addEventListener("abort", done);
    if (signal?.aborted) done();
  });
}
