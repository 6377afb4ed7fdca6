import { judge } from "../judge.js";
import * as proposals from "../proposals.js";
import { CONTRACTS } from "../suite.js";
import { alone, bid, sellOut } from "./bid.js";
import { grouped, holds, same } from "./check.js";
import { ONE } from "./open.js";
import type { World } from "./world.js";

/** Governance pins the five codes while a lot runs. A bid loads three of them, each for some 58,000 gas less. */
export async function pins(world: World, position: number): Promise<void> {
  const { log, live, local } = world;
  log.part("governance pins the codes while a lot runs");
  // So that the two to compare do the same: neither is the sale's first fill, nor updates prices, which loads a fourth code.
  await world.post();
  await bid(world, "bidder", position, 2_000n * ONE, "is the first to buy of a lot", alone);
  const part = async (codes: string) => {
    await world.post();
    return bid(world, "bidder", position, 2_000n * ONE, `buys a part of a lot, codes ${codes}`, alone);
  };
  const before = await part("not pinned");

  const draft = await proposals.pin(live);
  await judge(live, draft.messages);
  const id = await local.govern(draft);
  log.note(`proposal ${id} has passed: ${draft.summary}`);
  const pinned = await local.chain.pinned();
  for (const name of CONTRACTS) {
    const { codeId } = await world.glidepath.client.getContract(live.at[name]);
    same(`the code of ${name} is pinned`, pinned.has(codeId), true);
  }

  const after = await part("pinned");
  const saved = before.gasUsed - after.gasUsed;
  holds("gas that the pins save, between 150,000 and 200,000", saved > 150_000n && saved < 200_000n, saved);
  log.so(`a bid costs ${grouped(after.gasUsed)} gas, not ${grouped(before.gasUsed)}: ${grouped(saved)} less`);
  await sellOut(world, "bidder-2", position, 50_000n * ONE);
}
