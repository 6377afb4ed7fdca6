/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/** A decimal or whole number as text, without zeros that mean nothing: `0.750` and `0.75` are one value. */
function plain(text: string): string {
  if (!/^\d+(\.\d+)?$/.test(text)) return text;
  const [whole = "", part = ""] = text.split(".");
  const digits = part.replace(/0+$/, "");
  const units = whole.replace(/^0+(?=\d)/, "");
  return digits ? `${units}.${digits}` : units;
}

/** A value as it is compared: absent and null are the same, numbers are texts, keys are in order. */
export function canonical(value: Json | undefined): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === "number" || typeof value === "string") return plain(String(value));
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value === "boolean") return value;
  const rows = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  rows.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(rows.map(([key, inner]) => [key, canonical(inner)]));
}

/** One place where two values differ. */
export interface Difference {
  /** Path inside the value; empty for the whole. */
  path: string;
  wanted: Json | undefined;
  actual: Json | undefined;
}

/** Where `actual` is not what is `wanted`. */
export function differences(wanted: Json | undefined, actual: Json | undefined, path = ""): Difference[] {
  const [a, b] = [canonical(wanted), canonical(actual)];
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (isObject(a) && isObject(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].sort().flatMap((key) => differences(a[key], b[key], path ? `${path}.${key}` : key));
  }
  return [{ path, wanted: wanted as Json, actual: actual as Json }];
}

/** Is it an object, and not a list or null? */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `base` with the fields of `change` in place of its own, objects inside alike. */
export function merged(base: Json, change: Json): Json {
  if (!isObject(base) || !isObject(change)) return change;
  const out: JsonObject = { ...base };
  for (const [key, value] of Object.entries(change)) {
    out[key] = key in base ? merged(base[key] as Json, value) : value;
  }
  return out;
}
