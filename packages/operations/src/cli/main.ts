import { TxFailed } from "../chain.js";
import { Refused } from "../words.js";

/** Runs a command: what a person did wrong, or the chain refused, is one line; a fault of ours shows where it is. */
export function main(run: () => Promise<number>): void {
  run().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      const expected = error instanceof Refused || error instanceof TxFailed || isUsage(error);
      console.error(expected ? `error: ${(error as Error).message}` : error);
      process.exitCode = 1;
    },
  );
}

function isUsage(error: unknown): boolean {
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}
