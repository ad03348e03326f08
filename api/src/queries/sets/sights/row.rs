//! One sight as a row of the answer.

use std::{borrow::Cow, collections::BTreeSet};

use domain::identity::ChildRef;
use projections::{
    dated::Moment,
    read_models::seen::{Shown, Sight, What},
};
use serde_json::{Value, json};

use super::{super::facets::Row, Deed};

pub(super) const fn deed(what: &What) -> Deed {
    match what {
        What::Searched { .. } | What::SearchRefused { .. } => Deed::Searched,
        What::Opened { .. } | What::OpeningRefused { .. } => Deed::Opened,
        What::Overrode { .. } => Deed::Overrode,
        What::Copied { .. } => Deed::Copied,
        What::ViewedToBroker { .. } => Deed::Brokered,
        What::AskedTheTrail { .. } => Deed::Asked,
    }
}

/// A sight, and when it turned out that nothing was released, if it did.
pub(super) struct SightRow {
    pub(super) sight: Sight,
    pub(super) withheld: Option<Moment>,
}

impl Row for SightRow {
    fn cell(&self, column: &str) -> Cow<'_, Value> {
        let Sight { by, reason, what, .. } = &self.sight;
        Cow::Owned(match column {
            "what" => json!(deed(what)),
            "outcome" => json!(self.outcome()),
            "organisation" => json!(by.organisation),
            "role" => json!(by.role),
            "reason" => json!(reason),
            column => self.row().get(column).cloned().unwrap_or_default(),
        })
    }

    fn written(self) -> Value {
        self.row()
    }
}

impl SightRow {
    fn row(&self) -> Value {
        let sight = &self.sight;
        let children: BTreeSet<ChildRef> = sight.children();
        let mut row = json!({
            "position": sight.known.position,
            "at": sight.known.at,
            "event": sight.event,
            "stream": sight.stream,
            "practitioner": sight.by.id,
            "role": sight.by.role,
            "organisation": sight.by.organisation,
            "on_behalf_of": sight.by.on_behalf_of,
            "reason": sight.reason,
            "what": deed(&sight.what),
            "outcome": self.outcome(),
            "children": children,
        });
        if let (Value::Object(row), Value::Object(more)) = (&mut row, more(&sight.what)) {
            row.extend(more);
        }
        row
    }

    /// What came of it.
    const fn outcome(&self) -> &'static str {
        if self.withheld.is_some() {
            return "recorded-but-not-released";
        }
        match &self.sight.what {
            What::Searched { rows: None, .. } => "too-many",
            What::SearchRefused { .. }
            | What::OpeningRefused { .. }
            | What::AskedTheTrail { answered: false, .. } => "refused",
            What::Searched { rows: Some(_), .. }
            | What::Opened { .. }
            | What::Overrode { .. }
            | What::Copied { .. }
            | What::ViewedToBroker { .. }
            | What::AskedTheTrail { answered: true, .. } => "shown",
        }
    }
}

/// What else is to be said, by what it was.
fn more(what: &What) -> Value {
    let only = |one: &Shown| json!([one]);
    match what {
        What::Searched { asked, rows: Some(rows) } => json!({"asked_about": asked, "shown": rows}),
        What::Searched { asked, rows: None } => json!({"asked_about": asked}),
        What::SearchRefused { refusals } | What::OpeningRefused { refusals, .. } => {
            json!({"refusals": refusals})
        }
        What::Opened { opening, shown, withheld, basis, shield } => json!({
            "opening": opening, "shown": only(shown), "withheld_fields": withheld,
            "basis": basis, "shield": shield,
        }),
        What::Overrode { procedure, shown, shield } => {
            json!({"override": procedure, "shown": only(shown), "shield": shield})
        }
        What::Copied { copy, form, shown, basis, shield } => json!({
            "copy": copy, "form": form, "shown": only(shown), "basis": basis, "shield": shield,
        }),
        What::ViewedToBroker { brokering, shown, shield } => {
            json!({"brokering": brokering, "shown": only(shown), "shield": shield})
        }
        What::AskedTheTrail { question, about, answered: _ } => {
            json!({"question": question, "about": about})
        }
    }
}
