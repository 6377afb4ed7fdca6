/** Messages to the contracts, with what they pay: coins are attached, a cw20 token goes by its `Send` hook with the same message inside. */

import { toBase64, toUtf8 } from "@cosmjs/encoding";
import type { EncodeObject } from "@cosmjs/proto-signing";
import type { Coin } from "@cosmjs/stargate";
import { MsgExecuteContract } from "cosmjs-types/cosmwasm/wasm/v1/tx.js";

/** A denom of the bank module, or a cw20 token: what an asset's name stands for. */
export type AssetInfo = { native: string } | { cw20: string };

/** Base units of an asset. */
export interface Payment {
  info: AssetInfo;
  amount: bigint;
}

/** A plain message with coins. */
export function execute(sender: string, contract: string, msg: object, funds: readonly Coin[] = []): EncodeObject {
  return {
    typeUrl: "/cosmwasm.wasm.v1.MsgExecuteContract",
    value: MsgExecuteContract.fromPartial({ sender, contract, msg: json(msg), funds: [...funds] }),
  };
}

/**
 * A message that pays: any number of coins, or one cw20 token. Throws for a token beside anything else: no message can carry
 * that, it takes several.
 */
export function pay(sender: string, contract: string, msg: object, payments: readonly Payment[]): EncodeObject {
  for (const { amount } of payments) {
    if (amount <= 0n) throw new RangeError(`a payment of ${amount}`);
  }
  const token = payments.find(({ info }) => "cw20" in info);
  if (token === undefined) return execute(sender, contract, msg, coins(payments));
  if (payments.length > 1) throw new Error("a token can't be paid together with another asset in one message");
  const { info, amount } = token;
  const send = { send: { contract, amount: amount.toString(), msg: toBase64(json(msg)) } };
  return execute(sender, (info as { cw20: string }).cw20, send);
}

/** Coins in the order that the bank module asks for, each denom once. */
function coins(payments: readonly Payment[]): Coin[] {
  const sums = new Map<string, bigint>();
  for (const { info, amount } of payments) {
    const { native } = info as { native: string };
    sums.set(native, (sums.get(native) ?? 0n) + amount);
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([denom, amount]) => ({ denom, amount: amount.toString() }));
}

function json(msg: object): Uint8Array {
  return toUtf8(JSON.stringify(msg));
}
