//! Measures messages on a suite.

use anyhow::Result;
use cosmwasm_std::{Addr, CosmosMsg};
use glidepath_testkit::{cw20_token, AssetSpec, Moment, Outcome, Suite, SuiteBuilder};

use crate::code::{Bytecode, Heard, Mode};
use crate::gas::{Call, Gas, Part, Parts, Tx};

/// The standard token, compiled.
const TOKEN: &str = "test/cw20_token";

/// What measures messages. The suite runs on native code in between, which is faster and stores the same.
#[derive(Clone, Debug, Default)]
pub struct Rig(Bytecode);

/// What a message costs.
#[derive(Clone, Debug)]
pub struct Cost {
    /// On a chain that has pinned nothing.
    pub unpinned: Parts,
    /// On a chain that has pinned all codes.
    pub pinned: Parts,
    /// Its calls, on the latter.
    pub calls: Vec<Call>,
}

impl Rig {
    /// A suite that can be measured, not watched by the invariants.
    pub fn suite(&self, builder: SuiteBuilder) -> Suite {
        self.0.run(Mode::Native);
        builder.code(self.0.clone()).unwatched().build()
    }

    /// The messages that its contracts got so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.0.heard()
    }

    /// With the compiled token behind `gold`, so that what it does is measured, too.
    pub fn with_token(&self, builder: SuiteBuilder) -> SuiteBuilder {
        let code = self.0.clone();
        builder.asset(AssetSpec::gold().token_code(move || code.load(TOKEN, cw20_token())))
    }

    /// Sends a message as a transaction of its own, and then again as if it had not been: on a chain that has pinned
    /// nothing, and on one that has pinned all codes.
    ///
    /// # Errors
    /// Where it is refused.
    pub fn cost(&self, suite: &mut Suite, sender: &Addr, msg: &CosmosMsg) -> Result<(Outcome, Cost)> {
        let before = Moment::of(suite);
        let (_, unpinned) = self.transaction(suite, false, sender, msg)?;
        before.restore(suite);
        let (done, pinned) = self.transaction(suite, true, sender, msg)?;
        let calls = self.0.gas().calls();
        let cost = Cost {
            unpinned,
            pinned,
            calls,
        };
        Ok((done, cost))
    }

    fn transaction(
        &self,
        suite: &mut Suite,
        pinned: bool,
        sender: &Addr,
        msg: &CosmosMsg,
    ) -> Result<(Outcome, Parts)> {
        let gas = self.0.gas();
        gas.begin(Gas::AMPLE, pinned);
        gas.charge(Part::Transaction, Tx::of(msg).gas())?;
        self.0.run(Mode::Both);
        let done = suite.send(sender, msg.clone());
        self.0.run(Mode::Native);
        Ok((done?, gas.used()))
    }
}
