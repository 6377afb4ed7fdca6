/** Changes of a position, and the messages that carry them. */

import type { Action } from "./generated/PositionManager.types.js";
import type { AssetInfo, Payment } from "./payment.js";

/** One change. Amounts are base units; they run in the order given. */
export type Change =
  /** Adds collateral. */
  | { deposit: { asset: string; amount: bigint } }
  /** Takes collateral out; all of it if no amount is said. */
  | { withdraw: { asset: string; amount?: bigint } }
  /** Borrows. */
  | { borrow: { asset: string; amount: bigint } }
  /**
   * Repays. At most `amount`; all that is owed if not said, and then `pay` is what is sent along: what the debt does not need
   * comes back.
   */
  | { repay: { asset: string; amount: bigint } | { asset: string; pay: bigint } };

/** One message to the position manager and what it pays. */
export interface Step {
  actions: Action[];
  payments: Payment[];
}

/** The change as the contract reads it. */
export function action(change: Change): Action {
  if ("deposit" in change) return { deposit: amounted(change.deposit) };
  if ("borrow" in change) return { borrow: amounted(change.borrow) };
  if ("withdraw" in change) {
    const { asset, amount } = change.withdraw;
    return { withdraw: amount === undefined ? { asset } : { asset, amount: amount.toString() } };
  }
  const { repay } = change;
  return { repay: "amount" in repay ? amounted(repay) : { asset: repay.asset } };
}

/** What a change pays. */
export function paid(change: Change): { asset: string; amount: bigint } | undefined {
  if ("deposit" in change) return change.deposit;
  if ("repay" in change) {
    const { repay } = change;
    return { asset: repay.asset, amount: "amount" in repay ? repay.amount : repay.pay };
  }
  return undefined;
}

/**
 * The fewest messages that carry these changes. One message takes any number of coins, or one token with the payments first;
 * otherwise each token goes in a message of its own, ahead of the rest.
 */
export function steps(
  changes: readonly Change[],
  infoOf: (asset: string) => AssetInfo,
  recipient: string | undefined,
): Step[] {
  if (changes.length === 0) throw new Error("no change");
  const payment = (change: Change): Payment | undefined => {
    const it = paid(change);
    return it && { info: infoOf(it.asset), amount: it.amount };
  };
  const step = (some: readonly Change[]): Step => ({
    actions: some.map(action),
    payments: merged(some.flatMap((change) => payment(change) ?? [])),
  });
  const tokenOf = (change: Change): string | undefined => {
    const it = payment(change);
    return it && "cw20" in it.info ? it.info.cw20 : undefined;
  };
  const tokens = new Set(changes.flatMap((change) => tokenOf(change) ?? []));
  const whole = step(changes);
  if (tokens.size === 0) return [whole];
  const isPaid = (change: Change) => paid(change) !== undefined;
  const paymentsFirst = changes.every((change, nth) => !isPaid(change) || changes.slice(0, nth).every(isPaid));
  if (whole.payments.length === 1 && paymentsFirst && recipient === undefined) return [whole];
  const ahead = [...tokens].map((token) => step(changes.filter((change) => tokenOf(change) === token)));
  const rest = changes.filter((change) => tokenOf(change) === undefined);
  return rest.length === 0 ? ahead : [...ahead, step(rest)];
}

/** Payments of the same asset in one. */
function merged(payments: readonly Payment[]): Payment[] {
  const sums = new Map<string, Payment>();
  for (const { info, amount } of payments) {
    const key = JSON.stringify(info);
    sums.set(key, { info, amount: amount + (sums.get(key)?.amount ?? 0n) });
  }
  return [...sums.values()];
}

function amounted({ asset, amount }: { asset: string; amount: bigint }): { asset: string; amount: string } {
  return { asset, amount: amount.toString() };
}
