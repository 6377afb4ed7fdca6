import { bid, digits } from "./bid.js";
import { grouped, holds, same } from "./check.js";
import { ONE, type Positions } from "./open.js";
import { event, type World } from "./world.js";

/** Gold crashes: two positions owe more than they hold. The fund pays for the first, and what it has left for the second.
 * Returns what the lenders bear. */
export async function loss(world: World, { lost, covered }: Positions): Promise<bigint> {
  const { log, glidepath } = world;
  log.part("gold crashes to 600: two positions owe more than they hold");
  await world.post({ gold: "600" });
  for (const position of [covered, lost]) await sighted(world, position);
  same("insolvent debts, of usdc", (await glidepath.vault.market({ asset: "usdc" })).cover.insolvent, 2);
  await world.pass(15);
  for (const position of [covered, lost]) await closedOut(world, position);

  log.part("the fund pays for the first loss");
  const fund = async () => BigInt((await glidepath.fund.pool({ asset: "usdc" })).worth);
  const had = await fund();
  const small = await bid(world, "bidder", covered, 5_000n * ONE, "buys all that the smaller one holds");
  const first = event(small, "vault/debt_written_off");
  same("what the lenders lost", first.suppliers, 0n);
  same("what the fund paid, the whole loss", first.fund, first.loss);
  holds("a price of supplies that did not fall", Number(first.price_after) >= Number(first.price_before), first);
  const left = await fund();
  holds(`the fund, ${had} less ${first.fund}`, had - left >= first.fund - 2n && left < had, left);
  log.so(`of a loss of ${grouped(first.loss)} the fund paid all, and has ${grouped(left)} left`);

  log.part("the fund is empty: the lenders bear the rest of the second loss");
  const large = await bid(world, "bidder", lost, 100_000n * ONE, "buys all that the larger one holds");
  const second = event(large, "vault/debt_written_off");
  same("fund and lenders", second.fund + second.suppliers, second.loss);
  // Penalties and interest of the blocks in between may have come to the fund.
  holds(`the fund, all of its ${left}`, second.fund >= left && second.fund < left + ONE, second);
  holds("a loss beyond the fund", second.suppliers > 0n, second);
  holds("a price of supplies that fell", Number(second.price_after) < Number(second.price_before), second);
  holds("a fund that is empty", (await fund()) <= 1n, await fund());
  same("insolvent debts, of usdc", (await glidepath.vault.market({ asset: "usdc" })).cover.insolvent, 0);
  for (const position of [covered, lost]) {
    const { ledger, owed } = await glidepath.vault.ledger({ position });
    same(`what is left of position ${position}`, [ledger.collateral, ledger.debts, owed], [[], [], []]);
  }
  log.so(
    `of a loss of ${grouped(second.loss)} the fund paid ${grouped(second.fund)}, the lenders ${grouped(second.suppliers)}: a million shares are worth ${second.price_after}, not ${second.price_before}`,
  );
  return second.suppliers;
}

async function sighted(world: World, position: number): Promise<void> {
  const done = await world.does("keeper", `sees position ${position} for the first time`, (account) =>
    account.advance(position),
  );
  const { did, insolvent } = event(done, "position-manager/advanced");
  same("what an advance did", [did, insolvent], ["called", true]);
}

async function closedOut(world: World, position: number): Promise<void> {
  const done = await world.does("keeper", `sees position ${position} again: close-out`, (account) =>
    account.advance(position),
  );
  same("mode of the sale", event(done, "liquidation-auction/sale_opened").mode, "close_out");
  await digits(world, position);
}
