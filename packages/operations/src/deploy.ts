import { readFileSync, writeFileSync } from "node:fs";
import { attribute, type Chain, TxFailed } from "./chain.js";
import { Ground, type Place, salt, short, type TokenSite, type Wanted, wantedChecksum } from "./ground.js";
import { handOver } from "./handover.js";
import type { Change, Job, Step } from "./job.js";
import { isObject, type JsonObject } from "./json.js";
import * as messages from "./messages.js";
import type { Network, TokenPlan } from "./network.js";
import { chainOf, type Deployment, readRecord, writeRecord } from "./record.js";
import { isSettable, type Settable, settings, unlike } from "./settings.js";
import { CONTRACTS, dashed, each, type Five, instantiateMsg, tell } from "./suite.js";
import { type Finding, verify } from "./verify.js";
import { Refused } from "./words.js";

/** How a run ended. */
export type Ending =
  | { kind: "complete"; sent: number }
  /** Something that others do is missing: a price, a vote. */
  | { kind: "waiting"; for: string; sent: number }
  /** What is on the chain is not what the file says. */
  | { kind: "different"; findings: Finding[]; sent: number };

/** Brings the suite of a network's file onto its chain, from wherever it stands. */
export class Deployer implements Job {
  private sent = 0;
  private readonly ground = new Ground(this);

  private constructor(
    readonly network: Network,
    readonly chain: Chain,
    readonly sender: string,
    private readonly say: (line: string) => void,
    public record: Deployment,
    readonly owner: string,
  ) {}

  /** Reads the record and finds out what became of a transaction that was under way. */
  static async open(
    network: Network,
    chain: Chain,
    sender: string,
    say: (line: string) => void,
    mayWrite: boolean,
  ): Promise<Deployer> {
    const genesis = await chain.genesis();
    const owner = network.owner === "gov" ? await chain.moduleAccount("gov") : network.owner;
    const fresh: Deployment = { chain_id: network.chain.chain_id, deployer: sender, salt: network.salt };
    if (genesis) fresh.genesis = genesis;
    let record = readRecord(network.record) ?? fresh;
    if (chainOf(network, record, genesis) === "gone") {
      say(`${short(network.record)} is of a chain that is gone: it is begun anew`);
      record = fresh;
    }
    if (record.deployer !== sender || record.salt !== network.salt) {
      throw new Refused(`${short(network.record)} was made by ${record.deployer} with the salt \`${record.salt}\``);
    }
    const self = new Deployer(network, chain, sender, say, record, owner);
    if (mayWrite) await self.settle();
    return self;
  }

  /** What is left to do, as far as it can be said now. */
  async plan(): Promise<Step[]> {
    const steps: Step[] = [];
    const codes = await this.ground.codes();
    const tokens = await this.ground.tokens(codes);
    const absent = tokens.filter((token) => !token.exists);
    const sites = this.ground.sites(codes);
    const exists = await this.ground.exists(sites);
    // Of a suite that is there new code is a matter of migration, and that one of its owner.
    const needed = new Set(absent.map((token) => token.checksum));
    const missing = codes.filter((code) => code.id === undefined && (!exists || needed.has(code.checksum)));
    steps.push(...missing.map((code) => this.store(code)));
    if (absent.length > 0) steps.push(this.createTokens(absent));
    if (!exists) steps.push(this.create(sites));
    steps.push(...(await this.configure(sites, exists, tokens)));
    return steps;
  }

  /** Carries out step after step until nothing is left, or somebody else has to act. */
  async run(): Promise<Ending> {
    for (;;) {
      const [step] = await this.plan();
      if (!step) break;
      if (step.checked) {
        const findings = (await this.findings()).filter(({ where }) => !/: (proposed )?owner$/.test(where));
        if (findings.length > 0) return { kind: "different", findings, sent: this.sent };
      }
      if (step.file) writeFileSync(step.file.path, step.file.text);
      if (step.waits !== undefined) return { kind: "waiting", for: step.waits, sent: this.sent };
      await this.carryOut(step);
    }
    return this.finish();
  }

  /** Compares all of the chain with all of the file. */
  async findings(): Promise<Finding[]> {
    const { contracts } = this.record;
    if (!contracts) throw new Refused("there is nothing to check yet");
    return verify(this.chain, this.network, {
      owner: this.owner,
      at: contracts,
      checksums: each((name) => wantedChecksum(this.network.codes[name])),
      tokens: new Map(Object.entries(this.record.tokens ?? {})),
    });
  }

  private async finish(): Promise<Ending> {
    const findings = await this.findings();
    this.save({});
    if (findings.length > 0) return { kind: "different", findings, sent: this.sent };
    return { kind: "complete", sent: this.sent };
  }

  // ---------------------------------------------------------------- steps

  private store(code: Wanted): Step {
    const file = code.file as string;
    const bytes = readFileSync(file);
    return {
      name: `store ${code.name}`,
      lines: [`store ${short(file)}, ${Math.ceil(bytes.length / 1000)} kB, checksum ${code.checksum}`],
      sender: this.sender,
      messages: [messages.storeCode(this.sender, bytes)],
    };
  }

  private createTokens(tokens: TokenSite[]): Step {
    return {
      name: "create test tokens",
      lines: tokens.map((token) => `create the test token ${token.plan.symbol} at ${token.address}`),
      sender: this.sender,
      messages: tokens.map((token) =>
        messages.instantiate2({
          sender: this.sender,
          admin: this.owner,
          codeId: token.codeId ?? 0,
          label: `${token.plan.symbol} (test)`,
          salt: salt(this.network, `token-${token.plan.name}`),
          msg: tokenMsg(token.plan, this.sender),
        }),
      ),
    };
  }

  /** All five in one transaction: there is never a part of a suite. */
  private create(sites: Five<Place>): Step {
    const { guardian, reporters, own } = this.network;
    const peers = each((name) => sites[name].address);
    const common = { owner: this.sender, peers, guardian, reporters };
    return {
      name: "create the suite",
      lines: CONTRACTS.map((name) => `create ${dashed(name)} at ${peers[name]}, migrations by ${this.owner} only`),
      sender: this.sender,
      messages: CONTRACTS.map((name) =>
        messages.instantiate2({
          sender: this.sender,
          admin: this.owner,
          codeId: sites[name].codeId ?? 0,
          label: `glidepath ${dashed(name)}`,
          salt: salt(this.network, dashed(name)),
          msg: instantiateMsg(name, common, own),
        }),
      ),
      after: () => this.remember({ contracts: peers }),
    };
  }

  private async configure(sites: Five<Place>, exists: boolean, tokens: TokenSite[]): Promise<Step[]> {
    const at = each((name) => sites[name].address);
    const addresses = new Map(tokens.map((token) => [token.plan.name, token.address]));
    const open = await this.open(settings(this.network, addresses).filter(isSettable), at, exists);
    const owners = exists ? await this.ground.owners(at) : undefined;
    const mine = !owners || CONTRACTS.every((name) => owners[name].owner === this.sender);
    // Another owner's business: the check at the end names what differs.
    if (!mine) return handOver(this, at, owners);
    const steps: Step[] = [];
    const listing = open.filter((setting) => !setting.needsPrice);
    if (listing.length > 0) steps.push(this.set("list and set", listing, at));
    const unpriced = exists ? await this.ground.unpriced(at) : this.network.assets.map((asset) => asset.name);
    if (unpriced.length > 0) steps.push(...(await this.prices(unpriced, at)));
    const priced = open.filter((setting) => setting.needsPrice);
    if (priced.length > 0) steps.push(this.set("set what needs a price", priced, at));
    steps.push(...(await handOver(this, at, owners)));
    return steps;
  }

  /** Settings that are not as the file says, as far as a message makes them: what it can't take back, the check before the
   * offer names. What creation says itself need not be said again. */
  private async open(all: Settable[], at: Five<string>, exists: boolean): Promise<Settable[]> {
    if (!exists) return all.filter((setting) => setting.asset !== undefined);
    const found = await Promise.all(all.map((setting) => unlike(this.chain, at, setting)));
    return all.filter((_, n) => (found[n]?.length ?? 0) > 0);
  }

  private set(name: string, open: Settable[], at: Five<string>): Step {
    return {
      name,
      lines: open.map((setting) => `${dashed(setting.contract)}: ${setting.what}`),
      sender: this.sender,
      messages: open.map((setting) => messages.execute(this.sender, at[setting.contract], setting.message)),
    };
  }

  /** Prices come from whoever is asked for them; only on a local chain we have the reporters' keys. */
  private async prices(unpriced: string[], at: Five<string>): Promise<Step[]> {
    const plans = this.network.assets.filter((asset) => unpriced.includes(asset.name));
    const isPosted = (feed: JsonObject) => isObject(feed.source) && "posted" in feed.source;
    const asked = plans.filter((plan) => !isPosted(plan.feed)).map((plan) => plan.name);
    const steps: Step[] = [];
    if (asked.length > 0) {
      steps.push({
        name: "ask for prices",
        lines: [`ask the source for the first price of ${asked.join(", ")}`],
        sender: this.sender,
        messages: messages
          .parts(asked)
          .map((assets) => tell(this.sender, at, "oracle_adapter", { update_prices: { assets } })),
      });
    }
    const posted = plans.filter((plan) => isPosted(plan.feed));
    if (posted.length === 0) return steps;
    const named = posted.map((plan) => plan.name).join(", ");
    if (!this.network.local || posted.some((plan) => plan.first_price === undefined)) {
      const waits = `the reporters' first price of ${named}; run it again when they have posted it`;
      steps.push({ name: "wait for prices", lines: [`wait for ${waits}`], sender: this.sender, messages: [], waits });
      return steps;
    }
    const now = await this.chain.now();
    const reports = posted.map((plan) => ({ asset: plan.name, price: plan.first_price as string, at: now }));
    const already = await this.ground.reported(at, posted[0]?.name ?? "");
    const left = this.network.reporters.filter((reporter) => !already.has(reporter));
    steps.push(
      ...left.map((reporter) => ({
        name: "post first prices",
        lines: [`${reporter} posts ${reports.map((report) => `${report.asset} ${report.price}`).join(", ")}`],
        sender: reporter,
        messages: messages
          .parts(reports)
          .map((part) => tell(reporter, at, "oracle_adapter", { post: { reports: part } })),
      })),
    );
    return steps;
  }

  // ---------------------------------------------------------------- the record

  private async carryOut(step: Step): Promise<void> {
    for (const line of step.lines) this.say(line);
    if (step.act) return step.act();
    const done = await this.chain.send(step.sender, step.messages, (sent) => {
      this.save({ pending: { ...sent, step: step.name } });
    });
    this.sent += 1;
    this.say(`  sent ${done.hash} in block ${done.height}, ${done.gasUsed} gas`);
    step.after?.(done);
    this.save({ pending: undefined });
  }

  /** What was sent before a run was cut off is either in a block by now, or waited for until it can be in none. */
  private async settle(): Promise<void> {
    const { pending } = this.record;
    if (!pending) return;
    this.say(`looking for what was under way: ${pending.step}, ${pending.hash}`);
    const done = await this.chain.outcome(pending).catch((error: unknown) => {
      if (error instanceof TxFailed) return undefined;
      throw error;
    });
    this.say(done ? `  it is in block ${done.height}` : "  it did nothing");
    const id = done && attribute(done, "submit_proposal", "proposal_id");
    if (id) this.save({ proposal: id });
    this.save({ pending: undefined });
  }

  save(change: Change): void {
    this.remember(change);
    writeRecord(this.network.record, this.record);
  }

  remember(change: Change): void {
    const next = { ...this.record, ...change };
    this.record = Object.fromEntries(
      Object.entries(next).filter(([, value]) => value !== undefined),
    ) as unknown as Deployment;
  }
}

function tokenMsg(plan: TokenPlan, minter: string): JsonObject {
  return {
    name: plan.name,
    symbol: plan.symbol,
    decimals: plan.decimals,
    initial_balances: Object.entries(plan.balances).map(([address, amount]) => ({ address, amount })),
    mint: { minter, cap: null },
    marketing: null,
  };
}
