import type { Account, Done } from "@glidepath/client";
import { type Asked, Model } from "@glidepath/client/risk";
import { given, grouped, holds, same, text } from "./check.js";
import { event, has, lotOf, type World } from "./world.js";

/** The compiled contracts' answers about a position and its lot are the node's at the same block, byte for byte. */
export async function digits(world: World, position: number): Promise<Model> {
  const model = await Model.of(world.rpc, world.glidepath.contracts);
  const { time } = model.block as { time: number };
  const questions: [Asked, object][] = [
    ["position_manager", { position: { position } }],
    ["position_manager", { liquidation_prices: { position } }],
    ["position_manager", { due: { position } }],
  ];
  if ((await world.stage(position)) === "selling") {
    questions.push(["position_manager", { sellable: { position, multiplier: "0.99" } }]);
    questions.push(["liquidation_auction", { sale: { position } }]);
    questions.push(["liquidation_auction", { preview_bid: { position } }]);
    for (const ahead of [1, 20]) {
      questions.push(["liquidation_auction", { price_at: { position, time: time + ahead } }]);
    }
  }
  for (const [to, query] of questions) {
    const what = `the answer to ${text(query)} away from the chain`;
    const here = await model.ask(to, query).catch(refusal);
    const there = await model.askNode(to, query).catch(refusal);
    if (typeof here === "string") same<unknown>(what, here, there);
    // A node puts a contract's refusal between words of its own.
    else holds(`${what}, refused: ${here.message}`, text(there).includes(here.message), there);
  }
  world.log.so(`${questions.length} answers about position ${position} are the node's, byte for byte`);
  return model;
}

const refusal = (error: unknown): { message: string } => ({
  message: error instanceof Error ? error.message : String(error),
});

/** Waits until the lot of a position may be bought from. */
export async function lotStarts(world: World, position: number): Promise<void> {
  const { start_at } = await lotOf(world, position);
  await world.local.chain.until(start_at);
}

/** How a bid is sent. */
export type Send = (account: Account, position: number, bid: { pay: bigint; maxPrice: string }) => Promise<Done>;

/** As the client does it, behind an update of prices. */
const checked: Send = (account, position, of) => account.bid(position, of);

/** Nothing but the bid, in coins: prices must have come just now. */
export const alone: Send = async (account, position, { pay, maxPrice }) => {
  const { auction, contracts } = account.glidepath;
  const { sale } = await auction.sale({ position });
  const { info } = await account.glidepath.asset(sale.debt);
  if (!("native" in info)) throw new Error(`${sale.debt} is no coin`);
  const funds = [{ denom: info.native, amount: pay.toString() }];
  return account.execute(contracts.liquidation_auction, { bid: { position, max_price: maxPrice } }, funds);
};

/**
 * A bid, and everything that it does: what a preview says of the bid's own second is what the bid does, in the bidder's
 * balances, the position's ledger, the vault's books and the event, to the unit.
 */
export async function bid(
  world: World,
  who: string,
  position: number,
  pay: bigint,
  what: string,
  send = checked,
): Promise<Done> {
  const { glidepath } = world;
  await lotStarts(world, position);
  const before = await digits(world, position);
  const now = await glidepath.previewBid(position, pay);
  if (!("fills" in now)) throw new Error(`a bid of ${pay} on position ${position} would be refused: ${text(now)}`);
  const { sale } = await glidepath.auction.sale({ position });
  const { collateral, debt } = sale;
  const state = async () => ({
    paid: await world.has(who, debt),
    bought: await world.has(who, collateral),
    held: await world.collateral(position, collateral),
    books: { collateral: await world.books(collateral), debt: await world.books(debt) },
  });
  const was = await state();
  // The price falls: that of now is the most that the bid can cost.
  const done = await world.does(who, what, (account) => send(account, position, { pay, maxPrice: now.fills.price }));
  const is = await state();

  const time = await world.timeOf(done.height);
  const said = await before.auction({ time }).previewBid({ position, pay: pay.toString() });
  if (!("fills" in said)) throw new Error(`at ${time} a preview says ${text(said)}`);
  const { fills } = said;
  const filled = event(done, "liquidation-auction/filled");
  const told = {
    sold: filled.sold,
    paid: filled.paid,
    repaid: filled.repaid,
    penalty: filled.penalty,
    price: filled.price,
    multiplier: filled.multiplier,
    health_before: filled.health_before,
    health_after: filled.health_after,
  };
  same<object>("what the bid did, and what a preview says of its second", told, {
    sold: BigInt(fills.sold),
    paid: BigInt(fills.paid),
    repaid: BigInt(fills.repaid),
    penalty: BigInt(fills.penalty),
    price: fills.price,
    multiplier: fills.multiplier,
    health_before: fills.health_before,
    health_after: fills.health_after ?? undefined,
  });
  const { price } = await before.auction().priceAt({ position, time });
  same("the price, and what it was said to be then", filled.price, price);
  same("repaid and penalty", filled.repaid + filled.penalty, filled.paid);
  same("the change that a preview says", BigInt(fills.refund), pay - filled.paid);
  same(`${debt} that ${who} paid`, was.paid - is.paid, filled.paid);
  same(`${collateral} that ${who} got`, is.bought - was.bought, filled.sold);
  same(`${collateral} that position ${position} lost`, was.held - is.held, filled.sold);
  same("collateral that the books lost", was.books.collateral.collateral - is.books.collateral.collateral, filled.sold);
  same("what the books gained", is.books.debt.rest - was.books.debt.rest, filled.paid);
  const settled = event(done, "vault/settled");
  same("what the vault repaid", settled.principal + settled.surcharge, filled.repaid);
  const split = settled.penalty_fund + settled.penalty_keepers + settled.penalty_reserves;
  same("parts of the penalty", split, filled.penalty);
  if (!has(done, "vault/debt_written_off")) await owesLess(world, before, position, debt, filled.repaid, time);
  world.log.so(
    `paid ${grouped(filled.paid)} ${debt}, got ${grouped(filled.sold)} ${collateral} at ${filled.price}, ${grouped(pay - filled.paid)} came back`,
  );
  return done;
}

/** The position owes what it owed in that second, less what was repaid; a debt's shares are rounded by a unit. */
async function owesLess(
  world: World,
  before: Model,
  position: number,
  debt: string,
  repaid: bigint,
  time: number,
): Promise<void> {
  const after = await Model.of(world.rpc, world.glidepath.contracts);
  const owed = async (model: Model) => {
    const { debts } = await model.positions({ time }).position({ position });
    return BigInt(debts.find((row) => row.asset === debt)?.amount ?? 0);
  };
  const [was, is] = [await owed(before), await owed(after)];
  const off = is - (was - repaid);
  holds(`debt of position ${position}, ${was} less ${repaid}`, off >= 0n && off <= 1n, is);
}

/** Bids until the sale has ended because its target is met. */
export async function sellOut(world: World, who: string, position: number, pay: bigint): Promise<Done> {
  for (let lot = 1; lot < 12; lot += 1) {
    const done = await bid(world, who, position, pay, `buys what is left of a lot of position ${position}`);
    if (has(done, "liquidation-auction/sale_ended")) {
      same("why the sale ended", event(done, "liquidation-auction/sale_ended").reason, "target_met");
      same("why the distress ended", event(done, "position-manager/distress_ended").reason, "target_met");
      const { health, stage } = await world.glidepath.positions.position({ position });
      same("distress after it", "selling" in stage || "margin_call" in stage, false);
      const maintenance = Number(given("a health", health.maintenance));
      holds("maintenance health after it, above 1", maintenance > 1, maintenance);
      world.log.so(`the sale of position ${position} ended at a maintenance health of ${health.maintenance}`);
      return done;
    }
  }
  throw new Error(`the sale of position ${position} did not end`);
}
