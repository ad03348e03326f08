//! `replay seen-by`: every record that somebody saw, or asked for and did not see.

use clap::Args;
use domain::{
    access::{self, Basis, Form, Purpose},
    activity::{self, SearchOutcome},
    event::Event,
    identity::PractitionerId,
    recorded::Stamp,
    stream::Stream,
};
use event_log::AsOf;
use serde_json::{Value, json};

use super::at::Then;
use crate::{
    cells::{codes, organisation, place, plain, role, words},
    cli::Global,
    erased::{Erased, marked},
    outcome::{Answer, Failure},
    print::Sheet,
    progress::Progress,
    scan::scan,
    sealed,
    source::Source,
};

const COLUMNS: &[&str] = &[
    "position",
    "at",
    "role",
    "organisation",
    "what",
    "child",
    "reason",
    "words",
    "terms",
    "basis",
    "shown",
    "refused-because",
    "event",
];

/// Searches with the children they listed, openings, refusals and overrides, in order.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The handle of the practitioner.
    practitioner: PractitionerId,
    #[command(flatten)]
    then: Then,
}

pub(crate) async fn run(global: &Global, arguments: &Arguments) -> Result<Answer, Failure> {
    let source = Source::open(global)?;
    let Arguments { practitioner, then } = arguments;
    let end = source.log().length();
    let handle = practitioner.to_string();
    let needle = handle.as_bytes();
    let last = match then.as_of() {
        AsOf::Position(position) => position,
        AsOf::Now | AsOf::Time(_) | AsOf::Revision(_) => end,
    };
    let mut progress = Progress::new("searched", end, global.quiet);
    let mut places = Vec::new();
    let searched = scan(source.log(), 0, last, &mut progress, |stored| {
        // Only an entry in which the handle occurs can be theirs.
        let looks = matches!(stored.stream, Stream::Access(_) | Stream::Activity(_));
        if looks && stored.entry.windows(needle.len()).any(|bytes| bytes == needle) {
            places.push(stored.position);
        }
        Ok(())
    })
    .await?;
    let mut theirs = Vec::new();
    for position in places {
        let header = source.log().header_at(position).await?;
        theirs.extend(header.filter(|header| {
            header.stamp.by.id == Some(*practitioner) && then.reaches(&header.stamp)
        }));
    }
    let shown = theirs.iter().map(|header| &header.stamp).collect();
    let log = source.opened_for(&shown).await?;
    let mut sheet = Sheet::new(global.format(), COLUMNS);
    let mut erased = Erased::default();
    for header in &theirs {
        if let Some(recorded) = log.open_event(header.stamp.position).await? {
            let said = erased.of(&log, recorded.stamp.stream).await?;
            for row in rows(&recorded.stamp, &recorded.event) {
                sheet.row(row.into_iter().map(|cell| marked(cell, said.as_deref())))?;
            }
        }
    }
    let count = sheet.rows();
    sealed::explain(global, sheet.sealed());
    sheet.finish(
        &json!({ "practitioner": practitioner, "as_of": then.to_string(), "positions": searched }),
    )?;
    global.remark(&format!(
        "{} events as of {then}; searched {searched} positions of {end}",
        theirs.len()
    ));
    Ok(if count == 0 { Answer::Nothing } else { Answer::Found })
}

/// What a row says, beside when and in which role.
#[derive(Default)]
struct Said<'e> {
    what: &'static str,
    child: Value,
    purpose: Option<&'e Purpose>,
    terms: Value,
    basis: Value,
    shown: Value,
    refused: Value,
}

fn rows(stamp: &Stamp, event: &Event) -> Vec<Vec<Value>> {
    let said: Vec<Said<'_>> = match event {
        Event::Access(event) => looked(stamp, event).into_iter().collect(),
        Event::Activity(event) => searched(event),
        Event::Policy(_)
        | Event::Organisation(_)
        | Event::Practitioner(_)
        | Event::Child(_)
        | Event::Shield(_)
        | Event::Investigation(_)
        | Event::Key(_)
        | Event::Erasure(_)
        | Event::Audit(_) => Vec::new(),
    };
    said.into_iter().map(|said| row(stamp, said)).collect()
}

fn row(stamp: &Stamp, said: Said<'_>) -> Vec<Value> {
    let [position, at] = place(stamp);
    vec![
        position,
        at,
        role(stamp.by),
        organisation(stamp.by),
        json!(said.what),
        said.child,
        json!(said.purpose.map(|purpose| purpose.code.as_str())),
        said.purpose.map_or(Value::Null, |purpose| words(&purpose.text)),
        said.terms,
        said.basis,
        said.shown,
        said.refused,
        json!(stamp.id),
    ]
}

fn looked<'e>(stamp: &Stamp, event: &'e access::Event) -> Option<Said<'e>> {
    use access::Event as E;
    let Stream::Access(child) = stamp.stream else { return None };
    let said = |what| Said { what, child: json!(child), ..Said::default() };
    Some(match event {
        E::RecordOpened { purpose, basis, shown, .. } => Said {
            purpose: Some(purpose),
            basis: json!(basis),
            shown: codes(shown.iter()),
            ..said("opened")
        },
        E::AccessRefused { purpose, sought, refusals } => Said {
            purpose: Some(purpose),
            basis: json!(sought),
            refused: codes(refusals),
            ..said("refused")
        },
        E::RecordClosed { .. } => said("closed"),
        E::DisclosureWithheld { .. } => said("held back"),
        E::ShieldOverrideAttempted { purpose, .. } => {
            Said { purpose: Some(purpose), ..said("override attempted") }
        }
        E::ShieldOverrideWarned { .. } => said("override warned"),
        E::ShieldOverrideConfirmed { shown, .. } => Said {
            basis: json!(Basis::Override),
            shown: codes(shown.iter()),
            ..said("override confirmed")
        },
        E::InvestigationOpened { .. } => said("investigation opened"),
        E::ShieldOverrideWithdrawn { .. } => said("override withdrawn"),
        E::ShieldOverrideEnded { .. } => said("override ended"),
        E::DisclosureCopied { form, purpose, basis, shown, .. } => Said {
            purpose: Some(purpose),
            basis: json!(basis),
            shown: codes(shown.iter()),
            ..said(match form {
                Form::Print => "printed",
                Form::Export => "exported",
            })
        },
        E::CopyDestroyed { .. } => said("copy destroyed"),
        E::BrokeredContactRequested { purpose, .. } => {
            Said { purpose: Some(purpose), ..said("contact asked for") }
        }
        E::BrokerViewedHiddenDetails { shown, .. } => Said {
            basis: json!(Basis::ResponsibleTeam),
            shown: codes(shown.iter()),
            ..said("looked to broker")
        },
        E::ContactBrokered { .. } => said("contact brokered"),
        E::BrokeringDeclined { .. } => said("brokering declined"),
    })
}

fn searched(event: &activity::Event) -> Vec<Said<'_>> {
    match event {
        activity::Event::SearchPerformed { purpose, terms, fields: _, outcome } => {
            let said = |what, child, shown| Said {
                what,
                child,
                shown,
                purpose: Some(purpose),
                terms: plain(terms),
                ..Said::default()
            };
            match outcome {
                SearchOutcome::TooMany => {
                    vec![said("searched, too many", Value::Null, Value::Null)]
                }
                SearchOutcome::Shown(rows) if rows.is_empty() => {
                    vec![said("searched, none found", Value::Null, Value::Null)]
                }
                SearchOutcome::Shown(rows) => rows
                    .iter()
                    .map(|row| said("in a result list", json!(row.child), codes(row.shown.iter())))
                    .collect(),
            }
        }
        activity::Event::SearchRefused { purpose, terms, refusals } => vec![Said {
            what: "search refused",
            purpose: Some(purpose),
            terms: plain(terms),
            refused: codes(refusals),
            ..Said::default()
        }],
    }
}
