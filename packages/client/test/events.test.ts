import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEvents } from "@glidepath/client";
import { CONTRACTS } from "./suite.js";

const filled = (contract: string, more: Record<string, string> = {}) => ({
  type: "wasm-glidepath_liquidation-auction/filled",
  attributes: Object.entries({
    _contract_address: contract,
    position: "5",
    bidder: "bob",
    recipient: "bob",
    collateral: "atom",
    debt: "usdc",
    sold: "340282366920938463463374607431768211455",
    paid: "2",
    repaid: "1",
    penalty: "1",
    price: "9200000.5",
    multiplier: "0.995",
    mode: "soft",
    pass: "0",
    health_before: "0.99",
    lot_left: "0",
    msg_index: "0",
    ...more,
  }).map(([key, value]) => ({ key, value })),
});

test("amounts are exact, decimals stay text, what was not told is not there", () => {
  const [event] = parseEvents([filled(CONTRACTS.liquidation_auction)], CONTRACTS);
  assert.equal(event?.type, "liquidation-auction/filled");
  assert.equal(event.sold, 2n ** 128n - 1n);
  assert.equal(event.price, "9200000.5");
  assert.equal(event.position, 5);
  assert.ok(!("health_after" in event));
  assert.ok(!("msg_index" in event));
});

test("an event of the same name by another contract is none of the suite", () => {
  assert.deepEqual(parseEvents([filled("stranger"), filled(CONTRACTS.vault)], CONTRACTS), []);
});

test("unknown events and those of the chain are passed over", () => {
  const others = ["transfer", "wasm", "wasm-glidepath_vault/novelty", "wasm-glidepath_vault/constructor"].map(
    (type) => ({
      type,
      attributes: [{ key: "_contract_address", value: CONTRACTS.vault }],
    }),
  );
  assert.deepEqual(parseEvents(others, CONTRACTS), []);
});

test("an event that lacks what this version knows of it, or says it otherwise, is passed over; the others are told", () => {
  const auction = CONTRACTS.liquidation_auction;
  const whole = filled(auction);
  const lacks = { ...whole, attributes: whole.attributes.filter(({ key }) => key !== "penalty") };
  const otherwise = ["12.5", "-1", "", "many"].map((sold) => filled(auction, { sold }));
  const position = filled(auction, { position: "five" });
  const seen = parseEvents([lacks, ...otherwise, position, whole], CONTRACTS);
  assert.deepEqual(
    seen.map((event) => event.type === "liquidation-auction/filled" && event.sold),
    [2n ** 128n - 1n],
  );
});
