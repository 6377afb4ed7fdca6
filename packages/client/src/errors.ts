/** What went wrong, as objects instead of text. */

import type { ContractName } from "./deployment.js";
import { read } from "./events.js";
import { type Errors, INSIDE, TEXTS, type Text } from "./generated/errors.js";

/** The code of an error: who says it and what, `position-manager/below_initial_margin`. */
export type ErrorCode = keyof Errors;

/** A contract refused. `unknown`: with a text that this version does not know. */
export class GlidepathError<Code extends ErrorCode | "unknown" = ErrorCode | "unknown"> extends Error {
  override readonly name = "GlidepathError";

  constructor(
    /** What it is. */
    readonly code: Code,
    /** Its figures. */
    readonly figures: Code extends ErrorCode ? Errors[Code] : Record<string, never>,
    /** What the contract said, as a person reads it. */
    message: string,
    /** All that the node said. */
    readonly raw: string,
    /** Which message of the transaction was refused, from 0. */
    readonly index: number | undefined,
  ) {
    super(message);
  }

  /** Is it this one? */
  is<Wanted extends ErrorCode>(code: Wanted): this is GlidepathError<Wanted> {
    return (this.code as string) === code;
  }
}

/** The chain refused a transaction, for a reason that is no contract's: no fee, a wrong sequence, out of gas. */
export class ChainError extends Error {
  override readonly name = "ChainError";

  constructor(
    readonly code: number,
    message: string,
    readonly hash: string,
  ) {
    super(message);
  }
}

/** A refusal in words, as an error or a `refused` of a preview has it. */
export type Refused = { [Code in ErrorCode]: { code: Code; figures: Errors[Code] } }[ErrorCode];

/** Which contracts may have said it, the likeliest first. */
type Speakers = readonly ContractName[];

const ALL: Speakers = ["position_manager", "liquidation_auction", "vault", "oracle_adapter", "insurance_fund"];

/**
 * The typed error of a contract's words; none if they are not known. Of two texts that fit, it is the one that says more
 * itself; the same words of several contracts are told to be the first one's in `speakers`, and of all others behind them.
 */
export function parseRefusal(text: string, speakers: Speakers = ALL): Refused | undefined {
  const groups = [...speakers, ...ALL].map((name) => name.replaceAll("_", "-"));
  let best: { refused: Refused; known: number } | undefined;
  for (const group of new Set(groups.flatMap((one) => [one, ...inside(one)]))) {
    for (const one of TEXTS[group] ?? []) {
      const figures = match(one, text);
      const known = one.text.replace(/\{\w+\}/g, "").length;
      if (figures !== undefined && (best === undefined || known > best.known)) {
        best = { refused: { code: one.code, figures } as Refused, known };
      }
    }
  }
  return best?.refused;
}

/** Groups whose errors a group passes on, and those that they pass on. */
function inside(group: string): string[] {
  return (INSIDE[group] ?? []).flatMap((inner) => [inner, ...inside(inner)]);
}

const PATTERNS = new Map<Text, { pattern: RegExp; names: string[] }>();

const FIGURE: Record<string, string> = {
  number: "(\\d+)",
  bigint: "(\\d+)",
  decimal: "(\\d+(?:\\.\\d+)?)",
  name: "([a-z][a-z0-9.-]{1,15})",
  word: "([a-z][a-z_. ]*)",
};

function match(one: Text, text: string): Record<string, unknown> | undefined {
  let known = PATTERNS.get(one);
  if (known === undefined) {
    const names: string[] = [];
    const pattern = one.text
      .split(/(\{\w+\})/)
      .map((part) => {
        const name = /^\{(\w+)\}$/.exec(part)?.[1];
        if (name === undefined) return part.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
        names.push(name);
        return FIGURE[one.kinds[name] ?? ""] ?? "(.+)";
      })
      .join("");
    known = { pattern: new RegExp(`^${pattern}$`, "s"), names };
    PATTERNS.set(one, known);
  }
  const found = known.pattern.exec(text);
  if (found === null) return undefined;
  return Object.fromEntries(
    known.names.map((name, nth) => [name, read(found[nth + 1] as string, one.kinds[name] ?? "")]),
  );
}

/**
 * Where wasmd puts a contract's words: behind `failed to execute message; message index: 0: `, for a message of a message
 * also `dispatch: submessages: `, and before `: execute wasm contract failed`, for a question `: query wasm contract failed`.
 */
const END = /: (?:execute|query|instantiate|migrate) wasm contract failed/;
const LEAD = /^.*?message index: (?<index>\d+): |^.*?rpc error: code = \w+ desc = |^Query failed with \(\d+\): /s;

/**
 * A node's error as the contract's; none if no contract said it. `asked` are the contracts that each message of the
 * transaction was for.
 */
export function asGlidepathError(
  error: unknown,
  asked: readonly (ContractName | undefined)[] = [],
): GlidepathError | undefined {
  const raw = error instanceof Error ? error.message : String(error);
  const end = END.exec(raw);
  if (end === null) return undefined;
  let text = raw.slice(0, end.index);
  let index: number | undefined;
  for (let lead = LEAD.exec(text); lead !== null; lead = LEAD.exec(text)) {
    if (lead.groups?.index !== undefined) index = Number(lead.groups.index);
    text = text.slice(lead[0].length);
  }
  text = text.replace(/^(?:dispatch: |submessages: )+/, "");
  const to = index === undefined ? undefined : asked[index];
  const refused = parseRefusal(text, to === undefined ? [] : [to]);
  return refused === undefined
    ? new GlidepathError("unknown", {}, text, raw, index)
    : (new GlidepathError(refused.code, refused.figures as never, text, raw, index) as GlidepathError);
}
