/** Records as the chain stores them, all of one block. */

import { fromHex } from "@cosmjs/encoding";
import { connectComet } from "@cosmjs/tendermint-rpc";
import {
  QueryRawContractStateRequest,
  QueryRawContractStateResponse,
  QuerySmartContractStateRequest,
  QuerySmartContractStateResponse,
} from "cosmjs-types/cosmwasm/wasm/v1/query.js";
import type { Key } from "./engine.js";

/** A block to read from. */
export interface Reader {
  readonly height: number;
  /** Unix seconds of the block. */
  readonly time: number;
  /** A record; empty where the contract has none. */
  read(key: Key): Promise<Uint8Array>;
  /** A contract's answer at this block as JSON text, by the node itself. */
  smart(contract: string, query: object): Promise<string>;
}

/** The last block of a node. Its state stays readable as long as the node keeps it, some hundred blocks at least. */
export async function lastBlock(rpc: string): Promise<Reader> {
  const comet = await connectComet(rpc);
  // The height of the state: the last block may be ahead of it.
  const { lastBlockHeight: height } = await comet.abciInfo();
  if (height === undefined) throw new Error(`${rpc} has no block yet`);
  const { header } = await comet.commit(height);
  const query = async (method: string, data: Uint8Array) => {
    const { code, log, value } = await comet.abciQuery({ path: `/cosmwasm.wasm.v1.Query/${method}`, data, height });
    if (code !== 0) throw new Error(`Query failed with (${code}): ${log}`);
    return value;
  };
  return {
    height,
    time: Math.floor(header.time.getTime() / 1000),
    read: async ({ contract, key }) => {
      const request = QueryRawContractStateRequest.fromPartial({ address: contract, queryData: fromHex(key) });
      const value = await query("RawContractState", QueryRawContractStateRequest.encode(request).finish());
      return QueryRawContractStateResponse.decode(value).data;
    },
    smart: async (address, question) => {
      const queryData = new TextEncoder().encode(JSON.stringify(question));
      const request = QuerySmartContractStateRequest.fromPartial({ address, queryData });
      const value = await query("SmartContractState", QuerySmartContractStateRequest.encode(request).finish());
      return new TextDecoder().decode(QuerySmartContractStateResponse.decode(value).data);
    },
  };
}
