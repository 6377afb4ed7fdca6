/**
 * A bidder: advances what is due and buys what is cheap enough, until it is interrupted.
 * `node packages/client/examples/bidder.mjs [NAME]`, on a local chain.
 */

import { GlidepathError } from "@glidepath/client";
import { local, short, sleep, tokens } from "./local.mjs";

/** Buys from 1 % below the oracle price on, for at most 20,000 usdc at once. */
const MULTIPLIER = 0.99;
const PAY = 20_000_000_000n;

const { glidepath, account } = await local(process.argv[2]);
const me = await account("bidder");

/** All positions, a page at a time. */
async function* positions() {
  for (let startAfter; ; ) {
    const page = await glidepath.positions.positions({ limit: 100, ...(startAfter && { startAfter }) });
    yield* page;
    startAfter = page.at(-1)?.position;
    if (page.length < 100) return;
  }
}

/** The keepers' part: who calls a position and who opens its sale earn a part of the penalty. */
async function advance() {
  for await (const { position, standing } of positions()) {
    const stage = "known" in standing ? standing.known.stage : {};
    if ("healthy" in stage || "restricted" in stage) continue;
    const { due } = await glidepath.positions.due({ position });
    if (!due) continue;
    await me.advance(position);
    console.log(`position ${position}: advanced, ${Object.keys(due)[0]}`);
  }
}

async function buy() {
  for (const { position, sale } of await glidepath.auction.sales({ limit: 100 })) {
    if (sale.debt !== "usdc") continue;
    const preview = await glidepath.previewBid(position, PAY, undefined, me.address);
    if (!("fills" in preview) || Number(preview.fills.multiplier) > MULTIPLIER) continue;
    const { price, sold } = preview.fills;
    // Not dearer than now, and not less than half of it: somebody else may have bought in between.
    const { events, gasUsed } = await me.bid(position, { pay: PAY, maxPrice: price, minReceived: BigInt(sold) / 2n });
    const fill = events.find((event) => event.type === "liquidation-auction/filled");
    const discount = short(100 - Number(fill.multiplier) * 100, 2);
    console.log(
      `position ${position}: ${tokens(fill.sold)} ${fill.collateral} for ${tokens(fill.paid)} ${fill.debt}, ` +
        `${discount} % below the oracle, ${gasUsed} gas`,
    );
  }
}

for (;;) {
  try {
    await advance();
    await buy();
  } catch (error) {
    // Somebody was faster, or the price went up: nothing of the transaction is done.
    if (!(error instanceof GlidepathError)) throw error;
    console.log(`${error.code}: ${error.message}`);
  }
  await sleep(1_000);
}
