import { tmpdir } from "node:os";
import { crash } from "../chain-test/crash.js";
import { end, totals } from "../chain-test/end.js";
import { loss } from "../chain-test/loss.js";
import { deploy, FIRST, open } from "../chain-test/open.js";
import { pair } from "../chain-test/pair.js";
import { pins } from "../chain-test/pins.js";
import { dequeued, queue } from "../chain-test/queue.js";
import { fall, partOfLot, restOfSale } from "../chain-test/soft.js";
import { stale } from "../chain-test/stale.js";
import { Transcript } from "../chain-test/transcript.js";
import { vote } from "../chain-test/vote.js";
import { World } from "../chain-test/world.js";
import { Local } from "../local.js";
import { main } from "./main.js";

/** The life of the suite on a chain of its own, whose name is given: scripts/chain-test takes the chain away at the end. */
async function run(): Promise<number> {
  const [name, into = tmpdir()] = process.argv.slice(2);
  if (name === undefined) throw new Error("which local chain?");
  const log = new Transcript();
  const local = await Local.up(name);
  const live = await deploy(local, log, into);
  const world = await World.of(local, live, log, { ...FIRST });
  const before = await totals(world);
  const positions = await open(world);
  await stale(world, positions);
  await fall(world, positions);
  await partOfLot(world, positions);
  await vote(world, positions);
  await restOfSale(world, positions);
  await crash(world, positions);
  const all = { ...positions, pair: await pair(world) };
  const queued = await queue(world);
  await pins(world, queued.second);
  await dequeued(world, queued);
  const borne = await loss(world, positions);
  await end(world, all, borne, before);
  log.table();
  local.chain.disconnect();
  return 0;
}

main(run);
