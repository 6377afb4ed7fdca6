import { grouped, holds, same } from "./check.js";
import { LENT, ONE, type Positions } from "./open.js";
import { event, type World } from "./world.js";

const ASSETS = ["atom", "gold", "usdc"];

/** What of each asset there is, wherever it is. */
export async function totals(world: World): Promise<bigint[]> {
  return Promise.all(ASSETS.map((asset) => world.total(asset)));
}

/** An owner repays a position and takes out what it holds of a collateral. */
export async function closes(
  world: World,
  owner: string,
  position: number,
  debt: string,
  collateral: string,
): Promise<void> {
  const had = await world.has(owner, debt);
  const done = await world.does(owner, `repays all ${debt} of position ${position}`, (account) =>
    account.repayAll(position, debt),
  );
  const { principal, surcharge } = event(done, "vault/repaid");
  same(`${debt} that it cost`, had - (await world.has(owner, debt)), principal + surcharge);
  const held = await world.collateral(position, collateral);
  const was = await world.has(owner, collateral);
  await world.does(owner, `takes out the ${collateral} of position ${position}`, (account) =>
    account.update(position, [{ withdraw: { asset: collateral } }]),
  );
  same(`${collateral} that came back`, (await world.has(owner, collateral)) - was, held);
  const { ledger, owed } = await world.glidepath.vault.ledger({ position });
  same(`what is left of position ${position}`, [ledger.collateral, ledger.debts, owed], [[], [], []]);
}

/** Everybody repays and takes out what is his; every unit is accounted for. `loss` is what lenders of usdc bear. */
export async function end(
  world: World,
  positions: Positions & { pair: number },
  loss: bigint,
  before: bigint[],
): Promise<void> {
  const { log, glidepath } = world;
  log.part("everybody repays; lenders take out what is left");
  await world.post();
  const { sold, cured, pair, repaid, token } = positions;
  for (const position of [sold, cured, pair]) await closes(world, "borrower", position, "usdc", "atom");
  await closes(world, "borrower-2", repaid, "usdc", "atom");
  await closes(world, "borrower-2", token, "gold", "atom");
  const gold = await takesOut(world, "gold");
  holds("gold with interest", gold > 1_000n * ONE, gold);
  const lost = LENT - (await takesOut(world, "usdc"));
  // The lender has nearly all of the market, and had interest before.
  holds(`a loss of usdc of nearly ${loss}`, lost < loss && lost > (loss * 999n) / 1000n, lost);
  log.so(`the lender of usdc has lost ${grouped(lost)}`);

  for (const asset of ASSETS) {
    const { collateral, rest } = await world.books(asset);
    log.so(`${asset}: the vault holds what its books say, ${grouped(collateral + rest)}`);
  }
  for (const name of ["position_manager", "oracle_adapter", "liquidation_auction", "insurance_fund"] as const) {
    for (const asset of ASSETS) same(`${asset} in ${name}`, await world.has(glidepath.contracts[name], asset), 0n);
  }
  same("all that there is of atom, gold and usdc", await totals(world), before);
  log.so("not a unit came or went: accounts and vault together have what they had at the start");
}

/** Nobody owes any more, so a supply is worth in a block what it was worth in the one before. */
async function takesOut(world: World, asset: string): Promise<bigint> {
  const { glidepath, log } = world;
  const { amount } = await glidepath.vault.supply({ account: world.local.of("lender"), asset });
  const had = await world.has("lender", asset);
  await world.does("lender", `takes out all ${asset}`, (account) => account.withdraw(asset));
  same(`${asset} that came out`, (await world.has("lender", asset)) - had, BigInt(amount));
  log.so(`the lender has ${grouped(BigInt(amount))} ${asset} back, as the vault had said`);
  return BigInt(amount);
}
