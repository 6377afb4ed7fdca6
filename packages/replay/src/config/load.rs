//! Reading and writing the TOML file.

use std::fmt::Write;
use std::path::Path;

use serde::Deserialize;
use toml::{Table, Value};

use super::{docs, Config, Kind, RangeError};

/// Why a configuration was refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file can't be read.
    #[error("{file}: {source}")]
    Unreadable {
        /// Path as given.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{file}:{line}: {reason}")]
    Syntax {
        /// Path as given.
        file: String,
        /// Line, the first is 1.
        line: usize,
        /// What the parser said.
        reason: String,
    },
    /// A key that no configuration has.
    #[error("{file}: unknown key `{key}`{hint}")]
    UnknownKey {
        /// Path as given.
        file: String,
        /// Section and key.
        key: String,
        /// The keys that its section has.
        hint: String,
    },
    /// A value of another type.
    #[error("{file}: `{key}` is {found}, expected {expected}")]
    WrongType {
        /// Path as given.
        file: String,
        /// Section and key.
        key: String,
        /// Type in the file.
        found: &'static str,
        /// Type of the key.
        expected: &'static str,
    },
    /// No preset.
    #[error("{file}: `risk.kind` is {found}, expected \"major\" or \"volatile\"")]
    Kind {
        /// Path as given.
        file: String,
        /// Value in the file.
        found: Value,
    },
    /// A value that can't be read as what the key stands for.
    #[error("{file}: {reason}")]
    Value {
        /// Path as given.
        file: String,
        /// What serde said, with the key.
        reason: String,
    },
    /// A value out of its bounds, or two that contradict each other.
    #[error("{file}: {source}")]
    Range {
        /// Path as given.
        file: String,
        /// Key, value and what is expected.
        source: RangeError,
    },
}

/// The configuration in `file`.
pub fn read(file: &Path) -> Result<Config, ConfigError> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(|source| ConfigError::Unreadable {
        file: name.clone(),
        source,
    })?;
    parse(&text, &name)
}

/// The configuration in `text`; `file` is for the errors.
pub(super) fn parse(text: &str, file: &str) -> Result<Config, ConfigError> {
    let own: Table = toml::from_str(text).map_err(|error: toml::de::Error| ConfigError::Syntax {
        file: file.to_owned(),
        line: line_of(text, error.span().map_or(0, |span| span.start)),
        reason: one_line(error.message()),
    })?;
    let value_error = |error: toml::de::Error| ConfigError::Value {
        file: file.to_owned(),
        reason: one_line(&error.to_string()),
    };

    let kind = match own.get("risk").and_then(|risk| risk.get("kind")) {
        Some(kind) => Kind::deserialize(kind.clone()).map_err(|_| ConfigError::Kind {
            file: file.to_owned(),
            found: kind.clone(),
        })?,
        None => Kind::default(),
    };
    let mut merged = table(&Config::preset(kind));
    merge(&mut merged, own, "", file)?;
    let config = Config::deserialize(Value::Table(merged)).map_err(value_error)?;
    config.check().map_err(|source| ConfigError::Range {
        file: file.to_owned(),
        source,
    })?;
    Ok(config)
}

/// The line, from 1, of the byte `at`.
fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

/// A message of several lines in one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lays `own` over `base`, which has every key there is.
fn merge(base: &mut Table, own: Table, section: &str, file: &str) -> Result<(), ConfigError> {
    for (name, value) in own {
        let key = path(section, &name);
        let known: Vec<&str> = base.keys().map(String::as_str).collect();
        let hint = format!(" (known here: {})", known.join(", "));
        let Some(slot) = base.get_mut(&name) else {
            return Err(ConfigError::UnknownKey {
                file: file.to_owned(),
                key,
                hint,
            });
        };
        match (slot, value) {
            (Value::Table(inner), Value::Table(given)) => merge(inner, given, &key, file)?,
            (Value::Float(old), Value::Integer(new)) => *old = new as f64,
            (old, new) if old.same_type(&new) => *old = new,
            (old, new) => {
                let (found, expected) = (new.type_str(), old.type_str());
                return Err(ConfigError::WrongType {
                    file: file.to_owned(),
                    key,
                    found,
                    expected,
                });
            }
        }
    }
    Ok(())
}

/// `config` as a table. Its fields are numbers, booleans and one word: this can't fail.
fn table(config: &Config) -> Table {
    Table::try_from(config).unwrap_or_default()
}

/// `config` as a TOML file with the meaning of every key beside it.
pub fn to_toml(config: &Config) -> String {
    let mut text = String::from(
        "# Configuration of glidepath-replay. Keys that are left out keep the value of the preset.\n",
    );
    write_section(&mut text, "", &table(config));
    text += "\n# further collaterals: each has a heading of its own, and what it leaves out is as in the major preset\n";
    for asset in &config.assets {
        write_asset(&mut text, asset, "");
    }
    if config.assets.is_empty() {
        let example = super::Asset {
            name: "other".to_owned(),
            ..super::Asset::default()
        };
        write_asset(&mut text, &example, "# ");
    }
    text
}

/// A further collateral, with `mark` in front of every line.
fn write_asset(text: &mut String, asset: &super::Asset, mark: &str) {
    let mut section = String::new();
    let keys = Table::try_from(asset).unwrap_or_default();
    write_keys(&mut section, "assets", &keys);
    let _ = writeln!(text, "{mark}[[assets]]");
    for line in section.lines() {
        let _ = writeln!(text, "{mark}{line}");
    }
}

fn write_section(text: &mut String, section: &str, table: &Table) {
    if let Some((_, doc)) = docs::SECTIONS.iter().find(|(name, _)| *name == section) {
        let _ = write!(text, "\n# {doc}\n[{section}]\n");
    }
    write_keys(text, section, table);
    for (name, value) in table {
        if let Value::Table(inner) = value {
            write_section(text, &path(section, name), inner);
        }
    }
}

fn path(section: &str, name: &str) -> String {
    if section.is_empty() {
        name.to_owned()
    } else {
        format!("{section}.{name}")
    }
}

fn write_keys(text: &mut String, section: &str, table: &Table) {
    for (name, value) in table
        .iter()
        .filter(|(name, value)| !value.is_table() && *name != "assets")
    {
        let line = format!("{name} = {value}");
        match docs::of(&path(section, name)) {
            Some(doc) if !doc.is_empty() => {
                let _ = writeln!(text, "{line:<34} # {doc}");
            }
            _ => {
                let _ = writeln!(text, "{line}");
            }
        }
    }
}
