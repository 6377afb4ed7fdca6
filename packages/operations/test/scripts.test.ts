import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../src/localnet.js";
import { folder } from "./harness.js";

/** A place for scripts/build-wasm with a space in its path and tools that only pretend: `cargo` compiles by copying `sources/`,
 * `wasm-opt` by copying and taking a note. */
function pretended() {
  const root = join(folder(), "a place");
  const tools = join(root, "tools");
  for (const part of ["tools", "sources", "sysroot/lib/rustlib/src/rust/library", "packages"]) {
    mkdirSync(join(root, part), { recursive: true });
  }
  for (const part of [
    "scripts/build-wasm",
    "scripts/lib",
    "packages/cw20-token/Cargo.toml",
    "packages/mock-pyth/Cargo.toml",
  ]) {
    cpSync(join(ROOT, part), join(root, part), { recursive: true });
  }
  writeFileSync(join(root, "sysroot/lib/rustlib/src/rust/library/Cargo.lock"), "");
  const tool = (name: string, text: string) => {
    writeFileSync(join(tools, name), `#!/usr/bin/env bash\nset -euo pipefail\n${text}\n`);
    chmodSync(join(tools, name), 0o755);
  };
  tool("rustup", "exit 1");
  tool("rustc", `if [ "$1" = --print ]; then echo ${JSON.stringify(join(root, "sysroot"))}; else echo rustc 1; fi`);
  tool(
    "cargo",
    `printf %s "$CARGO_ENCODED_RUSTFLAGS" >flags
    made=target/wasm32-unknown-unknown/wasm
    mkdir -p "$made"
    while [ $# -gt 0 ]; do
        if [ "$1" = -p ]; then cp "sources/$2" "$made/\${2//-/_}.wasm"; shift; fi
        shift
    done`,
  );
  tool(
    "wasm-opt",
    `if [ "$1" = --version ]; then echo wasm-opt 1; exit; fi
    while [ "\${1::1}" = - ]; do shift; done
    [ "$2" = -o ]
    echo "$1" | sed 's|.*/||' >>optimised
    sed 's/^/small /' "$1" >"$3"`,
  );
  const packages = ["vault", "position-manager", "oracle-adapter", "liquidation-auction", "insurance-fund"];
  const all = [...packages.map((name) => `glidepath-${name}`), "cw20-token", "mock-pyth"];
  for (const name of all) writeFileSync(join(root, "sources", name), `${name} 1\n`);
  const { CARGO_TARGET_DIR: _, ...inherited } = process.env;
  const env = { ...inherited, PATH: `${tools}:${process.env.PATH}`, RUSTFLAGS: "-C debuginfo=2" };
  /** Runs it; what was optimised. */
  const build = (...words: string[]): string[] => {
    writeFileSync(join(root, "optimised"), "");
    const { status, stderr } = spawnSync(join(root, "scripts/build-wasm"), words, { env, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    return readFileSync(join(root, "optimised"), "utf8").split("\n").filter(Boolean).sort();
  };
  return { root, build, read: (path: string) => readFileSync(join(root, path), "utf8"), all };
}

test("build-wasm makes anew what changed, and nothing else", () => {
  const { root, build, read, all } = pretended();
  const write = (path: string, text: string) => writeFileSync(join(root, path), text);
  assert.equal(build("--test-contracts", "--fresh").length, all.length);
  assert.equal(read("artifacts/glidepath_vault.wasm"), "small glidepath-vault 1\n");
  assert.equal(read("artifacts/test/cw20_token.wasm"), "small cw20-token 1\n");
  assert.deepEqual(build("--test-contracts", "--fresh"), []);
  write("sources/glidepath-vault", "glidepath-vault 2\n");
  write("sources/cw20-token", "cw20-token 2\n");
  assert.deepEqual(build("--test-contracts", "--fresh"), ["cw20_token.wasm", "glidepath_vault.wasm"]);
  assert.equal(read("artifacts/glidepath_vault.wasm"), "small glidepath-vault 2\n");
  assert.equal(read("artifacts/test/cw20_token.wasm"), "small cw20-token 2\n");
  // What somebody else wrote there, or was a contract once, does not stay.
  write("artifacts/glidepath_vault.wasm", "of another checkout");
  write("artifacts/glidepath_former.wasm", "");
  assert.deepEqual(build("--fresh"), ["glidepath_vault.wasm"]);
  assert.equal(read("artifacts/glidepath_vault.wasm"), "small glidepath-vault 2\n");
  assert.ok(!existsSync(join(root, "artifacts/glidepath_former.wasm")));
  // Only who says nothing writes what is committed.
  assert.ok(!existsSync(join(root, "checksums.txt")));
  build();
  assert.equal(read("checksums.txt"), read("artifacts/checksums.txt"));
});

test("flags of the environment and a path with spaces take no flag away", () => {
  const { root, build, read } = pretended();
  build("--fresh");
  const flags = read("flags").split("\u001f");
  assert.deepEqual(flags.slice(0, 7), [
    "-C",
    "target-cpu=mvp",
    "-C",
    "link-arg=--allow-undefined",
    "-Z",
    "location-detail=none",
    `--remap-path-prefix=${root}=glidepath`,
  ]);
  assert.ok(flags.slice(7).every((flag) => flag.startsWith("--remap-path-prefix=/")));
});
