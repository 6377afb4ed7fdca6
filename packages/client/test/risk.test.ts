import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fromBase64 } from "@cosmjs/encoding";
import { type Addresses, GlidepathError, parseEvents, parseRefusal } from "@glidepath/client";
import { type Asked, engine, Model, type Reader, type Records } from "@glidepath/client/risk";

/** What the embedded chain answered: written by `cargo test -p glidepath-risk-js`. */
interface Vectors {
  scenes: {
    name: string;
    contracts: Addresses;
    records: Records;
    questions: { time: number; to: Asked; query: object; answer: string; refused: boolean }[];
  }[];
  contracts: Addresses;
  events: { type: string; attributes: { key: string; value: string }[] }[];
  refusals: { by: "position_manager"; code: string; text: string }[];
}

const file = new URL("../../risk-js/tests/golden/vectors.json", import.meta.url);
const vectors = JSON.parse(await readFile(file, "utf8")) as Vectors;
const compiled = await engine();

for (const { name, contracts, records, questions } of vectors.scenes) {
  test(`the digits of the chain: ${name}`, async () => {
    const model = new Model(compiled, contracts, undefined, records);
    for (const { time, to, query, answer, refused } of questions) {
      const what = `at ${time}: ${JSON.stringify(query)}`;
      if (refused) {
        await assert.rejects(model.ask(to, query, { time }), (error) => {
          assert.ok(error instanceof GlidepathError, what);
          assert.equal(error.message, answer, what);
          return true;
        });
      } else assert.equal(await model.ask(to, query, { time }), answer, what);
    }
  });
}

const [scene] = vectors.scenes;
assert.ok(scene !== undefined);
const position = 1;
const time = scene.questions[0]?.time as number;

/** A block that has the records of a scene, and counts what is read of it. */
function block(records: Records): Reader & { reads: number } {
  return {
    height: 1,
    time,
    reads: 0,
    async read({ contract, key }) {
      this.reads += 1;
      const value = records[contract]?.[key];
      return value ? fromBase64(value) : new Uint8Array();
    },
    smart: () => Promise.reject(new Error("not asked")),
  };
}

test("records are read once, and only those that an answer takes", async () => {
  const from = block(scene.records);
  const model = new Model(compiled, scene.contracts, from);
  const first = await model.positions().position({ position });
  const reads = from.reads;
  assert.ok(reads > 5 && reads < 20, `${reads} records`);
  assert.deepEqual(await model.positions().position({ position }), first);
  await model.positions({ prices: [{ asset: "atom", price: "9.9" }] }).position({ position });
  assert.equal(from.reads, reads);
});

test("typed answers: at its liquidation price a position's health is 1", async () => {
  const model = new Model(compiled, scene.contracts, undefined, scene.records);
  const [row] = await model.positions({ time }).liquidationPrices({ position });
  const price = row?.liquidation_price;
  assert.ok(price);
  const there = await model.positions({ time, prices: [{ asset: "atom", price }] }).position({ position });
  assert.match(there.health.maintenance as string, /^1(\.0{12}\d+)?$/);
  assert.ok("healthy" in (await model.positions({ time }).position({ position })).stage);
});

test("a list, and a record that nobody has, are errors", async () => {
  const model = new Model(compiled, scene.contracts, undefined, structuredClone(scene.records));
  await assert.rejects(model.positions({ time }).position({ position: 99 }), /no record/);
  await assert.rejects(
    new Model(compiled, scene.contracts, block(scene.records)).positions().positions({}),
    /node only/,
  );
});

test("every event of a position's life is read", () => {
  const raw = vectors.events.map(({ type, attributes }) => ({ type, attributes: attributes as never }));
  const events = parseEvents(raw, vectors.contracts);
  assert.equal(events.length, raw.filter(({ type }) => type.startsWith("wasm-glidepath_")).length);
  const types = new Set(events.map(({ type }) => type));
  for (const type of ["vault/supplied", "position-manager/advanced", "liquidation-auction/filled", "vault/settled"]) {
    assert.ok(types.has(type as never), type);
  }
});

test("every refusal in the contracts' words is known", () => {
  for (const { by, code, text } of vectors.refusals) {
    const snake = code.replace(/(?<!^)([A-Z])/g, "_$1").toLowerCase();
    assert.equal(parseRefusal(text, [by])?.code, `${by.replace("_", "-")}/${snake}`, text);
  }
});
