import assert from "node:assert/strict";
import { test } from "node:test";
import { Glidepath } from "@glidepath/client";
import { CONTRACTS } from "./suite.js";

interface Asked {
  open_lots?: { start_after?: number; debt?: string };
  preview_bid?: { position: number; pay: string; bidder?: string };
}

const lot = (position: number, now: object, start_at = 100) => ({ position, now, start_at, last: 500, gets: null });
const fills = (multiplier: string) => ({ fills: { multiplier, paid: "300", sold: "30" } });

/** Two pages of sales, each sorted by itself as the chain does. */
const PAGES = [
  { lots: [lot(2, fills("0.99")), lot(1, fills("1.0049")), lot(9, { no_lot: { starts_at: 140 } }, 140)], next: 9 },
  {
    lots: [
      lot(12, fills("0.9899999")),
      lot(13, { orders_first: { slot: 3, multiplier: "1.01" } }),
      lot(14, { reserved: { until: 130 } }),
      lot(11, { refused: { no_sale: {} } }),
    ],
    next: null,
  },
];

function node() {
  const asked: Asked[] = [];
  const chain = {
    queryContractSmart: async (_: string, query: Asked) => {
      asked.push(query);
      if (query.open_lots) return structuredClone(PAGES[query.open_lots.start_after === 9 ? 1 : 0]);
      // A lot costs 300: what is paid is that, or what is left.
      const pay = Math.min(300, Number(query.preview_bid?.pay));
      return { fills: { multiplier: "0.99", paid: String(pay), sold: String(pay / 10) } };
    },
  };
  return { glidepath: new Glidepath(chain as never, CONTRACTS), asked };
}

test("all pages of lots, the best of all first", async () => {
  const { glidepath, asked } = node();
  const lots = await glidepath.openLots({ debt: "usdc" });
  assert.deepEqual(
    lots.map(({ position }) => position),
    [12, 2, 1, 13, 14, 9, 11],
  );
  assert.deepEqual(
    asked.map(({ open_lots }) => [open_lots?.debt, open_lots?.start_after]),
    [
      ["usdc", undefined],
      ["usdc", 9],
    ],
  );
});

test("funds are spent on the best first, and no more than there are", async () => {
  const { glidepath, asked } = node();
  await assert.rejects(glidepath.openLots({ funds: 1n }), /say `debt`/);
  const lots = await glidepath.openLots({ debt: "usdc", bidder: "me", funds: 450n });
  assert.deepEqual(
    lots.filter(({ gets }) => gets).map(({ position, gets }) => [position, gets?.paid]),
    [
      [12, "300"],
      [2, "150"],
    ],
  );
  const previews = asked.flatMap(({ preview_bid }) => preview_bid ?? []);
  assert.deepEqual(
    previews.map(({ position, pay, bidder }) => [position, pay, bidder]),
    [
      [12, "450", "me"],
      [2, "150", "me"],
    ],
  );
});
