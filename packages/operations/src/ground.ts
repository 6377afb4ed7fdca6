import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Job } from "./job.js";
import { ROOT } from "./localnet.js";
import type { Code, Network, TokenPlan } from "./network.js";
import type { Stored } from "./record.js";
import { ask, CONTRACTS, type ContractName, dashed, each, type Five } from "./suite.js";
import { Refused, Unanswered } from "./words.js";

/** What is on the chain already of what a deployment needs. */
export class Ground {
  constructor(private readonly job: Job) {}

  /** Codes that the suite and its test tokens need, with the numbers under which the chain has them. */
  async codes(): Promise<Wanted[]> {
    const wanted: Wanted[] = [];
    for (const name of CONTRACTS) wanted.push(await this.code(dashed(name), this.job.network.codes[name]));
    for (const token of this.job.network.tokens) {
      const code = await this.code("test token", token.code);
      if (!wanted.some((one) => one.checksum === code.checksum)) wanted.push(code);
    }
    const unknown = new Set(wanted.filter((code) => code.id === undefined).map((code) => code.checksum));
    const found =
      unknown.size > 0 ? await this.job.chain.findCodes(unknown, this.job.sender) : new Map<string, number>();
    return wanted.map((code) => (code.id === undefined ? { ...code, id: found.get(code.checksum) } : code));
  }

  private async code(name: string, code: Code): Promise<Wanted> {
    if ("id" in code) {
      const checksum = await this.job.chain.checksum(code.id);
      if (checksum === undefined) throw new Refused(`the chain has no code ${code.id} (${name})`);
      return { name, id: code.id, checksum };
    }
    return { name, file: code.file, checksum: fileChecksum(code.file), id: undefined };
  }

  /** Where the five are or will be: what was created once stays where it is, whatever code it runs by now. */
  sites(codes: Wanted[]): Five<Place> {
    const { contracts } = this.job.record;
    const of = (name: ContractName): Place => {
      const code = codes.find((one) => one.name === dashed(name)) as Wanted;
      const address =
        contracts?.[name] ??
        this.job.chain.predict(code.checksum, this.job.sender, salt(this.job.network, dashed(name)));
      return { address, codeId: code.id, checksum: code.checksum };
    };
    return each(of);
  }

  async tokens(codes: Wanted[]): Promise<TokenSite[]> {
    const sites: TokenSite[] = [];
    for (const plan of this.job.network.tokens) {
      const wanted = await this.code("test token", plan.code);
      const code = codes.find((one) => one.checksum === wanted.checksum) as Wanted;
      const made = this.job.record.tokens?.[plan.name];
      const address =
        made ?? this.job.chain.predict(code.checksum, this.job.sender, salt(this.job.network, `token-${plan.name}`));
      const exists = (await this.job.chain.contract(address)) !== undefined;
      sites.push({ plan, address, codeId: code.id, checksum: code.checksum, exists });
    }
    const made = sites.filter((site) => site.exists).map((site) => [site.plan.name, site.address]);
    if (made.length > 0) this.job.remember({ tokens: Object.fromEntries(made) as Record<string, string> });
    return sites;
  }

  /** Are the five there? All of them or none, or they are somebody else's. */
  async exists(sites: Five<Place>): Promise<boolean> {
    const found = await Promise.all(CONTRACTS.map((name) => this.job.chain.contract(sites[name].address)));
    const there = CONTRACTS.filter((_, n) => found[n]);
    if (there.length === 0) return false;
    if (there.length < CONTRACTS.length) {
      throw new Refused(`of the five only ${there.join(", ")} are on the chain: another salt makes a suite of its own`);
    }
    await this.refresh(each((name) => sites[name].address));
    return true;
  }

  /** Assets of the file without a price. */
  async unpriced(at: Five<string>): Promise<string[]> {
    const missing: string[] = [];
    for (const { name: asset } of this.job.network.assets) {
      const answer = ask(this.job.chain, at, "oracle_adapter", { price: { asset } });
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
  async reported(at: Five<string>, asset: string): Promise<Set<string>> {
    const answer = ask<{ reporter: string; fresh: boolean }[]>(this.job.chain, at, "oracle_adapter", {
      reports: { asset },
    });
    const rows = await answer.catch(() => []);
    return new Set(rows.filter((row) => row.fresh).map((row) => row.reporter));
  }

  async owners(at: Five<string>): Promise<Five<Ownership>> {
    const rows = await Promise.all(
      CONTRACTS.map((name) => ask<Ownership>(this.job.chain, at, name, { ownership: {} })),
    );
    return each((name) => rows[CONTRACTS.indexOf(name)] as Ownership);
  }

  /** Tells the record what the chain runs now: a migration changes codes, never addresses. */
  private async refresh(at: Five<string>): Promise<void> {
    const rows: [ContractName, Stored][] = [];
    for (const name of CONTRACTS) {
      const contract = await this.job.chain.contract(at[name]);
      if (!contract) throw new Refused(`there is no ${dashed(name)} at ${at[name]}`);
      const checksum = (await this.job.chain.checksum(contract.codeId)) ?? "";
      rows.push([name, { code_id: contract.codeId, checksum }]);
    }
    this.job.remember({ contracts: at, codes: Object.fromEntries(rows) as Five<Stored> });
  }
}

/** A code that is needed. */
export interface Wanted {
  name: string;
  file?: string;
  checksum: string;
  id: number | undefined;
}

/** Where a contract is or will be. */
export interface Place {
  address: string;
  codeId: number | undefined;
  checksum: string;
}

/** A test token. */
export interface TokenSite extends Place {
  plan: TokenPlan;
  exists: boolean;
}

/** What a contract says of its owner. */
export interface Ownership {
  owner: string | null;
  pending_owner: string | null;
}

/** What a contract must run: a checksum, or a code by its number. */
export function wantedChecksum(code: Code): string | { id: number } {
  return "id" in code ? code : fileChecksum(code.file);
}

function fileChecksum(file: string): string {
  const option = short(file).startsWith(join("artifacts", "test")) ? " --test-contracts" : "";
  if (!existsSync(file)) throw new Refused(`there is no ${short(file)}: scripts/build-wasm${option} makes it`);
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** Salt of a contract's address: another one for each, and for each suite. */
export function salt(network: Network, of: string): string {
  return `${network.salt}/${of}`;
}

/** A path as a person types it. */
export function short(path: string): string {
  const inside = relative(ROOT, path);
  return inside.startsWith("..") ? path : join(inside);
}
