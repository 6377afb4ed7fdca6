//! Tables of what was measured.

use std::fmt::Write;

use crate::fills::Row;
use crate::gas::{Access, Part, Parts, Touch, PARTS};

pub(crate) fn thousands(gas: u64) -> String {
    let digits = gas.to_string();
    let mut text = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A line for each message: all of it unpinned and pinned, and the latter by part.
pub fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "| message | unpinned | pinned | transaction | loads | coins | reads | writes | events | compute |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for (name, cost) in rows {
        let parts: Vec<String> = PARTS.iter().map(|part| thousands(cost.pinned[*part])).collect();
        let (unpinned, pinned) = (thousands(cost.unpinned.total()), thousands(cost.pinned.total()));
        let _ = writeln!(text, "| {name} | {unpinned} | {pinned} | {} |", parts.join(" | "));
    }
    text
}

/// Each call of each message, with every key that it touched.
pub fn calls(rows: &[Row]) -> String {
    let mut text = String::new();
    for (name, cost) in rows {
        let _ = writeln!(text, "\n## {name}: {}", thousands(cost.pinned.total()));
        for call in &cost.calls {
            let _ = writeln!(
                text,
                "\n{} {:?}: {} gas ({}); VM {} = {} gas, answer {} bytes\n  message {}",
                call.code,
                call.entry,
                thousands(call.parts.total()),
                parts(&call.parts),
                thousands(call.vm),
                thousands(call.vm / crate::gas::VM_GAS),
                call.answer,
                call.msg
            );
            for access in &call.touched {
                let _ = writeln!(text, "  {}", touched(access));
            }
        }
    }
    text
}

fn parts(parts: &Parts) -> String {
    let named = |part: &Part| {
        format!(
            "{} {}",
            format!("{part:?}").to_lowercase(),
            thousands(parts[*part])
        )
    };
    let some: Vec<String> = PARTS.iter().filter(|part| parts[**part] > 0).map(named).collect();
    some.join(", ")
}

fn touched(access: &Access) -> String {
    let how = match access.touch {
        Touch::Read => "read",
        Touch::Raw => "raw",
        Touch::Step => "step",
        Touch::Write => "write",
        Touch::Remove => "remove",
    };
    let key = access.key.escape_ascii();
    format!(
        "{how:6} {:>6} gas  key {:>2}  value {:>4}  {key}",
        access.gas,
        access.key.len(),
        access.value
    )
}
