import { Model } from "@glidepath/client/risk";
import { bid, digits, lotStarts, sellOut } from "./bid.js";
import { holds, refuses, same } from "./check.js";
import { ONE, type Positions } from "./open.js";
import { call, graceAndSale } from "./soft.js";
import { lotOf, type World } from "./world.js";

/** A sale under the new terms, in the middle of which the node is killed, and the guardian stops fills. */
export async function crash(world: World, { token }: Positions): Promise<void> {
  const { log, glidepath, local } = world;
  log.part("a position that owes a token: a sale under the new terms");
  await world.post({ gold: "2060" });
  await call(world, token);
  await graceAndSale(world, token);
  const opened = await glidepath.auction.sale({ position: token });
  same("penalty of the new sale", [opened.sale.penalty, opened.terms.terms.soft.spacing], ["0.002", 8]);
  await bid(world, "bidder", token, ONE, "buys a part of a lot for 1 gold, a token");

  log.part("the node is killed in the middle of the lot, and started again");
  const height = await local.chain.height();
  const before = await Model.of(world.rpc, glidepath.contracts);
  const records = async () => ({
    sale: await glidepath.auction.sale({ position: token }).then(({ sale, terms }) => ({ sale, terms })),
    ledger: (await glidepath.vault.ledger({ position: token })).ledger,
    gold: await world.books("gold"),
    atom: await world.books("atom"),
    prices: await glidepath.oracle.prices({}),
  });
  const was = await records();
  local.kill();
  log.note(`kill -9 at block ${height}`);
  local.start();
  holds(`blocks behind ${height}`, (await local.chain.height()) > height, await local.chain.height());
  same("sale, ledger, books and prices after the start", await records(), was);
  const after = await Model.of(world.rpc, glidepath.contracts);
  const { time } = after.block as { time: number };
  const query = { price_at: { position: token, time } };
  const price = await after.askNode("liquidation_auction", query);
  same("the lot's price now, as it was said before", price, await before.ask("liquidation_auction", query));
  log.so(`state is as it was; the lot costs what its clock says: ${price}`);
  const lot = await lotOf(world, token);
  await bid(world, "bidder-2", token, 20n * ONE, "bids 20 gold, more than the rest of the lot costs");
  holds("another lot", (await lotOf(world, token)).start_at > lot.start_at, await lotOf(world, token));

  await stopped(world, token);
  await sellOut(world, "bidder-2", token, 20n * ONE);
}

/** The guardian stops fills: the lot's clock stands still, and goes on by itself. */
async function stopped(world: World, position: number): Promise<void> {
  const { log, glidepath, local } = world;
  log.part("the guardian stops fills of atom for 60 s, in the middle of a lot");
  await lotStarts(world, position);
  const { oracle_adapter } = glidepath.contracts;
  const stop = { stop: { assets: ["atom"], kind: "fills", seconds: 60 } };
  const before = await Model.of(world.rpc, glidepath.contracts);
  const done = await world.does("guardian", "stops fills of atom", (account) => account.execute(oracle_adapter, stop));
  const from = await world.timeOf(done.height);
  const error = await refuses("a bid while fills are stopped", "price/stopped", async () =>
    (await world.as("bidder")).bid(position, { pay: ONE, maxPrice: "10" }),
  );
  same("what is stopped and until when", error.figures, { asset: "atom", until: from + 60 });
  await refuses("the guardian's second stop", "oracle-adapter/guardian_again", async () =>
    (await world.as("guardian")).execute(oracle_adapter, stop),
  );
  await digits(world, position);
  log.so(`bids are refused: ${error.message}`);
  await world.pass(60);
  await local.chain.until(from + 61);
  const after = await Model.of(world.rpc, glidepath.contracts);
  const { time } = after.block as { time: number };
  const now = await after.askNode("liquidation_auction", { price_at: { position, time } });
  const then = await before.ask("liquidation_auction", { price_at: { position, time: time - 60 } });
  same("the lot's price, 60 s later than without the stop", now, then);
  log.so("the stop has ended by itself, and the lot goes on where it stood");
}
