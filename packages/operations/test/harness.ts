import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { Local } from "../src/local.js";
import { ROOT, script } from "../src/localnet.js";
import { type Network, readNetwork } from "../src/network.js";
import { Refused } from "../src/words.js";

/** A network of its own for a test file: gone at its end, however it ends. */
export async function ownChain(name: string): Promise<Local> {
  const local = await Local.up(name);
  let removed = false;
  const remove = () => {
    if (!removed) script(name, "reset");
    removed = true;
  };
  after(() => {
    local.chain.disconnect();
    remove();
  });
  process.on("exit", remove);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));
  return local;
}

/** A folder that is gone at the end. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "glidepath-"));
  after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** deployments/local.toml on a test's network, with a record and a salt of its own; `change` edits its text. */
export function localFile(
  local: string,
  into: string,
  salt: string,
  change: (text: string) => string = (t) => t,
): string {
  const text = change(readFileSync(join(ROOT, "deployments", "local.toml"), "utf8"));
  const head = `salt = "${salt}"\nrecord = "${salt}.json"\n`;
  const file = join(into, `${salt}.toml`);
  writeFileSync(file, head + text.replace('localnet = "local" ', `localnet = "${local}" `));
  return file;
}

/** The same, read. */
export function localNetwork(...of: Parameters<typeof localFile>): Network {
  return readNetwork(localFile(...of));
}

/** It is refused in one line, with these words. */
export async function refusedWith(words: RegExp, act: () => unknown): Promise<void> {
  await assert.rejects(
    async () => act(),
    (error: unknown) => {
      assert.ok(error instanceof Refused, `refused by a fault: ${error}`);
      assert.match(error.message, words);
      assert.ok(!error.message.includes("\n"), "one line");
      return true;
    },
  );
}
