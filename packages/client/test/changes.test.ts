import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBase64, fromUtf8 } from "@cosmjs/encoding";
import { type AssetInfo, type Change, pay, steps } from "@glidepath/client";

const INFO: Record<string, AssetInfo> = {
  atom: { native: "uatom" },
  eth: { native: "aeth" },
  gold: { cw20: "glide1gold" },
  salt: { cw20: "glide1salt" },
};
const infoOf = (asset: string) => INFO[asset] as AssetInfo;
const deposit = (asset: string, amount: bigint): Change => ({ deposit: { asset, amount } });
const borrow = (asset: string, amount: bigint): Change => ({ borrow: { asset, amount } });
const shape = (changes: Change[], recipient?: string) =>
  steps(changes, infoOf, recipient).map(({ actions, payments }) => [
    actions.flatMap((one) => Object.keys(one)).join(" "),
    payments.map(({ info, amount }) => `${amount}${Object.values(info)[0]}`).join(" "),
  ]);

test("any number of coins is one message, each denom once", () => {
  assert.deepEqual(shape([deposit("eth", 5n), deposit("atom", 1n), borrow("atom", 9n), deposit("atom", 2n)]), [
    ["deposit deposit borrow deposit", "5aeth 3uatom"],
  ]);
});

test("one token with its payments first is one message", () => {
  assert.deepEqual(shape([deposit("gold", 5n), borrow("atom", 1n)]), [["deposit borrow", "5glide1gold"]]);
});

test("a token whose message would also take out ahead of it, or for somebody else, goes ahead alone", () => {
  const apart = [
    ["deposit", "5glide1gold"],
    ["borrow", ""],
  ];
  assert.deepEqual(shape([borrow("atom", 1n), deposit("gold", 5n)]), apart);
  assert.deepEqual(shape([deposit("gold", 5n), borrow("atom", 1n)], "friend"), apart);
});

test("several tokens and coins are a message each, the coins last", () => {
  assert.deepEqual(shape([deposit("salt", 1n), deposit("atom", 2n), deposit("gold", 3n), borrow("eth", 4n)]), [
    ["deposit", "1glide1salt"],
    ["deposit", "3glide1gold"],
    ["deposit borrow", "2uatom"],
  ]);
});

test("a repayment of all pays what is sent along and names no amount", () => {
  const [step] = steps([{ repay: { asset: "atom", pay: 70n } }], infoOf, undefined);
  assert.deepEqual(step, { actions: [{ repay: { asset: "atom" } }], payments: [{ info: INFO.atom, amount: 70n }] });
});

test("a token's Send carries the same message inside", () => {
  const { value } = pay("me", "glide1vault", { supply: { asset: "gold" } }, [{ info: infoOf("gold"), amount: 7n }]);
  assert.equal(value.contract, "glide1gold");
  assert.deepEqual(value.funds, []);
  const { send } = JSON.parse(fromUtf8(value.msg));
  assert.equal(send.contract, "glide1vault");
  assert.equal(send.amount, "7");
  assert.deepEqual(JSON.parse(fromUtf8(fromBase64(send.msg))), { supply: { asset: "gold" } });
});

test("coins come in the bank's order, and nothing is paid as nothing", () => {
  const { value } = pay("me", "glide1vault", {}, [
    { info: infoOf("atom"), amount: 2n },
    { info: infoOf("eth"), amount: 1n },
  ]);
  assert.deepEqual(value.funds, [
    { denom: "aeth", amount: "1" },
    { denom: "uatom", amount: "2" },
  ]);
  assert.throws(() => pay("me", "glide1vault", {}, [{ info: infoOf("atom"), amount: 0n }]), RangeError);
  assert.throws(() =>
    pay("me", "glide1vault", {}, [
      { info: infoOf("atom"), amount: 2n },
      { info: infoOf("gold"), amount: 1n },
    ]),
  );
});
