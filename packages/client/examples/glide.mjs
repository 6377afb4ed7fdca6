/**
 * A position glides down on a local chain: it is opened, the price falls, a keeper calls it and opens its sale, a bidder buys
 * lot by lot until its margin is restored. A minute or two: `node packages/client/examples/glide.mjs [NAME]`.
 */

import { local, short, sleep, tokens } from "./local.mjs";

const { glidepath, account } = await local(process.argv[2]);
const [lender, borrower, keeper, bidder] = await Promise.all(["lender", "borrower", "keeper", "bidder"].map(account));
const reporters = await Promise.all(["reporter-1", "reporter-2", "reporter-3"].map(account));

const started = Date.now();
const say = (words) => console.log(`${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s  ${words}`);

/** Two of the three reporters are enough, and the third is no harm. */
async function post(atom) {
  const { header } = await glidepath.client.getBlock();
  const now = Math.floor(Date.parse(header.time) / 1000);
  const reports = [
    { asset: "atom", price: atom, at: now },
    { asset: "usdc", price: "1", at: now },
  ];
  for (const reporter of reporters) await reporter.execute(glidepath.contracts.oracle_adapter, { post: { reports } });
}

const { total_assets, total_debt } = await glidepath.vault.market({ asset: "usdc" });
if (BigInt(total_assets) - BigInt(total_debt) < 4_000_000_000_000n) {
  await lender.supply("usdc", 8_000_000_000_000n);
  say("lender      supplies 8,000,000 usdc");
}

await post("10");
const changes = [
  { deposit: { asset: "atom", amount: 500_000_000_000n } },
  { borrow: { asset: "usdc", amount: 3_500_000_000_000n } },
];
const { refused } = await glidepath.previewUpdate(changes);
if (refused) throw new Error(`can't be opened now: ${refused}`);
const { position, gasUsed } = await borrower.open(changes);
const look = () => glidepath.positions.position({ position });
const [{ liquidation_price }] = await glidepath.positions.liquidationPrices({ position });
const before = await look();
say(`borrower    opens position ${position}: 500,000 atom at $10 in, 3,500,000 usdc out (${gasUsed} gas)`);
say(`            health ${short(before.health.maintenance)}; it is called below $${short(liquidation_price, 2)}`);

await post("8.70");
say(`reporters   post atom at $8.70: health ${short((await look()).health.maintenance)}`);

let sold = 0n;
let got = 0n;
let lot;
for (;;) {
  const { stage } = await look();
  if (!("selling" in stage) && (sold > 0n || "healthy" in stage || "restricted" in stage)) break;
  const { due } = await glidepath.positions.due({ position });
  if (due !== null && due !== undefined) {
    const { events } = await keeper.advance(position);
    for (const event of events) {
      if (event.type === "position-manager/advanced") say(`keeper      advances it: ${event.did}`);
    }
  } else if ("selling" in stage) {
    const preview = await glidepath.previewBid(position);
    const { sale } = await glidepath.auction.sale({ position });
    if (sale.lot !== null && sale.lot.start_at !== lot && "fills" in preview) {
      lot = sale.lot.start_at;
      say(`auction     a lot of ${tokens(sale.lot.amount)} atom starts at ${short(preview.fills.price / 1e6, 3)} usdc`);
    }
    // Worth buying from .8 % below the oracle on.
    if ("fills" in preview && Number(preview.fills.multiplier) <= 0.992) {
      const { paid, price } = preview.fills;
      const bid = await bidder.bid(position, { pay: BigInt(paid) + BigInt(paid) / 100n, maxPrice: price });
      const fill = bid.events.find((event) => event.type === "liquidation-auction/filled");
      sold += fill.sold;
      got += fill.repaid;
      say(
        `bidder      buys ${tokens(fill.sold)} atom for ${tokens(fill.paid)} usdc, ${short(100 - fill.multiplier * 100, 2)} % below the oracle (${bid.gasUsed} gas)`,
      );
      say(`            health ${short(fill.health_before)} → ${short(fill.health_after)}`);
    }
  }
  await sleep(1_000);
}
const after = await look();
const part = Number((sold * 1000n) / 500_000_000_000n) / 10;
say(`position    has its margin back, health ${short(after.health.maintenance)}: ${part} % of its atom sold`);
await borrower.repayAll(position, "usdc");
await borrower.update(position, [{ withdraw: { asset: "atom" } }]);
say(
  `borrower    repays the other ${tokens(3_500_000_000_000n - got)} usdc and takes ${tokens(500_000_000_000n - sold)} atom out`,
);
process.exit(0);
