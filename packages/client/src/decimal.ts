/** Decimals as the chain writes them. */

/** A decimal of the chain without its point, at 18 places: to add and compare to the last digit. */
export function atomics(decimal: string): bigint {
  const [whole = "0", part = ""] = decimal.split(".");
  return BigInt(whole + part.padEnd(18, "0"));
}
