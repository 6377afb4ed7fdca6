import type { EncodeObject } from "@cosmjs/proto-signing";
import { Chain, type Done } from "./chain.js";
import { Deployer } from "./deploy.js";
import { govern, least, proposal } from "./gov.js";
import type { Json } from "./json.js";
import { type Live, live } from "./live.js";
import { addressOf, type Localnet, localnet, localPlan, localWallet, script } from "./localnet.js";
import { type Coin, execute } from "./messages.js";
import { deployer, type Network } from "./network.js";
import type { Draft } from "./proposals.js";
import { Refused } from "./words.js";

/** A local chain for a program of ours: started, driven, killed, started again, and taken away. */
export class Local {
  private constructor(
    readonly about: Localnet,
    /** Signs for every named account. */
    readonly chain: Chain,
  ) {}

  /** Starts a network of this name, or joins it where it runs. */
  static async up(name: string): Promise<Local> {
    script(name, "up");
    const about = localnet(name);
    const { chain_id, rpc } = about;
    const plan = localPlan();
    const settings = { chain_id, rpc, prefix: plan.prefix, gas_price: `0${plan.stake}` };
    return new Local(about, await Chain.connect(settings, await localWallet()));
  }

  /** Address of a named account. */
  of(account: string): string {
    return addressOf(this.about, account);
  }

  /** Sends messages as a named account. */
  send(account: string, ...messages: EncodeObject[]): Promise<Done> {
    return this.chain.send(this.of(account), messages);
  }

  /** Sends a message to a contract as a named account, with coins attached. */
  tell(account: string, contract: string, msg: Json, ...funds: Coin[]): Promise<Done> {
    return this.send(account, execute(this.of(account), contract, msg, funds));
  }

  /** Pays a cw20 token into a contract, with the message inside. */
  pay(account: string, token: string, amount: string, contract: string, msg: Json): Promise<Done> {
    const inside = Buffer.from(JSON.stringify(msg)).toString("base64");
    return this.tell(account, token, { send: { contract, amount, msg: inside } });
  }

  /** Deploys the suite as a network's file says, up to the vote by which governance takes it over. */
  async deploy(network: Network, say: (line: string) => void = () => {}): Promise<Live> {
    const sender = await deployer(network, await localWallet());
    const ending = await (await Deployer.open(network, this.chain, sender, say, true)).run();
    if (ending.kind === "waiting") throw new Refused(`deploying waits for ${ending.for}`);
    if (ending.kind === "different") throw new Refused(`what was deployed differs: ${JSON.stringify(ending.findings)}`);
    return live(network, this.chain);
  }

  /** Puts a proposal to the vote of all voters, and waits until it is carried out. */
  async govern(draft: Draft): Promise<bigint> {
    const deposit = await least(this.chain, false);
    const voters = ["validator", "voter"].map((name) => this.of(name));
    return govern(this.chain, this.of("voter"), voters, proposal(draft.messages, { ...draft, deposit }));
  }

  /** Has reporters post prices at the chain's time. */
  async post(oracle: string, prices: Record<string, string>, reporters = ["reporter-1", "reporter-2"]): Promise<void> {
    for (const reporter of reporters) {
      const at = await this.chain.now();
      const reports = Object.entries(prices).map(([asset, price]) => ({ asset, price, at }));
      await this.tell(reporter, oracle, { post: { reports } });
    }
  }

  /** What an account has of a native coin. */
  async balance(account: string, denom: string): Promise<bigint> {
    return BigInt((await this.chain.client.getBalance(this.of(account), denom)).amount);
  }

  /** Moves the chain's clock forward. */
  skip(seconds: number): void {
    script(this.about.name, "skip", String(seconds));
  }

  /** Kills the node as a crash would. */
  kill(): void {
    script(this.about.name, "down", "--hard");
  }

  /** Starts the node again. */
  start(): void {
    script(this.about.name, "up");
  }

  /** Takes the network away, its state too. */
  remove(): void {
    this.chain.disconnect();
    script(this.about.name, "reset");
  }
}
