//! Where a position stands: derived, never stored.

use cosmwasm_std::Decimal;
use glidepath_interfaces::auction::Sale;
use glidepath_interfaces::position_manager::Stage;

use super::{grace_until, Figures};
use crate::state::Position;

/// Where a position stands.
pub fn stage(position: &Position, sale: Option<&Sale>, figures: Option<&Figures>) -> Stage {
    if let Some(sale) = sale {
        return Stage::Selling {
            mode: sale.mode,
            asleep: sale.asleep_since.is_some(),
        };
    }
    let Some(figures) = figures else {
        return Stage::Healthy {};
    };
    if let Some(call) = &position.distress {
        return Stage::MarginCall {
            called_at: call.called_at,
            grace_until: grace_until(position, call, figures),
        };
    }
    let one = Decimal::one();
    if figures.insolvent {
        Stage::Insolvent {}
    } else if figures.maintenance < one {
        Stage::Callable {}
    } else if figures.initial < one {
        Stage::Restricted {}
    } else {
        Stage::Healthy {}
    }
}
