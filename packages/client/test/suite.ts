/** Addresses for tests. */

import type { Addresses } from "@glidepath/client";

export const CONTRACTS: Addresses = {
  vault: "glide1vault",
  position_manager: "glide1positions",
  oracle_adapter: "glide1oracle",
  liquidation_auction: "glide1auction",
  insurance_fund: "glide1fund",
};
