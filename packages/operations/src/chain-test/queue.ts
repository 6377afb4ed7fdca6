import { atomics, type auction, type Done } from "@glidepath/client";
import { Model } from "@glidepath/client/risk";
import { sellOut } from "./bid.js";
import { given, holds, refuses, same } from "./check.js";
import { closes } from "./end.js";
import { ONE, opens } from "./open.js";
import { call, graceAndSale } from "./soft.js";
import { event, type World } from "./world.js";

/** Two positions, one queue. */
export interface Queued {
  /** Its lot came first. */
  first: number;
  /** Its lot had to wait, and runs. */
  second: number;
}

/** Gold has a queue that takes one lot of these two positions at once: the other waits. */
export async function queue(world: World): Promise<Queued> {
  const { log, local } = world;
  log.part("gold falls: of two positions with it, one lot is admitted, the other waits for the queue");
  await world.post();
  const open = () =>
    opens(world, "borrower-2", "60 gold, owes 79,000 usdc", [
      { deposit: { asset: "gold", amount: 60n * ONE } },
      { borrow: { asset: "usdc", amount: 79_000n * ONE } },
    ]);
  const [second, first] = [await open(), await open()];
  await drains(world);
  await world.post({ gold: "1865" });
  for (const position of [second, first]) await call(world, position);
  // Called before the first, the second is out of its grace too.
  const { draw } = await graceAndSale(world, first);
  const drawn = given("what its lot draws of the queue", draw);
  const { backlog } = await gold(world);
  same("what is in the queue", backlog.value, drawn);

  const full = await refuses("a second lot", "position-manager/queue_full", () => advance(world, second));
  const { until } = full.figures;
  const said = await now(world, drawn);
  // Its lot draws as much as the first one, but for the interest of some seconds.
  holds(`when the queue admits it, ${until}`, Math.abs(said.admits_at - until) <= 1, said);
  const excess = 2 * Number(drawn) - Number(said.burst);
  const room = backlog.at + (excess * 3600) / Number(said.rate);
  holds(`when the queue has room for it, ${until}`, Math.abs(room - until) <= 2, room);
  const due = await world.glidepath.positions.due({ position: second });
  same("what is due, and when", [due.due ?? undefined, due.not_before], [undefined, until]);
  log.so(`the second is refused: ${full.message}; in ${until - (await world.now())} s`);

  await sellOut(world, "bidder-2", first, 50_000n * ONE);
  const still = await refuses("it again", "position-manager/queue_full", () => advance(world, second));
  holds(`what was sold is in the queue still, until ${until} or a little less`, still.figures.until <= until, still);
  log.so("a bid does not wait, and what it buys makes no room: that is for the market to take up");

  await world.pass(until - (await world.now()));
  await local.chain.until(until);
  const before = await Model.of(world.rpc, world.glidepath.contracts);
  const done = await world.does("keeper", `opens the sale of position ${second}`, () => advance(world, second));
  const started = event(done, "liquidation-auction/lot_started");
  same("what starts", [started.position, started.cause, started.collateral], [second, "open", "gold"]);
  const draws = given("what its lot draws", started.draw);
  const time = await world.timeOf(done.height);
  const then = await before.auction({ time }).queue({ collateral: "gold", draw: draws });
  const left = given("a queue", then.now);
  same("when the queue admits it, asked in that second", left.admits_at, time);
  const changed = event(done, "liquidation-auction/backlog_changed");
  same("what is in the queue", atomics(changed.value), atomics(left.left) + atomics(draws));
  same("what it says", (await gold(world)).backlog, { value: changed.value, at: time });
  log.so(`admitted: of ${left.burst} USD ${changed.value} are in the queue`);
  return { first, second };
}

/** The owner closes both, and the market takes up what was sold. */
export async function dequeued(world: World, { first, second }: Queued): Promise<void> {
  world.log.part("the two are closed, and the queue drains");
  for (const position of [first, second]) await closes(world, "borrower-2", position, "usdc", "gold");
  await drains(world);
}

/** Without an update of prices in front, which may change how fast a queue drains. */
async function advance(world: World, position: number): Promise<Done> {
  const { position_manager } = world.glidepath.contracts;
  return (await world.as("keeper")).execute(position_manager, { advance: { position } });
}

/** The queue of gold, which a node and the maths away from it say the same of. */
async function gold(world: World, draw?: string): Promise<auction.QueueResponse> {
  const model = await Model.of(world.rpc, world.glidepath.contracts);
  const query = { queue: { collateral: "gold", ...(draw === undefined ? {} : { draw }) } };
  const there = await model.askNode("liquidation_auction", query);
  same("the queue away from the chain", await model.ask("liquidation_auction", query), there);
  return JSON.parse(there) as auction.QueueResponse;
}

async function now(world: World, draw?: string): Promise<auction.QueueNow> {
  return given("a queue", (await gold(world, draw)).now);
}

/** As long as the queue says that it takes, and then it is empty. */
async function drains(world: World): Promise<void> {
  const { left, rate } = await now(world);
  await world.pass((Number(left) * 3600) / Number(rate) + 1);
  same("what is left in the queue of gold", (await now(world)).left, "0");
  world.log.so(`the queue of gold has taken up ${left} USD and is empty`);
}
