#!/usr/bin/env python3
"""Sends a transcript of `gas --transcript` (standard input) to a local chain of its own and prints, and writes to docs/gas-on-chain.md, what each measured
message cost there beside what the model says. Fails where one is further off than 3 %. Called by `scripts/gas --chain`."""

import base64
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import time
from datetime import datetime

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ARTIFACTS = pathlib.Path(os.environ.get("GLIDEPATH_ARTIFACTS", ROOT / "artifacts"))
NAME = "gas"
CONTRACTS = ["vault", "position-manager", "oracle-adapter", "liquidation-auction", "insurance-fund"]
# Who of the local chain plays whom.
PEOPLE = {
    "owner": "voter",
    "guardian": "guardian",
    "reporter-0": "reporter-1",
    "deployer": "deployer",
    "lender": "lender",
    "alice": "borrower",
    "bella": "borrower-2",
    "bidder": "bidder",
}
PAGE = ROOT / "docs" / "gas-on-chain.md"
INTRODUCTION = """# The gas model against a chain

Written by `scripts/gas --chain`: the same messages in the model of [gas.md](gas.md) and as transactions on a local chain of
wasmd v0.61.14, first with codes that are not pinned, then with pinned ones. What differs is the lengths of times, of
sequence numbers and of amounts that hang on the second. The first transaction of an account costs 13,000 more, once: it
stores the account's key.
"""
# How far the model may be off.
MOST = 0.03


def fail(text):
    print(f"gas: {text}", file=sys.stderr)
    sys.exit(1)


def localnet(*args):
    done = subprocess.run([ROOT / "scripts" / "localnet", "--name", NAME, *args], capture_output=True, text=True)
    if done.returncode:
        fail((done.stderr or done.stdout).strip())
    return done.stdout


class Chain:
    def __init__(self):
        about = json.loads(localnet("status", "--json"))
        self.accounts = {account["name"]: account["address"] for account in about["accounts"]}
        self.wasmd = about["wasmd"]
        self.flags = ["--home", about["home"], "--node", about["rpc"], "--output", "json"]
        self.chain = ["--keyring-backend", "test", "--chain-id", about["chain_id"], "--gas", "30000000", "--yes"]

    def run(self, *args):
        done = subprocess.run([self.wasmd, *args, *self.flags], capture_output=True, text=True)
        if done.returncode:
            raise OSError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "wasmd failed")
        return json.loads(done.stdout)

    def tx(self, sender, *args):
        sent = self.run("tx", *args, "--from", sender, *self.chain)
        if sent["code"]:
            fail(f"{args[:2]}: {sent['raw_log']}")
        for _ in range(100):
            time.sleep(0.15)
            with contextlib.suppress(OSError):
                done = self.run("query", "tx", sent["txhash"])
                if done["code"]:
                    fail(f"{' '.join(args)[:300]}: {done['raw_log']}")
                return done
        fail(f"{args[:2]} is in no block")

    def now(self):
        told = self.run("status")["sync_info"]["latest_block_time"]
        return datetime.fromisoformat(told[:19] + "+00:00").timestamp()

    def until(self, moment):
        ahead = int(moment - self.now())
        if ahead > 0:
            localnet("skip", str(ahead))

    def event(self, done, kind, key):
        for event in done["events"]:
            if event["type"] == kind:
                return next(pair["value"] for pair in event["attributes"] if pair["key"] == key)
        fail(f"no {kind}.{key}")

    def gov_pins(self, codes):
        authority = self.run("query", "auth", "module-account", "gov")["account"]["value"]["address"]
        proposal = {
            "messages": [{"@type": "/cosmwasm.wasm.v1.MsgPinCodes", "authority": authority, "code_ids": codes}],
            "deposit": "10000000ustake",
            "title": "Pin",
            "summary": "Pin",
        }
        file = ROOT / "target" / "pin.json"
        file.write_text(json.dumps(proposal))
        done = self.tx("voter", "gov", "submit-proposal", str(file))
        number = self.event(done, "submit_proposal", "proposal_id")
        self.tx("validator", "gov", "vote", number, "yes")
        for _ in range(100):
            time.sleep(0.3)
            if self.run("query", "gov", "proposal", number)["proposal"]["status"] == "PROPOSAL_STATUS_PASSED":
                return
        fail("the proposal does not pass")


def main():
    steps = [json.loads(line) for line in sys.stdin]
    localnet("reset")
    localnet("up")
    try:
        table(play(Chain(), steps))
    finally:
        localnet("reset")


def play(chain, steps):
    names = {f"<{name}>": chain.accounts[key] for name, key in PEOPLE.items()}
    # The first transaction of an account stores its key, which costs 13,000 once; the model is for those behind it.
    for key in PEOPLE.values():
        chain.tx(key, "bank", "send", chain.accounts[key], chain.accounts[key], "1ustake")
    codes = {}
    for contract in CONTRACTS:
        file = ARTIFACTS / f"glidepath_{contract.replace('-', '_')}.wasm"
        done = chain.tx("deployer", "wasm", "store", str(file))
        codes[contract] = chain.event(done, "store_code", "code_id")
        checksum = chain.event(done, "store_code", "code_checksum")
        salt = contract.encode().hex()
        command = [chain.wasmd, "query", "wasm", "build-address", checksum, names["<deployer>"], salt]
        names[f"<{contract}>"] = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    rows, pinned, last = [], False, None
    for step in steps:
        if step.get("pin"):
            chain.gov_pins(list(codes.values()))
            pinned = True
            continue
        # At least as long after the step before it as in the transcript.
        if last and step["at"] > last["at"]:
            chain.until(chain.now() + step["at"] - last["at"])
        last = step
        msg = json.dumps(step["msg"], separators=(",", ":"))
        for name, address in names.items():
            msg = msg.replace(name, address)
        msg = json.loads(msg)
        for report in msg.get("post", {}).get("reports", []):
            # A reporter's price can't be replaced in its own second.
            report["at"] = int(chain.now())
        text = json.dumps(msg, separators=(",", ":"))
        sender = PEOPLE[step["sender"].strip("<>")]
        if step["instantiates"]:
            contract = step["contract"].strip("<>")
            done = chain.tx(
                sender, "wasm", "instantiate2", codes[contract], text, contract.encode().hex(),
                "--label", f"glidepath {contract}", "--admin", names["<owner>"],
            )
            assert chain.event(done, "instantiate", "_contract_address") == names[step["contract"]]
            continue
        funds = ["--amount", ",".join(coin["amount"] + coin["denom"] for coin in step["funds"])] if step["funds"] else []
        if "post" in msg:
            time.sleep(1.1)
        done = chain.tx(sender, "wasm", "execute", names[step["contract"]], text, *funds)
        if "name" in step:
            model = step["pinned" if pinned else "unpinned"]
            rows.append((step["name"], pinned, model, int(done["gas_used"])))
    return rows


def table(rows):
    lines = [INTRODUCTION, "| message | codes | model | chain | off |\n|---|---|--:|--:|--:|"]
    worst = 0
    for name, pinned, model, chain in rows:
        off = model / chain - 1
        worst = max(worst, abs(off))
        lines.append(f"| {name} | {'pinned' if pinned else 'not pinned'} | {model:,} | {chain:,} | {off * 100:+.2f} % |")
    text = "\n".join(lines) + "\n"
    print(text, end="")
    PAGE.write_text(text)
    if worst > MOST:
        fail(f"the model is {worst * 100:.1f} % off, and {MOST * 100:.0f} % are allowed")


main()
