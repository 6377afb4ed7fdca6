import { isDeepStrictEqual } from "node:util";
import { type ErrorCode, GlidepathError } from "@glidepath/client";

/** What was looked at is not as it should be. */
export class Failed extends Error {
  override name = "Failed";
}

/** Something to read; amounts without quotes and decimals of numbers. */
export function text(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part)) ?? "nothing";
}

/** `found` is `expected`, in every part. */
export function same<T>(what: string, found: T, expected: T): void {
  if (!isDeepStrictEqual(found, expected)) {
    throw new Failed(`${what}: expected ${text(expected)}, found ${text(found)}`);
  }
}

/** What has to hold, holds; `found` says what there is instead. */
export function holds(what: string, right: boolean, found: unknown): asserts right {
  if (!right) throw new Failed(`${what}: found ${text(found)}`);
}

/** It is there. */
export function given<T>(what: string, found: T | undefined | null): T {
  if (found === undefined || found === null) throw new Failed(`${what}: expected one, found none`);
  return found;
}

/** It is refused with this error of a contract, which is returned with its figures. */
export async function refuses<Code extends ErrorCode>(
  what: string,
  code: Code,
  act: () => Promise<unknown>,
): Promise<GlidepathError<Code>> {
  const error = await act().then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error === undefined) throw new Failed(`${what}: expected a refusal ${code}, it was done`);
  if (!(error instanceof GlidepathError)) throw error;
  if (!error.is(code)) throw new Failed(`${what}: expected a refusal ${code}, found ${error.code}: ${error.message}`);
  return error as GlidepathError<Code>;
}

/** `1234567` as `1,234,567`. */
export function grouped(amount: bigint | number): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ",");
}
