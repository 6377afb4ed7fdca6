import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { Chain } from "../chain.js";
import { Deployer, type Ending } from "../deploy.js";
import { short } from "../ground.js";
import { ROOT } from "../localnet.js";
import { deployer, type Network, readNetwork, wallet } from "../network.js";
import { readRecord } from "../record.js";
import { CONTRACTS, dashed } from "../suite.js";
import type { Finding } from "../verify.js";
import { count, Refused } from "../words.js";
import { main } from "./main.js";

const HELP = `Brings the suite onto a chain as a file says, from wherever it stands, and compares every figure at the end.

    scripts/deploy [FILE] [options]     FILE: deployments/local.toml if not said

    --yes              does it without asking
    --plan             only says what it would do
    --verify           only compares the chain with the file
    --localnet NAME    on this local chain (scripts/localnet up --name NAME)

It may be cut off at any moment; the same command goes on. What it knows is in deployments/<chain-id>.json.
Exit code: 0 all is as the file says; 1 an error, or something is not; 3 others have to act (prices, a vote).`;

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      yes: { type: "boolean", default: false },
      plan: { type: "boolean", default: false },
      verify: { type: "boolean", default: false },
      localnet: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (positionals.length > 1) throw new Refused("one file at a time");
  const network = readNetwork(positionals[0] ?? join(ROOT, "deployments", "local.toml"), values.localnet);
  const say = (line: string) => console.log(line);
  if (values.verify) return verifyOnly(network, say);
  const signer = await wallet(network);
  const sender = await deployer(network, signer);
  const chain = await Chain.connect(network.chain, signer);
  try {
    const planning = await Deployer.open(network, chain, sender, say, false);
    const steps = await planning.plan();
    say(`${network.chain.chain_id}, deployed by ${sender}, owned by ${planning.owner} in the end`);
    if (steps.length === 0) say("nothing is left to do");
    for (const step of steps) for (const line of step.lines) say(`  ${line}`);
    if (values.plan) return 0;
    if (steps.length > 0 && !values.yes && !(await agreed(count(steps.length, "step")))) return 1;
    const doing = await Deployer.open(network, chain, sender, say, true);
    return report(network, await doing.run(), say);
  } finally {
    chain.disconnect();
  }
}

/** Without a key: anybody may compare. */
async function verifyOnly(network: Network, say: (line: string) => void): Promise<number> {
  const record = readRecord(network.record);
  if (!record?.contracts) throw new Refused(`${short(network.record)} names no contracts: nothing to compare`);
  const chain = await Chain.connect(network.chain);
  try {
    const findings = await (await Deployer.open(network, chain, record.deployer, say, false)).findings();
    return report(
      network,
      findings.length ? { kind: "different", findings, sent: 0 } : { kind: "complete", sent: 0 },
      say,
    );
  } finally {
    chain.disconnect();
  }
}

async function agreed(what: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Refused(`${what} left: say --yes to take them`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Take ${what}? [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

function report(network: Network, ending: Ending, say: (line: string) => void): number {
  switch (ending.kind) {
    case "complete": {
      say(`all is as ${short(network.file)} says (${count(ending.sent, "transaction")}):`);
      const record = readRecord(network.record);
      for (const name of CONTRACTS) say(`  ${dashed(name).padEnd(20)} ${record?.contracts?.[name]}`);
      return 0;
    }
    case "waiting":
      say(`waiting for ${ending.for}`);
      return 3;
    case "different":
      say(`the chain is not what ${short(network.file)} says:`);
      for (const finding of ending.findings) say(line(finding));
      return 1;
  }
}

function line({ where, wanted, actual }: Finding): string {
  return `  ${where}: ${actual} instead of ${wanted}`;
}

main(run);
