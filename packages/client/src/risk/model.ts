/**
 * The contracts' answers without a network: what a position is worth, where it is liquidated, what would be sold and at what
 * price, at any moment from now on and at any prices, to the last digit as the chain would say.
 */

import type { CosmWasmClient } from "@cosmjs/cosmwasm-stargate";
import { fromBase64, fromUtf8, toBase64 } from "@cosmjs/encoding";
import { type Addresses, addresses } from "../deployment.js";
import { GlidepathError, parseRefusal } from "../errors.js";
import { LiquidationAuctionQueryClient } from "../generated/LiquidationAuction.client.js";
import type { TryPrice } from "../generated/LiquidationAuction.types.js";
import { PositionManagerQueryClient } from "../generated/PositionManager.client.js";
import type { Engine, Question, Records } from "./engine.js";
import { engine } from "./engine.js";
import { lastBlock, type Reader } from "./reader.js";

/** The moment and the prices to ask about. */
export interface Circumstances {
  /** Unix seconds; the block's time if not said. */
  time?: number;
  /** Prices instead of the oracle's, each as if it had just been published. */
  prices?: readonly TryPrice[];
}

/** Who answers, and his questions. */
export type Asked = Question["to"];

/** Records of one block, and the code that answers from them. A record is read when an answer first takes it. */
export class Model {
  readonly contracts: Addresses;
  private readonly reading = new Map<string, Promise<void>>();

  constructor(
    private readonly engine: Engine,
    contracts: Addresses,
    /** The block that is read from; none where all records are there. */
    readonly block: Reader | undefined,
    /** What was read so far; keep it to go on without a network. */
    readonly records: Records = {},
  ) {
    this.contracts = addresses(contracts);
  }

  /** A model of the last block. */
  static async of(rpc: string, contracts: Addresses): Promise<Model> {
    const [code, block] = await Promise.all([engine(), lastBlock(rpc)]);
    return new Model(code, contracts, block);
  }

  /** The same records at the last block, read anew. */
  async next(rpc: string): Promise<Model> {
    const model = new Model(this.engine, this.contracts, await lastBlock(rpc));
    const keys = Object.entries(this.records).flatMap(([contract, records]) =>
      Object.keys(records).map((key) => ({ contract, key })),
    );
    await Promise.all(keys.map((key) => model.read(key)));
    return model;
  }

  /** The position manager's questions, answered here. Lists are for a node. */
  positions(circumstances?: Circumstances): PositionManagerQueryClient {
    return new PositionManagerQueryClient(this.as("position_manager", circumstances), this.contracts.position_manager);
  }

  /** The auction's questions, answered here. */
  auction(circumstances?: Circumstances): LiquidationAuctionQueryClient {
    const { liquidation_auction } = this.contracts;
    return new LiquidationAuctionQueryClient(this.as("liquidation_auction", circumstances), liquidation_auction);
  }

  /** An answer as JSON text. */
  async ask(to: Asked, query: object, { time, prices = [] }: Circumstances = {}): Promise<string> {
    const { contracts } = this;
    const at = time ?? this.block?.time;
    if (at === undefined) throw new Error("without a block a question needs a time");
    for (;;) {
      const answer = this.engine.ask(this.records, { contracts, time: at, to, prices }, query);
      if ("answered" in answer) return fromUtf8(fromBase64(answer.answered));
      if ("refused" in answer) throw refusal(answer.refused, to);
      await Promise.all(answer.missing.map((key) => this.read(key)));
    }
  }

  /** What the node answers at the model's block, to compare with. */
  async askNode(to: Asked, query: object): Promise<string> {
    if (this.block === undefined) throw new Error("no block to ask");
    return this.block.smart(this.contracts[to], query);
  }

  private read(key: { contract: string; key: string }): Promise<void> {
    const { block } = this;
    if (block === undefined) throw new Error(`no record ${key.key} of ${key.contract}`);
    const name = `${key.contract}/${key.key}`;
    const known = this.reading.get(name);
    if (known !== undefined) return known;
    const read = block.read(key).then(
      (value) => {
        const records = this.records[key.contract] ?? {};
        this.records[key.contract] = records;
        records[key.key] = value.length === 0 ? null : toBase64(value);
      },
      (error: unknown) => {
        this.reading.delete(name);
        throw error;
      },
    );
    this.reading.set(name, read);
    return read;
  }

  /** As much of a node as the generated clients use. */
  private as(to: Asked, circumstances: Circumstances | undefined): CosmWasmClient {
    const queryContractSmart = async (_: string, query: object) => JSON.parse(await this.ask(to, query, circumstances));
    return { queryContractSmart } as unknown as CosmWasmClient;
  }
}

function refusal(text: string, by: Asked): GlidepathError {
  const refused = parseRefusal(text, [by]);
  return refused === undefined
    ? new GlidepathError("unknown", {}, text, text, undefined)
    : (new GlidepathError(refused.code, refused.figures as never, text, text, undefined) as GlidepathError);
}
