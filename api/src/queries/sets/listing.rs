//! The answer of a listing, in the shape that all of them have.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::header};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::{
    cursor::Cursor,
    facets::{Row, counted},
    form::Form,
    page::{Beyond, Page, Placed},
    particulars::Particulars,
    speaking::Speaking,
};
use crate::directory::Directory;

/// What is known of a listing once its rows are there.
pub(super) struct Listing<'a, R = Value> {
    pub(super) how: &'a Particulars,
    /// Everything that narrows it. Cursors are bound to this.
    pub(super) filter: Value,
    pub(super) speaking: Speaking,
    pub(super) page: Page<R>,
    /// The columns of its rows, in order.
    pub(super) columns: &'static [&'static str],
    /// The columns by which rows are counted.
    pub(super) facets: &'static [&'static str],
    /// What was searched, and what was not.
    pub(super) searched: Searched,
    /// What is said of the whole, beside its rows.
    pub(super) summary: Option<Value>,
}

/// What was searched, and what was left out that the caller may know of.
#[derive(Clone, Debug, Default)]
pub(super) struct Searched {
    pub(super) from: Option<DateTime<Utc>>,
    pub(super) to: Option<DateTime<Utc>>,
    /// How many of what was left out.
    pub(super) excluded: BTreeMap<&'static str, u64>,
    /// What was not looked at at all.
    pub(super) left_alone: Vec<&'static str>,
}

impl Searched {
    fn json(&self) -> Value {
        json!({
            "from": self.from,
            "to": self.to,
            "excluded": self.excluded,
            "not_searched": self.left_alone,
        })
    }
}

impl<R: Row> Listing<'_, R> {
    /// Answers in the form that the address asks for.
    pub(super) fn answer(mut self, directory: &Directory) -> HttpResponse {
        let (next, prev) = (self.cursor(directory, false), self.cursor(directory, true));
        let links = self.links(next.as_deref(), prev.as_deref());
        let mut whole = Map::new();
        if let Some(summary) = &self.summary {
            whole.insert("summary".to_owned(), summary.clone());
        }
        whole.insert(
            "page".to_owned(),
            json!({"next": next, "prev": prev, "limit": self.how.limit()}),
        );
        whole.insert("as_of".to_owned(), self.speaking.as_of_json());
        whole.insert("lag".to_owned(), self.speaking.lag_json());
        whole.insert("filter".to_owned(), self.filter.clone());
        whole.insert("searched".to_owned(), self.searched.json());
        if let Some(beyond) = &self.page.beyond {
            whole.insert("facets".to_owned(), self.facets(beyond));
        }
        whole.insert("links".to_owned(), json!(links));
        let mut answer = HttpResponse::Ok();
        for (relation, target) in &links {
            let relation = match *relation {
                "permalink" => "bookmark",
                "csv" => "alternate\"; type=\"text/csv",
                "jsonl" => "alternate\"; type=\"application/jsonl",
                relation => relation,
            };
            answer.append_header((header::LINK, format!("<{target}>; rel=\"{relation}\"")));
        }
        answer.insert_header(("As-Of-Position", self.speaking.position.to_string()));
        let rows = std::mem::take(&mut self.page.rows);
        let rows = rows.into_iter().map(|placed| placed.row.written()).collect();
        self.how.form.write(&mut answer, whole, (self.columns, rows))
    }

    fn cursor(&self, directory: &Directory, backwards: bool) -> Option<String> {
        let rows = &self.page.rows;
        let (there, beside) = if backwards {
            (self.page.before, rows.first())
        } else {
            (self.page.after, rows.last())
        };
        let Placed { key, .. } = beside.filter(|_| there)?;
        let cursor = Cursor {
            position: self.speaking.position,
            effective_at: self.speaking.effective_at,
            backwards,
            key: key.clone(),
        };
        Some(cursor.seal(directory, &self.how.question(&self.filter)))
    }

    fn links(&self, next: Option<&str>, prev: Option<&str>) -> BTreeMap<&'static str, String> {
        let Particulars { path, .. } = self.how;
        let suffix = match self.how.form {
            Form::Json => "",
            Form::Csv => ".csv",
            Form::JsonLines => ".jsonl",
        };
        let limit = self.how.limit_asked().map(|limit| format!("&limit={limit}"));
        let limit = limit.unwrap_or_default();
        let position = self.speaking.position;
        let at = self.speaking.effective_at.to_rfc3339_opts(SecondsFormat::Micros, true);
        let own = self.how.own_parameters();
        let pinned = format!("?as_of_position={position}&effective_at={at}{own}");
        let page = |cursor: &str| format!("{path}{suffix}?cursor={cursor}{limit}{own}");
        let mut links = BTreeMap::from([
            ("self", self.how.asked.clone()),
            ("permalink", format!("{path}{pinned}{limit}")),
            ("csv", format!("{path}.csv{pinned}")),
            ("jsonl", format!("{path}.jsonl{pinned}")),
        ]);
        links.extend(next.map(|cursor| ("next", page(cursor))));
        links.extend(prev.map(|cursor| ("prev", page(cursor))));
        links
    }

    fn facets(&self, beyond: &Beyond<R>) -> Value {
        let first = self.page.rows.iter().map(|placed| &placed.row);
        let rows = self.page.rows.len().saturating_add(beyond.rows.len());
        let counts = counted(self.facets, &first.chain(&beyond.rows));
        json!({"rows": rows, "complete": beyond.complete, "counts": counts})
    }
}
