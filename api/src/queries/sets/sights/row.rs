//! One sight as a row of the answer.

use std::{borrow::Cow, collections::BTreeSet};

use domain::identity::ChildRef;
use projections::read_models::seen::{Outcome, Shown, Sight, Told, What};
use serde_json::{Value, json};

use super::{super::facets::Row, Deed};

/// A sight: what is told of it, which is enough to count it, and the sight itself, if it is shown.
pub(super) struct SightRow {
    pub(super) told: Told,
    sight: Option<Sight>,
}

impl Row for SightRow {
    fn cell(&self, column: &str) -> Cow<'_, Value> {
        let Told { deed, kind, .. } = &self.told;
        Cow::Owned(match column {
            "what" => json!(Deed::from(*deed)),
            "outcome" => json!(self.outcome()),
            "organisation" => json!(kind.organisation),
            "role" => json!(kind.role),
            "reason" => json!(kind.reason),
            column => self.row().get(column).cloned().unwrap_or_default(),
        })
    }

    fn written(self) -> Value {
        self.row()
    }
}

impl SightRow {
    /// One that is counted.
    pub(super) const fn counted(told: Told) -> Self {
        Self { told, sight: None }
    }

    /// The same, to be shown.
    pub(super) fn shown(self, sight: Sight) -> Self {
        Self { sight: Some(sight), ..self }
    }

    fn row(&self) -> Value {
        let Told { known, deed, kind, .. } = &self.told;
        let mut row = json!({
            "position": known.position,
            "at": known.at,
            "role": kind.role,
            "organisation": kind.organisation,
            "reason": kind.reason,
            "what": Deed::from(*deed),
            "outcome": self.outcome(),
        });
        let Some(sight) = &self.sight else { return row };
        let children: BTreeSet<ChildRef> = sight.children();
        let of_the_event = json!({
            "event": sight.event,
            "stream": sight.stream,
            "practitioner": sight.by.id,
            "on_behalf_of": sight.by.on_behalf_of,
            "children": children,
        });
        if let Value::Object(row) = &mut row {
            for more in [of_the_event, more(&sight.what)] {
                if let Value::Object(more) = more {
                    row.extend(more);
                }
            }
        }
        row
    }

    /// What came of it.
    const fn outcome(&self) -> &'static str {
        if self.told.withheld.is_some() {
            return "recorded-but-not-released";
        }
        match self.told.outcome {
            Outcome::Shown => "shown",
            Outcome::TooMany => "too-many",
            Outcome::Refused => "refused",
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
