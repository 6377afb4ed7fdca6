/** What a person is told in one line: a mistake in a file, a refusal of the chain. Anything else is a fault of ours. */
export class Refused extends Error {
  override name = "Refused";
}

/** A contract refused to answer, in its own words. */
export class Unanswered extends Refused {
  override name = "Unanswered";
}

/** The contract's own words out of what a node says around them, and where a transaction of several messages failed. */
export function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const index = /message index: (\d+)/.exec(text)?.[1];
  const words = text
    .replace(/^Query failed with \(\d+\): (rpc error: code = \w+ desc = )?/, "")
    .replace(/^.*failed to execute message; message index: \d+: /s, "")
    .replace(/ with gas used: '\d+'.*$/s, "")
    .replace(/\s*\[[^\]\s]*@v[^\]\s]*\/[^\]]*\]/g, "")
    .replace(/: (execute|instantiate|migrate|query) wasm contract failed.*$/s, "")
    .replace(/: unknown request$/s, "")
    .trim();
  return index === undefined || index === "0" ? words : `${words} (message ${index})`;
}

/** `1 message`, `2 messages`. */
export function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? "" : "s"}`;
}
