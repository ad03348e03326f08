//! The three forms of a listing: JSON with everything about it, CSV and JSON Lines with its rows.

use actix_web::{HttpResponse, HttpResponseBuilder};
use serde_json::{Map, Value};

/// A form. The address says which: `…/queries`, `…/queries.csv`, `…/queries.jsonl`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Csv,
    JsonLines,
}

impl Form {
    /// Which form an address asks for, and the address without the word for it.
    pub(super) fn of(path: &str) -> (Self, &str) {
        if let Some(path) = path.strip_suffix(".csv") {
            (Self::Csv, path)
        } else if let Some(path) = path.strip_suffix(".jsonl") {
            (Self::JsonLines, path)
        } else {
            (Self::Json, path)
        }
    }

    /// How many rows a page has unless the caller says otherwise.
    pub(super) const fn usual_limit(self) -> usize {
        match self {
            Self::Json => 50,
            Self::Csv | Self::JsonLines => 1_000,
        }
    }

    /// The answer in this form: JSON says everything about the listing, with its rows as `data`.
    pub(super) fn write(
        self,
        answer: &mut HttpResponseBuilder,
        mut whole: Map<String, Value>,
        (columns, rows): (&[&str], Vec<Value>),
    ) -> HttpResponse {
        match self {
            Self::Json => {
                whole.insert("data".to_owned(), Value::Array(rows));
                answer.json(whole)
            }
            Self::Csv => answer
                .content_type("text/csv; charset=utf-8; header=present")
                .body(csv(columns, &rows)),
            Self::JsonLines => answer.content_type("application/jsonl").body(
                rows.iter().flat_map(|row| [row.to_string(), "\n".to_owned()]).collect::<String>(),
            ),
        }
    }
}

/// RFC 4180.
fn csv(columns: &[&str], rows: &[Value]) -> String {
    let mut text = line(columns.iter().map(|column| (*column).to_owned()));
    for row in rows {
        text.push_str(&line(columns.iter().map(|column| cell(row.get(column)))));
    }
    text
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.map(|cell| quoted(&guarded(cell))).collect();
    format!("{}\r\n", cells.join(","))
}

/// A value in one cell: lists of words are joined by spaces, anything deeper stays JSON.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(all)) if all.iter().all(Value::is_string) => {
            all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
        }
        Some(value @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_))) => {
            value.to_string()
        }
    }
}

/// What a spreadsheet would take for a formula is made text.
fn guarded(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_cell_is_quoted_where_needed_and_never_a_formula() {
        let rows = [
            json!({"a": "=HYPERLINK(\"x\")", "b": ["name", "gender"], "c": 7}),
            json!({"a": "+1", "b": [{"child": "x"}], "c": null}),
            json!({"a": "@sum", "b": [], "c": -1}),
        ];
        assert_eq!(
            csv(&["a", "b", "c"], &rows),
            "a,b,c\r\n\"'=HYPERLINK(\"\"x\"\")\",name gender,7\r\n\
             '+1,\"[{\"\"child\"\":\"\"x\"\"}]\",\r\n'@sum,,'-1\r\n"
        );
    }

    #[test]
    fn the_address_says_which_form() {
        assert_eq!(Form::of("/sights/queries.csv"), (Form::Csv, "/sights/queries"));
        assert_eq!(Form::of("/sights/queries"), (Form::Json, "/sights/queries"));
    }
}
