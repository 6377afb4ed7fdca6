import assert from "node:assert/strict";
import { test } from "node:test";
import type { SigningCosmWasmClient } from "@cosmjs/cosmwasm-stargate";
import { fromBase64, fromUtf8 } from "@cosmjs/encoding";
import type { EncodeObject } from "@cosmjs/proto-signing";
import { Account, ChainError, Glidepath, GlidepathError } from "@glidepath/client";
import { CONTRACTS } from "./suite.js";

const LISTED = [
  { asset: "atom", info: { native: "uatom" }, decimals: 6 },
  { asset: "gold", info: { cw20: "glide1gold" }, decimals: 6 },
  { asset: "usdc", info: { native: "uusdc" }, decimals: 6 },
];

/** What the contracts of these tests answer. */
const ANSWERS: Record<string, unknown> = {
  assets: LISTED,
  account: { asset: "usdc", amount: "9", set_aside: "5" },
  sale: { position: 5, sale: { collateral: "atom", debt: "gold" } },
  ledger: {
    ledger: { collateral: [{ asset: "atom" }, { asset: "gold" }], debts: [{ asset: "usdc" }, { asset: "atom" }] },
    owed: [{ asset: "usdc", principal: "9999", surcharge: "1" }],
  },
};

interface Sent {
  contract: string;
  msg: Record<string, unknown>;
  funds: { denom: string; amount: string }[];
}

/** Somebody on a chain that takes everything, or answers each transaction with the next of `results`. */
function account(results: object[] = []): { me: Account; sent: Sent[][]; questions: string[] } {
  const sent: Sent[][] = [];
  const questions: string[] = [];
  const chain = {
    queryContractSmart: async (_: string, query: object) => {
      const [question = ""] = Object.keys(query);
      questions.push(question);
      return ANSWERS[question];
    },
  };
  const signing = {
    signAndBroadcast: async (_: string, messages: EncodeObject[]) => {
      sent.push(messages.map(({ value }) => ({ ...value, msg: JSON.parse(fromUtf8(value.msg)) })));
      const result = results[sent.length - 1] ?? {};
      if (result instanceof Error) throw result;
      return { code: 0, transactionHash: "HASH", height: 7, gasUsed: 100n, events: [opened()], ...result };
    },
  };
  const glidepath = new Glidepath(chain as never, CONTRACTS);
  return { me: new Account(glidepath, signing as unknown as SigningCosmWasmClient, "me"), sent, questions };
}

const opened = () => ({
  type: "wasm-glidepath_position-manager/position_opened",
  attributes: Object.entries({ _contract_address: CONTRACTS.position_manager, position: "5", owner: "me" }).map(
    ([key, value]) => ({ key, value }),
  ),
});

const inside = ({ msg }: Sent) => JSON.parse(fromUtf8(fromBase64((msg.send as { msg: string }).msg)));

test("a position opens in one transaction where its payments go in one message", async () => {
  const { me, sent } = account();
  const changes = [{ deposit: { asset: "atom", amount: 10n } }, { borrow: { asset: "usdc", amount: 2n } }];
  const { position, gasUsed } = await me.open(changes, "friend");
  assert.equal(position, 5);
  assert.equal(gasUsed, 100n);
  assert.deepEqual(
    sent.map((one) => one.map(({ contract, msg, funds }) => ({ contract, msg, funds }))),
    [
      [
        {
          contract: CONTRACTS.position_manager,
          msg: {
            update: {
              actions: [{ deposit: { asset: "atom", amount: "10" } }, { borrow: { asset: "usdc", amount: "2" } }],
              recipient: "friend",
            },
          },
          funds: [{ denom: "uatom", amount: "10" }],
        },
      ],
    ],
  );
});

test("with a token and coins it opens with the token, and goes on by its number", async () => {
  const { me, sent } = account();
  const changes = [
    { deposit: { asset: "atom", amount: 10n } },
    { deposit: { asset: "gold", amount: 3n } },
    { borrow: { asset: "usdc", amount: 2n } },
  ];
  const { gasUsed } = await me.open(changes);
  assert.equal(gasUsed, 200n);
  const [[first] = [], [second] = []] = sent;
  assert.ok(first && second && sent.length === 2);
  assert.equal(first.contract, "glide1gold");
  assert.deepEqual(inside(first), { update: { actions: [{ deposit: { asset: "gold", amount: "3" } }] } });
  const update = second.msg.update as { position: number; actions: object[] };
  assert.equal(update.position, 5);
  assert.deepEqual(update.actions.flatMap(Object.keys), ["deposit", "borrow"]);
});

test("a bid asks the sources of its pair first, and pays in what the sale is for", async () => {
  const { me, sent } = account();
  await me.bid(5, { pay: 70n, maxPrice: "9.5", minReceived: 1n });
  const [[prices, bid] = []] = sent;
  assert.ok(prices && bid);
  assert.deepEqual(prices.msg, { update_prices: { assets: ["atom", "gold"] } });
  assert.deepEqual(inside(bid), { bid: { position: 5, max_price: "9.5", min_received: "1" } });
});

test("a bid from an account carries nothing", async () => {
  const { me, sent } = account();
  await me.bid(5, { pay: 70n, maxPrice: "9.5", fromAccount: true });
  const [[, bid] = []] = sent;
  assert.ok(bid);
  assert.equal(bid.contract, CONTRACTS.liquidation_auction);
  assert.deepEqual(bid.funds, []);
  assert.deepEqual(bid.msg, {
    bid: { position: 5, max_price: "9.5", pay: { account: { asset: "gold", amount: "70" } } },
  });
});

test("several bids are one message with one payment, behind each price once", async () => {
  const { me, sent } = account();
  const bids = [
    { position: 5, maxPrice: "9.5", maxPay: 40n },
    { position: 6, maxPrice: "9" },
  ];
  await me.bidMany(bids, { asset: "gold", pay: 70n });
  await me.bidMany(bids, { asset: "gold", pay: 70n, fromAccount: true });
  const items = [
    { position: 5, max_price: "9.5", max_pay: "40" },
    { position: 6, max_price: "9" },
  ];
  const [[prices, coined] = [], [, booked] = []] = sent;
  assert.ok(prices && coined && booked);
  assert.deepEqual(prices.msg, { update_prices: { assets: ["atom", "gold"] } });
  assert.deepEqual(inside(coined), { bid_many: { bids: items } });
  assert.deepEqual(booked.msg, { bid_many: { bids: items, account: { asset: "gold", amount: "70" } } });
});

test("an order waits with its coins, and what is set aside grows by what comes in", async () => {
  const { me, sent } = account();
  await me.placeOrder("atom", "usdc", 3, 50n);
  await me.fundBids("usdc", 20n);
  assert.deepEqual(sent[0]?.[0]?.msg, { place_order: { collateral: "atom", debt: "usdc", slot: 3 } });
  assert.deepEqual(sent[0]?.[0]?.funds, [{ denom: "uusdc", amount: "50" }]);
  assert.deepEqual(
    sent[1]?.map(({ msg }) => msg),
    [{ deposit: { asset: "usdc" } }, { set_aside: { asset: "usdc", amount: "25" } }],
  );
});

test("an advance asks for each price of the position once", async () => {
  const { me, sent } = account();
  await me.advance(5);
  assert.deepEqual(
    sent[0]?.map(({ msg }) => msg),
    [{ update_prices: { assets: ["atom", "gold", "usdc"] } }, { advance: { position: 5 } }],
  );
});

test("all of a debt is repaid with a little more than what it is now", async () => {
  const { me, sent } = account();
  await me.repayAll(5, "usdc");
  assert.deepEqual(sent[0]?.[0]?.funds, [{ denom: "uusdc", amount: "10011" }]);
  assert.deepEqual(sent[0]?.[0]?.msg, { update: { position: 5, actions: [{ repay: { asset: "usdc" } }] } });
  await assert.rejects(me.repayAll(5, "gold"), /owes no gold/);
});

test("what a name stands for is asked once; a new name is looked for again", async () => {
  const { me, questions } = account();
  await me.supply("usdc", 1n);
  await me.supply("atom", 1n);
  assert.deepEqual(questions, ["assets"]);
  await assert.rejects(me.supply("novelty", 1n), /no asset novelty/);
  assert.deepEqual(questions, ["assets", "assets"]);
});

test("a contract's refusal is its error, whether a simulation or the block tells it; another one is the chain's", async () => {
  const words =
    "failed to execute message; message index: 1: the lot ended at 90, it is 95: advance the position: execute wasm contract failed";
  const results = [
    new Error(`Query failed with (6): ${words}`),
    { code: 5, rawLog: words },
    { code: 11, rawLog: "out of gas" },
  ];
  const { me } = account(results);
  const bid = () => me.bid(5, { pay: 70n, maxPrice: "9.5" });
  for (const _ of [1, 2]) {
    await assert.rejects(bid, (error) => {
      assert.ok(error instanceof GlidepathError && error.is("liquidation-auction/lot_expired"));
      assert.deepEqual(error.figures, { ended_at: 90, now: 95 });
      return true;
    });
  }
  await assert.rejects(bid, (error) => error instanceof ChainError && error.code === 11);
});

test("what the chain took is never an error, whatever its events say", async () => {
  const attributes = opened().attributes.filter(({ key }) => key !== "owner");
  const lacking = { ...opened(), attributes };
  const { me, sent } = account([{ events: [lacking] }, { events: [lacking] }]);
  const deposit = [{ deposit: { asset: "atom", amount: 10n } }];
  const { events, raw } = await me.update(5, deposit);
  assert.deepEqual([events, raw], [[], [lacking]]);
  assert.equal((await me.open(deposit)).position, 5);
  assert.equal(sent.length, 2);
});
