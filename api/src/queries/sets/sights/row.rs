//! One sight as a row of the answer.

use std::collections::BTreeSet;

use domain::{access::Field, identity::ChildRef};
use projections::{
    dated::Moment,
    read_models::seen::{Shown, Sight, What},
};
use serde_json::{Value, json};

use super::Deed;

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

/// The row of a sight, and when it turned out that nothing was released, if it did.
pub(super) fn row(sight: &Sight, withheld: Option<Moment>) -> Value {
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
        "children": children,
    });
    let (outcome, more) = said(&sight.what);
    let outcome = if withheld.is_some() { "recorded-but-not-released" } else { outcome };
    if let (Value::Object(row), Value::Object(more)) = (&mut row, more) {
        row.insert("outcome".to_owned(), json!(outcome));
        row.extend(more);
    }
    row
}

/// What came of it, and what else is to be said.
fn said(what: &What) -> (&'static str, Value) {
    let shown = |shown: &[Shown]| json!(shown);
    match what {
        What::Searched { asked, rows: Some(rows) } => {
            ("shown", json!({"asked_about": asked, "shown": shown(rows)}))
        }
        What::Searched { asked, rows: None } => ("too-many", json!({"asked_about": asked})),
        What::SearchRefused { refusals } | What::OpeningRefused { refusals, .. } => {
            ("refused", json!({"refusals": refusals}))
        }
        What::Opened { opening, shown: one, withheld, basis, shield } => {
            let withheld: &BTreeSet<Field> = withheld;
            let shown = shown(std::slice::from_ref(one));
            (
                "shown",
                json!({
                    "opening": opening, "shown": shown, "withheld_fields": withheld,
                    "basis": basis, "shield": shield,
                }),
            )
        }
        What::Overrode { procedure, shown: one, shield } => {
            let shown = shown(std::slice::from_ref(one));
            ("shown", json!({"override": procedure, "shown": shown, "shield": shield}))
        }
        What::Copied { copy, form, shown: one, basis, shield } => {
            let shown = shown(std::slice::from_ref(one));
            (
                "shown",
                json!({
                    "copy": copy, "form": form, "shown": shown, "basis": basis, "shield": shield,
                }),
            )
        }
        What::ViewedToBroker { brokering, shown: one, shield } => {
            let shown = shown(std::slice::from_ref(one));
            ("shown", json!({"brokering": brokering, "shown": shown, "shield": shield}))
        }
        What::AskedTheTrail { question, about, answered } => {
            let outcome = if *answered { "shown" } else { "refused" };
            (outcome, json!({"question": question, "about": about}))
        }
    }
}
