import { join } from "node:path";
import { parseArgs } from "node:util";
import { Chain, sleep } from "../chain.js";
import type { JsonObject } from "../json.js";
import { live } from "../live.js";
import { localWallet, ROOT } from "../localnet.js";
import { execute, parts } from "../messages.js";
import { readNetwork } from "../network.js";
import { pages } from "../settings.js";
import { Refused } from "../words.js";
import { main } from "./main.js";

const HELP = `Posts prices on a local chain, as its reporters: the ones that are given, and all others as they were.

    scripts/prices [ASSET=PRICE]…        scripts/prices atom=8.5

    --keep             posts them again every 20 s, until it is interrupted
    --network FILE     deployments/local.toml if not said
    --localnet NAME    on this local chain`;

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      keep: { type: "boolean", default: false },
      network: { type: "string" },
      localnet: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const given = new Map(positionals.map(assignment));
  const network = readNetwork(values.network ?? join(ROOT, "deployments", "local.toml"), values.localnet);
  if (!network.local) throw new Refused("only on a local chain are the reporters' keys known");
  const chain = await Chain.connect(network.chain, await localWallet());
  try {
    const { at } = await live(network, chain);
    do {
      const rows = await pages(chain, at.oracle_adapter, "prices");
      const known = rows.map((row): [string, string] => [String(row.asset), String((row.record as JsonObject).price)]);
      const prices = new Map([...known, ...given]);
      const posted = await postable(chain, at.oracle_adapter, prices);
      const now = await chain.now();
      const reports = [...posted].map(([asset, price]) => ({ asset, price, at: now }));
      for (const reporter of network.reporters) {
        const messages = parts(reports).map((part) =>
          execute(reporter, at.oracle_adapter, { post: { reports: part } }),
        );
        await chain.send(reporter, messages);
      }
      console.log(reports.map(({ asset, price }) => `${asset} ${price}`).join("  "));
      if (values.keep) await sleep(20_000);
    } while (values.keep);
    return 0;
  } finally {
    chain.disconnect();
  }
}

/** Those that reporters post; another source is asked, not told. */
async function postable(chain: Chain, oracle: string, prices: Map<string, string>): Promise<Map<string, string>> {
  const posted = new Map<string, string>();
  for (const [asset, price] of prices) {
    const { source } = await chain.ask<{ source: JsonObject }>(oracle, { feed: { asset } });
    if ("posted" in source) posted.set(asset, price);
  }
  return posted;
}

function assignment(word: string): [string, string] {
  const found = /^([a-z][a-z0-9.-]{1,15})=(\d+(?:\.\d+)?)$/.exec(word);
  if (!found) throw new Refused(`\`${word}\` is no price, such as atom=8.5`);
  return [found[1] as string, found[2] as string];
}

main(run);
