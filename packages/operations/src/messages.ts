import { gzipSync } from "node:zlib";
import { fromUtf8, toUtf8 } from "@cosmjs/encoding";
import type { EncodeObject } from "@cosmjs/proto-signing";
import {
  MsgExecuteContract,
  MsgInstantiateContract2,
  MsgMigrateContract,
  MsgPinCodes,
  MsgStoreCode,
} from "cosmjs-types/cosmwasm/wasm/v1/tx.js";
import type { Json, JsonObject } from "./json.js";

/** Most reports or assets that one message to the oracle adapter takes. */
const MOST = 16;

/** In as many parts as messages are needed for all of them. */
export function parts<T>(all: readonly T[], most = MOST): T[][] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, n) => all.slice(n * most, (n + 1) * most));
}

/** A coin. */
export interface Coin {
  denom: string;
  amount: string;
}

/** Stores code, compressed as wasmd takes it. */
export function storeCode(sender: string, wasm: Uint8Array): EncodeObject {
  const value = MsgStoreCode.fromPartial({ sender, wasmByteCode: gzipSync(wasm, { level: 9 }) });
  return { typeUrl: "/cosmwasm.wasm.v1.MsgStoreCode", value };
}

/** Creates a contract at its predicted address. */
export function instantiate2(of: {
  sender: string;
  admin: string;
  codeId: number;
  label: string;
  salt: string;
  msg: Json;
}): EncodeObject {
  const { sender, admin, label } = of;
  const value = MsgInstantiateContract2.fromPartial({
    sender,
    admin,
    codeId: BigInt(of.codeId),
    label,
    msg: toUtf8(JSON.stringify(of.msg)),
    funds: [],
    salt: toUtf8(of.salt),
    fixMsg: false,
  });
  return { typeUrl: "/cosmwasm.wasm.v1.MsgInstantiateContract2", value };
}

/** A message to a contract. */
export function execute(sender: string, contract: string, msg: Json, funds: Coin[] = []): EncodeObject {
  const value = MsgExecuteContract.fromPartial({ sender, contract, msg: toUtf8(JSON.stringify(msg)), funds });
  return { typeUrl: "/cosmwasm.wasm.v1.MsgExecuteContract", value };
}

/** Moves a contract to another code. */
export function migrate(sender: string, contract: string, codeId: number): EncodeObject {
  const value = MsgMigrateContract.fromPartial({ sender, contract, codeId: BigInt(codeId), msg: toUtf8("{}") });
  return { typeUrl: "/cosmwasm.wasm.v1.MsgMigrateContract", value };
}

/** Keeps codes in memory. */
export function pinCodes(authority: string, codeIds: number[]): EncodeObject {
  const value = MsgPinCodes.fromPartial({ authority, codeIds: codeIds.map(BigInt) });
  return { typeUrl: "/cosmwasm.wasm.v1.MsgPinCodes", value };
}

/** A message as `wasmd tx gov submit-proposal` reads it. */
export function toProposalJson(message: EncodeObject): JsonObject {
  const type = { "@type": message.typeUrl };
  switch (message.typeUrl) {
    case "/cosmwasm.wasm.v1.MsgExecuteContract": {
      const { sender, contract, msg, funds } = message.value as MsgExecuteContract;
      const coins = funds.map(({ denom, amount }) => ({ denom, amount }));
      return { ...type, sender, contract, msg: JSON.parse(fromUtf8(msg)) as Json, funds: coins };
    }
    case "/cosmwasm.wasm.v1.MsgMigrateContract": {
      const { sender, contract, codeId, msg } = message.value as MsgMigrateContract;
      return { ...type, sender, contract, code_id: codeId.toString(), msg: JSON.parse(fromUtf8(msg)) as Json };
    }
    case "/cosmwasm.wasm.v1.MsgPinCodes": {
      const { authority, codeIds } = message.value as MsgPinCodes;
      return { ...type, authority, code_ids: codeIds.map(String) };
    }
    default:
      throw new Error(`${message.typeUrl} is in no proposal of ours`);
  }
}

/** The same back. */
export function fromProposalJson(json: JsonObject): EncodeObject {
  switch (json["@type"]) {
    case "/cosmwasm.wasm.v1.MsgExecuteContract":
      return execute(
        json.sender as string,
        json.contract as string,
        json.msg as Json,
        (json.funds ?? []) as unknown as Coin[],
      );
    case "/cosmwasm.wasm.v1.MsgMigrateContract":
      return migrate(json.sender as string, json.contract as string, Number(json.code_id));
    case "/cosmwasm.wasm.v1.MsgPinCodes":
      return pinCodes(json.authority as string, (json.code_ids as string[]).map(Number));
    default:
      throw new Error(`${String(json["@type"])} is in no proposal of ours`);
  }
}
