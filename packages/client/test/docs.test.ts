import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((found) => found.slice(1) as string[]);

const GUIDES = readdirSync(join(ROOT, "docs")).map((name) => `docs/${name}`);
const PAGES = [...GUIDES, "README.md", "ARCHITECTURE.md", "SECURITY.md", "packages/client/README.md"];
const CONTRACTS = ["vault", "position-manager", "oracle-adapter", "liquidation-auction", "insurance-fund"];

/** What is not in a clone: built, deployed or written by a command. */
const MADE = /^(target|artifacts|packages\/client\/risk)\b|^proposal\.json$|[<{*…]|^deployments\/.*\.json$/;

type Message = { required?: string[]; properties?: Record<string, { properties?: object; $ref?: string }> };

/** Fields of each message and question of a contract. */
function messages(contract: string): Map<string, string[]> {
  const schema = JSON.parse(read(`schema/${contract}/glidepath-${contract}.json`));
  const found = new Map<string, string[]>();
  for (const kind of ["execute", "query"]) {
    for (const one of schema[kind].oneOf as Message[]) {
      for (const [name, shape] of Object.entries(one.properties ?? {})) {
        const fields = Object.keys(shape.properties ?? {});
        found.set(name, [...(found.get(name) ?? []), ...fields]);
      }
    }
  }
  return found;
}

/** The name of a heading in a link, as the forges make it. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

test("links lead somewhere", () => {
  for (const page of PAGES) {
    for (const [link = ""] of all(read(page), /\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(link)) continue;
      const [path, part] = link.split("#");
      const target = path ? join(dirname(page), path) : page;
      assert.ok(existsSync(join(ROOT, target)), `${page}: ${link}`);
      if (!part) continue;
      const headings = all(read(target), /^#+ (.+)$/gm).map(([heading = ""]) => anchor(heading));
      assert.ok(headings.includes(part), `${page}: ${link}: there is ${headings.join(", ")}`);
    }
  }
});

test("files that are named are there", () => {
  for (const page of PAGES) {
    const named = all(
      read(page),
      /(?:^|[\s`(])((?:scripts|docs|deployments|packages|contracts|schema)\/[^\s`),;:'"]*)/gm,
    );
    for (const [path = ""] of named) {
      const file = path.replace(/#.*$/, "").replace(/[./]+$/, "");
      assert.ok(MADE.test(file) || existsSync(join(ROOT, file)), `${page}: there is no ${path}`);
    }
  }
});

test("options and proposals that are named are known to their scripts", () => {
  for (const page of PAGES) {
    for (const [script = "", rest = ""] of all(read(page), /scripts\/([a-z-]+)((?: [^\s`|]+)*)/g)) {
      if (statSync(join(ROOT, "scripts", script)).isDirectory()) continue;
      const program = `packages/operations/src/cli/${script}.ts`;
      const help = read(existsSync(join(ROOT, program)) ? program : `scripts/${script}`);
      const own = rest.split(" wasmd ")[0] as string;
      for (const [option = ""] of all(own, /(?<=\s)(--[a-z-]+)/g)) {
        assert.ok(help.includes(option), `${page}: scripts/${script} has no ${option}`);
      }
      const [, what] = script === "propose" ? own.split(" ") : [];
      if (what && /^[a-z]/.test(what)) assert.ok(help.includes(`case "${what}"`), `${page}: no proposal ${what}`);
    }
  }
});

test("messages, questions and their fields are those of the contracts", () => {
  const known = new Map(CONTRACTS.map((name) => [name, messages(name)]));
  let count = 0;
  for (const page of PAGES) {
    const pattern = new RegExp(`\`(${CONTRACTS.join("|")})\\.([a-z_]+)(?: \\{ ([^}]*) \\})?`, "g");
    for (const [contract = "", message = "", fields] of all(read(page), pattern)) {
      const has = known.get(contract)?.get(message);
      assert.ok(has, `${page}: ${contract} has no message ${message}`);
      count += 1;
      for (const field of fields ? fields.split(", ") : []) {
        assert.ok(has.includes(field.replace("?", "")), `${page}: ${contract}.${message} has no ${field}`);
      }
    }
  }
  assert.ok(count > 50, `${count} messages named`);
});

test("events and errors are those of the contracts", () => {
  const code = /"([a-z-]+\/[a-z_]+)":/g;
  const known = new Set(
    ["events", "errors"].flatMap((name) => all(read(`packages/client/src/generated/${name}.ts`), code)).flat(),
  );
  const pattern = new RegExp(
    `[\`"]((?:${[...CONTRACTS, "price", "refusal", "payment", "admin"].join("|")})/[a-z_]+)[\`"]`,
    "g",
  );
  let count = 0;
  for (const page of PAGES) {
    for (const [name = ""] of all(read(page), pattern)) {
      assert.ok(known.has(name), `${page}: there is no event or error ${name}`);
      count += 1;
    }
  }
  assert.ok(count > 50, `${count} events and errors named`);
});
