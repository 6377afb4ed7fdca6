import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { canonical, differences, merged } from "../src/json.js";
import { type Localnet, ROOT } from "../src/localnet.js";
import { parts } from "../src/messages.js";
import { readNetwork } from "../src/network.js";
import { chainOf, type Deployment } from "../src/record.js";
import { reason } from "../src/words.js";
import { folder, refusedWith } from "./harness.js";

const EXAMPLE = join(ROOT, "deployments", "example.toml");

/** A network's file with something replaced. */
function edited(from: string, to: string): string {
  const text = readFileSync(EXAMPLE, "utf8");
  assert.ok(text.includes(from), from);
  const file = join(folder(), "network.toml");
  writeFileSync(file, text.replace(from, to));
  return file;
}

test("the example is read", () => {
  const network = readNetwork(EXAMPLE);
  assert.equal(network.chain.chain_id, "example-1");
  assert.equal(network.owner, "gov");
  assert.deepEqual(
    network.assets.map((asset) => asset.info),
    [{ native: `ibc/${"0".repeat(64)}` }, { cw20: "example1tokenaddress" }, { native: "uusdc" }],
  );
  assert.equal(network.record, join(ROOT, "deployments", "example-1.json"));
});

test("mistakes in a file are told in one line", async () => {
  const cases: [string, string, RegExp][] = [
    ['chain_id = "example-1"', "", /chain_id is missing/],
    ['owner = "gov"', 'owner = "gov"\nownr = "x"', /`ownr` is no key of a network/],
    ["submit = false", "submit = false\n]", /network\.toml: /],
    ['kink = "0.8"', "kink = 0.8", /assets\[2\]\.market\.rate_model\.kink: decimals are written as text/],
    [
      'guardian = "example1guardianaddress"',
      'guardian = "@guardian"',
      /@guardian: names stand for accounts of a local/,
    ],
    ['mnemonic_env = "DEPLOYER_MNEMONIC"', 'account = "deployer"', /signer\.account is for local chains/],
    ['denom = "uusdc"', 'denom = "uusdc"\ncw20 = "x"', /asset usdc needs one of denom, cw20 and token/],
    ['name = "usdc"', 'name = "usdc"\nweight = "1"', /asset usdc: `weight` is no key of an asset/],
    ['# record = "example-1.json"', 'record = "example-1"', /record is `example-1`: its name ends in \.json/],
    ['# record = "example-1.json"', 'record = "records/.json"', /record is `records\/\.json`/],
    ["[[assets]]", '[[tokens]]\nname = "x"\n\n[[assets]]', /tokens are made on local chains only/],
  ];
  for (const [from, to, words] of cases) await refusedWith(words, () => readNetwork(edited(from, to)));
  await refusedWith(/there is no file \/nowhere/, () => readNetwork("/nowhere"));
});

test("values are compared as what they mean", () => {
  assert.deepEqual(canonical({ b: "0.750", a: 3, c: null, d: ["01.0", "x"] }), { a: "3", b: "0.75", d: ["1", "x"] });
  assert.deepEqual(differences({ a: { b: "1" }, n: null }, { a: { b: "1.0" } }), []);
  assert.deepEqual(differences({ a: { b: "1" } }, { a: { b: "2" }, z: 1 }), [
    { path: "a.b", wanted: "1", actual: "2" },
    { path: "z", wanted: undefined, actual: "1" },
  ]);
  // Without a place after the point a zero means something.
  assert.notDeepEqual(canonical("100"), canonical("1"));
  assert.deepEqual(merged({ a: { b: "1", c: "2" } }, { a: { c: "3" } }), { a: { b: "1", c: "3" } });
});

test("what a contract said is what is told", () => {
  const log =
    "Query failed with (6): rpc error: code = Unknown desc = failed to execute message; message index: 1: spacing is 1: from 6 to 600 s: execute wasm contract failed [CosmWasm/wasmd@v0.61.14/x/wasm/keeper/keeper.go:452] with gas used: '224908': unknown request";
  assert.equal(reason(new Error(log)), "spacing is 1: from 6 to 600 s (message 1)");
  assert.equal(reason("insufficient fees"), "insufficient fees");
});

test("a record is of the chain that was reached, or refused; only a local chain may be another one of that name", async () => {
  const network = readNetwork(EXAMPLE);
  const local = { ...network, local: {} as Localnet };
  const record: Deployment = { chain_id: "example-1", genesis: "AB", deployer: "me", salt: "glidepath" };
  assert.equal(chainOf(network, record, "AB"), "this");
  // The node that is asked may have begun later than the chain.
  assert.equal(chainOf(network, record, undefined), "this");
  assert.equal(chainOf(local, record, "CD"), "gone");
  await refusedWith(/is of another example-1: its first block is AB, not CD/, () => chainOf(network, record, "CD"));
  for (const of of [network, local]) {
    await refusedWith(/is of the chain other-1, not of example-1/, () =>
      chainOf(of, { ...record, chain_id: "other-1" }, "CD"),
    );
  }
});

test("what is too much for a message goes in several", () => {
  const all = Array.from({ length: 35 }, (_, n) => n);
  assert.deepEqual(
    parts(all).map((part) => part.length),
    [16, 16, 3],
  );
  assert.deepEqual(parts(all).flat(), all);
  assert.deepEqual(parts([]), []);
});
