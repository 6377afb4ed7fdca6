/** A suite on a chain, to ask. */

import { CosmWasmClient } from "@cosmjs/cosmwasm-stargate";
import type { Change } from "./changes.js";
import { action } from "./changes.js";
import { atomics } from "./decimal.js";
import { type Addresses, addresses, type Deployment } from "./deployment.js";
import { InsuranceFundQueryClient } from "./generated/InsuranceFund.client.js";
import { LiquidationAuctionQueryClient } from "./generated/LiquidationAuction.client.js";
import type { OpenLot, PreviewBidResponse, TryPrice } from "./generated/LiquidationAuction.types.js";
import { OracleAdapterQueryClient } from "./generated/OracleAdapter.client.js";
import { PositionManagerQueryClient } from "./generated/PositionManager.client.js";
import type { PreviewUpdateResponse } from "./generated/PositionManager.types.js";
import { VaultQueryClient } from "./generated/Vault.client.js";
import type { AssetInfo } from "./payment.js";

/** An asset of the suite. */
export interface Asset {
  /** Its name in the suite. */
  name: string;
  /** Denom or token. */
  info: AssetInfo;
  /** Decimals of a whole token. */
  decimals: number;
}

/** What a bidder is interested in. */
export interface OpenLotsAsked {
  /** Only what sells this. */
  collateral?: string;
  /** Only what takes this. */
  debt?: string;
  /** Who would bid, where governance lists first bidders. */
  bidder?: string;
  /** Seconds after which the price is said as well. */
  ahead?: number;
  /** Debt base units to spend; say `debt`, too. */
  funds?: bigint;
}

/** As the chain sorts a page: what can be bought by its price, what orders come before, what is to come, what is refused. */
function bestFirst(one: OpenLot, other: OpenLot): number {
  const [a, b] = [rank(one), rank(other)];
  if (a.kind !== b.kind) return a.kind - b.kind;
  if (a.multiplier !== b.multiplier) return a.multiplier < b.multiplier ? -1 : 1;
  return one.start_at - other.start_at || one.position - other.position;
}

function rank({ now }: OpenLot): { kind: number; multiplier: bigint } {
  if ("fills" in now) return { kind: 0, multiplier: atomics(now.fills.multiplier) };
  if ("orders_first" in now) return { kind: 1, multiplier: atomics(now.orders_first.multiplier) };
  return { kind: "refused" in now ? 3 : 2, multiplier: 0n };
}

/** Rows that the contracts give at most in one answer. */
const PAGE = 100;

/** A suite on a chain, to ask. Every contract's questions, typed, are at `vault`, `positions`, `oracle`, `auction`, `fund`. */
export class Glidepath {
  readonly vault: VaultQueryClient;
  readonly positions: PositionManagerQueryClient;
  readonly oracle: OracleAdapterQueryClient;
  readonly auction: LiquidationAuctionQueryClient;
  readonly fund: InsuranceFundQueryClient;
  private listed: Promise<Map<string, Asset>> | undefined;

  constructor(
    readonly client: CosmWasmClient,
    readonly contracts: Addresses,
  ) {
    this.vault = new VaultQueryClient(client, contracts.vault);
    this.positions = new PositionManagerQueryClient(client, contracts.position_manager);
    this.oracle = new OracleAdapterQueryClient(client, contracts.oracle_adapter);
    this.auction = new LiquidationAuctionQueryClient(client, contracts.liquidation_auction);
    this.fund = new InsuranceFundQueryClient(client, contracts.insurance_fund);
  }

  /** Connects to a node. Throws where it serves another chain than the deployment's. */
  static async connect(rpc: string, { chain_id, contracts }: Deployment): Promise<Glidepath> {
    const client = await CosmWasmClient.connect(rpc);
    const found = await client.getChainId();
    if (found !== chain_id) {
      client.disconnect();
      throw new Error(`${rpc} serves ${found}, the deployment is on ${chain_id}`);
    }
    return new Glidepath(client, addresses(contracts));
  }

  /** Assets that the vault knows, by name. What a name stands for never changes; a name that is missing is looked for anew. */
  async assets(): Promise<ReadonlyMap<string, Asset>> {
    this.listed ??= this.readAssets();
    return this.listed.catch((error: unknown) => {
      this.listed = undefined;
      throw error;
    });
  }

  /** One asset. Throws where the vault has none of this name. */
  async asset(name: string): Promise<Asset> {
    let found = (await this.assets()).get(name);
    if (found === undefined) {
      this.listed = undefined;
      found = (await this.assets()).get(name);
    }
    if (found === undefined) throw new Error(`the vault has no asset ${name}`);
    return found;
  }

  private async readAssets(): Promise<Map<string, Asset>> {
    const found = new Map<string, Asset>();
    let last: string | undefined;
    for (;;) {
      const page = await this.vault.assets({ limit: PAGE, ...(last === undefined ? {} : { startAfter: last }) });
      for (const { asset, info, decimals } of page) found.set(asset, { name: asset, info, decimals });
      last = page.at(-1)?.asset;
      if (page.length < PAGE) return found;
    }
  }

  /** What changes of a position would do if its owner sent and paid for them; a new position if none is said. */
  async previewUpdate(changes: readonly Change[], position?: number): Promise<PreviewUpdateResponse> {
    const actions = changes.map(action);
    return this.positions.previewUpdate({ actions, ...(position === undefined ? {} : { position }) });
  }

  /** What a bid of at most `pay` debt base units would do in this block; all that may be bought if not said. */
  async previewBid(position: number, pay?: bigint, prices?: TryPrice[], bidder?: string): Promise<PreviewBidResponse> {
    return this.auction.previewBid({
      position,
      ...(bidder === undefined ? {} : { bidder }),
      ...(pay === undefined ? {} : { pay: pay.toString() }),
      ...(prices === undefined ? {} : { prices }),
    });
  }

  /**
   * Every lot that may be bought or is scheduled, the best first: the lowest multiple of the oracle's price. With `funds` each
   * says in `gets` what is left of them for it would buy now: what a `bidMany` of the first 64 in this order does.
   */
  async openLots({ funds, ...asked }: OpenLotsAsked = {}): Promise<OpenLot[]> {
    if (funds !== undefined && asked.debt === undefined) throw new Error("funds are of an asset: say `debt`");
    const all: OpenLot[] = [];
    let after: number | undefined;
    do {
      const page = await this.auction.openLots({ ...asked, ...(after === undefined ? {} : { startAfter: after }) });
      all.push(...page.lots);
      after = page.next ?? undefined;
    } while (after !== undefined);
    all.sort(bestFirst);
    let left = funds ?? 0n;
    for (const lot of all) {
      if (left === 0n) break;
      if (!("fills" in lot.now)) continue;
      const preview = await this.previewBid(lot.position, left, undefined, asked.bidder);
      if (!("fills" in preview)) continue;
      lot.gets = preview.fills;
      left -= BigInt(preview.fills.paid);
    }
    return all;
  }

  /** Base units that a position owes of an asset at this block, interest and surcharge included. */
  async owed(position: number, asset: string): Promise<bigint> {
    const { owed } = await this.vault.ledger({ position });
    const debt = owed.find((one) => one.asset === asset);
    return debt === undefined ? 0n : BigInt(debt.principal) + BigInt(debt.surcharge);
  }

  /** Names of the assets that a position holds or owes. */
  async assetsOf(position: number): Promise<string[]> {
    const { ledger } = await this.vault.ledger({ position });
    return [...new Set([...ledger.collateral, ...ledger.debts].map(({ asset }) => asset))];
  }
}
