import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "smol-toml";
import { Chain } from "../chain.js";
import { least, proposal } from "../gov.js";
import { isObject, type Json, type JsonObject } from "../json.js";
import { judge } from "../judge.js";
import { type Live, live } from "../live.js";
import { addressOf, ROOT } from "../localnet.js";
import { asset, type Network, readNetwork } from "../network.js";
import {
  type Draft,
  lift,
  listAsset,
  migration,
  pin,
  ramp,
  reporters,
  type StopKind,
  saleTerms,
  stop,
  type Three,
} from "../proposals.js";
import { CONTRACTS, type ContractName, dashed } from "../suite.js";
import { Refused } from "../words.js";
import { main } from "./main.js";

const HELP = `Writes a governance proposal (gov v1) that is ready to submit, and only one that the contracts would carry out.

    scripts/propose list-asset FILE.toml               an asset as in a network's file; run again when it has a price
    scripts/propose ramp ASSET --weights I,T,M --over 7d
    scripts/propose ramp ASSET --factors I,T,M --over 7d
    scripts/propose sale-terms soft.spacing=20 close_out.penalty=0.01 …
    scripts/propose reporters [--add ADDRESS]… [--remove ADDRESS]…
    scripts/propose stop borrowing|fills ASSET… --for 4h
    scripts/propose lift borrowing|fills ASSET…
    scripts/propose pin
    scripts/propose migrate CONTRACT --code-id N [--wasm FILE]    FILE: only if the code is this file

    --network FILE     deployments/local.toml if not said
    --localnet NAME    on this local chain
    --out FILE         proposal.json if not said
    --title TEXT, --summary TEXT, --deposit COINS, --expedited

Weights and factors are initial, target, maintenance; times are 90, 45min, 4h or 7d. On a local chain @name is an address.`;

const options = {
  weights: { type: "string" },
  factors: { type: "string" },
  over: { type: "string" },
  add: { type: "string", multiple: true, default: [] as string[] },
  remove: { type: "string", multiple: true, default: [] as string[] },
  for: { type: "string" },
  "code-id": { type: "string" },
  wasm: { type: "string" },
  network: { type: "string" },
  localnet: { type: "string" },
  out: { type: "string", default: "proposal.json" },
  title: { type: "string" },
  summary: { type: "string" },
  deposit: { type: "string" },
  expedited: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

type Values = ReturnType<typeof read>["values"];

function read() {
  return parseArgs({ allowPositionals: true, options });
}

async function run(): Promise<number> {
  const { values, positionals } = read();
  const [kind, ...words] = positionals;
  if (values.help || kind === undefined) {
    console.log(HELP);
    return values.help ? 0 : 1;
  }
  const network = readNetwork(values.network ?? join(ROOT, "deployments", "local.toml"), values.localnet);
  const chain = await Chain.connect(network.chain);
  try {
    const suite = await live(network, chain);
    const draft = await drafted(kind, words, values, suite, network);
    await judge(suite, draft.messages);
    const deposit = values.deposit ?? (await least(chain, values.expedited));
    const { title = draft.title, summary = draft.summary, expedited } = values;
    const text = proposal(draft.messages, { title, summary, deposit, expedited });
    writeFileSync(values.out, `${JSON.stringify(text, null, 2)}\n`);
    console.log(`${values.out}: ${title}\n  ${summary}\nTo submit it:\n  ${command(network, values.out)}`);
    return 0;
  } finally {
    chain.disconnect();
  }
}

function drafted(kind: string, words: string[], values: Values, suite: Live, network: Network): Promise<Draft> | Draft {
  const here = (who: string) => (who.startsWith("@") && network.local ? addressOf(network.local, who.slice(1)) : who);
  const one = (what: string): string => {
    const [word, ...more] = words;
    if (word === undefined || more.length > 0) throw new Refused(`${kind} takes ${what}`);
    return word;
  };
  switch (kind) {
    case "list-asset":
      return listAsset(suite, assetFile(one("one file")));
    case "ramp": {
      const change: { weights?: Three; factors?: Three } = {};
      if (values.weights !== undefined) change.weights = three(values.weights);
      if (values.factors !== undefined) change.factors = three(values.factors);
      if (!change.weights && !change.factors) throw new Refused("ramp needs --weights or --factors");
      return ramp(suite, one("one asset"), change, seconds(values.over, "--over"));
    }
    case "sale-terms":
      return saleTerms(suite, assignments(words));
    case "reporters": {
      if (values.add.length + values.remove.length === 0) throw new Refused("reporters needs --add or --remove");
      return reporters(suite, values.add.map(here), values.remove.map(here));
    }
    case "stop": {
      const [what, ...assets] = words;
      return stop(suite, stopKind(what, assets), assets, seconds(values.for, "--for"));
    }
    case "lift": {
      const [what, ...assets] = words;
      return lift(suite, stopKind(what, assets), assets);
    }
    case "pin":
      return pin(suite);
    case "migrate":
      return migrated(suite, one("one contract"), values);
    default:
      throw new Refused(`\`${kind}\` is no proposal: scripts/propose --help`);
  }
}

async function migrated(suite: Live, word: string, values: Values): Promise<Draft> {
  const name = CONTRACTS.find((one) => one === word || dashed(one) === word);
  if (!name) throw new Refused(`\`${word}\` is none of ${CONTRACTS.map(dashed).join(", ")}`);
  const id = /^[1-9]\d*$/.test(values["code-id"] ?? "") ? Number(values["code-id"]) : undefined;
  if (id === undefined) throw new Refused("migrate needs --code-id, the number under which the chain has the new code");
  if (values.wasm !== undefined) await sameCode(suite, name, id, values.wasm);
  return migration(suite, name, id);
}

async function sameCode(suite: Live, name: ContractName, id: number, file: string): Promise<void> {
  if (!existsSync(file)) throw new Refused(`there is no file ${file}`);
  const wanted = createHash("sha256").update(readFileSync(file)).digest("hex");
  const found = await suite.chain.checksum(id);
  if (wanted !== found)
    throw new Refused(`code ${id} for the ${dashed(name)} has the checksum ${found}, ${file} ${wanted}`);
}

function assetFile(file: string) {
  if (!existsSync(file)) throw new Refused(`there is no file ${file}`);
  let toml: JsonObject;
  try {
    toml = parse(readFileSync(file, "utf8")) as JsonObject;
  } catch (error) {
    throw new Refused(`${file}: ${String(error instanceof Error ? error.message : error).split("\n")[0]}`);
  }
  const rows = Array.isArray(toml.assets) ? toml.assets : [toml];
  const [row, ...more] = rows;
  if (!isObject(row) || more.length > 0) throw new Refused(`${file}: one asset at a time`);
  return asset(row, (why) => {
    throw new Refused(`${file}: ${why}`);
  });
}

function three(text: string): Three {
  const [initial, target, maintenance, ...more] = text.split(",").map((part) => part.trim());
  const all = [initial, target, maintenance].every((part) => part !== undefined && /^\d+(\.\d+)?$/.test(part));
  if (!all || more.length > 0) throw new Refused(`\`${text}\` is not initial,target,maintenance, such as 0.7,0.7,0.75`);
  return { initial, target, maintenance } as Three;
}

function seconds(text: string | undefined, option: string): number {
  const found = /^(\d+)(s|min|h|d)?$/.exec(text ?? "");
  if (!found) throw new Refused(`${option} needs a time, such as 90, 45min, 4h or 7d`);
  const unit = { s: 1, min: 60, h: 3_600, d: 86_400 }[found[2] ?? "s"] as number;
  return Number(found[1]) * unit;
}

/** `soft.spacing=20` as `{soft: {spacing: 20}}`: what was a number stays one, decimals are texts. */
function assignments(words: string[]): JsonObject {
  if (words.length === 0) throw new Refused("sale-terms takes what changes, such as soft.spacing=20");
  return words.reduce<Json>((all, word) => {
    const found = /^([a-z_.]+)=(\S+)$/.exec(word);
    if (!found) throw new Refused(`\`${word}\` is no change, such as soft.spacing=20`);
    const path = (found[1] as string).split(".");
    const last = path.at(-1) as string;
    const text = found[2] as string;
    const value: Json = ["spacing", "fall"].includes(last) ? Number(text) : text;
    return put(all as JsonObject, path, value);
  }, {}) as JsonObject;
}

function put(into: JsonObject, [first, ...rest]: string[], value: Json): JsonObject {
  const key = first as string;
  const inner = into[key];
  return { ...into, [key]: rest.length > 0 ? put(isObject(inner) ? inner : {}, rest, value) : value };
}

function stopKind(what: string | undefined, assets: string[]): StopKind {
  if (what !== "borrowing" && what !== "fills") throw new Refused("what is stopped is `borrowing` or `fills`");
  if (assets.length === 0) throw new Refused("of which assets?");
  return what;
}

function command(network: Network, file: string): string {
  const { rpc, chain_id, gas_price } = network.chain;
  if (network.local) {
    const name = network.local.name === "local" ? "" : `--name ${network.local.name} `;
    return `scripts/localnet ${name}wasmd tx gov submit-proposal ${file} --from voter`;
  }
  return `wasmd tx gov submit-proposal ${file} --node ${rpc} --chain-id ${chain_id} --gas-prices ${gas_price} --gas auto --gas-adjustment 1.4 --from KEY`;
}

main(run);
