import { judge } from "../judge.js";
import * as proposals from "../proposals.js";
import { same } from "./check.js";
import type { Positions } from "./open.js";
import type { World } from "./world.js";

/** Governance changes the terms of sales while a lot runs: the running sale keeps its own. */
export async function vote(world: World, { sold }: Positions): Promise<void> {
  const { log, glidepath, live, local } = world;
  log.part("governance changes the terms of sales while a lot runs");
  const before = await glidepath.auction.sale({ position: sold });
  same("penalty of the running sale", before.terms.terms.soft.penalty, "0.001");
  const draft = await proposals.saleTerms(live, { soft: { penalty: "0.002", spacing: 8 } });
  await judge(live, draft.messages);
  const id = await local.govern(draft);
  log.note(`proposal ${id} has passed: ${draft.summary}`);
  const { terms } = await glidepath.auction.config();
  same("penalty and spacing of new sales", [terms.soft.penalty, terms.soft.spacing], ["0.002", 8]);
  const after = await glidepath.auction.sale({ position: sold });
  same("terms of the running sale", after.terms, before.terms);
  same("its state", after.sale, before.sale);
  log.so("the running sale has its terms still");
  await world.post();
}
