//! The only place that writes to standard output, and what every answer looks like there.

use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;
use serde_json::{Map, Value};

use crate::sealed;

/// How an answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For reading: columns.
    #[default]
    Table,
    /// One JSON document: what was searched, and the rows.
    Json,
    /// One JSON object a line: for pipes.
    Jsonl,
    /// Comma-separated, with a header; a cell that a spreadsheet would run as a formula gets a `'`.
    Csv,
}

/// A sheet of rows under fixed columns, written as it grows.
pub(crate) struct Sheet {
    format: Format,
    columns: &'static [&'static str],
    rows: Vec<Map<String, Value>>,
    written: u64,
    sealed: bool,
}

impl Sheet {
    /// An empty sheet.
    pub(crate) const fn new(format: Format, columns: &'static [&'static str]) -> Self {
        Self { format, columns, rows: Vec::new(), written: 0, sealed: false }
    }

    /// How many rows it has.
    pub(crate) const fn rows(&self) -> u64 {
        self.written
    }

    /// Whether a value in it is sealed.
    pub(crate) const fn sealed(&self) -> bool {
        self.sealed
    }

    /// Adds a row: one value for each column, in their order.
    pub(crate) fn row(&mut self, values: impl IntoIterator<Item = Value>) -> io::Result<()> {
        let row: Map<String, Value> =
            self.columns.iter().map(|column| (*column).to_owned()).zip(values).collect();
        self.sealed |= row.values().any(sealed::within);
        if self.format == Format::Csv && self.written == 0 {
            csv_line(self.columns.iter().map(|column| (*column).to_owned()))?;
        }
        self.written = self.written.saturating_add(1);
        match self.format {
            Format::Table | Format::Json => self.rows.push(row),
            Format::Jsonl => line(&Value::Object(row).to_string())?,
            Format::Csv => {
                csv_line(self.columns.iter().map(|column| guarded(&cell(row.get(*column)))))?;
            }
        }
        Ok(())
    }

    /// Writes what has been kept back. `searched` says what was looked through.
    pub(crate) fn finish(self, searched: &Value) -> io::Result<()> {
        match self.format {
            Format::Jsonl | Format::Csv => Ok(()),
            Format::Json => {
                let rows = self.rows.into_iter().map(Value::Object).collect();
                let document: Map<String, Value> = [
                    ("searched".to_owned(), searched.clone()),
                    ("rows".to_owned(), Value::Array(rows)),
                ]
                .into_iter()
                .collect();
                line(&pretty(&Value::Object(document)))
            }
            Format::Table if self.rows.is_empty() => Ok(()),
            Format::Table => {
                let mut table = comfy_table::Table::new();
                table.load_style(comfy_table::presets::UTF8_HORIZONTAL_ONLY);
                table.set_header(self.columns);
                for row in &self.rows {
                    table.add_row(self.columns.iter().map(|column| cell(row.get(*column))));
                }
                line(&table.to_string())
            }
        }
    }
}

/// Whoever read the answer, `head` for one, has stopped reading.
#[derive(Debug, thiserror::Error)]
#[error("nobody reads the answer any more")]
pub(crate) struct Unread;

/// Tells a reader who has gone from a connection that broke somewhere else.
fn written<T>(outcome: io::Result<T>) -> io::Result<T> {
    outcome.map_err(|cause| {
        if cause.kind() == io::ErrorKind::BrokenPipe { io::Error::other(Unread) } else { cause }
    })
}

/// Writes one line.
pub(crate) fn line(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    written(out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")))
}

/// Writes bytes exactly as they are. Only a person at a terminal gets a line feed after them.
pub(crate) fn exactly(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    written(out.write_all(bytes))?;
    if out.is_terminal() { written(out.write_all(b"\n")) } else { Ok(()) }
}

/// Says something that is not data, on standard error; to nobody, if nobody listens there.
pub(crate) fn say(text: &str) {
    let _unheard = writeln!(io::stderr(), "{text}");
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => {
            items.iter().map(|item| cell(Some(item))).collect::<Vec<_>>().join(" ")
        }
        Some(other @ (Value::Bool(_) | Value::Number(_) | Value::Object(_))) => other.to_string(),
    }
}

/// A spreadsheet must not take a cell for a formula.
fn guarded(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

fn csv_line(cells: impl Iterator<Item = String>) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().from_writer(io::stdout().lock());
    writer.write_record(cells)?;
    written(writer.flush())
}

/// Writes a passing line on standard error, over the one before.
pub(crate) fn overwrite(text: &str) {
    let _unheard = write!(io::stderr(), "\r\x1b[K{text}");
}
