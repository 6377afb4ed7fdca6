export { Account, type Bid, type Done, type Fee, type Item, type ManyBids } from "./account.js";
export { action, type Change, type Step, steps } from "./changes.js";
export { atomics } from "./decimal.js";
export {
  type Addresses,
  addresses,
  CONTRACTS,
  type ContractName,
  contractAt,
  type Deployment,
  deployment,
} from "./deployment.js";
export { asGlidepathError, ChainError, type ErrorCode, GlidepathError, parseRefusal, type Refused } from "./errors.js";
export { type GlidepathEvent, parseEvent, parseEvents, type RawEvent } from "./events.js";
export type { Errors } from "./generated/errors.js";
export type { Events } from "./generated/events.js";
export { InsuranceFundClient, InsuranceFundQueryClient } from "./generated/InsuranceFund.client.js";
export * as fund from "./generated/InsuranceFund.types.js";
export { LiquidationAuctionClient, LiquidationAuctionQueryClient } from "./generated/LiquidationAuction.client.js";
export * as auction from "./generated/LiquidationAuction.types.js";
export { OracleAdapterClient, OracleAdapterQueryClient } from "./generated/OracleAdapter.client.js";
export * as oracle from "./generated/OracleAdapter.types.js";
export { PositionManagerClient, PositionManagerQueryClient } from "./generated/PositionManager.client.js";
export * as positions from "./generated/PositionManager.types.js";
export { VaultClient, VaultQueryClient } from "./generated/Vault.client.js";
export * as vault from "./generated/Vault.types.js";
export { type Asset, Glidepath, type OpenLotsAsked } from "./glidepath.js";
export { type AssetInfo, execute, type Payment, pay } from "./payment.js";
export { type Happened, type Node, node, type WatchOptions, watch, watchAuction, watchPosition } from "./watch.js";
