import { instantiate2Address, SigningCosmWasmClient, wasmTypes } from "@cosmjs/cosmwasm-stargate";
import { sha256 } from "@cosmjs/crypto";
import { fromHex, fromUtf8, toHex, toUtf8 } from "@cosmjs/encoding";
import { type EncodeObject, type OfflineSigner, Registry } from "@cosmjs/proto-signing";
import {
  BroadcastTxError,
  calculateFee,
  createProtobufRpcClient,
  defaultRegistryTypes,
  GasPrice,
  type ProtobufRpcClient,
  QueryClient,
} from "@cosmjs/stargate";
import {
  Comet1Client,
  Comet38Client,
  type CometClient,
  connectComet,
  HttpClient,
  isComet1Client,
  isComet38Client,
  Tendermint37Client,
} from "@cosmjs/tendermint-rpc";
import { ModuleAccount } from "cosmjs-types/cosmos/auth/v1beta1/auth.js";
import { QueryClientImpl as AuthQuery } from "cosmjs-types/cosmos/auth/v1beta1/query.js";
import { SignMode } from "cosmjs-types/cosmos/tx/signing/v1beta1/signing.js";
import { ServiceClientImpl, SimulateRequest } from "cosmjs-types/cosmos/tx/v1beta1/service.js";
import { AuthInfo, Fee, Tx, TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx.js";
import { QueryClientImpl as WasmQuery } from "cosmjs-types/cosmwasm/wasm/v1/query.js";
import { MsgPinCodes, MsgUnpinCodes } from "cosmjs-types/cosmwasm/wasm/v1/tx.js";
import { AccessType } from "cosmjs-types/cosmwasm/wasm/v1/types.js";
import type { Json, JsonObject } from "./json.js";
import { Refused, reason, Unanswered } from "./words.js";

/** Where a chain is and what its gas costs. */
export interface ChainSettings {
  chain_id: string;
  rpc: string;
  prefix: string;
  /** As `0.025uosmo`. */
  gas_price: string;
}

/** A transaction that was carried out. */
export interface Done {
  hash: string;
  height: number;
  gasUsed: bigint;
  events: readonly { type: string; attributes: readonly { key: string; value: string }[] }[];
}

/** A transaction before it is sent: enough to find out later what became of it. */
export interface Sent {
  hash: string;
  /** The last block that may hold it; it is void behind that. */
  timeout_height: number;
}

/** The transaction was carried out and failed, with the contract's words. */
export class TxFailed extends Error {
  override name = "TxFailed";
  constructor(
    readonly hash: string,
    readonly log: string,
  ) {
    super(reason(log));
  }
}

/** Seconds on a local chain, two minutes where blocks take 6 s. */
const LIFE = 20;
/** Of the gas that a simulation takes: what is simulated in one block costs a little more in another. */
const GAS_MARGIN = 1.4;
/** Milliseconds between two looks at the chain. */
const POLL = 150;

const registry = () =>
  new Registry([
    ...defaultRegistryTypes,
    ...wasmTypes,
    ["/cosmwasm.wasm.v1.MsgPinCodes", MsgPinCodes],
    ["/cosmwasm.wasm.v1.MsgUnpinCodes", MsgUnpinCodes],
  ]);

/** A chain with wasmd on it: what is asked of it, and transactions that are followed to their end. */
export class Chain {
  readonly registry = registry();
  /** Blocks after which a transaction that was in none is void. */
  life = LIFE;
  /** For generated query clients. */
  readonly proto: ProtobufRpcClient;

  private constructor(
    readonly settings: ChainSettings,
    readonly client: SigningCosmWasmClient,
    readonly comet: CometClient,
    private readonly signer: OfflineSigner,
  ) {
    this.proto = createProtobufRpcClient(QueryClient.withExtensions(comet));
  }

  /** Connects and checks that it is the chain that is meant. */
  static async connect(settings: ChainSettings, signer?: OfflineSigner): Promise<Chain> {
    const comet = await patient(settings.rpc).catch((error: unknown) => {
      throw new Refused(`${settings.rpc} does not answer: ${reason(error)}`);
    });
    const options = { registry: registry(), gasPrice: GasPrice.fromString(settings.gas_price) };
    const nobody: OfflineSigner = {
      getAccounts: () => Promise.resolve([]),
      signDirect: () => Promise.reject(new Refused("nobody signs here")),
    };
    const client = SigningCosmWasmClient.createWithSigner(comet, signer ?? nobody, options);
    const found = await client.getChainId();
    if (found !== settings.chain_id) {
      throw new Refused(`${settings.rpc} is ${found}, not ${settings.chain_id}`);
    }
    return new Chain(settings, client, comet, signer ?? nobody);
  }

  /** Accounts that it signs for. */
  signers(): ReturnType<OfflineSigner["getAccounts"]> {
    return this.signer.getAccounts();
  }

  disconnect(): void {
    this.client.disconnect();
  }

  // ---------------------------------------------------------------- questions

  /** Unix seconds of the last block: the clock that contracts go by. */
  async now(): Promise<number> {
    const block = await this.client.getBlock();
    return Math.floor(Date.parse(block.header.time) / 1000);
  }

  height(): Promise<number> {
    return this.client.getHeight();
  }

  /** Waits until the chain's clock is at `time` or later. */
  async until(time: number): Promise<void> {
    while ((await this.now()) < time) await sleep(POLL);
  }

  /** Waits for so many blocks. */
  async blocks(n: number): Promise<void> {
    const first = await this.height();
    while ((await this.height()) < first + n) await sleep(POLL);
  }

  /**
   * A contract's answer.
   *
   * @throws Unanswered with the contract's words.
   */
  async ask<T = Json>(contract: string, question: Json): Promise<T> {
    try {
      return (await this.client.queryContractSmart(contract, question as JsonObject)) as T;
    } catch (error) {
      if (/: query wasm contract failed/.test(String(error))) throw new Unanswered(reason(error));
      throw error;
    }
  }

  /** What the address runs, or none where there is no contract. */
  async contract(
    address: string,
  ): Promise<{ codeId: number; admin?: string; label: string; creator: string } | undefined> {
    try {
      const found = await this.client.getContract(address);
      const { codeId, label, creator } = found;
      return found.admin ? { codeId, label, creator, admin: found.admin } : { codeId, label, creator };
    } catch (error) {
      if (/not found|no such contract/i.test(String(error))) return undefined;
      throw error;
    }
  }

  /** Name and version that a contract keeps by the `cw2` convention. */
  async version(address: string): Promise<{ contract: string; version: string } | undefined> {
    const data = await this.client.queryContractRaw(address, toUtf8("contract_info"));
    return data ? (JSON.parse(fromUtf8(data)) as { contract: string; version: string }) : undefined;
  }

  /** Checksum of a stored code, in hex, or none. */
  async checksum(codeId: number): Promise<string | undefined> {
    const wasm = new WasmQuery(this.proto);
    const info = await wasm.Code({ codeId: BigInt(codeId) }).catch((error: unknown) => {
      if (/not found|no such code/i.test(String(error))) return undefined;
      throw error;
    });
    return info?.codeInfo ? toHex(info.codeInfo.dataHash) : undefined;
  }

  /** The oldest stored code of each of these checksums that `creator` may make contracts of, as far as there is one. Whose
   * code it is does not matter: the same checksum is the same code. */
  async findCodes(checksums: ReadonlySet<string>, creator: string): Promise<Map<string, number>> {
    const wasm = new WasmQuery(this.proto);
    const found = new Map<string, number>();
    let key: Uint8Array | undefined = new Uint8Array();
    while (key !== undefined && found.size < checksums.size) {
      const page = await wasm.Codes({
        pagination: { key, offset: 0n, limit: 100n, countTotal: false, reverse: false },
      });
      for (const row of page.codeInfos) {
        const checksum = toHex(row.dataHash);
        const { permission, addresses } = row.instantiatePermission;
        const may = permission === AccessType.ACCESS_TYPE_EVERYBODY || addresses.includes(creator);
        if (may && checksums.has(checksum) && !found.has(checksum)) found.set(checksum, Number(row.codeId));
      }
      key = page.pagination?.nextKey.length ? page.pagination.nextKey : undefined;
    }
    return found;
  }

  /** Codes that stay in memory. */
  async pinned(): Promise<Set<number>> {
    const wasm = new WasmQuery(this.proto);
    const pinned = new Set<number>();
    let key: Uint8Array | undefined = new Uint8Array();
    while (key !== undefined) {
      const page = await wasm.PinnedCodes({
        pagination: { key, offset: 0n, limit: 100n, countTotal: false, reverse: false },
      });
      for (const id of page.codeIds) pinned.add(Number(id));
      key = page.pagination?.nextKey.length ? page.pagination.nextKey : undefined;
    }
    return pinned;
  }

  /** Address of a module's account: `gov` is the one that proposals act as. */
  async moduleAccount(name: string): Promise<string> {
    const { account } = await new AuthQuery(this.proto).ModuleAccountByName({ name });
    const base = account && ModuleAccount.decode(account.value).baseAccount;
    if (!base) throw new Refused(`the chain has no module account \`${name}\``);
    return base.address;
  }

  /** Which chain of that name it is: hash of its first block, where the node still has it. A local chain that was reset is
   * another one. */
  async genesis(): Promise<string | undefined> {
    try {
      return toHex((await this.comet.block(1)).blockId.hash);
    } catch {
      return undefined;
    }
  }

  /** The address that `instantiate2` gives to a contract. */
  predict(checksum: string, creator: string, salt: string): string {
    return instantiate2Address(fromHex(checksum), creator, toUtf8(salt), this.settings.prefix);
  }

  // ---------------------------------------------------------------- transactions

  /** Sends messages as one transaction and waits for its end. `before` is told of it before it leaves, so that whoever is
   * cut off can find out later what became of it.
   *
   * @throws TxFailed with the contract's words; Refused where nothing was sent.
   */
  async send(sender: string, messages: EncodeObject[], before?: (sent: Sent) => void | Promise<void>): Promise<Done> {
    const gas = await this.client.simulate(sender, messages, "").catch((error: unknown) => {
      throw new TxFailed("", error instanceof Error ? error.message : String(error));
    });
    const fee = calculateFee(Math.ceil(gas * GAS_MARGIN), this.settings.gas_price);
    const timeout = (await this.height()) + this.life;
    const signed = await this.client.sign(sender, messages, fee, "", undefined, BigInt(timeout));
    const bytes = TxRaw.encode(signed).finish();
    const sent = { hash: toHex(sha256(bytes)).toUpperCase(), timeout_height: timeout };
    await before?.(sent);
    await this.client.broadcastTxSync(bytes).catch((error: unknown) => {
      if (!(error instanceof BroadcastTxError)) throw error;
      throw new TxFailed(sent.hash, error.log ?? error.message);
    });
    const done = await this.outcome(sent);
    if (!done) throw new Refused(`transaction ${sent.hash} came into no block up to ${timeout}`);
    return done;
  }

  /** What became of a transaction: waits until it is in a block, or can be in none any more.
   *
   * @throws TxFailed where it failed.
   */
  async outcome(sent: Sent): Promise<Done | undefined> {
    for (;;) {
      // Asked before the transaction is: else one in the very last block would be missed.
      const height = await this.height();
      const found = await this.client.getTx(sent.hash);
      if (found) {
        if (found.code !== 0) throw new TxFailed(sent.hash, found.rawLog);
        const { hash, gasUsed, events } = found;
        return { hash, height: found.height, gasUsed, events };
      }
      // The index is behind the chain by a block at most.
      if (height > sent.timeout_height + 1) return undefined;
      await sleep(POLL);
    }
  }

  /** What a transaction of `sender` would do, without a signature: `sender` may be anybody who has an account that keys can
   * sign for.
   *
   * @throws TxFailed with the contract's words.
   */
  async simulate(sender: string, messages: EncodeObject[]): Promise<bigint> {
    const account = await this.client.getAccount(sender);
    if (!account) throw new Refused(`${sender} has no account on the chain`);
    const body = TxBody.fromPartial({ messages: messages.map((message) => this.registry.encodeAsAny(message)) });
    const signer = { sequence: BigInt(account.sequence), modeInfo: { single: { mode: SignMode.SIGN_MODE_DIRECT } } };
    const authInfo = AuthInfo.fromPartial({ fee: Fee.fromPartial({}), signerInfos: [signer] });
    const tx = Tx.fromPartial({ body, authInfo, signatures: [new Uint8Array()] });
    const request = SimulateRequest.fromPartial({ txBytes: Tx.encode(tx).finish() });
    try {
      const { gasInfo } = await new ServiceClientImpl(this.proto).Simulate(request);
      return gasInfo?.gasUsed ?? 0n;
    } catch (error) {
      throw new TxFailed("", error instanceof Error ? error.message : String(error));
    }
  }
}

/** A connection that is closed while nobody uses it, or a node that starts again, is no error. */
class PatientClient extends HttpClient {
  override async execute(request: Parameters<HttpClient["execute"]>[0]): ReturnType<HttpClient["execute"]> {
    for (let wait = 200; ; wait *= 2) {
      try {
        return await super.execute(request);
      } catch (error) {
        if (!(error instanceof TypeError) || error.message !== "fetch failed" || wait > 2_000) throw error;
        await sleep(wait);
      }
    }
  }
}

/** Connects to whichever version of CometBFT answers, once with and from then on without haste. */
async function patient(rpc: string): Promise<CometClient> {
  const found = await connectComet(rpc);
  const http = new PatientClient(rpc);
  if (isComet38Client(found)) return Comet38Client.create(http);
  if (isComet1Client(found)) return Comet1Client.create(http);
  return Tendermint37Client.create(http);
}

/** Waits for so many milliseconds. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

/** Value of an event's attribute. */
export function attribute(done: Done, type: string, key: string): string | undefined {
  const event = done.events.find((row) => row.type === type && row.attributes.some((a) => a.key === key));
  return event?.attributes.find((a) => a.key === key)?.value;
}
