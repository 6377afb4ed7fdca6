import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Change } from "@glidepath/client";
import type { Live } from "../live.js";
import type { Local } from "../local.js";
import { ROOT } from "../localnet.js";
import { readNetwork } from "../network.js";
import { given, grouped, same } from "./check.js";
import type { Transcript } from "./transcript.js";
import { event, type World } from "./world.js";

/** The prices that it begins with: those of deployments/local.toml. */
export const FIRST = { atom: "10", eth: "3000", gold: "2000", usdc: "1" };

/** A whole token of six decimals. */
export const ONE = 1_000_000n;

/** What of deployments/local.toml is another here: lots that are small beside the positions and slow beside a busy machine,
 * and a queue for gold. */
const CHANGES: [RegExp, string][] = [
  [/^grace = 20$/m, "grace = 3600"],
  // atom's: it comes first, and gold's, which is the first one then
  [/^depth = "1000000"$/m, 'depth = "20000"'],
  [/^depth = "1000000"$/m, 'depth = "64000"'],
  [/^(weights = .* maintenance = "0\.7" \})$/m, '$1\nqueue = { rate = "2", burst = "0.5" }'],
  // of a close-out: a queue takes the largest lot at least
  [/^tolerance = "0\.02"$/m, 'tolerance = "0.005"'],
  [/fall = 312 /, "fall = 2400 "],
  [/fall = 130 /, "fall = 1200 "],
];

/** Deploys the suite, down to the vote by which governance takes it over. */
export async function deploy(local: Local, log: Transcript, into: string): Promise<Live> {
  log.part("the suite is deployed, governance owns it");
  let text = readFileSync(join(ROOT, "deployments", "local.toml"), "utf8");
  for (const [pattern, value] of CHANGES) {
    if (!pattern.test(text)) throw new Error(`deployments/local.toml has no ${pattern}`);
    text = text.replace(pattern, value);
  }
  text = text.replace('localnet = "local" ', `localnet = "${local.about.name}" `);
  const folder = mkdtempSync(join(into, "glidepath-chain-test-"));
  const file = join(folder, "network.toml");
  writeFileSync(file, `salt = "chain-test"\nrecord = "record.json"\n${text}`);
  const live = await local.deploy(readNetwork(file));
  for (const [name, address] of Object.entries(live.at)) {
    const { owner } = await local.chain.ask<{ owner: string }>(address, { ownership: {} });
    same(`owner of ${name}`, owner, live.gov);
  }
  log.so("all five are as the file says, and the governance account owns them");
  return live;
}

/** Usdc that the lender supplies. */
export const LENT = 500_000n * ONE;

/** Positions of the run, by what becomes of them. */
export interface Positions {
  /** Native collateral and debt: sold softly until it is well again. */
  sold: number;
  /** The same: cured by its owner in its grace. */
  cured: number;
  /** The same: cured while its lot runs. */
  repaid: number;
  /** Owes a token. */
  token: number;
  /** Holds a token: its loss is the lenders'. */
  lost: number;
  /** Holds a token: its loss is the fund's. */
  covered: number;
}

/** Lenders, a staker, and six positions. */
export async function open(world: World): Promise<Positions> {
  const { log, glidepath } = world;
  log.part("lenders supply, a staker stakes, owners open positions");
  await supplies(world, "usdc", LENT);
  await supplies(world, "gold", 1_000n * ONE);
  const staked = 1_000n * ONE;
  const had = await world.has("staker", "usdc");
  await world.does("staker", "stakes 1,000 usdc", (account) => account.stake("usdc", staked));
  same("usdc that the stake cost", had - (await world.has("staker", "usdc")), staked);
  same("what the fund has", BigInt((await glidepath.fund.pool({ asset: "usdc" })).worth), staked);

  await world.post();
  const atom = (amount: bigint): Change => ({ deposit: { asset: "atom", amount: amount * ONE } });
  const gold = (amount: bigint): Change => ({ deposit: { asset: "gold", amount: amount * ONE } });
  const borrow = (asset: string, amount: bigint): Change => ({ borrow: { asset, amount: amount * ONE } });
  return {
    sold: await opens(world, "borrower", "10,000 atom, owes 70,000 usdc", [atom(10_000n), borrow("usdc", 70_000n)]),
    cured: await opens(world, "borrower", "1,000 atom, owes 7,000 usdc", [atom(1_000n), borrow("usdc", 7_000n)]),
    repaid: await opens(world, "borrower-2", "1,000 atom, owes 7,000 usdc", [atom(1_000n), borrow("usdc", 7_000n)]),
    token: await opens(world, "borrower-2", "10,000 atom, owes 34 gold", [atom(10_000n), borrow("gold", 34n)]),
    lost: await opens(world, "borrower-2", "50 gold, owes 60,000 usdc", [gold(50n), borrow("usdc", 60_000n)]),
    covered: await opens(world, "borrower", "1 gold, owes 1,200 usdc", [gold(1n), borrow("usdc", 1_200n)]),
  };
}

async function supplies(world: World, asset: string, amount: bigint): Promise<void> {
  const had = await world.has("lender", asset);
  const done = await world.does("lender", `supplies ${grouped(amount / ONE)} ${asset}`, (account) =>
    account.supply(asset, amount),
  );
  same("what the event says", event(done, "vault/supplied").amount, amount);
  same(`${asset} that it cost`, had - (await world.has("lender", asset)), amount);
  const { amount: worth } = await world.glidepath.vault.supply({ account: world.local.of("lender"), asset });
  same("what the supply is worth", BigInt(worth), amount);
}

/** Opens a position with a deposit and a loan: balances and the preview's healths to the last digit. */
export async function opens(world: World, who: string, what: string, changes: Change[]): Promise<number> {
  const [first, second] = changes;
  if (!first || !("deposit" in first) || !second || !("borrow" in second)) throw new Error("a deposit and a loan");
  const { deposit, borrow } = { ...first, ...second };
  const preview = await world.glidepath.previewUpdate(changes);
  same(`what a preview has against ${what}`, preview.refused ?? undefined, undefined);
  const balances = () => Promise.all([deposit.asset, borrow.asset].map((asset) => world.has(who, asset)));
  const had = await balances();
  const { position, ...done } = await world.does(who, `opens a position: ${what}`, (account) => account.open(changes));
  const has = await balances();
  same(`${deposit.asset} paid in`, given("it", had[0]) - given("it", has[0]), deposit.amount);
  same(`${borrow.asset} paid out`, given("it", has[1]) - given("it", had[1]), borrow.amount);
  const { initial_health } = event(done, "position-manager/position_updated");
  same("initial health, and what the preview said", initial_health, preview.after.initial ?? undefined);
  same("its owner", (await world.glidepath.positions.position({ position })).owner, world.local.of(who));
  return position;
}
