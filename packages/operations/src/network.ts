import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { DirectSecp256k1HdWallet, type OfflineDirectSigner } from "@cosmjs/proto-signing";
import { parse } from "smol-toml";
import type { ChainSettings } from "./chain.js";
import { isObject, type Json, type JsonObject } from "./json.js";
import { addressOf, type Localnet, localnet, localWallet, ROOT } from "./localnet.js";
import { artifact, type ContractName, each, type Five } from "./suite.js";
import { Refused } from "./words.js";

/** Code of a contract: a file, or the number under which the chain has it. */
export type Code = { file: string } | { id: number };

/** What an asset's name stands for. */
export type Info = { native: string } | { cw20: string } | { token: string };

/** An asset of the suite, section by section as the contracts take it. */
export interface AssetPlan {
  name: string;
  info: Info;
  decimals: number;
  /** `vault.set_market`; none: no market. */
  market?: JsonObject;
  /** `oracle_adapter.set_feed`. */
  feed: JsonObject;
  /** `position_manager.set_asset`. */
  params: JsonObject;
  /** `insurance_fund.set_cover`; none: no cover. */
  cover?: JsonObject;
  /** Posted by the local chain's reporters where the asset has no price yet. */
  first_price?: string;
}

/** A token that only test chains get. */
export interface TokenPlan {
  name: string;
  symbol: string;
  decimals: number;
  code: Code;
  /** Address → base units. */
  balances: Record<string, string>;
}

/** A network's file, read and checked as far as the contracts don't check it themselves. */
export interface Network {
  file: string;
  chain: ChainSettings;
  local: Localnet | undefined;
  salt: string;
  /** File that is written: addresses, codes, and what is under way. */
  record: string;
  /** `gov`, or an address. */
  owner: string;
  guardian: string | undefined;
  reporters: string[];
  codes: Five<Code>;
  governance: { deposit: string; submit: boolean; voters: string[]; expedited: boolean };
  own: Record<Exclude<ContractName, "oracle_adapter">, JsonObject>;
  tokens: TokenPlan[];
  assets: AssetPlan[];
  signer: SignerPlan;
}

/** Who deploys. */
type SignerPlan = { account: string } | { mnemonic_env: string } | { mnemonic_file: string };

/** Reads a network's file; `local` chooses another local chain than the one it names. */
export function readNetwork(file: string, local?: string): Network {
  if (!existsSync(file)) throw new Refused(`there is no file ${file}`);
  let toml: JsonObject;
  try {
    toml = parse(readFileSync(file, "utf8")) as JsonObject;
  } catch (error) {
    throw new Refused(`${file}: ${String(error instanceof Error ? error.message : error).split("\n")[0]}`);
  }
  return new Reader(file, toml, local).network();
}

/** A signer for a network's deployer and, on a local chain, for everybody. */
export async function wallet(network: Network): Promise<OfflineDirectSigner> {
  if ("account" in network.signer) return localWallet();
  const prefix = network.chain.prefix;
  if ("mnemonic_env" in network.signer) {
    const words = process.env[network.signer.mnemonic_env];
    if (!words) throw new Refused(`the environment has no ${network.signer.mnemonic_env}, the deployer's mnemonic`);
    return DirectSecp256k1HdWallet.fromMnemonic(words.trim(), { prefix });
  }
  const path = network.signer.mnemonic_file;
  if (!existsSync(path)) throw new Refused(`there is no ${path}, the deployer's mnemonic`);
  return DirectSecp256k1HdWallet.fromMnemonic(readFileSync(path, "utf8").trim(), { prefix });
}

/** Address of a network's deployer. */
export async function deployer(network: Network, signer: OfflineDirectSigner): Promise<string> {
  if ("account" in network.signer && network.local) return addressOf(network.local, network.signer.account);
  const [first] = await signer.getAccounts();
  if (!first) throw new Refused("the deployer's mnemonic has no account");
  return first.address;
}

class Reader {
  private readonly local: Localnet | undefined;

  constructor(
    private readonly file: string,
    private readonly toml: JsonObject,
    localName: string | undefined,
  ) {
    const named = localName ?? this.optional("localnet");
    this.local = named === undefined ? undefined : localnet(named);
  }

  network(): Network {
    const known = new Set(
      "localnet chain_id rpc prefix gas_price salt record owner guardian reporters signer codes governance vault position_manager liquidation_auction insurance_fund tokens assets".split(
        " ",
      ),
    );
    const stray = Object.keys(this.toml).find((key) => !known.has(key));
    if (stray) this.fail(`\`${stray}\` is no key of a network`);
    noFloats(this.toml, "", (path) => this.fail(`${path}: decimals are written as text, such as "0.75"`));
    const chain = this.chain();
    const guardian = this.optional("guardian");
    const governance = this.table("governance", {});
    const own = (name: string) => this.table(name);
    return {
      file: this.file,
      chain,
      local: this.local,
      salt: this.optional("salt") ?? "glidepath",
      record: this.record(chain.chain_id),
      owner: this.address(this.text("owner"), ["gov"]),
      guardian: guardian === undefined ? undefined : this.address(guardian),
      reporters: this.texts(this.toml.reporters ?? [], "reporters").map((to) => this.address(to)),
      codes: this.codes(),
      governance: {
        deposit: String(governance.deposit ?? this.fail("governance.deposit is missing")),
        submit: governance.submit === true,
        expedited: governance.expedited === true,
        voters: this.texts(governance.voters ?? [], "governance.voters").map((to) => this.address(to)),
      },
      own: {
        vault: own("vault"),
        position_manager: own("position_manager"),
        liquidation_auction: own("liquidation_auction"),
        insurance_fund: own("insurance_fund"),
      },
      tokens: this.tables("tokens").map((row) => this.token(row)),
      assets: this.tables("assets").map((row) => asset(row, (why) => this.fail(why))),
      signer: this.signer(),
    };
  }

  private chain(): ChainSettings {
    const { local } = this;
    if (local) {
      return { chain_id: local.chain_id, rpc: local.rpc, prefix: "wasm", gas_price: this.text("gas_price") };
    }
    return {
      chain_id: this.text("chain_id"),
      rpc: this.text("rpc"),
      prefix: this.text("prefix"),
      gas_price: this.text("gas_price"),
    };
  }

  /** Its name ends in `.json`: what is written beside it has its name with another end. */
  private record(chainId: string): string {
    const file = this.optional("record");
    if (file !== undefined && !/[^/]\.json$/.test(file)) this.fail(`record is \`${file}\`: its name ends in .json`);
    return this.path(file, join(ROOT, "deployments", `${chainId}.json`));
  }

  private codes(): Five<Code> {
    const table = this.table("codes", {});
    const folder = this.optionalIn(table, "folder", "codes") ?? join(ROOT, "artifacts");
    return each((name) => this.code(table[name], join(this.path(folder, folder), artifact(name)), `codes.${name}`));
  }

  private code(value: Json | undefined, otherwise: string, path: string): Code {
    if (value === undefined) return { file: otherwise };
    if (typeof value === "number") return { id: value };
    if (typeof value === "string") return { file: this.path(value, value) };
    return this.fail(`${path} is a file or the number of a code`);
  }

  private token(row: JsonObject): TokenPlan {
    if (!this.local) this.fail("tokens are made on local chains only; list an existing one by its address");
    const balances = Object.entries(isObject(row.balances) ? row.balances : {});
    return {
      name: String(row.name ?? this.fail("a token without a name")),
      symbol: String(row.symbol ?? this.fail("a token without a symbol")),
      decimals: Number(row.decimals ?? this.fail("a token without decimals")),
      code: this.code(row.code, join(ROOT, "artifacts", "test", "cw20_token.wasm"), "tokens.code"),
      balances: Object.fromEntries(balances.map(([to, amount]) => [this.address(to), String(amount)])),
    };
  }

  private signer(): SignerPlan {
    const table = this.table("signer");
    const { account, mnemonic_env, mnemonic_file } = table;
    if (typeof account === "string") {
      if (!this.local) this.fail("signer.account is for local chains: everybody knows their keys");
      return { account };
    }
    if (typeof mnemonic_env === "string") return { mnemonic_env };
    if (typeof mnemonic_file === "string") return { mnemonic_file: this.path(mnemonic_file, mnemonic_file) };
    return this.fail("signer needs mnemonic_env or mnemonic_file (on a local chain: account)");
  }

  /** An address, or `@name` of an account of the local chain. */
  private address(text: string, words: string[] = []): string {
    if (words.includes(text)) return text;
    if (!text.startsWith("@")) return text;
    if (!this.local) return this.fail(`${text}: names stand for accounts of a local chain only`);
    return addressOf(this.local, text.slice(1));
  }

  private path(text: string | undefined, otherwise: string): string {
    if (text === undefined) return otherwise;
    return isAbsolute(text) ? text : resolve(dirname(this.file), text);
  }

  private text(key: string): string {
    return this.optional(key) ?? this.fail(`${key} is missing`);
  }

  private optional(key: string): string | undefined {
    return this.optionalIn(this.toml, key, "");
  }

  private optionalIn(table: JsonObject, key: string, path: string): string | undefined {
    const value = table[key];
    if (value === undefined) return undefined;
    if (typeof value !== "string") return this.fail(`${path ? `${path}.` : ""}${key} is no text`);
    return value;
  }

  private texts(value: Json, path: string): string[] {
    if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
    return this.fail(`${path} is no list of texts`);
  }

  private table(key: string, otherwise?: JsonObject): JsonObject {
    const value = this.toml[key] ?? otherwise;
    return isObject(value) ? value : this.fail(`[${key}] is missing`);
  }

  private tables(key: string): JsonObject[] {
    const value = this.toml[key] ?? [];
    return Array.isArray(value) && value.every(isObject) ? value : this.fail(`[[${key}]] is no list of tables`);
  }

  private fail(why: string): never {
    throw new Refused(`${this.file}: ${why}`);
  }
}

/** An asset's section: also the file of a proposal that lists one. */
export function asset(row: JsonObject, fail: (why: string) => never): AssetPlan {
  const known = new Set("name denom cw20 token decimals market feed params cover first_price".split(" "));
  const name = typeof row.name === "string" ? row.name : fail("an asset without a name");
  const stray = Object.keys(row).find((key) => !known.has(key));
  if (stray) fail(`asset ${name}: \`${stray}\` is no key of an asset`);
  const infos: Info[] = [];
  if (typeof row.denom === "string") infos.push({ native: row.denom });
  if (typeof row.cw20 === "string") infos.push({ cw20: row.cw20 });
  if (typeof row.token === "string") infos.push({ token: row.token });
  const [info] = infos;
  if (!info || infos.length > 1) return fail(`asset ${name} needs one of denom, cw20 and token`);
  const table = (key: string): JsonObject => {
    const value = row[key];
    return isObject(value) ? value : fail(`asset ${name} has no [assets.${key}]`);
  };
  const plan: AssetPlan = {
    name,
    info,
    decimals: typeof row.decimals === "number" ? row.decimals : fail(`asset ${name} has no decimals`),
    feed: table("feed"),
    params: table("params"),
  };
  if (row.market !== undefined) plan.market = table("market");
  if (row.cover !== undefined) plan.cover = table("cover");
  if (row.first_price !== undefined) plan.first_price = String(row.first_price);
  return plan;
}

/** A float would reach a contract as a number that it refuses, or rounded. */
function noFloats(value: Json, path: string, found: (path: string) => never): void {
  if (typeof value === "number" && !Number.isSafeInteger(value)) found(path);
  if (Array.isArray(value)) {
    for (const [n, inner] of value.entries()) noFloats(inner, `${path}[${n}]`, found);
  } else if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) noFloats(inner, path ? `${path}.${key}` : key, found);
  }
}
