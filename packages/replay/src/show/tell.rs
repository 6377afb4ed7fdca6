//! Events in words.

use super::{cents, price, tokens, usd};
use crate::clock::{span, time_of_day};
use crate::rules::{Buyer, Event, Fill, Stage};
use crate::scene::Scene;

/// An event in a word or two and in figures.
pub(super) fn tell(scene: &Scene, event: &Event) -> (&'static str, String) {
    match event {
        Event::Called {
            health,
            breached_at,
            grace_until,
            ..
        } => {
            let grace = match grace_until.saturating_sub(*breached_at) {
                0 => "no grace left".to_owned(),
                seconds => {
                    let until = time_of_day(*grace_until);
                    format!("{} of grace, until {until}", span(seconds as f64))
                }
            };
            ("margin call", format!("health {health:.4}, {grace}"))
        }
        Event::Asked { health, .. } => (
            "glide path",
            format!("its owner asked for it, health {health:.4}"),
        ),
        Event::Opened { health, .. } => ("sale opened", format!("health {health:.4}")),
        Event::LotStarted { .. } => ("lot", lot(scene, event)),
        Event::Fill(fill) => {
            let what = match fill.buyer {
                Buyer::Keeper => "fill",
                Buyer::Callback => "callback",
                Buyer::Orders { .. } => "order fill",
            };
            (what, sold(scene, fill))
        }
        Event::Restarted { lot, .. } => ("restart", format!("nobody bought lot {lot}")),
        Event::Queued { until, .. } => (
            "queue",
            format!(
                "its next lot waits, by the queue of now until {}",
                time_of_day(*until)
            ),
        ),
        Event::Escalated { health, .. } => ("close-out", format!("health {health:.4}")),
        Event::Slept { health, .. } => (
            "asleep",
            format!("no buyer, health {health:.4} is above maintenance"),
        ),
        Event::Cured { cash, health, .. } => {
            let health = health.map_or("no debt is left".to_owned(), |health| {
                format!("health {health:.4}")
            });
            ("owner repaid", format!("{}, {health}", usd(*cash)))
        }
        Event::WrittenOff {
            debt,
            insurance,
            index_loss,
            ..
        } => {
            let (debt, insurance, lenders) = (usd(*debt), usd(*insurance), usd(*index_loss));
            (
                "written off",
                format!("{debt} of debt: {insurance} by the insurance fund, {lenders} by the lenders"),
            )
        }
        Event::Ended { why, health, .. } => {
            let health = health.map_or(String::new(), |health| format!(", health {health:.4}"));
            ("end", format!("{}{health}", why.text()))
        }
    }
}

fn lot(scene: &Scene, event: &Event) -> String {
    let Event::LotStarted {
        lot,
        asset,
        stage,
        start_at,
        value,
        from,
        to,
        ..
    } = event
    else {
        return String::new();
    };
    let percent = |multiplier: &f64| format!("{:.1} %", 100.0 * multiplier);
    let terms = match stage {
        Stage::CloseOut => ", close-out terms",
        Stage::Asked => ", asked for by its owner",
        Stage::Soft | Stage::AtOnce => "",
    };
    let curve = if from == to {
        percent(from)
    } else {
        format!("{} falling to {}", percent(from), percent(to))
    };
    format!(
        "lot {lot} from {}, up to {}{}, at {curve} of the oracle price{terms}",
        time_of_day(*start_at),
        usd(*value),
        scene
            .name(*asset)
            .map_or(String::new(), |name| format!(" of {name}")),
    )
}

fn sold(scene: &Scene, fill: &Fill) -> String {
    let side = if fill.discount >= 0.0 { "below" } else { "above" };
    let after = fill
        .health_after
        .map_or("no debt".to_owned(), |health| format!("{health:.4}"));
    let penalty = match fill.penalty {
        penalty if penalty > 0.0 => format!(", penalty {}", cents(penalty)),
        _ => String::new(),
    };
    format!(
        "{}{} sold{} at {}, {:.2} % {side} the oracle: {} repaid{penalty}, health {:.4} → {after}{}",
        tokens(fill.sold),
        scene
            .name(fill.asset)
            .map_or(String::new(), |name| format!(" {name}")),
        to_whom(fill.buyer),
        price(fill.price),
        100.0 * fill.discount.abs(),
        usd(fill.repaid),
        fill.health_before,
        if fill.at_floor { ", at the floor" } else { "" },
    )
}

/// To whom a fill went, where that is no keeper with capital: ` to orders of slot 7`.
pub fn to_whom(buyer: Buyer) -> String {
    match buyer {
        Buyer::Keeper => String::new(),
        Buyer::Callback => " in a callback".to_owned(),
        Buyer::Orders { slot } => format!(" to orders of slot {slot}"),
    }
}
