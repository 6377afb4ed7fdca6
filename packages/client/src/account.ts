/** Somebody who signs. */

import { SigningCosmWasmClient, type SigningCosmWasmClientOptions } from "@cosmjs/cosmwasm-stargate";
import { fromUtf8 } from "@cosmjs/encoding";
import type { EncodeObject, OfflineSigner } from "@cosmjs/proto-signing";
import type { Coin, Event, StdFee } from "@cosmjs/stargate";
import type { MsgExecuteContract } from "cosmjs-types/cosmwasm/wasm/v1/tx.js";
import type { Change } from "./changes.js";
import { steps } from "./changes.js";
import { type Addresses, type ContractName, contractAt } from "./deployment.js";
import { asGlidepathError, ChainError } from "./errors.js";
import { type GlidepathEvent, parseEvents } from "./events.js";
import type { ExecuteMsg as FundMsg } from "./generated/InsuranceFund.types.js";
import type { ExecuteMsg as AuctionMsg } from "./generated/LiquidationAuction.types.js";
import type { ExecuteMsg as OracleMsg } from "./generated/OracleAdapter.types.js";
import type { ExecuteMsg as PositionMsg } from "./generated/PositionManager.types.js";
import type { ExecuteMsg as VaultMsg } from "./generated/Vault.types.js";
import type { Glidepath } from "./glidepath.js";
import { execute, pay } from "./payment.js";

/** What a transaction did. */
export interface Done {
  hash: string;
  height: number;
  /** Gas that the transaction used, its signatures and bytes included. */
  gasUsed: bigint;
  /** Events of the suite, in order. */
  events: GlidepathEvent[];
  /** All events of the chain, for what is not the suite's. */
  raw: readonly Event[];
}

/** How a transaction is paid: the client's gas price times what a simulation used, times this; or a fee. */
export type Fee = "auto" | number | StdFee;

/** More than what is owed now, for the interest and the surcharge until a repayment is in a block. */
const margin = (owed: bigint): bigint => owed + owed / 1000n + 1n;

const OPENED = "wasm-glidepath_position-manager/position_opened";

/** Somebody who signs for one address. */
export class Account {
  constructor(
    readonly glidepath: Glidepath,
    readonly client: SigningCosmWasmClient,
    readonly address: string,
  ) {}

  /**
   * The first address of a signer. Give `gasPrice`; a `broadcastPollIntervalMs` of 200 tells sooner what became of a
   * transaction where blocks are short.
   */
  static async connect(
    rpc: string,
    glidepath: Glidepath,
    signer: OfflineSigner,
    options: SigningCosmWasmClientOptions,
  ): Promise<Account> {
    const [first] = await signer.getAccounts();
    if (first === undefined) throw new Error("the signer has no account");
    const client = await SigningCosmWasmClient.connectWithSigner(rpc, signer, options);
    return new Account(glidepath, client, first.address);
  }

  /** Opens a position. Where its payments need several messages, the first one opens it in a transaction of its own. */
  async open(changes: readonly Change[], recipient?: string, fee: Fee = "auto"): Promise<Done & { position: number }> {
    const [first, ...rest] = await this.updates(undefined, changes, recipient);
    const done = await this.send([first as EncodeObject], fee);
    const position = opened(done, this.glidepath.contracts);
    if (rest.length === 0) return { ...done, position };
    const messages = await this.updates(position, changes, recipient);
    const then = await this.send(messages.slice(1), fee);
    return {
      ...then,
      gasUsed: done.gasUsed + then.gasUsed,
      events: [...done.events, ...then.events],
      raw: [...done.raw, ...then.raw],
      position,
    };
  }

  /** Changes a position, in one transaction. */
  async update(position: number, changes: readonly Change[], recipient?: string, fee: Fee = "auto"): Promise<Done> {
    return this.send(await this.updates(position, changes, recipient), fee);
  }

  /** Repays all that a position owes of an asset. What is sent along for interest until then comes back. */
  async repayAll(position: number, asset: string, fee: Fee = "auto"): Promise<Done> {
    const owed = await this.glidepath.owed(position, asset);
    if (owed === 0n) throw new Error(`position ${position} owes no ${asset}`);
    return this.update(position, [{ repay: { asset, pay: margin(owed) } }], undefined, fee);
  }

  private async updates(
    position: number | undefined,
    changes: readonly Change[],
    recipient: string | undefined,
  ): Promise<EncodeObject[]> {
    const { contracts } = this.glidepath;
    const names = new Set(changes.flatMap((change) => Object.values(change).map(({ asset }) => asset)));
    const assets = new Map(
      await Promise.all([...names].map(async (name) => [name, (await this.glidepath.asset(name)).info] as const)),
    );
    const infoOf = (name: string) => assets.get(name) as NonNullable<ReturnType<typeof assets.get>>;
    return steps(changes, infoOf, recipient).map(({ actions, payments }) => {
      // By a token's hook, coins go to the sender only; such a message takes nothing out unless nobody else is meant.
      const isByHook = payments.some(({ info }) => "cw20" in info);
      const msg: PositionMsg = {
        update: {
          actions,
          ...(position === undefined ? {} : { position }),
          ...(recipient === undefined || isByHook ? {} : { recipient }),
        },
      };
      return pay(this.address, contracts.position_manager, msg, payments);
    });
  }

  /** Lends to a market. */
  async supply(asset: string, amount: bigint, fee: Fee = "auto"): Promise<Done> {
    const { info } = await this.glidepath.asset(asset);
    const msg: VaultMsg = { supply: { asset } };
    return this.send([pay(this.address, this.glidepath.contracts.vault, msg, [{ info, amount }])], fee);
  }

  /** Takes a supply out; all of it if no amount is said. */
  async withdraw(asset: string, amount?: bigint, fee: Fee = "auto"): Promise<Done> {
    const msg: VaultMsg = { withdraw: { asset, ...(amount === undefined ? {} : { amount: amount.toString() }) } };
    return this.send([execute(this.address, this.glidepath.contracts.vault, msg)], fee);
  }

  /** Stakes first-loss capital in a market. */
  async stake(asset: string, amount: bigint, fee: Fee = "auto"): Promise<Done> {
    const { info } = await this.glidepath.asset(asset);
    const msg: FundMsg = { stake: { asset } };
    return this.send([pay(this.address, this.glidepath.contracts.insurance_fund, msg, [{ info, amount }])], fee);
  }

  /**
   * Buys from the lot of a position for at most `pay` debt base units; what the lot does not take comes back. The sources of
   * the pair's prices are asked first, in the same transaction. `maxPrice` is in debt base units per whole collateral token.
   */
  async bid(
    position: number,
    { pay: amount, maxPrice, minReceived, recipient, fromAccount }: Bid,
    fee: Fee = "auto",
  ): Promise<Done> {
    const { sale } = await this.glidepath.auction.sale({ position });
    const asset = sale.debt;
    const msg: AuctionMsg = {
      bid: {
        position,
        max_price: maxPrice,
        ...(minReceived === undefined ? {} : { min_received: minReceived.toString() }),
        ...(recipient === undefined ? {} : { recipient }),
        ...(fromAccount ? { pay: { account: { asset, amount: amount.toString() } } } : {}),
      },
    };
    const bid = await this.bidding(msg, asset, fromAccount ? 0n : amount);
    return this.send([this.updatePrices([sale.collateral, asset]), bid], fee);
  }

  /**
   * Buys from several lots for at most `pay` base units of `asset` together, behind their prices. What can't be filled is passed
   * over: events `liquidation-auction/bid_passed_over` say why.
   */
  async bidMany(
    bids: readonly Item[],
    { asset, pay: amount, recipient, fromAccount }: ManyBids,
    fee: Fee = "auto",
  ): Promise<Done> {
    const sales = await Promise.all(bids.map(({ position }) => this.glidepath.auction.sale({ position })));
    const msg: AuctionMsg = {
      bid_many: {
        bids: bids.map(({ position, maxPrice, maxPay, minReceived }) => ({
          position,
          max_price: maxPrice,
          ...(maxPay === undefined ? {} : { max_pay: maxPay.toString() }),
          ...(minReceived === undefined ? {} : { min_received: minReceived.toString() }),
        })),
        ...(recipient === undefined ? {} : { recipient }),
        ...(fromAccount ? { account: { asset, amount: amount.toString() } } : {}),
      },
    };
    const bid = await this.bidding(msg, asset, fromAccount ? 0n : amount);
    const prices = this.updatePrices(sales.flatMap(({ sale }) => [sale.collateral, sale.debt]));
    return this.send([prices, bid], fee);
  }

  /** A message to the auction with so much of an asset, or with nothing. */
  private async bidding(msg: AuctionMsg, asset: string, amount: bigint): Promise<EncodeObject> {
    const { liquidation_auction } = this.glidepath.contracts;
    if (amount === 0n) return execute(this.address, liquidation_auction, msg);
    const { info } = await this.glidepath.asset(asset);
    return pay(this.address, liquidation_auction, msg, [{ info, amount }]);
  }

  /** Places a standing order: `amount` base units of `debt` wait in a slot to buy `collateral`. */
  async placeOrder(collateral: string, debt: string, slot: number, amount: bigint, fee: Fee = "auto"): Promise<Done> {
    return this.send([await this.bidding({ place_order: { collateral, debt, slot } }, debt, amount)], fee);
  }

  /** Takes out what an order has bought. */
  async claimOrder(order: number, fee: Fee = "auto"): Promise<Done> {
    return this.execute(this.glidepath.contracts.liquidation_auction, { claim_order: { order } }, [], fee);
  }

  /** Takes an order out, with what was not used and what it bought. */
  async cancelOrder(order: number, fee: Fee = "auto"): Promise<Done> {
    return this.execute(this.glidepath.contracts.liquidation_auction, { cancel_order: { order } }, [], fee);
  }

  /** Has the dearest orders that a lot has reached buy from it, behind the prices of the pair. */
  async matchOrders(position: number, fee: Fee = "auto"): Promise<Done> {
    const { auction, contracts } = this.glidepath;
    const { sale } = await auction.sale({ position });
    const msg: AuctionMsg = { match: { position } };
    const match = execute(this.address, contracts.liquidation_auction, msg);
    return this.send([this.updatePrices([sale.collateral, sale.debt]), match], fee);
  }

  /** Puts coins into an account with the vault and sets so much of it aside for bids, both in one transaction. */
  async fundBids(asset: string, amount: bigint, fee: Fee = "auto"): Promise<Done> {
    const { contracts, vault } = this.glidepath;
    const { info } = await this.glidepath.asset(asset);
    const { set_aside } = await vault.account({ account: this.address, asset });
    const deposit: VaultMsg = { deposit: { asset } };
    const aside: VaultMsg = { set_aside: { asset, amount: (BigInt(set_aside) + amount).toString() } };
    return this.send(
      [pay(this.address, contracts.vault, deposit, [{ info, amount }]), execute(this.address, contracts.vault, aside)],
      fee,
    );
  }

  /** Moves a position to where the rules say it is, behind an update of the prices of all that it holds and owes. */
  async advance(position: number, fee: Fee = "auto"): Promise<Done> {
    const { contracts } = this.glidepath;
    const msg: PositionMsg = { advance: { position } };
    const assets = await this.glidepath.assetsOf(position);
    const prices = assets.length === 0 ? [] : [this.updatePrices(assets)];
    return this.send([...prices, execute(this.address, contracts.position_manager, msg)], fee);
  }

  /** The message that asks the sources of these prices. */
  updatePrices(assets: readonly string[]): EncodeObject {
    const msg: OracleMsg = { update_prices: { assets: [...new Set(assets)] } };
    return execute(this.address, this.glidepath.contracts.oracle_adapter, msg);
  }

  /** Any message to one of the five, with coins. */
  async execute(contract: string, msg: object, funds: readonly Coin[] = [], fee: Fee = "auto"): Promise<Done> {
    return this.send([execute(this.address, contract, msg, funds)], fee);
  }

  /** Which contract of the suite each message is for; a token's `Send` is for whom it sends to. */
  private asked(messages: readonly EncodeObject[]): (ContractName | undefined)[] {
    return messages.map(({ value }) => {
      const { contract, msg } = value as Partial<MsgExecuteContract>;
      const send = msg && (JSON.parse(fromUtf8(msg)) as { send?: { contract?: string } }).send;
      return contractAt(this.glidepath.contracts, send?.contract ?? contract ?? "");
    });
  }

  /**
   * Signs and sends one transaction, and waits until it is in a block.
   *
   * @throws {GlidepathError} where a contract refuses; nothing of the transaction is done then.
   * @throws {ChainError} where the chain refuses.
   */
  async send(messages: readonly EncodeObject[], fee: Fee = "auto", memo = ""): Promise<Done> {
    const sent = await this.client.signAndBroadcast(this.address, messages, fee, memo).catch((error: unknown) => {
      throw asGlidepathError(error, this.asked(messages)) ?? error;
    });
    if (sent.code !== 0) {
      const text = sent.rawLog ?? "";
      throw (
        asGlidepathError(new Error(text), this.asked(messages)) ?? new ChainError(sent.code, text, sent.transactionHash)
      );
    }
    return {
      hash: sent.transactionHash,
      height: sent.height,
      gasUsed: sent.gasUsed,
      events: parseEvents(sent.events, this.glidepath.contracts),
      raw: sent.events,
    };
  }
}

/** The position that a transaction opened, by its raw events: another version's may say less or more than is known here. */
function opened({ hash, raw }: Done, contracts: Addresses): number {
  for (const { type, attributes } of raw) {
    const said = (name: string) => attributes.find(({ key }) => key === name)?.value;
    const isIt = type === OPENED && said("_contract_address") === contracts.position_manager;
    if (isIt && said("position") !== undefined) return Number(said("position"));
  }
  throw new Error(`transaction ${hash} was carried out and names no position that it opened`);
}

/** A bid. */
export interface Bid {
  /** Most debt base units to pay. */
  pay: bigint;
  /** Most debt base units per whole collateral token, as a decimal. */
  maxPrice: string;
  /** Fewest collateral base units. */
  minReceived?: bigint;
  /** Who gets the collateral; the sender if not said. */
  recipient?: string;
  /** Pay out of what was set aside in the sender's account with the vault, into the same account: no coin moves, and there is
   * no other recipient. */
  fromAccount?: boolean;
}

/** One of several bids. */
export interface Item {
  position: number;
  /** Most debt base units per whole collateral token, as a decimal. */
  maxPrice: string;
  /** Most debt base units; as much as is left if not said. */
  maxPay?: bigint;
  /** Fewest collateral base units. */
  minReceived?: bigint;
}

/** What pays for several bids. */
export interface ManyBids {
  /** In which asset; sales of other debts are passed over. */
  asset: string;
  /** Most base units together. */
  pay: bigint;
  /** Who gets the collateral; the sender if not said. */
  recipient?: string;
  /** Pay out of what was set aside in the sender's account with the vault, into the same account: no other recipient. */
  fromAccount?: boolean;
}
