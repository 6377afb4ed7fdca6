import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Sent } from "./chain.js";
import type { Network } from "./network.js";
import type { Five } from "./suite.js";
import { Refused } from "./words.js";

/** A stored code. */
export interface Stored {
  code_id: number;
  /** sha-256 of it, in hex. */
  checksum: string;
}

/** deployments/<chain-id>.json: what others need to use the suite, and what is under way. */
export interface Deployment {
  chain_id: string;
  /** Hash of the chain's first block, where the node still had it. */
  genesis?: string;
  deployer: string;
  salt: string;
  /** Addresses of the five: they stay, whatever code they run. */
  contracts?: Five<string>;
  /** What they ran when it was last looked. */
  codes?: Five<Stored>;
  /** Addresses of test tokens. */
  tokens?: Record<string, string>;
  /** Sent, and not known yet what became of it. */
  pending?: Sent & { step: string };
  /** The vote on taking over the contracts. */
  proposal?: string;
}

/** Reads a record, if there is one. */
export function readRecord(file: string): Deployment | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Deployment) : undefined;
}

/** Is the record of the chain that was reached? `gone`: of an earlier one of that name, as a local chain that was reset.
 *
 * @throws Refused where it is of another chain, or of one that no name says: what it knows is lost where it is written over.
 */
export function chainOf(network: Network, record: Deployment, genesis: string | undefined): "this" | "gone" {
  const { chain_id } = network.chain;
  if (record.chain_id !== chain_id) {
    throw new Refused(
      `${network.record} is of the chain ${record.chain_id}, not of ${chain_id}: another \`record\` is needed`,
    );
  }
  if (!record.genesis || !genesis || record.genesis === genesis) return "this";
  if (network.local) return "gone";
  throw new Refused(
    `${network.record} is of another ${chain_id}: its first block is ${record.genesis}, not ${genesis}`,
  );
}

/** Writes a record: whole, or not at all. */
export function writeRecord(file: string, record: Deployment): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.draft`;
  writeFileSync(draft, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(draft, file);
}
