import assert from "node:assert/strict";
import { test } from "node:test";
import { type Node, type RawEvent, watch, watchAuction, watchPosition } from "@glidepath/client";
import { CONTRACTS } from "./suite.js";

const slept = (position: number): RawEvent => ({
  type: "wasm-glidepath_liquidation-auction/sale_slept",
  attributes: [
    { key: "_contract_address", value: CONTRACTS.liquidation_auction },
    { key: "position", value: `${position}` },
    { key: "at", value: "9" },
  ],
});

/** A node with a block more at each look, of which some fail. */
function chain(blocks: Record<number, RawEvent[]>, fails: (look: number) => boolean): Node {
  let height = 10;
  let looks = 0;
  return {
    height: async () => {
      height += 1;
      return height;
    },
    events: async (at) => {
      looks += 1;
      if (fails(looks)) throw new Error("the node is down");
      return blocks[at] ?? [];
    },
  };
}

const BLOCKS = { 11: [slept(1), slept(2)], 12: [slept(3)], 14: [slept(1)] };

async function take(events: AsyncGenerator<{ height: number; event: { type: string } }>, count: number) {
  const seen: string[] = [];
  for await (const { height, event } of events) {
    seen.push(`${height} ${"position" in event ? event.position : ""}`);
    if (seen.length === count) break;
  }
  return seen;
}

test("no event is left out or told twice while a node fails", async () => {
  const errors: unknown[] = [];
  const options = { from: 11, pollMs: 1, onError: (error: unknown) => errors.push(error) };
  const seen = await take(
    watch(
      chain(BLOCKS, (look) => look % 2 === 1),
      CONTRACTS,
      options,
    ),
    4,
  );
  assert.deepEqual(seen, ["11 1", "11 2", "12 3", "14 1"]);
  assert.ok(errors.length > 0);
});

test("one position, and the auction", async () => {
  const options = { from: 11, pollMs: 1 };
  const healthy = () => chain(BLOCKS, () => false);
  assert.deepEqual(await take(watchPosition(healthy(), CONTRACTS, 1, options), 2), ["11 1", "14 1"]);
  assert.deepEqual(await take(watchAuction(healthy(), CONTRACTS, 3, options), 1), ["12 3"]);
});

test("it begins with the next block, and ends when told", async () => {
  const stop = new AbortController();
  const seen: number[] = [];
  const blocks = Object.fromEntries([10, 11, 12, 13].map((height) => [height, [slept(height)]]));
  for await (const { height } of watch(
    chain(blocks, () => false),
    CONTRACTS,
    { pollMs: 1, signal: stop.signal },
  )) {
    seen.push(height);
    if (height === 13) stop.abort();
  }
  assert.deepEqual(seen, [12, 13]);
});

test("a block with an event that can't be read is told without it, once", async () => {
  const broken = { ...slept(1), attributes: slept(1).attributes.filter(({ key }) => key !== "at") };
  const errors: unknown[] = [];
  const options = { from: 11, pollMs: 1, onError: (error: unknown) => errors.push(error) };
  const blocks = { 11: [slept(1), broken, slept(2)], 12: [broken], 13: [slept(3)] };
  const seen = await take(
    watch(
      chain(blocks, () => false),
      CONTRACTS,
      options,
    ),
    3,
  );
  assert.deepEqual(seen, ["11 1", "11 2", "13 3"]);
  assert.deepEqual(errors, []);
});
