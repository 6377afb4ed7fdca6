import { holds, refuses, same } from "./check.js";
import { ONE, type Positions } from "./open.js";
import { event, type World } from "./world.js";

/** A stale oracle stops borrowing, not repaying. */
export async function stale(world: World, { cured }: Positions): Promise<void> {
  const { log } = world;
  log.part("a stale oracle stops borrowing, not repaying");
  world.local.skip(310);
  log.note("310 s pass, nobody posts a price");
  const borrow = [{ borrow: { asset: "usdc", amount: ONE } }];
  const error = await refuses("borrowing at stale prices", "price/too_old", async () =>
    (await world.as("borrower")).update(cured, borrow),
  );
  const { age, max_age } = error.figures;
  holds("an age above the one allowed, 300 s", age > 300 && max_age === 300, error.figures);
  log.so(`borrowing is refused: ${error.message}`);

  const had = await world.has("borrower", "usdc");
  const repay = [{ repay: { asset: "usdc", amount: 10n * ONE } }];
  const done = await world.does("borrower", "repays 10 usdc at stale prices", (account) =>
    account.update(cured, repay),
  );
  same("usdc repaid", event(done, "vault/repaid").principal, 10n * ONE);
  same("usdc that it cost", had - (await world.has("borrower", "usdc")), 10n * ONE);

  await world.post();
  const again = await world.does("borrower", "borrows 10 usdc at new prices", (account) =>
    account.update(cured, [{ borrow: { asset: "usdc", amount: 10n * ONE } }]),
  );
  same("usdc borrowed", event(again, "vault/borrowed").amount, 10n * ONE);
}
