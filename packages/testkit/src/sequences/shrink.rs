//! Shrinking: the shortest script found that still fails in the same way (delta debugging).

use super::op::Op;

/// Takes out what is not needed for `fails`. Asks at most `budget` times.
pub fn shrink(ops: &[Op], mut budget: u32, mut fails: impl FnMut(&[Op]) -> bool) -> Vec<Op> {
    let mut kept = ops.to_vec();
    let mut chunk = kept.len() / 2;
    while chunk > 0 && budget > 0 {
        let (mut at, mut shorter) = (0, false);
        while at < kept.len() && budget > 0 {
            let without: Vec<Op> = kept[..at]
                .iter()
                .chain(kept.iter().skip(at + chunk))
                .cloned()
                .collect();
            budget -= 1;
            if fails(&without) {
                kept = without;
                shorter = true;
            } else {
                at += chunk;
            }
        }
        if !shorter {
            chunk /= 2;
        }
    }
    kept
}
