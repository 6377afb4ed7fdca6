import { bid, digits, sellOut } from "./bid.js";
import { given, holds, same } from "./check.js";
import { ONE, opens } from "./open.js";
import { call, graceAndSale } from "./soft.js";
import { event, lotOf, type World } from "./world.js";

/** A position with two collaterals: what nobody buys passes its turn, and when one is used up the sale goes on with the
 * other. Returns the position, which has no gold left. */
export async function pair(world: World): Promise<number> {
  const { log, glidepath } = world;
  log.part("a position with atom and gold: the pair on sale changes");
  await world.post();
  const position = await opens(world, "borrower", "1,000 atom, owes 6,500 usdc", [
    { deposit: { asset: "atom", amount: 1_000n * ONE } },
    { borrow: { asset: "usdc", amount: 6_500n * ONE } },
  ]);
  const [gold, usdc] = [await world.has("borrower", "gold"), await world.has("borrower", "usdc")];
  await world.does("borrower", "adds 1 gold to it and borrows 1,330 usdc more", (account) =>
    account.update(position, [
      { deposit: { asset: "gold", amount: ONE } },
      { borrow: { asset: "usdc", amount: 1_330n * ONE } },
    ]),
  );
  same("gold paid in", gold - (await world.has("borrower", "gold")), ONE);
  same("usdc paid out", (await world.has("borrower", "usdc")) - usdc, 1_330n * ONE);

  await world.post({ atom: "7.95" });
  await call(world, position);
  await graceAndSale(world, position);
  // Either would do alone: the one that counts for less of its worth comes first.
  await onSale(world, position, "gold");
  log.so("gold is sold first");

  await turnPasses(world, position, "atom");
  log.so("nobody bought of the lot: the turn is atom's");
  const { amount } = await lotOf(world, position);
  const dollars = await bid(world, "bidder", position, 60n * ONE, "buys a little of the lot of atom");
  const { sold } = event(dollars, "liquidation-auction/filled");
  holds("less than half of the lot", 2n * sold < BigInt(amount), sold);
  await turnPasses(world, position, "gold");
  log.so("less than half of it was bought: the turn is gold's again");

  // All the gold is too little now.
  await world.post({ atom: "7.5" });
  const done = await bid(world, "bidder", position, 5_000n * ONE, "buys all the gold: the sale goes on with atom");
  same("gold that it bought", event(done, "liquidation-auction/filled").sold, ONE);
  same("gold that is left", await world.collateral(position, "gold"), 0n);
  const advanced = event(done, "position-manager/advanced");
  same("what the fill's advance did", [advanced.did, advanced.collateral], ["next_lot", "atom"]);
  same("whose advance it was", advanced.keeper, glidepath.contracts.liquidation_auction);
  const started = event(done, "liquidation-auction/lot_started");
  same("the lot behind it", [started.cause, started.collateral, started.debt], ["next", "atom", "usdc"]);
  same("it follows", started.follows, true);
  const { terms } = await glidepath.auction.sale({ position });
  const { spacing } = terms.terms.soft;
  same("its start, a spacing later", started.start_at, (await world.timeOf(done.height)) + spacing);
  await onSale(world, position, "atom");
  log.so("the same transaction has started a lot of atom");
  await sellOut(world, "bidder-2", position, 20_000n * ONE);
  await world.post({ atom: "8.7" });
  return position;
}

/** A lot ends with less than half of it sold: the next one is of the other collateral. */
async function turnPasses(world: World, position: number, to: string): Promise<void> {
  const { glidepath, local } = world;
  const last = given("a lot that runs", (await glidepath.auction.sale({ position })).last);
  await world.pass(last + 1 - (await world.now()));
  await local.chain.until(last + 1);
  const done = await world.does("keeper", `starts a lot of ${to} of position ${position}`, (account) =>
    account.advance(position),
  );
  const { cause, collateral } = event(done, "liquidation-auction/lot_started");
  same("why, and of what", [cause, collateral], ["restart", to]);
  await onSale(world, position, to);
}

/** Auction and vault agree on what is on sale, and what is said away from the chain is right. */
async function onSale(world: World, position: number, collateral: string): Promise<void> {
  const { glidepath } = world;
  const { sale } = await glidepath.auction.sale({ position });
  same("the pair on sale", [sale.collateral, sale.debt], [collateral, "usdc"]);
  const permission = given("a permission", (await glidepath.vault.ledger({ position })).ledger.sale);
  same("the pair that the vault lets go", [permission.collateral, permission.debt], [collateral, "usdc"]);
  await digits(world, position);
}
