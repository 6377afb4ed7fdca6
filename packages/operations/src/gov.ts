import type { EncodeObject } from "@cosmjs/proto-signing";
import { ProposalStatus, VoteOption } from "cosmjs-types/cosmos/gov/v1/gov.js";
import { QueryClientImpl as GovQuery } from "cosmjs-types/cosmos/gov/v1/query.js";
import { MsgSubmitProposal, MsgVote } from "cosmjs-types/cosmos/gov/v1/tx.js";
import { attribute, type Chain, sleep } from "./chain.js";
import type { JsonObject } from "./json.js";
import { type Coin, fromProposalJson, toProposalJson } from "./messages.js";
import { Refused } from "./words.js";

/** A proposal of gov v1, ready to submit: the file that `wasmd tx gov submit-proposal` takes. */
export interface Proposal {
  messages: JsonObject[];
  metadata: string;
  /** As `1000000ustake`. */
  deposit: string;
  title: string;
  summary: string;
  expedited: boolean;
}

/** A proposal of these messages. */
export function proposal(
  messages: EncodeObject[],
  about: { title: string; summary: string; deposit: string; expedited?: boolean },
): Proposal {
  const { title, summary, deposit, expedited = false } = about;
  return { messages: messages.map(toProposalJson), metadata: "", deposit, title, summary, expedited };
}

/** `1000000ustake` as coins. */
export function coins(text: string): Coin[] {
  return text.split(",").map((part) => {
    const found = /^(\d+)([a-zA-Z][a-zA-Z0-9/:._-]{2,127})$/.exec(part.trim());
    if (!found) throw new Refused(`\`${part}\` is no amount of coins, such as 1000000ustake`);
    return { amount: found[1] as string, denom: found[2] as string };
  });
}

/** The least deposit with which a proposal comes to a vote, as text. */
export async function least(chain: Chain, expedited: boolean): Promise<string> {
  const { params } = await new GovQuery(chain.proto).Params({ paramsType: "deposit" });
  const rows = (expedited ? params?.expeditedMinDeposit : params?.minDeposit) ?? [];
  const [coin] = rows;
  if (!coin) throw new Refused("the chain does not say what a proposal must deposit: say --deposit");
  return `${coin.amount}${coin.denom}`;
}

/** The message that submits a proposal. */
export function submission(proposer: string, of: Proposal, chain: Chain): EncodeObject {
  const value = MsgSubmitProposal.fromPartial({
    messages: of.messages.map((message) => chain.registry.encodeAsAny(fromProposalJson(message))),
    initialDeposit: coins(of.deposit),
    proposer,
    metadata: of.metadata,
    title: of.title,
    summary: of.summary,
    expedited: of.expedited,
  });
  return { typeUrl: "/cosmos.gov.v1.MsgSubmitProposal", value };
}

/** Submits a proposal and returns its number. */
export async function submit(chain: Chain, proposer: string, of: Proposal): Promise<bigint> {
  const done = await chain.send(proposer, [submission(proposer, of, chain)]);
  const id = attribute(done, "submit_proposal", "proposal_id");
  if (id === undefined) throw new Error("a proposal without a number");
  return BigInt(id);
}

/** Votes yes. */
export async function vote(chain: Chain, voter: string, id: bigint): Promise<void> {
  const value = MsgVote.fromPartial({ proposalId: id, voter, option: VoteOption.VOTE_OPTION_YES, metadata: "" });
  await chain.send(voter, [{ typeUrl: "/cosmos.gov.v1.MsgVote", value }]);
}

/** Where a proposal stands; nothing where the chain has it no more: it was cancelled, or its deposit stayed too small. */
export async function standing(
  chain: Chain,
  id: bigint,
): Promise<{ status: ProposalStatus; failedReason: string } | undefined> {
  const { proposal: found } = await new GovQuery(chain.proto)
    .Proposal({ proposalId: id })
    .catch((error: unknown): { proposal?: undefined } => {
      if (/code = NotFound|proposal \d+ doesn't exist/.test(String(error))) return {};
      throw error;
    });
  return found && { status: found.status, failedReason: found.failedReason };
}

/** The same in a word. */
export async function progress(chain: Chain, id: bigint): Promise<"open" | "passed" | "over"> {
  const { status } = (await standing(chain, id)) ?? {};
  if (status === undefined) return "over";
  if (status === ProposalStatus.PROPOSAL_STATUS_PASSED) return "passed";
  const open = [ProposalStatus.PROPOSAL_STATUS_VOTING_PERIOD, ProposalStatus.PROPOSAL_STATUS_DEPOSIT_PERIOD];
  return open.includes(status) ? "open" : "over";
}

/** How a vote ended. */
export type Verdict = { passed: true } | { passed: false; why: string };

/** Waits until a proposal was carried out, or was not. */
export async function verdict(chain: Chain, id: bigint): Promise<Verdict> {
  for (;;) {
    const { status, failedReason = "" } = (await standing(chain, id)) ?? {};
    switch (status) {
      case undefined:
        return { passed: false, why: "it was cancelled, or its deposit stayed too small" };
      case ProposalStatus.PROPOSAL_STATUS_PASSED:
        return { passed: true };
      case ProposalStatus.PROPOSAL_STATUS_FAILED:
        return { passed: false, why: failedReason };
      case ProposalStatus.PROPOSAL_STATUS_REJECTED:
        return { passed: false, why: "rejected" };
      default:
        await sleep(200);
    }
  }
}

/** Submits, has everybody vote yes, and waits. Where it is not carried out, says why. */
export async function govern(chain: Chain, proposer: string, voters: string[], of: Proposal): Promise<bigint> {
  const id = await submit(chain, proposer, of);
  for (const voter of voters) await vote(chain, voter, id);
  const end = await verdict(chain, id);
  if (!end.passed) throw new Refused(`proposal ${id} was not carried out: ${end.why}`);
  return id;
}
