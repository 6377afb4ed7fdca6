/** A local chain for examples: `scripts/localnet up`, then `scripts/deploy --yes`. */

import { readFile } from "node:fs/promises";
import { makeCosmoshubPath } from "@cosmjs/amino";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import { GasPrice } from "@cosmjs/stargate";
import { Account, deployment, Glidepath } from "@glidepath/client";

const at = (path) => new URL(`../../../${path}`, import.meta.url);

const json = async (path) => {
  try {
    return JSON.parse(await readFile(at(path), "utf8"));
  } catch {
    throw new Error(`there is no ${path}: scripts/localnet up, then scripts/deploy --yes`);
  }
};

/** The suite on the local chain `name`, and its named accounts to sign with. */
export async function local(name = "local") {
  const { rpc, chain_id } = await json(`target/localnet/${name}/network.json`);
  const { mnemonic, prefix, accounts } = await json("scripts/localnet.json");
  const glidepath = await Glidepath.connect(rpc, deployment(await json(`deployments/${chain_id}.json`)));
  const account = async (who) => {
    const hdPaths = [makeCosmoshubPath(accounts.indexOf(who))];
    const wallet = await DirectSecp256k1HdWallet.fromMnemonic(mnemonic, { prefix, hdPaths });
    const gasPrice = GasPrice.fromString("0ustake");
    return Account.connect(rpc, glidepath, wallet, { gasPrice, broadcastPollIntervalMs: 200 });
  };
  return { rpc, glidepath, account };
}

/** Base units as whole tokens, for a person. */
export const tokens = (amount, decimals = 6) =>
  (Number(amount) / 10 ** decimals).toLocaleString("en", { maximumFractionDigits: 2 });

/** A decimal with so many places, for a person. */
export const short = (decimal, places = 4) => Number(decimal).toFixed(places);

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
