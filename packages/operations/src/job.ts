import type { EncodeObject } from "@cosmjs/proto-signing";
import type { Chain, Done } from "./chain.js";
import type { Network } from "./network.js";
import type { Deployment } from "./record.js";

/** What is changed of a record; a field without a value goes. */
export type Change = { [K in keyof Deployment]?: Deployment[K] | undefined };

/** What every part of a deployment knows. */
export interface Job {
  readonly network: Network;
  readonly chain: Chain;
  /** Who deploys. */
  readonly sender: string;
  /** Who owns the contracts in the end. */
  readonly owner: string;
  readonly record: Deployment;
  /** Changes the record, which is written with the next thing that is done. */
  remember(change: Change): void;
  /** Changes the record and writes it. */
  save(change: Change): void;
}

/** One thing that is left to do. */
export interface Step {
  name: string;
  /** What it does, a line each. */
  lines: string[];
  /** Who signs it, and what; a step without messages waits for somebody else. */
  sender: string;
  messages: EncodeObject[];
  /** What others have to do before it goes on. */
  waits?: string;
  /** Instead of messages. */
  act?: () => Promise<void>;
  /** Only on a suite that is in all else what the file says. */
  checked?: boolean;
  /** Written beside the record before it is carried out or waited for. */
  file?: { path: string; text: string };
  /** Called with what it did. */
  after?: (done: Done) => void;
}
