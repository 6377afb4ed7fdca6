//! Candles from a file with the columns `time,open,high,low,close,volume`.

use std::io::Read;
use std::path::Path;

use super::{Candle, Candles};
use crate::clock::{Time, BLOCK_S, DAY_S};

const COLUMNS: [&str; 6] = ["time", "open", "high", "low", "close", "volume"];

/// First second of the year 2200.
const LATEST: Time = 7_258_118_400;
/// Prices that can be replayed.
const SCALE: std::ops::RangeInclusive<f64> = 1e-9..=1e9;

/// Why a file of candles was refused, with the line.
#[derive(Debug, thiserror::Error)]
#[error("{file}{}: {reason}", .line.map_or(String::new(), |line| format!(":{line}")))]
pub struct CsvError {
    /// Path as given.
    pub file: String,
    /// Line, the header is 1; none if it is about the whole file.
    pub line: Option<u64>,
    /// What is wrong there.
    pub reason: Reason,
}

/// What is wrong with a line.
#[derive(Debug, thiserror::Error)]
pub enum Reason {
    /// The file or a row of it can't be read.
    #[error("{0}")]
    Unreadable(String),
    /// The header lacks a column.
    #[error("missing column `{0}`: expected time,open,high,low,close,volume")]
    MissingColumn(&'static str),
    /// A field that is not a number.
    #[error("`{column}` is {}", if .text.is_empty() { "missing".to_owned() } else { format!("not a number: `{text}`") })]
    NotANumber {
        /// Column of the field.
        column: &'static str,
        /// The field.
        text: String,
    },
    /// A time that is no unix time in seconds.
    #[error("time {0} is after the year 2200: unix seconds are expected, not milliseconds")]
    NotSeconds(Time),
    /// A price that the chain's decimals can't tell well.
    #[error("`{column}` is {value}: prices from 1e-9 to 1e9 USD can be replayed")]
    OutOfScale {
        /// Column of the field.
        column: &'static str,
        /// The field.
        value: f64,
    },
    /// A price that is not above zero, or a volume below it.
    #[error("`{column}` is {value}, expected {} zero", if *.column == "volume" { "at least" } else { "more than" })]
    NotPositive {
        /// Column of the field.
        column: &'static str,
        /// The field.
        value: f64,
    },
    /// High and low are swapped.
    #[error("high {high} is below low {low}")]
    HighBelowLow {
        /// Highest price.
        high: f64,
        /// Lowest price.
        low: f64,
    },
    /// Open or close outside of low to high.
    #[error("{column} {value} is outside of low {low} to high {high}")]
    OutsideRange {
        /// `open` or `close`.
        column: &'static str,
        /// The price.
        value: f64,
        /// Lowest price.
        low: f64,
        /// Highest price.
        high: f64,
    },
    /// A row that is not later than the one before.
    #[error("time {time} is out of order: the row before has {before}")]
    OutOfOrder {
        /// Time of the row.
        time: Time,
        /// Time of the row before.
        before: Time,
    },
    /// Rows are missing before this one.
    #[error("gap: time {time} follows {before}, expected {expected} (candles of {step} s)")]
    Gap {
        /// Time of the row.
        time: Time,
        /// Time of the row before.
        before: Time,
        /// Time that the row should have.
        expected: Time,
        /// Seconds of a candle.
        step: u64,
    },
    /// Candles too short, too long or not of whole blocks.
    #[error("candles of {0} s: expected a multiple of 6 s from a minute to a day")]
    Step(u64),
    /// Fewer than two rows tell no step.
    #[error("at least 2 rows of candles are needed, found {0}")]
    TooFewRows(usize),
}

/// The candles in `file`.
pub fn read(file: &Path) -> Result<Candles, CsvError> {
    let name = file.display().to_string();
    let source = std::fs::File::open(file).map_err(|error| CsvError {
        file: name.clone(),
        line: None,
        reason: Reason::Unreadable(error.to_string()),
    })?;
    let mut candles = parse(source, &name)?;
    if let Some(short) = file.file_name() {
        candles.name = short.to_string_lossy().into_owned();
    }
    Ok(candles)
}

/// The candles in `source`; `file` is for the errors.
pub(super) fn parse(source: impl Read, file: &str) -> Result<Candles, CsvError> {
    let fail = |line: u64, reason: Reason| CsvError {
        file: file.to_owned(),
        line: Some(line),
        reason,
    };
    let unreadable = |error: ::csv::Error| CsvError {
        file: file.to_owned(),
        line: error.position().map(::csv::Position::line),
        reason: Reason::Unreadable(error.to_string()),
    };

    let mut reader = ::csv::ReaderBuilder::new()
        .trim(::csv::Trim::All)
        .flexible(true)
        .from_reader(source);
    let header = reader.headers().map_err(unreadable)?.clone();
    let mut columns = [0; COLUMNS.len()];
    for (at, name) in columns.iter_mut().zip(COLUMNS) {
        *at = header
            .iter()
            .position(|field| field.trim_start_matches('\u{feff}') == name)
            .ok_or_else(|| fail(1, Reason::MissingColumn(name)))?;
    }

    let mut rows: Vec<(u64, Candle)> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let line = record.position().map_or(0, ::csv::Position::line);
        let candle = candle(&record, &columns).map_err(|reason| fail(line, reason))?;
        rows.push((line, candle));
    }
    let step = check_times(&rows).map_err(|(line, reason)| fail(line, reason))?;
    Ok(Candles {
        name: file.to_owned(),
        step,
        rows: rows.into_iter().map(|(_, candle)| candle).collect(),
    })
}

/// One row.
fn candle(record: &::csv::StringRecord, columns: &[usize; COLUMNS.len()]) -> Result<Candle, Reason> {
    let text = |column: usize| record.get(columns[column]).unwrap_or_default();
    let not_a_number = |column: usize| Reason::NotANumber {
        column: COLUMNS[column],
        text: text(column).to_owned(),
    };

    let time: Time = text(0).parse().map_err(|_| not_a_number(0))?;
    if time > LATEST {
        return Err(Reason::NotSeconds(time));
    }
    let mut numbers = [0.0f64; COLUMNS.len()];
    for (column, number) in numbers.iter_mut().enumerate().skip(1) {
        *number = text(column).parse().map_err(|_| not_a_number(column))?;
        let volume = column == 5;
        if !number.is_finite() || *number < 0.0 || (*number == 0.0 && !volume) {
            return Err(Reason::NotPositive {
                column: COLUMNS[column],
                value: *number,
            });
        }
        if !volume && !SCALE.contains(number) {
            return Err(Reason::OutOfScale {
                column: COLUMNS[column],
                value: *number,
            });
        }
    }
    let [_, open, high, low, close, _] = numbers;
    if high < low {
        return Err(Reason::HighBelowLow { high, low });
    }
    for (column, value) in [("open", open), ("close", close)] {
        if !(low..=high).contains(&value) {
            return Err(Reason::OutsideRange {
                column,
                value,
                low,
                high,
            });
        }
    }
    Ok(Candle {
        time,
        open,
        high,
        low,
        close,
    })
}

/// The step of the rows: the shortest between any two; every other one is then a gap.
fn check_times(rows: &[(u64, Candle)]) -> Result<u64, (u64, Reason)> {
    let mut step = u64::MAX;
    for pair in rows.windows(2) {
        let (before, (line, after)) = (pair[0].1.time, pair[1]);
        if after.time <= before {
            return Err((
                line,
                Reason::OutOfOrder {
                    time: after.time,
                    before,
                },
            ));
        }
        step = step.min(after.time - before);
    }
    let last_line = rows.last().map_or(1, |(line, _)| *line);
    if rows.len() < 2 {
        return Err((last_line, Reason::TooFewRows(rows.len())));
    }
    for pair in rows.windows(2) {
        let (before, (line, after)) = (pair[0].1.time, pair[1]);
        if after.time - before != step {
            let (time, expected) = (after.time, before + step);
            return Err((
                line,
                Reason::Gap {
                    time,
                    before,
                    expected,
                    step,
                },
            ));
        }
    }
    if !(60..=DAY_S).contains(&step) || step % BLOCK_S != 0 {
        let second = rows.get(1).map_or(last_line, |(line, _)| *line);
        return Err((second, Reason::Step(step)));
    }
    Ok(step)
}
