use cosmwasm_std::{
    CheckedFromRatioError, CheckedMultiplyRatioError, ConversionOverflowError, Decimal256RangeExceeded,
    DecimalRangeExceeded, DivideByZeroError, OverflowError,
};
use thiserror::Error;

/// Why a figure could not be computed.
#[derive(Error, Debug, Clone, Copy, PartialEq, Eq)]
pub enum RiskError {
    /// An intermediate or final result does not fit its type.
    #[error("arithmetic overflow")]
    Overflow,
    /// A divisor was zero.
    #[error("division by zero")]
    DivisionByZero,
    /// More was taken than is there.
    #[error("underflow: {taken} taken from {held}")]
    Underflow {
        /// What was there, in base units or shares.
        held: u128,
        /// What was to be taken, in the same unit.
        taken: u128,
    },
    /// A sale's book holds target and maintenance sums only.
    #[error("a sale knows no initial margin")]
    NotInBook,
    /// A market whose shares have no worth left can't take part any more.
    #[error("the supply price has fallen below a millionth of its start: the market is retired")]
    Retired,
}

macro_rules! overflow_from {
    ($($t:ty),*) => { $(impl From<$t> for RiskError { fn from(_: $t) -> Self { RiskError::Overflow } })* };
}
overflow_from!(
    OverflowError,
    ConversionOverflowError,
    DecimalRangeExceeded,
    Decimal256RangeExceeded
);

impl From<DivideByZeroError> for RiskError {
    fn from(_: DivideByZeroError) -> Self {
        RiskError::DivisionByZero
    }
}

impl From<CheckedMultiplyRatioError> for RiskError {
    fn from(e: CheckedMultiplyRatioError) -> Self {
        match e {
            CheckedMultiplyRatioError::DivideByZero => RiskError::DivisionByZero,
            CheckedMultiplyRatioError::Overflow => RiskError::Overflow,
        }
    }
}

impl From<CheckedFromRatioError> for RiskError {
    fn from(e: CheckedFromRatioError) -> Self {
        match e {
            CheckedFromRatioError::DivideByZero => RiskError::DivisionByZero,
            CheckedFromRatioError::Overflow => RiskError::Overflow,
        }
    }
}
