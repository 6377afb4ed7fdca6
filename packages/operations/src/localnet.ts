import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringToPath } from "@cosmjs/crypto";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import { Refused } from "./words.js";

/** The repository: packages/operations/dist/src is four levels below it. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "..");

/** Keys and coins of every local chain: scripts/localnet.json. */
export interface LocalPlan {
  mnemonic: string;
  prefix: string;
  stake: string;
  coins: Record<string, string>;
  accounts: string[];
}

/** What `scripts/localnet up` says of a network: target/localnet/NAME/network.json. */
export interface Localnet {
  name: string;
  chain_id: string;
  rpc: string;
  rest: string;
  grpc: string;
  home: string;
  wasmd: string;
  accounts: { name: string; address: string }[];
}

/** Keys and coins of every local chain. */
export function localPlan(): LocalPlan {
  return JSON.parse(readFileSync(join(ROOT, "scripts", "localnet.json"), "utf8")) as LocalPlan;
}

/** A network that was made by `scripts/localnet up`. */
export function localnet(name: string): Localnet {
  const file = join(ROOT, "target", "localnet", name, "network.json");
  if (!existsSync(file)) {
    throw new Refused(
      `there is no local chain \`${name}\`: scripts/localnet up${name === "local" ? "" : ` --name ${name}`}`,
    );
  }
  return JSON.parse(readFileSync(file, "utf8")) as Localnet;
}

/** Address of a named account of a network. */
export function addressOf(network: Localnet, account: string): string {
  const found = network.accounts.find((row) => row.name === account);
  if (!found) throw new Refused(`the local chain has no account \`${account}\``);
  return found.address;
}

/** Signs for every named account. */
export async function localWallet(): Promise<DirectSecp256k1HdWallet> {
  const plan = localPlan();
  const hdPaths = plan.accounts.map((_, place) => stringToPath(`m/44'/118'/0'/0/${place}`));
  return DirectSecp256k1HdWallet.fromMnemonic(plan.mnemonic, { prefix: plan.prefix, hdPaths });
}

/** `scripts/localnet COMMAND … --name NAME`, with what it prints. */
export function script(name: string, ...command: string[]): string {
  return execFileSync(join(ROOT, "scripts", "localnet"), [...command, "--name", name], { encoding: "utf8" });
}
