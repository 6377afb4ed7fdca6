/** Where a suite lives: the five addresses, as `deployments/<chain-id>.json` has them. */

/** The five contracts, by the names that they use for each other. */
export const CONTRACTS = [
  "vault",
  "position_manager",
  "oracle_adapter",
  "liquidation_auction",
  "insurance_fund",
] as const;

export type ContractName = (typeof CONTRACTS)[number];

export type Addresses = Record<ContractName, string>;

/** What a frontend needs of a deployment file; further fields are for those who deploy. */
export interface Deployment {
  chain_id: string;
  contracts: Addresses;
}

/** Reads a deployment out of parsed JSON. Throws where an address is missing. */
export function deployment(json: unknown): Deployment {
  const { chain_id, contracts } = (json ?? {}) as Partial<Deployment>;
  if (typeof chain_id !== "string") throw new Error("deployment: no chain_id");
  return { chain_id, contracts: addresses(contracts) };
}

/** Checks that all five addresses are there, and no two of them are one. */
export function addresses(given: Partial<Addresses> | undefined): Addresses {
  const found = CONTRACTS.map((name) => {
    const address = given?.[name];
    if (typeof address !== "string" || address === "") throw new Error(`deployment: no address of ${name}`);
    return [name, address] as const;
  });
  if (new Set(found.map(([, address]) => address)).size < CONTRACTS.length) {
    throw new Error("deployment: two contracts have one address");
  }
  return Object.fromEntries(found) as Addresses;
}

/** Which of the five an address is. */
export function contractAt(contracts: Addresses, address: string): ContractName | undefined {
  return CONTRACTS.find((name) => contracts[name] === address);
}
