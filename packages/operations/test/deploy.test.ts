import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fromUtf8, toHex } from "@cosmjs/encoding";
import type { EncodeObject } from "@cosmjs/proto-signing";
import { MsgCancelProposal } from "cosmjs-types/cosmos/gov/v1/tx.js";
import { QueryClientImpl as WasmQuery } from "cosmjs-types/cosmwasm/wasm/v1/query.js";
import { Chain } from "../src/chain.js";
import { Deployer } from "../src/deploy.js";
import { type Proposal, progress, submit, verdict } from "../src/gov.js";
import type { Ownership } from "../src/ground.js";
import { type Json, type JsonObject, merged } from "../src/json.js";
import { live } from "../src/live.js";
import { localWallet, ROOT } from "../src/localnet.js";
import { type AssetPlan, deployer, type Network, readNetwork } from "../src/network.js";
import { type Deployment, readRecord } from "../src/record.js";
import { pages } from "../src/settings.js";
import { CONTRACTS, type Five } from "../src/suite.js";
import { folder, localFile, localNetwork, ownChain, refusedWith } from "./harness.js";

const name = `deploy-${process.pid % 100_000}`;
const local = await ownChain(name);
const into = folder();
const PROGRAM = join(ROOT, "packages", "operations", "dist", "src", "cli", "deploy.js");

/** How often the chain has each code. */
async function copies(): Promise<Map<string, number>> {
  const { codeInfos } = await new WasmQuery(local.chain.proto).Codes({});
  const found = new Map<string, number>();
  for (const row of codeInfos) found.set(toHex(row.dataHash), (found.get(toHex(row.dataHash)) ?? 0) + 1);
  return found;
}

/** Where a run is cut off: with the transaction on record but not sent, sent but not followed, followed but not recorded. */
type Cut = "before" | "sent" | "done";

/** A chain whose program is cut off at its first transaction. */
async function fused(cut: Cut): Promise<Chain> {
  const chain = await Chain.connect(local.chain.settings, await localWallet());
  chain.life = 8;
  const broadcast = chain.client.broadcastTxSync.bind(chain.client);
  const outcome = chain.outcome.bind(chain);
  let sent = false;
  chain.client.broadcastTxSync = async (bytes) => {
    if (cut === "before") throw new Error("cut off");
    const hash = await broadcast(bytes);
    sent = true;
    if (cut === "sent") throw new Error("cut off");
    return hash;
  };
  chain.outcome = async (of) => {
    const done = await outcome(of);
    // Asked without having sent anything, it is the look at what an earlier run left.
    if (sent && cut === "done") throw new Error("cut off");
    return done;
  };
  return chain;
}

test("a run that is cut off at every transaction, in every way, ends where one run would", async () => {
  const network = localNetwork(name, into, "cut");
  const sender = await deployer(network, await localWallet());
  const cuts: Cut[] = ["sent", "done", "sent", "done", "before"];
  const steps = new Set<string>();
  for (let run = 0; ; run += 1) {
    assert.ok(run < 60, "it never ends");
    const chain = await fused(cuts[run % cuts.length] as Cut);
    try {
      const ending = await (await Deployer.open(network, chain, sender, () => {}, true)).run();
      assert.equal(ending.kind, "complete");
      assert.equal(ending.sent, 0, "nothing is left for the last one");
      break;
    } catch (error) {
      assert.match(String(error), /cut off/);
      steps.add(readRecord(network.record)?.pending?.step ?? "");
    } finally {
      chain.disconnect();
    }
  }
  // Six codes, token, suite, listing, prices, parameters, offer, proposal; votes have no step of their own on record.
  assert.ok(steps.size >= 12, `cut off at ${[...steps].join(", ")}`);
  assert.ok(
    [...(await copies()).values()].every((n) => n === 1),
    "each code once",
  );
  assert.equal(readRecord(network.record)?.pending, undefined);
});

test("a program that is killed goes on", async () => {
  const file = localFile(name, into, "kill");
  const runs: string[] = [];
  for (let kills = 0; ; kills += 1) {
    assert.ok(kills < 11, "it never ends");
    // At its first word of having sent something, or while it is at it; in the end it is left alone.
    const cue =
      kills >= 9
        ? /^nothing kills it/
        : kills % 2 === 0
          ? /^ {2}sent /m
          : /^(create|vault: |wasm1\S+ posts|position-manager: |submit)/m;
    const { code, text } = await untilKilled(file, cue);
    runs.push(text);
    if (code === 0) break;
  }
  assert.ok(runs.length > 4, `killed ${runs.length - 1} times`);
  assert.match(runs.at(-1) as string, /all is as .*kill\.toml says/);
  assert.ok(
    [...(await copies()).values()].every((n) => n === 1),
    "each code once",
  );
});

/** Runs the program until a line of what it does, and kills it there. */
function untilKilled(file: string, cue: RegExp): Promise<{ code: number | null; text: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [PROGRAM, file, "--yes"]);
    let text = "";
    child.stderr.on("data", (data: Buffer) => {
      text += data.toString();
    });
    child.stdout.on("data", (data: Buffer) => {
      text += data.toString();
      // The plan comes first, indented; what it does is not.
      if (cue.test(text.split("\n").slice(1).join("\n"))) child.kill("SIGKILL");
    });
    child.on("close", (code) => done({ code, text }));
  });
}

test("deployed once, a second run does nothing, and what differs is found", async () => {
  const network = localNetwork(name, into, "kill");
  const sender = await deployer(network, await localWallet());
  const height = await local.chain.height();
  const opened = await Deployer.open(network, local.chain, sender, () => {}, true);
  assert.deepEqual(await opened.run(), { kind: "complete", sent: 0 });
  assert.deepEqual(await opened.plan(), []);
  assert.ok((await local.chain.height()) >= height);

  const record = JSON.parse(readFileSync(network.record, "utf8")) as Deployment;
  for (const contract of CONTRACTS) {
    const { owner } = await local.chain.ask<{ owner: string }>(record.contracts?.[contract] ?? "", { ownership: {} });
    const { admin } = (await local.chain.contract(record.contracts?.[contract] ?? "")) ?? {};
    assert.equal(owner, await local.chain.moduleAccount("gov"));
    assert.equal(admin, owner);
  }

  const change = (text: string) =>
    text
      .replace("grace = 20", "grace = 21")
      .replace('guardian = "@guardian"', 'guardian = "@keeper"')
      .replace('name = "eth"', 'name = "ether"');
  const other = readNetwork(localFile(name, into, "kill", change));
  const findings = await (await Deployer.open(other, local.chain, sender, () => {}, false)).findings();
  assert.deepEqual(
    findings.map(({ where }) => where).sort(),
    [
      "oracle-adapter: feed of ether",
      "oracle-adapter: guardian",
      "position-manager: guardian",
      "position-manager: parameters of ether",
      "position-manager: rules: grace",
      "vault: asset eth",
      "vault: asset ether",
      "vault: guardian",
    ].sort(),
  );
});

/** Deploys up to the first transaction with such a message in it. */
async function before(network: Network, isIt: (message: EncodeObject) => boolean): Promise<Deployer> {
  const chain = await Chain.connect(local.chain.settings, await localWallet());
  const send = chain.send.bind(chain);
  chain.send = async (sender, messages, told) => {
    if (messages.some(isIt)) throw new Error("cut off");
    return send(sender, messages, told);
  };
  const sender = await deployer(network, await localWallet());
  await assert.rejects((await Deployer.open(network, chain, sender, () => {}, true)).run(), /cut off/);
  chain.disconnect();
  return Deployer.open(network, local.chain, sender, () => {}, true);
}

const isOffer = ({ typeUrl, value }: EncodeObject) =>
  typeUrl === "/cosmwasm.wasm.v1.MsgExecuteContract" && "update_ownership" in JSON.parse(fromUtf8(value.msg));

test("nothing is offered to governance while anything differs, in force or beside the file", async () => {
  const network = localNetwork(name, into, "differs");
  const opened = await before(network, isOffer);
  const at = opened.record.contracts as Five<string>;
  const wheres = async () =>
    (await opened.findings()).map(({ where }) => where).filter((where) => !/owner$/.test(where));
  assert.deepEqual(await wheres(), []);
  const tell = (contract: string, msg: Json) => local.tell("deployer", contract, msg);

  // Weights of the deployer's own, and then a ramp that leads to the file's: repaired before anything is offered.
  const atom = network.assets.find((asset) => asset.name === "atom") as AssetPlan;
  const other = { initial: "0.5", target: "0.5", maintenance: "0.55" };
  const params = merged(atom.params, { collateral: { weights: other } });
  await tell(at.position_manager, { set_asset: { asset: "atom", params, ramp: 0 } });
  await tell(at.position_manager, { set_asset: { asset: "atom", params: atom.params, ramp: 7_776_000 } });
  assert.deepEqual(await wheres(), [
    "position-manager: parameters of atom: collateral.weights.initial",
    "position-manager: parameters of atom: collateral.weights.maintenance",
    "position-manager: parameters of atom: collateral.weights.target",
    "position-manager: parameters of atom: ramp",
  ]);

  // What no message takes back. The file names neither market nor cover of eth.
  const { market = null, cover = null } = atom;
  const expected = ["vault: market of eth", "insurance-fund: cover of eth", "vault: asset btc"];
  await tell(at.vault, { set_market: { asset: "eth", terms: market } });
  await tell(at.insurance_fund, { set_cover: { asset: "eth", rule: cover } });
  await tell(at.vault, { list_asset: { asset: "btc", info: { native: "ubtc" }, decimals: 8 } });
  await local.tell("guardian", at.oracle_adapter, { stop: { assets: ["usdc"], kind: "borrowing", seconds: 3_600 } });
  await local.tell("guardian", at.oracle_adapter, { stop: { assets: ["gold"], kind: "fills", seconds: 3_600 } });
  await local.post(at.oracle_adapter, { atom: "20" });
  expected.push("oracle-adapter: borrowing of usdc", "oracle-adapter: fills of gold");
  expected.push("oracle-adapter: borrowing after a jump of atom");

  const ending = await opened.run();
  assert.ok(ending.kind === "different", ending.kind);
  assert.equal(ending.sent, 1, "the weights are set again");
  assert.deepEqual(ending.findings.map(({ where }) => where).sort(), expected.sort());
  for (const contract of CONTRACTS) {
    const { owner, pending_owner } = await local.chain.ask<Ownership>(at[contract], { ownership: {} });
    assert.deepEqual([owner, pending_owner], [opened.sender, null], contract);
  }
  assert.equal(readRecord(network.record)?.proposal, undefined);
});

test("a proposal that the chain has no more is over, and there is another one", async () => {
  const network = localNetwork(name, into, "cancelled");
  const isSubmission = ({ typeUrl }: EncodeObject) => typeUrl === "/cosmos.gov.v1.MsgSubmitProposal";
  await before(network, isSubmission);
  const { chain } = local;
  const text = JSON.parse(readFileSync(network.record.replace(/\.json$/, ".accept.json"), "utf8")) as Proposal;
  const id = await submit(chain, local.of("deployer"), text);
  assert.equal(await progress(chain, id), "open");
  const typeUrl = "/cosmos.gov.v1.MsgCancelProposal";
  chain.client.registry.register(typeUrl, MsgCancelProposal);
  const value = MsgCancelProposal.fromPartial({ proposalId: id, proposer: local.of("deployer") });
  await local.send("deployer", { typeUrl, value });
  assert.equal(await progress(chain, id), "over");
  assert.deepEqual((await verdict(chain, id)).passed, false);
  const record = readRecord(network.record) as Deployment;
  writeFileSync(network.record, JSON.stringify({ ...record, proposal: String(id) }));
  await local.deploy(network);
  assert.ok(BigInt(readRecord(network.record)?.proposal ?? 0) > id);
});

test("a wrong salt, chain or record is refused", async () => {
  const file = localFile(name, into, "kill");
  const open = async (network: Network) =>
    Deployer.open(network, local.chain, await deployer(network, await localWallet()), () => {}, false);
  await refusedWith(/was made by wasm1.* with the salt `kill`/, async () => {
    const text = readFileSync(file, "utf8").replace('salt = "kill"', 'salt = "other"');
    writeFileSync(file, text);
    return open(readNetwork(file));
  });
  await refusedWith(/is glidepath-deploy-\d+, not another-1/, () =>
    Chain.connect({ ...local.chain.settings, chain_id: "another-1" }),
  );
  const network = localNetwork(name, into, "elsewhere");
  const record = JSON.stringify({ ...readRecord(localNetwork(name, into, "kill").record), chain_id: "another-1" });
  writeFileSync(network.record, record);
  await refusedWith(/elsewhere\.json is of the chain another-1, not of glidepath-deploy-/, () => open(network));
  await refusedWith(/elsewhere\.json is of the chain another-1/, () => live(network, local.chain));
  assert.equal(readFileSync(network.record, "utf8"), record);
});

test("more assets than a message takes are listed, priced and priced again", async () => {
  const more = Array.from({ length: 14 }, (_, n) => `x${n + 10}`);
  const many = (text: string) => {
    const [head = "", ...assets] = text.split(/^(?=\[\[assets\]\])/m);
    const eth = assets.find((asset) => asset.includes('"aeth"')) as string;
    const copies = more.map((asset) => eth.replace('"eth"', `"${asset}"`).replace('"aeth"', `"u${asset}"`));
    return [head, ...assets, ...copies].join("");
  };
  const network = localNetwork(name, into, "many", many);
  const { at } = await local.deploy(network);
  const prices = () => pages(local.chain, at.oracle_adapter, "prices");
  assert.equal((await prices()).length, 18);
  await local.chain.blocks(5);
  const program = join(ROOT, "packages", "operations", "dist", "src", "cli", "prices.js");
  const told = execFileSync(process.execPath, [program, "x23=7", "--network", network.file], { encoding: "utf8" });
  assert.match(told, /x22 3000 {2}x23 7/);
  const row = (await prices()).find((one) => one.asset === "x23") as { record: JsonObject };
  assert.equal(row.record.price, "7");
});

test("impossible parameters are told with the contract's words, before governance has anything", async () => {
  const network = localNetwork(name, into, "bad", (text) => text.replace('kink = "0.8"', 'kink = "1.8"'));
  const sender = await deployer(network, await localWallet());
  const opened = await Deployer.open(network, local.chain, sender, () => {}, true);
  await assert.rejects(opened.run(), /rate_model is base 0\.01, kink 1\.8/);
  const repaired = localNetwork(name, into, "bad");
  assert.equal((await (await Deployer.open(repaired, local.chain, sender, () => {}, true)).run()).kind, "complete");
});

test("the example's figures are ones that the contracts take", async () => {
  const gold = readRecord(localNetwork(name, into, "kill").record)?.tokens?.gold ?? "";
  const replaced: [string | RegExp, string][] = [
    [/^chain_id = .*\nrpc = .*\nprefix = .*$/m, `localnet = "${name}"\nsalt = "example"\nrecord = "example.json"`],
    ['"0.025uexample"', '"0ustake"'],
    ['"example1guardianaddress"', '"@guardian"'],
    ['"example1reporterone", "example1reportertwo", "example1reporterthree"', '"@reporter-1", "@reporter-2"'],
    ['mnemonic_env = "DEPLOYER_MNEMONIC"', 'account = "deployer"'],
    ['"500000000uexample"', '"1000000ustake"'],
    ["submit = false", 'submit = true\nvoters = ["@validator", "@voter"]'],
    ['cw20 = "example1tokenaddress"', `cw20 = "${gold}"`],
  ];
  let text = readFileSync(join(ROOT, "deployments", "example.toml"), "utf8");
  for (const [from, to] of replaced) {
    assert.ok(text.search(from instanceof RegExp ? from : from.replace(/[.[\]]/g, "\\$&")) >= 0, String(from));
    text = text.replace(from, to);
  }
  text = text.replaceAll(/^decimals = 6$/gm, 'decimals = 6\nfirst_price = "1"');
  const file = join(into, "example.toml");
  writeFileSync(file, text);
  await local.deploy(readNetwork(file));
});

test("a price that nobody posts is asked for", async () => {
  const wasm = readFileSync(join(ROOT, "artifacts", "test", "mock_pyth.wasm"));
  const stored = await local.chain.client.upload(local.of("deployer"), wasm, "auto");
  const { contractAddress: pyth } = await local.chain.client.instantiate(
    local.of("deployer"),
    stored.codeId,
    {},
    "pyth",
    "auto",
  );
  const id = "ab".repeat(32);
  const said = { price: "4200000000", conf: "1000000", expo: -8, publish_time: await local.chain.now() };
  const feeds = { price_feeds: [{ id, price: said, ema_price: said }] };
  const byPyth = (text: string) =>
    text
      .replace('first_price = "3000"\n', "")
      .replace(
        /(name = "eth"[\s\S]*?)source = [^\n]*/,
        `$1source = { pyth = { contract = "${pyth}", id = "${id}", max_confidence = "0.05" } }`,
      );
  const network = localNetwork(name, into, "pyth", byPyth);
  // Before Pyth has a price there is none to go on with; nobody is asked to post one.
  await assert.rejects(local.deploy(network), /eth|PriceFeedNotFound/);
  await local.tell("keeper", pyth, { set_price_feeds: feeds });
  const { at } = await local.deploy(network);
  const { record } = await local.chain.ask<{ record: { price: string } }>(at.oracle_adapter, {
    price: { asset: "eth" },
  });
  assert.equal(record.price, "42");
});
