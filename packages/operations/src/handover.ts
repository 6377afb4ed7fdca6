import { attribute, type Chain, TxFailed } from "./chain.js";
import { progress, proposal, submission, verdict, vote } from "./gov.js";
import { type Ownership, short } from "./ground.js";
import type { Job, Step } from "./job.js";
import { ask, CONTRACTS, type ContractName, dashed, type Five, tell } from "./suite.js";
import { count, Refused } from "./words.js";

/** In two steps, so that the contracts always have an owner who can act: the deployer, until the other one accepts. */
export async function handOver(job: Job, at: Five<string>, owners: Five<Ownership> | undefined): Promise<Step[]> {
  if (job.owner === job.sender) return [];
  const steps: Step[] = [];
  const unasked = CONTRACTS.filter(
    (name) => !owners || (owners[name].owner === job.sender && owners[name].pending_owner !== job.owner),
  );
  if (unasked.length > 0) {
    steps.push({
      name: "offer the contracts to their owner",
      lines: unasked.map((name) => `${dashed(name)}: offered to ${job.owner}`),
      sender: job.sender,
      checked: true,
      messages: unasked.map((name) =>
        tell(job.sender, at, name, { update_ownership: { propose: { owner: job.owner, expiry: null } } }),
      ),
    });
  }
  const waiting = CONTRACTS.filter((name) => !owners || owners[name].owner !== job.owner);
  if (waiting.length > 0) steps.push(await acceptance(job, at, waiting));
  return steps;
}

/** Nothing is put to a vote that was not compared with the file to the last figure before. */
async function acceptance(job: Job, at: Five<string>, waiting: ContractName[]): Promise<Step> {
  const idle = { name: "acceptance", sender: job.sender, messages: [], checked: true };
  const wait = (waits: string): Step => ({ ...idle, lines: [`wait for ${waits}`], waits });
  if (job.network.owner !== "gov") {
    return wait(`${job.owner} to send {"update_ownership":{"accept":{}}} to ${count(waiting.length, "contract")}`);
  }
  const { deposit, submit, expedited, voters } = job.network.governance;
  const accept = { update_ownership: { accept: {} } };
  const text = proposal(
    waiting.map((name) => tell(job.owner, at, name, accept)),
    {
      title: "Take over Glidepath",
      summary:
        "Governance accepts the ownership of the five contracts of Glidepath. They are configured as the file of this network says; `scripts/deploy --verify` compares every figure.",
      deposit,
      expedited,
    },
  );
  const path = job.network.record.replace(/\.json$/, ".accept.json");
  const file = { path, text: `${JSON.stringify(text, null, 2)}\n` };
  const { rpc, chain_id } = job.network.chain;
  const command = `wasmd tx gov submit-proposal ${short(path)} --node ${rpc} --chain-id ${chain_id} --from KEY --gas auto --gas-adjustment 1.4`;
  const votes = job.network.local !== undefined && voters.length > 0;
  if (job.record.proposal !== undefined) {
    const id = BigInt(job.record.proposal);
    const state = await progress(job.chain, id);
    if (state === "open" && !votes) return wait(`the vote on proposal ${id}`);
    if (state === "open") {
      return { ...idle, lines: [`vote on proposal ${id}`], act: () => voteAll(job.chain, id, voters) };
    }
    if (state === "passed") {
      return { ...idle, lines: [`proposal ${id} was carried out`], act: () => accepted(job, at, waiting, id) };
    }
    if (!votes) return { ...wait(`another vote, proposal ${id} was not carried out: ${command}`), file };
  }
  if (!submit) return { ...wait(`a vote: ${command}`), file };
  return {
    ...idle,
    name: "propose to accept",
    lines: [`submit a proposal by which the owner accepts ${count(waiting.length, "contract")}: ${short(path)}`],
    messages: [submission(job.sender, text, job.chain)],
    file,
    after: (done) => job.save({ proposal: attribute(done, "submit_proposal", "proposal_id") }),
  };
}

/** The vote may have ended behind what was read of the contracts: they are read again, once. */
async function accepted(job: Job, at: Five<string>, waiting: ContractName[], id: bigint): Promise<void> {
  await job.chain.blocks(1);
  for (const name of waiting) {
    const { owner } = await ask<Ownership>(job.chain, at, name, { ownership: {} });
    if (owner !== job.owner)
      throw new Refused(`proposal ${id} was carried out, and the ${dashed(name)} is still ${owner}'s`);
  }
}

/** On a local chain everybody whose key is known votes yes; elsewhere a vote is others' business. */
async function voteAll(chain: Chain, id: bigint, voters: string[]): Promise<void> {
  let late = false;
  for (const voter of voters) {
    await vote(chain, voter, id).catch((error: unknown) => {
      late = error instanceof TxFailed && /inactive proposal/.test(error.log);
      if (!late) throw error;
    });
  }
  const end = await verdict(chain, id);
  // A run that was cut off may have missed the vote: then there is another.
  if (!end.passed && !late) throw new Refused(`proposal ${id} was not carried out: ${end.why}`);
}
