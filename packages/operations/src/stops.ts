import type { Chain } from "./chain.js";
import type { Network } from "./network.js";
import { pages } from "./settings.js";
import type { Five } from "./suite.js";

/** Something that is forbidden with an asset's price now. */
export interface Stop {
  asset: string;
  what: string;
  /** Unix seconds; none while nobody knows. */
  until: number | null;
}

/** Stops that run: by name, by the jump breaker, or by a new price. That one warms up for as long as the file says is none. */
export async function stops(chain: Chain, at: Five<string>, network: Network): Promise<Stop[]> {
  const now = await chain.now();
  const rows = await pages(chain, at.oracle_adapter, "prices");
  return rows.flatMap((row) => {
    const asset = String(row.asset);
    const { borrowing_until, fills, soft_until, care } = (row.record as unknown as { stops: Told }).stops;
    const { feed } = network.assets.find((one) => one.name === asset) ?? {};
    const warm = now + Number(feed?.warm_up ?? 0);
    const running: Stop[] = [];
    const stop = (what: string, until: number | null) => running.push({ asset, what, until });
    if (borrowing_until > now) stop("borrowing", borrowing_until);
    if (fills.from <= now && (fills.until === null || fills.until > now)) stop("fills", fills.until);
    if (care && soft_until > now) stop("borrowing after a jump", soft_until);
    if (!care && soft_until > warm) stop("borrowing on a new price", soft_until);
    return running;
  });
}

/** What the oracle adapter says of the stops of a price. */
interface Told {
  soft_until: number;
  borrowing_until: number;
  fills: { from: number; until: number | null };
  /** Since the jump breaker tripped. */
  care: object | null;
}
