import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { attribute } from "../src/chain.js";
import { govern, type Proposal, progress, proposal, submit, verdict, vote } from "../src/gov.js";
import type { JsonObject } from "../src/json.js";
import { judge } from "../src/judge.js";
import { configOf, live } from "../src/live.js";
import { ROOT } from "../src/localnet.js";
import { fromProposalJson, storeCode } from "../src/messages.js";
import { asset } from "../src/network.js";
import type { Draft } from "../src/proposals.js";
import * as proposals from "../src/proposals.js";
import { known, listing, pages, unlike } from "../src/settings.js";
import { folder, localFile, localNetwork, ownChain, refusedWith } from "./harness.js";

const name = `propose-${process.pid % 100_000}`;
const local = await ownChain(name);
const into = folder();
const suite = await local.deploy(localNetwork(name, into, "propose"));
const { chain, at, gov } = suite;

/** Judged, submitted, voted on by everybody, carried out. */
async function carried(draft: Draft | Promise<Draft>): Promise<void> {
  const ready = await draft;
  await judge(suite, ready.messages);
  await local.govern(ready);
}

/** Refused by the contracts before it is written, with these words. */
async function impossible(words: RegExp, draft: Draft | Promise<Draft>): Promise<void> {
  await refusedWith(words, async () => judge(suite, (await draft).messages));
}

const listed = async (of: string) =>
  (await pages(chain, at.position_manager, "assets")).find((row) => row.asset === of) as JsonObject;

const stops = async (of: string) => {
  const { record } = await chain.ask<{ record: { stops: { borrowing_until: number; fills: JsonObject } } }>(
    at.oracle_adapter,
    { price: { asset: of } },
  );
  return record.stops;
};

test("an asset is listed in two votes, with its first price in between", async () => {
  const plan = asset(
    {
      name: "btc",
      denom: "ubtc",
      decimals: 8,
      market: {
        rate_model: { base: "0.01", kink: "0.8", slope_low: "0.04", slope_high: "0.6" },
        reserve_factor: "0.1",
        supply_cap: "100000000000",
        borrow_cap: "50000000000",
      },
      feed: {
        source: { posted: { quorum: 2, fresh: 120 } },
        smoothing: 1800,
        volatility_window: 3600,
        slow_volatility_window: 1209600,
        initial_volatility: "0.5",
        warm_up: 0,
        outage_gap: 60,
        breaker: { max_move: "0.3", cool_down: 60, confirm_jump: 0 },
      },
      params: {
        status: "listed",
        depth: "5000000",
        volatility_reference: "0.5",
        limits: { borrow: 60, fill: 90, health: 600, check: 60, confidence: "0.05", deviation: "0.3" },
        collateral: {
          weights: { initial: "0.75", target: "0.75", maintenance: "0.8" },
          overhang_cap: "10",
          clearing_discount: "0.015",
          min_fill: "50",
          min_collateral: "10",
          volatility_factor: "0",
          size_factor: "0",
        },
      },
      cover: { max_share: "1", epoch_cap: "1000000", epoch: 86400 },
    },
    assert.fail,
  );
  await impossible(
    /refused: reserve_factor is 1, it must be below 1/,
    proposals.listAsset(suite, { ...plan, market: { ...plan.market, reserve_factor: "1" } }),
  );
  await impossible(/refused: .*uatom.*atom/, proposals.listAsset(suite, { ...plan, info: { native: "uatom" } }));
  await impossible(
    /refused: warm_up is 999999999/,
    proposals.listAsset(suite, { ...plan, feed: { ...plan.feed, warm_up: 999999999 } }),
  );
  await impossible(
    /refused: .*decimals/,
    proposals.listAsset(suite, { ...plan, info: { cw20: await silver() }, decimals: 5 }),
  );
  await carried(proposals.listAsset(suite, plan));
  const [first] = listing(plan, known(plan, new Map()));
  assert.deepEqual(await unlike(chain, at, first as never), []);

  // The second one waits for a price.
  await impossible(/refused: .*no price `btc`/, proposals.listAsset(suite, plan));
  await local.post(at.oracle_adapter, { btc: "60000" });
  const weights = { initial: "0.9", target: "0.9", maintenance: "0.98" };
  const collateral = { ...(plan.params.collateral as JsonObject), weights };
  await impossible(
    /refused: at a health of 0.99 btc could be sold softly/,
    proposals.listAsset(suite, { ...plan, params: { ...plan.params, collateral } }),
  );
  await carried(proposals.listAsset(suite, plan));
  for (const setting of listing(plan, known(plan, new Map()))) {
    assert.deepEqual(await unlike(chain, at, setting), [], setting.what);
  }
  await refusedWith(/btc is listed as the file says/, () => proposals.listAsset(suite, plan));
  // What is set already is not set again: the judge, who makes everything anew, could not tell what it is used for by now.
  const set = [
    [/vault: asset btc: decimals is "8", not "6"/, { decimals: 6 }],
    [/vault: market of btc: supply_cap is "100000000000", not "5"/, { market: { ...plan.market, supply_cap: "5" } }],
    [/oracle-adapter: feed of btc: warm_up is "0", not "60"/, { feed: { ...plan.feed, warm_up: 60 } }],
    [
      /parameters of btc: collateral\.weights\.initial is "0\.75", not "0\.9"/,
      { params: { ...plan.params, collateral } },
    ],
    [/cover of btc: max_share is "1", not "0\.5"/, { cover: { ...plan.cover, max_share: "0.5" } }],
  ] as const;
  for (const [words, change] of set) await refusedWith(words, () => proposals.listAsset(suite, { ...plan, ...change }));
});

/** A second token with 6 decimals, that nobody listed. */
async function silver(): Promise<string> {
  const { codeId } = (await chain.contract(await gold())) ?? { codeId: 0 };
  const done = await local.chain.client.instantiate(
    local.of("deployer"),
    codeId,
    { name: "silver", symbol: "SILVER", decimals: 6, initial_balances: [], mint: null, marketing: null },
    "silver",
    "auto",
  );
  return done.contractAddress;
}

/** The token behind `gold`. */
async function gold(): Promise<string> {
  const rows = await pages(chain, at.vault, "assets");
  const row = rows.find((one) => one.asset === "gold") as { info: { cw20: string } } | undefined;
  return row?.info.cw20 ?? "";
}

test("weights move along a ramp; where the asset is in use it takes a day at least", async () => {
  const down = { initial: "0.65", target: "0.65", maintenance: "0.7" };
  await impossible(
    /refused: weights is 0.8, 0.65, 0.7/,
    proposals.ramp(suite, "atom", { weights: { ...down, initial: "0.8" } }, 86_400),
  );
  await impossible(/refused: ramp is 99999999/, proposals.ramp(suite, "atom", { weights: down }, 99_999_999));
  await refusedWith(/the position manager lists no zinc/, () =>
    proposals.ramp(suite, "zinc", { weights: down }, 86_400),
  );
  await refusedWith(/usdc is no collateral/, () => proposals.ramp(suite, "usdc", { weights: down }, 86_400));
  // Nobody holds any: it may change at once.
  await judge(suite, (await proposals.ramp(suite, "atom", { weights: down }, 0)).messages);

  const deposit = { update: { actions: [{ deposit: { asset: "atom", amount: "5000000" } }] } };
  await local.tell("borrower", at.position_manager, deposit, { denom: "uatom", amount: "5000000" });
  const hasty = await proposals.ramp(suite, "atom", { weights: down }, 3_600);
  await impossible(/refused: .*3600.*86400|refused: .*86400.*3600/, hasty);
  // What the judge says is what the chain does.
  const id = await submit(chain, local.of("voter"), proposal(hasty.messages, { ...hasty, deposit: "1000000ustake" }));
  for (const voter of ["validator", "voter"]) await vote(chain, local.of(voter), id);
  const end = await verdict(chain, id);
  assert.ok(!end.passed && /atom/.test(end.why), JSON.stringify(end));

  await carried(proposals.ramp(suite, "atom", { weights: down }, 86_400));
  const start = (await listed("atom")).ramp as { span: { start: number; end: number } };
  assert.equal(start.span.end - start.span.start, 86_400);
  local.skip(43_200);
  const { params, target } = (await listed("atom")) as unknown as { params: Params; target: Params };
  const half = Number(params.collateral.weights.maintenance);
  assert.ok(Math.abs(half - 0.75) < 0.001, `half way it is ${half}`);
  assert.deepEqual(target.collateral.weights, down);
  // In the middle of a ramp it is judged from where it stands.
  const up = { initial: "0.7", target: "0.7", maintenance: "0.78" };
  await judge(suite, (await proposals.ramp(suite, "atom", { weights: up }, 86_400)).messages);
  await carried(proposals.ramp(suite, "usdc", { factors: { initial: "1.05", target: "1.02", maintenance: "1" } }, 0));
  const { debt } = (await listed("usdc")).params as unknown as { debt: { factors: JsonObject } };
  assert.deepEqual(debt.factors, { initial: "1.05", target: "1.02", maintenance: "1" });
});

interface Params {
  collateral: { weights: { initial: string; target: string; maintenance: string } };
}

test("terms of sales change", async () => {
  await impossible(/refused: spacing is 5: from 6 to 600 s/, proposals.saleTerms(suite, { soft: { spacing: 5 } }));
  await impossible(/refused: .*unknown field `spacin`/, proposals.saleTerms(suite, { soft: { spacin: 5 } }));
  const shallow = { soft: { curve: { linear: { floor: "0.005" } } } };
  await impossible(
    /refused: terms refused by the position manager: .*could be sold softly/,
    proposals.saleTerms(suite, shallow),
  );
  await refusedWith(/these are the terms of sales already/, () =>
    proposals.saleTerms(suite, { soft: { penalty: "0.0010" } }),
  );
  await carried(proposals.saleTerms(suite, { soft: { spacing: 20, penalty: "0.002" } }));
  const { soft } = (await configOf(suite, "liquidation_auction")).terms as { soft: JsonObject };
  assert.deepEqual([soft.spacing, soft.penalty], [20, "0.002"]);
});

test("reporters come and go", async () => {
  const [keeper, first] = [local.of("keeper"), local.of("reporter-1")];
  await impossible(/refused: wasm1.* is twice in the list of reporters/, proposals.reporters(suite, [first], []));
  await impossible(/refused: .*addr_validate/, proposals.reporters(suite, ["wasm1nobody"], []));
  await refusedWith(/is no reporter/, () => proposals.reporters(suite, [], [keeper]));
  await carried(proposals.reporters(suite, [keeper], [local.of("reporter-3")]));
  const now = (await configOf(suite, "oracle_adapter")).reporters as string[];
  assert.deepEqual([...now].sort(), [keeper, first, local.of("reporter-2")].sort());
});

test("a stop is set and cleared", async () => {
  await impossible(
    /refused: seconds is 90000, it must be 1 to 86400/,
    proposals.stop(suite, "fills", ["atom"], 90_000),
  );
  await impossible(/refused: zinc never had a price/, proposals.stop(suite, "fills", ["zinc"], 60));
  await impossible(/refused: .*atom.*twice/, proposals.stop(suite, "fills", ["atom", "atom"], 60));
  const before = await chain.now();
  await carried(proposals.stop(suite, "borrowing", ["atom", "usdc"], 7_200));
  const { borrowing_until } = await stops("usdc");
  assert.ok(borrowing_until >= before + 7_200 && borrowing_until <= (await chain.now()) + 7_200);
  await carried(proposals.lift(suite, "borrowing", ["usdc"]));
  assert.ok((await stops("usdc")).borrowing_until <= (await chain.now()), "lifted");
  assert.ok((await stops("atom")).borrowing_until > (await chain.now()), "the other one stands");
});

test("the codes are pinned", async () => {
  const before = await chain.pinned();
  await carried(proposals.pin(suite));
  const pinned = await chain.pinned();
  assert.equal(pinned.size, before.size + 5);
  await refusedWith(/the codes of all five are pinned already/, () => proposals.pin(suite));
});

test("a contract is migrated to a newer version, and to nothing else", async () => {
  const old = (await chain.contract(at.vault))?.codeId ?? 0;
  const other = (await chain.contract(at.oracle_adapter))?.codeId ?? 0;
  const { version } = (await chain.version(at.vault)) as { version: string };
  const next = version.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
  await impossible(
    new RegExp(`refused: version ${version} can't be migrated to ${version}`),
    proposals.migration(suite, "vault", old),
  );
  await impossible(
    /refused: this is crates.io:glidepath-vault, not crates.io:glidepath-oracle/,
    proposals.migration(suite, "vault", other),
  );
  await impossible(/the chain has no code 999/, proposals.migration(suite, "vault", 999));
  const done = await local.send("deployer", storeCode(local.of("deployer"), newer("vault", version, next)));
  const newId = Number(attribute(done, "store_code", "code_id"));
  await carried(proposals.migration(suite, "vault", newId));
  assert.equal((await chain.contract(at.vault))?.codeId, newId);
  assert.deepEqual(await chain.version(at.vault), { contract: "crates.io:glidepath-vault", version: next });
  assert.equal((await pages(chain, at.vault, "assets")).length, 5, "its state is still there");
});

/** The code of a contract that says that it is another version. */
function newer(contract: string, version: string, next: string): Uint8Array {
  const wasm = readFileSync(join(ROOT, "artifacts", `glidepath_${contract}.wasm`));
  const place = wasm.indexOf(version);
  assert.ok(place > 0 && wasm.indexOf(version, place + 1) < 0, "the version stands in the code once");
  wasm.write(next, place);
  return wasm;
}

test("the command writes a file that wasmd submits, and none where it is refused", async () => {
  const file = localFile(name, into, "propose");
  const out = join(into, "written.json");
  const program = join(ROOT, "packages", "operations", "dist", "src", "cli", "propose.js");
  const propose = (...words: string[]) =>
    execFileSync(process.execPath, [program, ...words, "--network", file, "--out", out], {
      encoding: "utf8",
      stdio: "pipe",
    });
  assert.throws(() => propose("sale-terms", "soft.spacing=1"), /error: refused: spacing is 1/);
  assert.throws(() => readFileSync(out), /ENOENT/);
  const said = propose("sale-terms", "soft.spacing=25", "soft.curve.linear.fall=320");
  assert.match(said, new RegExp(`scripts/localnet --name ${name} wasmd tx gov submit-proposal ${out} --from voter`));
  const written = JSON.parse(readFileSync(out, "utf8")) as Proposal;
  assert.equal((written.messages[0] as { sender: string }).sender, gov);
  assert.ok(fromProposalJson(written.messages[0] as JsonObject));
  // As a person does it: by the command that it names.
  const told = execFileSync(
    join(ROOT, "scripts", "localnet"),
    ["--name", name, "wasmd", "tx", "gov", "submit-proposal", out, "--from", "voter", "-o", "json"],
    { encoding: "utf8", stdio: "pipe" },
  );
  const { txhash, code } = JSON.parse(told) as { txhash: string; code: number };
  assert.equal(code, 0);
  const done = await chain.outcome({ hash: txhash, timeout_height: (await chain.height()) + 20 });
  const id = BigInt((done && attribute(done, "submit_proposal", "proposal_id")) ?? 0);
  for (const voter of ["validator", "voter"]) await vote(chain, local.of(voter), id);
  assert.deepEqual(await verdict(chain, id), { passed: true });
  assert.equal(await progress(chain, id), "passed");
  const { soft } = (await configOf(suite, "liquidation_auction")).terms as { soft: { spacing: number } };
  assert.equal(soft.spacing, 25);
});

test("what governance does not own yet it can't decide, and a vote may be others' business", async () => {
  const unasked = (text: string) => text.replace("submit = true", "submit = false");
  const network = localNetwork(name, into, "unasked", unasked);
  await refusedWith(/deploying waits for a vote: wasmd tx gov submit-proposal .*unasked\.accept\.json/, () =>
    local.deploy(network),
  );
  const theirs = await live(network, chain);
  await refusedWith(/the liquidation-auction is owned by wasm1.*, not by governance/, async () =>
    judge(theirs, (await proposals.saleTerms(theirs, { soft: { spacing: 30 } })).messages),
  );
  // The file that was written for it is one that a vote carries out.
  const accept = JSON.parse(readFileSync(network.record.replace(".json", ".accept.json"), "utf8")) as Proposal;
  const voters = ["validator", "voter"].map((who) => local.of(who));
  await govern(chain, local.of("voter"), voters, accept);
  await local.deploy(network);
  await judge(theirs, (await proposals.saleTerms(theirs, { soft: { spacing: 30 } })).messages);
});

test("a proposal that fails says why", async () => {
  const draft = proposals.stop(suite, "fills", ["atom"], 90_000);
  const text = proposal(draft.messages, { ...draft, deposit: "1000000ustake" });
  const voters = ["validator", "voter"].map((who) => local.of(who));
  await refusedWith(/proposal \d+ was not carried out: .*seconds is 90000/, () =>
    govern(chain, local.of("voter"), voters, text),
  );
});
