/** The compiled contracts' answers: loads `packages/risk-js`. */

/** What is asked, and of which moment. Shapes of `packages/risk-js/src/lib.rs`. */
export interface Question {
  contracts: Record<string, string>;
  /** Unix seconds. */
  time: number;
  to: "position_manager" | "liquidation_auction";
  prices: readonly { asset: string; price: string }[];
}

/** Records by the address of their contract and their storage key in hex: base64, or null where the contract has none. */
export type Records = Record<string, Record<string, string | null>>;

/** A record to be read. */
export interface Key {
  contract: string;
  /** Hex. */
  key: string;
}

export type Answer = { answered: string } | { refused: string } | { missing: Key[] };

/** Answers questions from records. */
export interface Engine {
  ask(records: Records, question: Question, query: object): Answer;
}

/** What `wasm-bindgen` makes. */
interface Glue {
  default(options: { module_or_path: BufferSource | URL | Response }): Promise<unknown>;
  initSync(options: { module: BufferSource }): unknown;
  ask(records: string, question: string, query: string): string;
}

let loaded: Promise<Engine> | undefined;

/**
 * Loads the WebAssembly once. In a browser it is fetched from beside its module; give `source` where it is
 * elsewhere. Node reads the file.
 */
export function engine(source?: BufferSource | URL | Response): Promise<Engine> {
  loaded ??= load(source).catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

async function load(source: BufferSource | URL | Response | undefined): Promise<Engine> {
  // biome-ignore lint/suspicious/noTsIgnore: built by scripts/build-risk-js; without it everything else still compiles.
  // @ts-ignore
  const glue = (await import("../../risk/glidepath_risk_js.js")) as Glue;
  const file = new URL("../../risk/glidepath_risk_js_bg.wasm", import.meta.url);
  if (source === undefined && file.protocol === "file:") {
    const { readFile } = await import("node:fs/promises");
    glue.initSync({ module: await readFile(file) });
  } else {
    await glue.default({ module_or_path: source ?? file });
  }
  return {
    ask: (records, question, query) =>
      JSON.parse(glue.ask(JSON.stringify(records), JSON.stringify(question), JSON.stringify(query))) as Answer,
  };
}
