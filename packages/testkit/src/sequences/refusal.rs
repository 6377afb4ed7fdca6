//! Refusals: typed, or a failure.

use crate::Error;

/// Why a message was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Contract and variant: `manager BelowInitialMargin`.
    pub name: String,
    /// What a person is told.
    pub text: String,
}

/// Variants that carry an error of a library or a figure that left its range: no cause has a name there. A caller must
/// never see one of them.
const NAMELESS: &[&str] = &["Std", "Risk", "Read", "Asset"];

impl Refusal {
    /// Is it one of a contract's own errors that names its cause?
    pub fn is_typed(&self) -> bool {
        let mut words = self.name.split(' ');
        let (Some(contract), Some(variant)) = (words.next(), words.next()) else {
            return false;
        };
        contract != "token" && contract != "chain" && !NAMELESS.contains(&variant)
    }
}

/// What a refusal is.
pub fn of(error: &Error) -> Refusal {
    let text = format!("{error:#}");
    macro_rules! contract {
        ($name:literal, $type:ty) => {
            if let Some(error) = error.downcast_ref::<$type>() {
                let debug = format!("{error:?}");
                let name = format!("{} {}", $name, variant(&debug));
                let text = error.to_string();
                return Refusal { name, text };
            }
        };
    }
    contract!("vault", glidepath_vault::error::ContractError);
    contract!("manager", glidepath_position_manager::ContractError);
    contract!("auction", glidepath_liquidation_auction::ContractError);
    contract!("oracle", glidepath_oracle_adapter::error::ContractError);
    contract!("fund", glidepath_insurance_fund::error::ContractError);
    contract!("token", cw20_base::ContractError);
    let name = "chain".into();
    Refusal { name, text }
}

/// The variant of an error, and for those of other crates what is inside.
fn variant(debug: &str) -> String {
    let word = |text: &str| -> String {
        text.chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect()
    };
    let outer = word(debug);
    let wraps = NAMELESS.contains(&outer.as_str())
        || ["Admin", "Ownership", "Payment", "Refused", "Price"].contains(&outer.as_str());
    match debug.strip_prefix(&format!("{outer}(")) {
        Some(inner) if wraps => format!("{outer} {}", variant(inner)),
        _ => outer,
    }
}
