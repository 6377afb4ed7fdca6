import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { EncodeObject } from "@cosmjs/proto-signing";
import { attribute, type Chain, type Done, TxFailed } from "./chain.js";
import { progress, proposal, submission, verdict, vote } from "./gov.js";
import { isObject, type JsonObject } from "./json.js";
import { ROOT } from "./localnet.js";
import * as messages from "./messages.js";
import type { Code, Network, TokenPlan } from "./network.js";
import { type Deployment, readRecord, type Stored, writeRecord } from "./record.js";
import { type Setting, settings, unlike } from "./settings.js";
import { ask, CONTRACTS, type ContractName, dashed, each, type Five, instantiateMsg, tell } from "./suite.js";
import { type Finding, verify } from "./verify.js";
import { count, Refused, Unanswered } from "./words.js";

/** One thing that is left to do. */
interface Step {
  name: string;
  /** What it does, a line each. */
  lines: string[];
  /** Who signs it, and what; a step without messages waits for somebody else. */
  sender: string;
  messages: EncodeObject[];
  /** What others have to do before it goes on. */
  waits?: string;
  /** Instead of messages. */
  act?: () => Promise<void>;
  /** Only on a suite that is in all else what the file says. */
  checked?: boolean;
  /** Written beside the record before it is carried out or waited for. */
  file?: { path: string; text: string };
  /** Called with what it did. */
  after?: (done: Done) => void;
}

/** How a run ended. */
export type Ending =
  | { kind: "complete"; sent: number }
  /** Something that others do is missing: a price, a vote. */
  | { kind: "waiting"; for: string; sent: number }
  /** What is on the chain is not what the file says. */
  | { kind: "different"; findings: Finding[]; sent: number };

/** Brings the suite of a network's file onto its chain, from wherever it stands. */
export class Deployer {
  private record: Deployment;
  private sent = 0;

  private constructor(
    private readonly network: Network,
    private readonly chain: Chain,
    private readonly sender: string,
    private readonly say: (line: string) => void,
    record: Deployment,
    /** Who owns the contracts in the end. */
    readonly owner: string,
  ) {
    this.record = record;
  }

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
    if (record.genesis && genesis && record.genesis !== genesis) {
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
    const codes = await this.codes();
    const tokens = await this.tokens(codes);
    const absent = tokens.filter((token) => !token.exists);
    const sites = this.sites(codes);
    const exists = await this.exists(sites);
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
          salt: this.salt(`token-${token.plan.name}`),
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
          salt: this.salt(dashed(name)),
          msg: instantiateMsg(name, common, own),
        }),
      ),
    };
  }

  private async configure(sites: Five<Place>, exists: boolean, tokens: TokenSite[]): Promise<Step[]> {
    const at = each((name) => sites[name].address);
    const addresses = new Map(tokens.map((token) => [token.plan.name, token.address]));
    const open = await this.open(settings(this.network, addresses), at, exists);
    const owners = exists ? await this.owners(at) : undefined;
    const mine = !owners || CONTRACTS.every((name) => owners[name].owner === this.sender);
    // Another owner's business: the check at the end names what differs.
    if (!mine) return this.handOver(at, owners);
    const steps: Step[] = [];
    const listing = open.filter((setting) => !setting.needsPrice);
    if (listing.length > 0) steps.push(this.set("list and set", listing, at));
    const unpriced = exists ? await this.unpriced(at) : this.network.assets.map((asset) => asset.name);
    if (unpriced.length > 0) steps.push(...(await this.prices(unpriced, at)));
    const priced = open.filter((setting) => setting.needsPrice);
    if (priced.length > 0) steps.push(this.set("set what needs a price", priced, at));
    steps.push(...(await this.handOver(at, owners)));
    return steps;
  }

  /** Settings that are not as the file says. What creation says itself need not be said again. */
  private async open(all: Setting[], at: Five<string>, exists: boolean): Promise<Setting[]> {
    if (!exists) return all.filter((setting) => setting.asset !== undefined);
    const found = await Promise.all(all.map((setting) => unlike(this.chain, at, setting)));
    return all.filter((_, n) => (found[n]?.length ?? 0) > 0);
  }

  private set(name: string, open: Setting[], at: Five<string>): Step {
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
        messages: [tell(this.sender, at, "oracle_adapter", { update_prices: { assets: asked } })],
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
    const already = await this.reported(at, posted[0]?.name ?? "");
    const left = this.network.reporters.filter((reporter) => !already.has(reporter));
    steps.push(
      ...left.map((reporter) => ({
        name: "post first prices",
        lines: [`${reporter} posts ${reports.map((report) => `${report.asset} ${report.price}`).join(", ")}`],
        sender: reporter,
        messages: [tell(reporter, at, "oracle_adapter", { post: { reports } })],
      })),
    );
    return steps;
  }

  /** In two steps, so that the contracts always have an owner who can act: the deployer, until the other one accepts. */
  private async handOver(at: Five<string>, owners: Five<Ownership> | undefined): Promise<Step[]> {
    if (this.owner === this.sender) return [];
    const steps: Step[] = [];
    const unasked = CONTRACTS.filter(
      (name) => !owners || (owners[name].owner === this.sender && owners[name].pending_owner !== this.owner),
    );
    if (unasked.length > 0) {
      steps.push({
        name: "offer the contracts to their owner",
        lines: unasked.map((name) => `${dashed(name)}: offered to ${this.owner}`),
        sender: this.sender,
        checked: true,
        messages: unasked.map((name) =>
          messages.execute(this.sender, at[name], {
            update_ownership: { propose: { owner: this.owner, expiry: null } },
          }),
        ),
      });
    }
    const waiting = CONTRACTS.filter((name) => !owners || owners[name].owner !== this.owner);
    if (waiting.length > 0) steps.push(await this.acceptance(at, waiting));
    return steps;
  }

  /** Nothing is put to a vote that was not compared with the file to the last figure before. */
  private async acceptance(at: Five<string>, waiting: ContractName[]): Promise<Step> {
    const idle = { name: "acceptance", sender: this.sender, messages: [], checked: true };
    const wait = (waits: string): Step => ({ ...idle, lines: [`wait for ${waits}`], waits });
    if (this.network.owner !== "gov") {
      return wait(`${this.owner} to send {"update_ownership":{"accept":{}}} to ${count(waiting.length, "contract")}`);
    }
    const { deposit, submit, expedited, voters } = this.network.governance;
    const accept = { update_ownership: { accept: {} } };
    const text = proposal(
      waiting.map((name) => tell(this.owner, at, name, accept)),
      {
        title: "Take over Glidepath",
        summary:
          "Governance accepts the ownership of the five contracts of Glidepath. They are configured as the file of this network says; `scripts/deploy --verify` compares every figure.",
        deposit,
        expedited,
      },
    );
    const path = this.network.record.replace(/\.json$/, ".accept.json");
    const file = { path, text: `${JSON.stringify(text, null, 2)}\n` };
    const { rpc, chain_id } = this.network.chain;
    const command = `wasmd tx gov submit-proposal ${short(path)} --node ${rpc} --chain-id ${chain_id} --from KEY --gas auto --gas-adjustment 1.4`;
    const votes = this.network.local !== undefined && voters.length > 0;
    if (this.record.proposal !== undefined) {
      const id = BigInt(this.record.proposal);
      const state = await progress(this.chain, id);
      if (state === "open" && !votes) return wait(`the vote on proposal ${id}`);
      if (state === "open") {
        return { ...idle, lines: [`vote on proposal ${id}`], act: () => this.vote(id, voters) };
      }
      if (state === "passed") return wait(`proposal ${id}, which was carried out, to show: run it again`);
      if (!votes) return { ...wait(`another vote, proposal ${id} was not carried out: ${command}`), file };
    }
    if (!submit) return { ...wait(`a vote: ${command}`), file };
    return {
      ...idle,
      name: "propose to accept",
      lines: [`submit a proposal by which the owner accepts ${count(waiting.length, "contract")}: ${short(path)}`],
      messages: [submission(this.sender, text, this.chain)],
      file,
      after: (done) => this.save({ proposal: attribute(done, "submit_proposal", "proposal_id") }),
    };
  }

  /** On a local chain everybody whose key is known votes yes; elsewhere a vote is others' business. */
  private async vote(id: bigint, voters: string[]): Promise<void> {
    let late = false;
    for (const voter of voters) {
      await vote(this.chain, voter, id).catch((error: unknown) => {
        late = error instanceof TxFailed && /inactive proposal/.test(error.log);
        if (!late) throw error;
      });
    }
    const end = await verdict(this.chain, id);
    // A run that was cut off may have missed the vote: then there is another.
    if (!end.passed && !late) throw new Refused(`proposal ${id} was not carried out: ${end.why}`);
  }

  // ---------------------------------------------------------------- what is there

  /** Codes that the suite and its test tokens need, with the numbers under which the chain has them. */
  private async codes(): Promise<Wanted[]> {
    const wanted: Wanted[] = [];
    for (const name of CONTRACTS) wanted.push(await this.code(dashed(name), this.network.codes[name]));
    for (const token of this.network.tokens) {
      const code = await this.code("test token", token.code);
      if (!wanted.some((one) => one.checksum === code.checksum)) wanted.push(code);
    }
    const unknown = new Set(wanted.filter((code) => code.id === undefined).map((code) => code.checksum));
    const found = unknown.size > 0 ? await this.chain.findCodes(unknown, this.sender) : new Map<string, number>();
    return wanted.map((code) => (code.id === undefined ? { ...code, id: found.get(code.checksum) } : code));
  }

  private async code(name: string, code: Code): Promise<Wanted> {
    if ("id" in code) {
      const checksum = await this.chain.checksum(code.id);
      if (checksum === undefined) throw new Refused(`the chain has no code ${code.id} (${name})`);
      return { name, id: code.id, checksum };
    }
    return { name, file: code.file, checksum: fileChecksum(code.file), id: undefined };
  }

  /** Where the five are or will be: what was created once stays where it is, whatever code it runs by now. */
  private sites(codes: Wanted[]): Five<Place> {
    const { contracts } = this.record;
    const of = (name: ContractName): Place => {
      const code = codes.find((one) => one.name === dashed(name)) as Wanted;
      const address = contracts?.[name] ?? this.chain.predict(code.checksum, this.sender, this.salt(dashed(name)));
      return { address, codeId: code.id, checksum: code.checksum };
    };
    return each(of);
  }

  private async tokens(codes: Wanted[]): Promise<TokenSite[]> {
    const sites: TokenSite[] = [];
    for (const plan of this.network.tokens) {
      const wanted = await this.code("test token", plan.code);
      const code = codes.find((one) => one.checksum === wanted.checksum) as Wanted;
      const made = this.record.tokens?.[plan.name];
      const address = made ?? this.chain.predict(code.checksum, this.sender, this.salt(`token-${plan.name}`));
      const exists = (await this.chain.contract(address)) !== undefined;
      sites.push({ plan, address, codeId: code.id, checksum: code.checksum, exists });
    }
    const made = sites.filter((site) => site.exists).map((site) => [site.plan.name, site.address]);
    if (made.length > 0) this.remember({ tokens: Object.fromEntries(made) as Record<string, string> });
    return sites;
  }

  /** Are the five there? All of them or none, or they are somebody else's. */
  private async exists(sites: Five<Place>): Promise<boolean> {
    const found = await Promise.all(CONTRACTS.map((name) => this.chain.contract(sites[name].address)));
    const there = CONTRACTS.filter((_, n) => found[n]);
    if (there.length === 0) return false;
    if (there.length < CONTRACTS.length) {
      throw new Refused(`of the five only ${there.join(", ")} are on the chain: another salt makes a suite of its own`);
    }
    await this.refresh(each((name) => sites[name].address));
    return true;
  }

  /** Assets of the file without a price. */
  private async unpriced(at: Five<string>): Promise<string[]> {
    const missing: string[] = [];
    for (const { name: asset } of this.network.assets) {
      const answer = ask(this.chain, at, "oracle_adapter", { price: { asset } });
      const has = await answer.then(
        () => true,
        (error: unknown) => {
          if (error instanceof Unanswered) return false;
          throw error;
        },
      );
      if (!has) missing.push(asset);
    }
    return missing;
  }

  /** Reporters with a fresh report on an asset. */
  private async reported(at: Five<string>, asset: string): Promise<Set<string>> {
    const answer = ask<{ reporter: string; fresh: boolean }[]>(this.chain, at, "oracle_adapter", {
      reports: { asset },
    });
    const rows = await answer.catch(() => []);
    return new Set(rows.filter((row) => row.fresh).map((row) => row.reporter));
  }

  private async owners(at: Five<string>): Promise<Five<Ownership>> {
    const rows = await Promise.all(CONTRACTS.map((name) => ask<Ownership>(this.chain, at, name, { ownership: {} })));
    return each((name) => rows[CONTRACTS.indexOf(name)] as Ownership);
  }

  // ---------------------------------------------------------------- the record

  /** Tells the record what the chain runs now: a migration changes codes, never addresses. */
  private async refresh(at: Five<string>): Promise<void> {
    const rows: [ContractName, Stored][] = [];
    for (const name of CONTRACTS) {
      const contract = await this.chain.contract(at[name]);
      if (!contract) throw new Refused(`there is no ${dashed(name)} at ${at[name]}`);
      const checksum = (await this.chain.checksum(contract.codeId)) ?? "";
      rows.push([name, { code_id: contract.codeId, checksum }]);
    }
    this.remember({ contracts: at, codes: Object.fromEntries(rows) as Five<Stored> });
  }

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

  private save(change: { [K in keyof Deployment]?: Deployment[K] | undefined }): void {
    this.remember(change);
    writeRecord(this.network.record, this.record);
  }

  /** Changes the record, which is written with the next thing that is done. */
  private remember(change: { [K in keyof Deployment]?: Deployment[K] | undefined }): void {
    const next = { ...this.record, ...change };
    this.record = Object.fromEntries(
      Object.entries(next).filter(([, value]) => value !== undefined),
    ) as unknown as Deployment;
  }

  private salt(of: string): string {
    return `${this.network.salt}/${of}`;
  }
}

/** A code that is needed. */
interface Wanted {
  name: string;
  file?: string;
  checksum: string;
  id: number | undefined;
}

/** Where a contract is or will be. */
interface Place {
  address: string;
  codeId: number | undefined;
  checksum: string;
}

interface TokenSite extends Place {
  plan: TokenPlan;
  exists: boolean;
}

interface Ownership {
  owner: string | null;
  pending_owner: string | null;
}

function wantedChecksum(code: Code): string | { id: number } {
  return "id" in code ? code : fileChecksum(code.file);
}

function fileChecksum(file: string): string {
  const option = short(file).startsWith(join("artifacts", "test")) ? " --test-contracts" : "";
  if (!existsSync(file)) throw new Refused(`there is no ${short(file)}: scripts/build-wasm${option} makes it`);
  return createHash("sha256").update(readFileSync(file)).digest("hex");
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

/** A path as a person types it. */
export function short(path: string): string {
  const inside = relative(ROOT, path);
  return inside.startsWith("..") ? path : join(inside);
}
