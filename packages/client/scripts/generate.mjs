#!/usr/bin/env node
// Writes src/generated/: types and clients of the five contracts from their schemas, and the lists of events and errors from
// their declarations in Rust. With --check, changes nothing and fails where they differ. What is generated is committed, so
// that a change of an interface shows in a diff.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import codegen from "@cosmwasm/ts-codegen";
import { errors, events } from "./lists.mjs";

const HELP = `generate.mjs [--check]

  Writes src/generated/ from the schemas in ../../schema and the declarations of events and errors in the Rust sources.
  With --check it only says whether it would change anything.`;

const here = fileURLToPath(new URL("..", import.meta.url));
const root = join(here, "../..");
const target = join(here, "src/generated");

/** The contracts by the name of their classes, and their folders in schema/. */
const CONTRACTS = {
  Vault: "vault",
  PositionManager: "position-manager",
  OracleAdapter: "oracle-adapter",
  LiquidationAuction: "liquidation-auction",
  InsuranceFund: "insurance-fund",
};

/** Everything that is generated: file name and text. */
async function generate() {
  const out = await mkdtemp(join(tmpdir(), "glidepath-client-"));
  try {
    await silently(() =>
      codegen.default({
        contracts: Object.entries(CONTRACTS).map(([name, dir]) => ({ name, dir: join(root, "schema", dir) })),
        outPath: out,
        options: {
          bundle: { enabled: false },
          types: { enabled: true },
          // Some messages and questions share a name (`supply`, `stake`): who sends is no subclass of who asks.
          client: { enabled: true, execExtendsQuery: false },
          messageComposer: { enabled: false },
          useShorthandCtor: false,
        },
      }),
    );
    const files = new Map();
    for (const name of (await readdir(out)).sort()) {
      files.set(name, asModule(await readFile(join(out, name), "utf8")));
    }
    files.set("events.ts", await events(root));
    files.set("errors.ts", await errors(root, Object.values(CONTRACTS)));
    return files;
  } finally {
    await rm(out, { recursive: true });
  }
}

/** The generator writes for bundlers: names of files without their ending, and types imported as if they were values. */
function asModule(text) {
  const typed = text.replace(/^import \{/gm, "import type {").replace(/from "(\.\/[^"]+)"/g, 'from "$1.js"');
  return `${typed.trimEnd()}\n`;
}

/** The generator prints each file that it writes. */
async function silently(work) {
  const log = console.log;
  console.log = () => {};
  try {
    return await work();
  } finally {
    console.log = log;
  }
}

async function committed() {
  const files = new Map();
  for (const name of (await readdir(target)).sort()) files.set(name, await readFile(join(target, name), "utf8"));
  return files;
}

const [flag, ...rest] = process.argv.slice(2);
if (flag === "--help") {
  console.log(HELP);
} else if (rest.length > 0 || (flag !== undefined && flag !== "--check")) {
  console.error(HELP);
  process.exitCode = 2;
} else {
  const made = await generate();
  const there = await committed();
  const stale = [...new Set([...made.keys(), ...there.keys()])].filter((name) => made.get(name) !== there.get(name));
  if (stale.length === 0) {
    console.log("client: generated sources are in step with schemas, events and errors");
  } else if (flag === "--check") {
    console.error(`client: ${stale.join(", ")} stale: run npm run generate in packages/client`);
    process.exitCode = 1;
  } else {
    for (const name of stale) {
      if (made.has(name)) await writeFile(join(target, name), made.get(name));
      else await rm(join(target, name));
    }
    console.log(`client: wrote ${stale.map((name) => relative(here, join(target, name))).join(", ")}`);
  }
}
