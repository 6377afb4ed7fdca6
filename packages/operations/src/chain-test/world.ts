import { SigningCosmWasmClient } from "@cosmjs/cosmwasm-stargate";
import { stringToPath } from "@cosmjs/crypto";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import { GasPrice } from "@cosmjs/stargate";
import { Account, type auction, type Done, type Events, Glidepath } from "@glidepath/client";
import type { Live } from "../live.js";
import type { Local } from "../local.js";
import { localPlan } from "../localnet.js";
import { Failed, given, same, text } from "./check.js";
import type { Transcript } from "./transcript.js";

/** Seconds that the clock is moved at once: no feed calls it an outage. */
const STRIDE = 500;
/** What a reporter gives for a post: what it costs depends on whose comes first. */
const FEE = { amount: [], gas: "800000" };

/** A suite on a local chain, the accounts that use it, and its prices. */
export class World {
  private readonly accounts = new Map<string, Promise<Account>>();
  /** Seconds of the last prices. */
  private posted = 0;

  private constructor(
    readonly local: Local,
    readonly live: Live,
    readonly glidepath: Glidepath,
    readonly log: Transcript,
    /** USD per whole token, as the reporters post them. */
    private readonly prices: Record<string, string>,
  ) {}

  static async of(local: Local, live: Live, log: Transcript, prices: Record<string, string>): Promise<World> {
    const { chain_id, rpc } = local.about;
    return new World(local, live, await Glidepath.connect(rpc, { chain_id, contracts: live.at }), log, prices);
  }

  get rpc(): string {
    return this.local.about.rpc;
  }

  /** A named account, with a wallet of its own. */
  as(name: string): Promise<Account> {
    const known = this.accounts.get(name);
    if (known) return known;
    const made = this.connect(name);
    this.accounts.set(name, made);
    return made;
  }

  private async connect(name: string): Promise<Account> {
    const { mnemonic, prefix, accounts, stake } = localPlan();
    const hdPaths = [stringToPath(`m/44'/118'/0'/0/${accounts.indexOf(name)}`)];
    const wallet = await DirectSecp256k1HdWallet.fromMnemonic(mnemonic, { prefix, hdPaths });
    const client = await SigningCosmWasmClient.connectWithSigner(this.rpc, wallet, {
      gasPrice: GasPrice.fromString(`0${stake}`),
      broadcastPollIntervalMs: 150,
    });
    // The client has a copy of the same class.
    return new Account(this.glidepath, client as never, this.local.of(name));
  }

  /** Does something as a named account, and writes down what it cost. */
  async does<T extends Done>(name: string, what: string, act: (account: Account) => Promise<T>): Promise<T> {
    const done = await act(await this.as(name)).catch((error: unknown) => {
      if (error instanceof Error) error.message = `${name} ${what}: ${error.message}`;
      throw error;
    });
    this.log.sent(`${name} ${what}`, done);
    return done;
  }

  // ---------------------------------------------------------------- time and prices

  /** Seconds of the last block. */
  now(): Promise<number> {
    return this.local.chain.now();
  }

  /** Seconds of a block. */
  async timeOf(height: number): Promise<number> {
    const { header } = await this.glidepath.client.getBlock(height);
    return Math.floor(Date.parse(header.time) / 1000);
  }

  /** Two reporters, a quorum, post all prices, the changed ones among them. */
  async post(changed: Record<string, string> = {}): Promise<void> {
    Object.assign(this.prices, changed);
    // A reporter's next price is of a later second.
    await this.local.chain.until(this.posted + 1);
    const at = await this.now();
    this.posted = at;
    const reports = Object.entries(this.prices).map(([asset, price]) => ({ asset, price, at }));
    const { oracle_adapter } = this.glidepath.contracts;
    const posting = ["reporter-1", "reporter-2"].map(async (reporter) =>
      (await this.as(reporter)).execute(oracle_adapter, { post: { reports } }, [], FEE),
    );
    await Promise.all(posting);
    if (Object.keys(changed).length > 0) this.log.note(`prices: ${text(changed)}`);
  }

  /** Time passes, and the reporters go on posting. */
  async pass(seconds: number): Promise<void> {
    for (let left = Math.ceil(seconds); left > 0; left -= STRIDE) {
      this.local.skip(Math.min(left, STRIDE));
      await this.post();
    }
    this.log.note(`${Math.ceil(seconds)} s pass`);
  }

  // ---------------------------------------------------------------- what is where

  /** Base units of an asset that a named account, or an address, holds itself. */
  async has(who: string, asset: string): Promise<bigint> {
    const address = who.startsWith("wasm1") ? who : this.local.of(who);
    const { info } = await this.glidepath.asset(asset);
    if ("native" in info) return BigInt((await this.glidepath.client.getBalance(address, info.native)).amount);
    const { balance } = (await this.glidepath.client.queryContractSmart(info.cw20, { balance: { address } })) as {
      balance: string;
    };
    return BigInt(balance);
  }

  /** All base units of an asset: those of every named account and of every contract. */
  async total(asset: string): Promise<bigint> {
    const holders = [...localPlan().accounts, ...Object.values(this.glidepath.contracts)];
    const parts = await Promise.all(holders.map((who) => this.has(who, asset)));
    return parts.reduce((sum, part) => sum + part, 0n);
  }

  /** What the vault has of an asset by its books, to the unit what it holds. */
  async books(asset: string): Promise<{ collateral: bigint; rest: bigint }> {
    const { balance, collateral, cash, accounts, dues } = await this.glidepath.vault.solvency({ asset });
    const rest = BigInt(cash) + BigInt(accounts) + BigInt(dues);
    const held = await this.has(this.glidepath.contracts.vault, asset);
    same(`the vault's own word of its ${asset}`, BigInt(balance), held);
    same(`${asset} in the vault's books`, BigInt(collateral) + rest, held);
    return { collateral: BigInt(collateral), rest };
  }

  /** What a position holds of a collateral. */
  async collateral(position: number, asset: string): Promise<bigint> {
    const { ledger } = await this.glidepath.vault.ledger({ position });
    return BigInt(ledger.collateral.find((row) => row.asset === asset)?.amount ?? 0);
  }

  /** Which stage a position is in: `healthy`, `margin_call` … */
  async stage(position: number): Promise<string> {
    return String(Object.keys((await this.glidepath.positions.position({ position })).stage)[0]);
  }
}

/** An event of a transaction: the first of its type. */
export function event<Type extends keyof Events>(done: Done, type: Type): Events[Type] {
  const found = done.events.find((one) => one.type === type);
  if (!found) throw new Failed(`expected an event ${type}, found ${text(done.events.map((one) => one.type))}`);
  return found as unknown as Events[Type];
}

/** Whether a transaction has an event of this type. */
export function has(done: Done, type: keyof Events): boolean {
  return done.events.some((one) => one.type === type);
}

/** The lot of a position's sale. */
export async function lotOf(world: World, position: number): Promise<auction.Lot> {
  const { sale } = await world.glidepath.auction.sale({ position });
  return given(`a lot of position ${position}`, sale.lot);
}
