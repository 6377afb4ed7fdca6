import assert from "node:assert/strict";
import { test } from "node:test";
import { asGlidepathError, parseRefusal } from "@glidepath/client";

const SITE = "[CosmWasm/wasmd@v0.61.14/x/wasm/keeper/keeper.go:452] with gas used: '183212'";

test("a refusal of the contract that was asked", () => {
  const raw = `failed to execute message; message index: 1: the price is 9020000.1, the bid is for at most 9000000: execute wasm contract failed`;
  const error = asGlidepathError(new Error(raw), ["oracle_adapter", "liquidation_auction"]);
  assert.equal(error?.code, "liquidation-auction/bid_above_max_price");
  assert.ok(error.is("liquidation-auction/bid_above_max_price"));
  assert.deepEqual(error.figures, { price: "9020000.1", max: "9000000" });
  assert.equal(error.index, 1);
  assert.equal(error.message, "the price is 9020000.1, the bid is for at most 9000000");
});

test("a refusal of a message that a message sent, as a simulation tells it", () => {
  const raw =
    "Query failed with (6): rpc error: code = Unknown desc = failed to execute message; message index: 0: dispatch: submessages: " +
    `usdc has 5 in cash, 700 is wanted: execute wasm contract failed ${SITE}: unknown request`;
  const error = asGlidepathError(new Error(raw), ["position_manager"]);
  assert.equal(error?.code, "position-manager/not_enough_cash");
  assert.deepEqual(error.figures, { asset: "usdc", cash: 5n, wanted: 700n });
});

test("a refusal of a question", () => {
  const raw = "Query failed with (6): there is no position 7: query wasm contract failed: unknown request";
  const error = asGlidepathError(new Error(raw));
  assert.equal(error?.code, "position-manager/no_position");
  assert.deepEqual(error.figures, { position: 7 });
});

test("what contracts share has codes of its own", () => {
  assert.deepEqual(parseRefusal("price of atom was checked 40 s ago, at most 30 s allowed: update it first"), {
    code: "price/not_checked",
    figures: { asset: "atom", age: 40, max_age: 30 },
  });
  assert.deepEqual(parseRefusal("expected a payment in native:uatom:5, found nothing"), {
    code: "payment/wrong_payment",
    figures: { expected: "native:uatom:5", found: "nothing" },
  });
  assert.deepEqual(parseRefusal("the fill would be worth $0.02, the smallest is $10"), {
    code: "refusal/too_small",
    figures: { value: "0.02", min_fill: "10" },
  });
});

test("the same words of two contracts are the asked one's", () => {
  assert.equal(parseRefusal("atom is not listed", ["vault"])?.code, "vault/not_listed");
  assert.equal(parseRefusal("atom is not listed", ["position_manager"])?.code, "position-manager/not_listed");
});

test("unknown words are an error of their own, and what no contract said is none", () => {
  const error = asGlidepathError(new Error("message index: 0: the moon is full: execute wasm contract failed"));
  assert.equal(error?.code, "unknown");
  assert.equal(error?.message, "the moon is full");
  assert.equal(asGlidepathError(new Error("out of gas in location: ReadFlat")), undefined);
  assert.equal(asGlidepathError(new Error("fetch failed")), undefined);
});

test("words that a general text would fit too are the particular error's", () => {
  const far = "price of atom is 5, smoothed 6: further apart than a part of 0.1";
  assert.equal(parseRefusal(far, ["liquidation_auction"])?.code, "price/too_far");
  const low = "the price is 5, settled is nothing below 6: advance the position first";
  assert.equal(parseRefusal(low, ["liquidation_auction"])?.code, "refusal/below_min_price");
  const terms = "soft.penalty is 0.5: at most 0.1";
  assert.deepEqual(parseRefusal(terms, ["liquidation_auction"])?.figures, {
    field: "soft.penalty",
    value: "0.5",
    bound: "at most 0.1",
  });
  assert.equal(parseRefusal("Generic error: the moon is full: stay inside"), undefined);
});
