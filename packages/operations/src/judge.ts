import { fromUtf8 } from "@cosmjs/encoding";
import type { EncodeObject } from "@cosmjs/proto-signing";
import type { MsgExecuteContract, MsgMigrateContract, MsgPinCodes } from "cosmjs-types/cosmwasm/wasm/v1/tx.js";
import { TxFailed } from "./chain.js";
import { isObject, type Json, type JsonObject } from "./json.js";
import { configOf, type Live, nameOf } from "./live.js";
import { execute, instantiate2, migrate } from "./messages.js";
import { pages } from "./settings.js";
import { type ContractName, dashed, each, type Five } from "./suite.js";
import { Refused, reason } from "./words.js";

/**
 * Would the contracts carry out what a proposal says? They are asked themselves.
 *
 * A chain simulates no transaction of a module's account, so nothing can be tried as governance. But everything within one
 * simulated transaction happens: there, each contract that the proposal speaks to gets a twin of the same code, owned by
 * somebody whose transactions can be simulated, with the real other four as its peers (what is in use, priced and lent is
 * read from them) and with the owner's earlier decisions made again. The twin is told what the proposal says, and refuses
 * with the contract's own words. Nothing of it is ever on the chain.
 *
 * @throws Refused with the contract's words.
 */
export async function judge(live: Live, messages: EncodeObject[]): Promise<void> {
  const twins = new Twins(live);
  for (const message of messages) {
    switch (message.typeUrl) {
      case "/cosmwasm.wasm.v1.MsgExecuteContract": {
        const { contract, msg } = message.value as MsgExecuteContract;
        await twins.tell(contract, JSON.parse(fromUtf8(msg)) as JsonObject);
        break;
      }
      case "/cosmwasm.wasm.v1.MsgMigrateContract": {
        const { contract, codeId } = message.value as MsgMigrateContract;
        await twins.migrate(contract, Number(codeId));
        break;
      }
      case "/cosmwasm.wasm.v1.MsgPinCodes":
        await checkPins(live, (message.value as MsgPinCodes).codeIds.map(Number));
        break;
      default:
        throw new Error(`nobody can judge ${message.typeUrl}`);
    }
  }
  await twins.verdict();
}

/** Pinning a code that is not there fails; one that is pinned is a vote about nothing. */
async function checkPins(live: Live, codeIds: number[]): Promise<void> {
  const pinned = await live.chain.pinned();
  for (const id of codeIds) {
    if ((await live.chain.checksum(id)) === undefined) throw new Refused(`the chain has no code ${id}`);
    if (pinned.has(id)) throw new Refused(`code ${id} is pinned already`);
  }
}

class Twins {
  private readonly addresses = new Map<ContractName, string>();
  /** Creation of the twins, and the owner's earlier decisions. */
  private readonly before: EncodeObject[] = [];
  private readonly proposed: EncodeObject[] = [];
  private readonly salt = `twin ${Date.now()}`;

  constructor(private readonly live: Live) {}

  async tell(contract: string, msg: JsonObject): Promise<void> {
    const { owner } = await this.live.chain.ask<{ owner: string }>(contract, { ownership: {} });
    if (owner !== this.live.gov)
      throw new Refused(`the ${dashed(this.nameOf(contract))} is owned by ${owner}, not by governance`);
    const twin = await this.of(contract, msg);
    this.proposed.push(execute(this.live.deployer, twin, msg));
  }

  async migrate(contract: string, codeId: number): Promise<void> {
    if ((await this.live.chain.checksum(codeId)) === undefined) throw new Refused(`the chain has no code ${codeId}`);
    const admin = (await this.live.chain.contract(contract))?.admin;
    if (admin !== this.live.gov) {
      throw new Refused(
        `migrations of the ${dashed(this.nameOf(contract))} are ${admin ?? "nobody"}'s, not governance's`,
      );
    }
    const twin = await this.of(contract, {});
    this.proposed.push(migrate(this.live.deployer, twin, codeId));
  }

  async verdict(): Promise<void> {
    if (this.proposed.length === 0) return;
    try {
      await this.live.chain.simulate(this.live.deployer, [...this.before, ...this.proposed]);
    } catch (error) {
      if (!(error instanceof TxFailed)) throw error;
      const index = Number(/message index: (\d+)/.exec(error.log)?.[1] ?? -1);
      if (index >= this.before.length)
        throw new Refused(`refused: ${reason(error.log).replace(/ \(message \d+\)$/, "")}`);
      throw new Refused(`can't be judged, its surroundings could not be made again: ${reason(error.log)}`);
    }
  }

  /** Address of a contract's twin, made the first time. */
  private async of(contract: string, msg: JsonObject): Promise<string> {
    const name = this.nameOf(contract);
    const twin = this.addresses.get(name) ?? (await this.make(name));
    await this.prepare(name, twin, msg);
    return twin;
  }

  private nameOf(contract: string): ContractName {
    const name = nameOf(this.live, contract);
    if (!name) throw new Refused(`${contract} is none of the five contracts`);
    return name;
  }

  private async make(name: ContractName): Promise<string> {
    const { chain, at, deployer } = this.live;
    const codeId = (await chain.contract(at[name]))?.codeId ?? 0;
    const salt = `${this.salt} ${name}`;
    const twin = chain.predict((await chain.checksum(codeId)) ?? "", deployer, salt);
    this.addresses.set(name, twin);
    const peers = each((peer) => (peer === name ? twin : at[peer]));
    const msg = await this.creation(name, peers);
    this.before.push(instantiate2({ sender: deployer, admin: deployer, codeId, label: "twin", salt, msg }));
    if (name === "vault") await this.assetsOfVault(twin);
    if (name === "position_manager") await this.assetsOfPositions(twin);
    return twin;
  }

  /** What the contract would be created with to be as it is. */
  private async creation(name: ContractName, peers: Five<string>): Promise<JsonObject> {
    const config = await configOf(this.live, name);
    const base: JsonObject = { owner: this.live.deployer, peers };
    switch (name) {
      case "vault":
        return { ...base, penalty_split: config.penalty_split ?? null };
      case "position_manager":
        return { ...base, params: config.params ?? null };
      case "oracle_adapter":
        return { ...base, reporters: [this.live.deployer] };
      case "liquidation_auction":
        return { ...base, terms: config.terms ?? null };
      case "insurance_fund":
        return { ...base, params: config.params ?? null };
    }
  }

  private async assetsOfVault(twin: string): Promise<void> {
    const { chain, at, deployer } = this.live;
    for (const { asset, info, decimals } of await pages(chain, at.vault, "assets")) {
      this.before.push(execute(deployer, twin, { list_asset: { asset, info, decimals } as Json }));
    }
  }

  /** With the parameters in force, wherever a ramp has got to. */
  private async assetsOfPositions(twin: string): Promise<void> {
    const { chain, at, deployer } = this.live;
    for (const { asset, params } of await pages(chain, at.position_manager, "assets")) {
      this.before.push(execute(deployer, twin, { set_asset: { asset, params, ramp: 0 } as Json }));
    }
  }

  /** A stop is of assets that have a price: the oracle's twin is told theirs. */
  private async prepare(name: ContractName, twin: string, msg: JsonObject): Promise<void> {
    const [inner] = Object.values(msg);
    const speaksOfPrices = "stop" in msg || "lift" in msg;
    if (name !== "oracle_adapter" || !speaksOfPrices || !isObject(inner)) return;
    const { chain, at, deployer } = this.live;
    const prices = await pages(chain, at.oracle_adapter, "prices");
    for (const asset of Array.isArray(inner.assets) ? inner.assets : []) {
      const row = prices.find((one) => one.asset === asset);
      if (!row) continue;
      const { price } = row.record as JsonObject;
      const feed = await chain.ask<JsonObject>(at.oracle_adapter, { feed: { asset } });
      const told = { ...feed, source: { posted: { quorum: 1, fresh: 86_400 } } };
      const report = { asset, price: price ?? null, at: await chain.now() };
      this.before.push(execute(deployer, twin, { set_feed: { asset, feed: told } }));
      this.before.push(execute(deployer, twin, { post: { reports: [report] } }));
    }
  }
}
