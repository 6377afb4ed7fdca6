import type { Events } from "@glidepath/client";
import { bid, digits, sellOut } from "./bid.js";
import { given, holds, refuses, same } from "./check.js";
import { ONE, type Positions } from "./open.js";
import { event, lotOf, type World } from "./world.js";

type LotStarted = Events["liquidation-auction/lot_started"];

/** Calls a position. */
export async function call(world: World, position: number): Promise<void> {
  const done = await world.does("keeper", `calls position ${position}`, (account) => account.advance(position));
  const { did, health_before, grace_until } = event(done, "position-manager/advanced");
  same("what an advance did", did, "called");
  holds("a maintenance health below 1", Number(health_before) < 1, health_before);
  holds("a grace", given("its end", grace_until) > (await world.timeOf(done.height)), grace_until);
  same("stage", await world.stage(position), "margin_call");
}

/** Waits for the end of a call's grace, whatever the volatility makes of it, and opens the sale. Returns its first lot. */
export async function graceAndSale(world: World, position: number): Promise<LotStarted> {
  const until = async () => {
    const { stage } = await world.glidepath.positions.position({ position });
    return "margin_call" in stage ? stage.margin_call.grace_until : 0;
  };
  await refuses("an advance within grace", "position-manager/grace_period", async () =>
    (await world.as("keeper")).advance(position),
  );
  for (let left = 1; left > 0; left = (await until()) - (await world.now())) {
    await world.pass(Math.max((await until()) - (await world.now()), 1));
  }
  return openSale(world, position);
}

/** Opens the sale of a position whose grace is over. */
async function openSale(world: World, position: number): Promise<LotStarted> {
  const done = await world.does("keeper", `opens the sale of position ${position}`, (account) =>
    account.advance(position),
  );
  same("mode of the sale", event(done, "liquidation-auction/sale_opened").mode, "soft");
  same("stage", await world.stage(position), "selling");
  return event(done, "liquidation-auction/lot_started");
}

/** Prices fall: three are called; one is cured in its grace, one while its lot runs, the third is sold from. */
export async function fall(world: World, { sold, cured, repaid, token }: Positions): Promise<void> {
  const { log } = world;
  log.part("the price of atom falls: margin calls, grace, a cure, sales");
  await refuses("an advance of a healthy position", "position-manager/nothing_to_advance", async () =>
    (await world.as("keeper")).advance(sold),
  );
  await world.post({ atom: "8.7" });
  for (const position of [sold, cured, repaid]) await call(world, position);
  same("stage of the one that owes gold", await world.stage(token), "restricted");
  await digits(world, sold);

  const had = await world.has("borrower", "atom");
  const cure = [{ deposit: { asset: "atom", amount: 200n * ONE } }];
  const done = await world.does("borrower", "adds 200 atom in the grace of his other position", (account) =>
    account.update(cured, cure),
  );
  same("atom that it cost", had - (await world.has("borrower", "atom")), 200n * ONE);
  same("why the distress ended", event(done, "position-manager/distress_ended").reason, "lapsed");
  same("what the position has", await world.collateral(cured, "atom"), 1_200n * ONE);
  log.so("his call has lapsed");

  await graceAndSale(world, repaid);
  // Called in the same breath, its grace is over too.
  await openSale(world, sold);
  const lot = await lotOf(world, sold);
  same("nothing of the lot is sold", lot.left, lot.amount);

  const usdc = await world.has("borrower-2", "usdc");
  const paid = await world.does("borrower-2", "repays 1,000 usdc while his lot runs", (account) =>
    account.update(repaid, [{ repay: { asset: "usdc", amount: 1_000n * ONE } }]),
  );
  same("usdc that it cost", usdc - (await world.has("borrower-2", "usdc")), 1_000n * ONE);
  same("why the sale ended", event(paid, "liquidation-auction/sale_ended").reason, "cured");
  await refuses("a bid on a sale that has ended", "liquidation-auction/no_sale", async () =>
    (await world.as("bidder")).execute(
      world.glidepath.contracts.liquidation_auction,
      { bid: { position: repaid, max_price: "9" } },
      [{ denom: "uusdc", amount: "100000000" }],
    ),
  );
  log.so("his sale has ended, nothing of it was sold");
}

/** A bidder buys a part of the lot. */
export async function partOfLot(world: World, { sold }: Positions): Promise<void> {
  world.log.part("a bidder buys a part of a lot");
  const lot = await lotOf(world, sold);
  const done = await bid(world, "bidder", sold, 4_000n * ONE, "buys a part of a lot for 4,000 usdc");
  const filled = event(done, "liquidation-auction/filled");
  same("usdc paid, all of the bid", filled.paid, 4_000n * ONE);
  same("what is left of the lot", BigInt((await lotOf(world, sold)).left), BigInt(lot.left) - filled.sold);
  holds("a health that rose", Number(filled.health_after) > Number(filled.health_before), filled);
}

/** The rest goes to one who bids more than there is, until the target is met. */
export async function restOfSale(world: World, { sold }: Positions): Promise<void> {
  world.log.part("another buys the rest, lot by lot, until the target is met");
  await sellOut(world, "bidder-2", sold, 50_000n * ONE);
}
