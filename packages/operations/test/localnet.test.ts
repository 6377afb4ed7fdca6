import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import type { JsonObject } from "../src/json.js";
import { Local } from "../src/local.js";
import { addressOf, localnet, localPlan, ROOT, script } from "../src/localnet.js";
import { ownChain } from "./harness.js";

const name = `localnet-${process.pid % 100_000}`;
const local = await ownChain(name);
const { chain } = local;

test("named accounts are funded, and their keys are the mnemonic's", async () => {
  const { accounts, coins } = localPlan();
  assert.deepEqual(
    local.about.accounts.map((account) => account.name),
    accounts,
  );
  const signers = (await chain.signers()).map((account) => account.address);
  assert.deepEqual(
    signers,
    accounts.map((account) => local.of(account)),
  );
  for (const [denom, amount] of Object.entries(coins)) {
    assert.equal(await local.balance("borrower", denom), BigInt(amount), denom);
  }
});

test("state survives a stop, a crash in the middle of blocks, and a start; time goes on", async () => {
  const send = (amount: string) =>
    chain.client.sendTokens(local.of("bidder"), local.of("keeper"), [{ denom: "uatom", amount }], "auto");
  const before = await local.balance("keeper", "uatom");
  await send("1");
  local.kill();
  local.start();
  await send("10");
  for (let crash = 0; crash < 3; crash += 1) {
    local.kill();
    local.start();
  }
  script(name, "down");
  local.start();
  await send("100");
  assert.equal(await local.balance("keeper", "uatom"), before + 111n);
});

test("its clock moves forward and stays there", async () => {
  const before = await chain.now();
  local.skip(86_400);
  const after = await chain.now();
  assert.ok(after >= before + 86_400 && after < before + 86_460, `${after - before} s`);
  local.kill();
  local.start();
  assert.ok((await chain.now()) >= after);
  assert.equal((JSON.parse(script(name, "status", "--json")) as { ahead: number }).ahead, 86_400);
});

test("two networks run side by side, and know nothing of each other", async () => {
  const second = `${name}-b`;
  const other = await Local.up(second);
  try {
    assert.notEqual(other.about.rpc, local.about.rpc);
    assert.notEqual(await other.chain.genesis(), await chain.genesis());
    assert.ok((await other.chain.height()) < (await chain.height()));
    script(second, "down");
    await chain.blocks(1);
  } finally {
    other.remove();
  }
  assert.throws(() => localnet(second), /there is no local chain/);
});

test("a chain whose first start failed has all its votes after the next", async () => {
  const third = `${name}-c`;
  const up = (...words: string[]) =>
    spawnSync(join(ROOT, "scripts", "localnet"), ["up", "--name", third, ...words], { encoding: "utf8" });
  const inTheWay = createServer().listen(0, "127.0.0.1");
  try {
    await once(inTheWay, "listening");
    const { port } = inTheWay.address() as AddressInfo;
    const failed = up("--port-base", String(port - 7));
    assert.match(failed.stderr, new RegExp(`port ${port} is taken`));
    inTheWay.close();
    await once(inTheWay, "close");
    assert.equal(up().status, 0);
    // And only once.
    assert.equal(up().status, 0);
    const words = ["query", "staking", "delegations", addressOf(localnet(third), "voter"), "--output", "json"];
    const told = execFileSync(join(ROOT, "scripts", "localnet"), ["--name", third, "wasmd", ...words]);
    const { delegation_responses } = JSON.parse(told.toString()) as { delegation_responses: { balance: JsonObject }[] };
    assert.deepEqual(
      delegation_responses.map(({ balance }) => balance.amount),
      ["250000000000000"],
    );
  } finally {
    inTheWay.close();
    script(third, "reset");
  }
});

test("wasmd with everything set right is one command", async () => {
  const localnet_ = join(ROOT, "scripts", "localnet");
  const wasmd = (...words: string[]) =>
    execFileSync(localnet_, ["--name", name, "wasmd", ...words], { encoding: "utf8", stdio: "pipe" });
  const told = wasmd("tx", "bank", "send", "bidder", local.of("guardian"), "7ubtc", "--output", "json");
  const { txhash } = JSON.parse(told) as { txhash: string };
  const before = BigInt(localPlan().coins.ubtc ?? 0);
  await chain.outcome({ hash: txhash, timeout_height: (await chain.height()) + 20 });
  const asked = wasmd("query", "bank", "balance", local.of("guardian"), "ubtc", "--output", "json");
  assert.equal((JSON.parse(asked) as { balance: { amount: string } }).balance.amount, String(before + 7n));
});

test("mistakes are told in one line", () => {
  const said = (...words: string[]) => {
    const { status, stderr } = spawnSync(join(ROOT, "scripts", "localnet"), words, { encoding: "utf8" });
    assert.equal(status, 1, words.join(" "));
    assert.match(stderr, /^localnet: [^\n]*\n$/);
    return stderr;
  };
  assert.match(said("upp"), /`upp`\? scripts\/localnet --help/);
  assert.match(said("up", "--name", "B"), /`B` is no name of a network/);
  assert.match(said("status", "--name", "nobody"), /there is no network `nobody`: scripts\/localnet up --name nobody/);
  assert.match(said("skip", "-5", "--name", name), /`-5` is no number of seconds/);
  assert.match(said("up", "--port-base", "9", "--name", name), /`9` is no port/);
});
