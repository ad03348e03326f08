//! `replay trail`: everyone who saw a child's record, or tried to.

use clap::Args;
use domain::{
    access::{
        self,
        accesses::{self, Line, What},
    },
    activity::{self, SearchOutcome},
    event::Event,
    identity::ChildRef,
    recorded::{Recorded, Stamp},
    stream::Stream,
};
use event_log::{AsOf, EventLog};
use serde_json::{Value, json};

use super::sightings;
use crate::{
    cells::{codes, instant, organisation, role, who, words},
    cli::Global,
    erased::{Erased, marked},
    outcome::{Answer, Failure},
    print::Sheet,
    sealed,
    source::Source,
};

const COLUMNS: &[&str] = &[
    "position",
    "at",
    "who",
    "role",
    "organisation",
    "what",
    "reason",
    "words",
    "basis",
    "shown",
    "withheld",
    "refused-because",
    "event",
];

/// Openings, result lists that showed the child, refusals, overrides and their investigations, in order.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The handle of the child's record.
    child: ChildRef,
    #[command(flatten)]
    then: super::at::Then,
}

pub(crate) async fn run(global: &Global, arguments: &Arguments) -> Result<Answer, Failure> {
    let source = Source::open(global)?;
    let Arguments { child, then } = arguments;
    let looks = source.log().history(Stream::Access(*child), then.as_of()).await?;
    let (lists, searched) = sightings::of(source.log(), *child, then, global.quiet).await?;
    let shown = looks.iter().map(|recorded| &recorded.stamp).chain(&lists).collect();
    let log = source.opened_for(&shown).await?;
    let mut erased = Erased::default();
    let said = erased.of(&log, Stream::Access(*child)).await?;
    let mut rows: Vec<Placed> = access_rows(&log, *child, then.as_of())
        .await?
        .into_iter()
        .map(|(position, row)| (position, marked_all(row, said.as_deref())))
        .collect();
    for stamp in &lists {
        let said = erased.of(&log, stamp.stream).await?;
        let row = list_row(&log, *child, stamp.position).await?;
        rows.extend(row.map(|(position, row)| (position, marked_all(row, said.as_deref()))));
    }
    rows.sort_by_key(|(position, _)| *position);
    let mut sheet = Sheet::new(global.format(), COLUMNS);
    for (_, row) in rows {
        sheet.row(row)?;
    }
    let count = sheet.rows();
    sealed::explain(global, sheet.sealed());
    if let Some(said) = said {
        global.remark(&format!("The record is gone {said}; who saw it is kept."));
    }
    sheet.finish(&json!({ "child": child, "as_of": then.to_string(), "positions": searched }))?;
    global.remark(&format!(
        "{count} looks and attempts as of {then}; searched {searched} positions for result lists"
    ));
    Ok(if count == 0 { Answer::Nothing } else { Answer::Found })
}

type Placed = (u64, Vec<Value>);

fn marked_all(row: Vec<Value>, erased: Option<&str>) -> Vec<Value> {
    row.into_iter().map(|cell| marked(cell, erased)).collect()
}

async fn access_rows(log: &EventLog, child: ChildRef, as_of: AsOf) -> Result<Vec<Placed>, Failure> {
    let history: Vec<Recorded<access::Event>> = log
        .history(Stream::Access(child), as_of)
        .await?
        .into_iter()
        .filter_map(|Recorded { stamp, event }| match event {
            Event::Access(event) => Some(Recorded { stamp, event }),
            Event::Policy(_)
            | Event::Organisation(_)
            | Event::Practitioner(_)
            | Event::Activity(_)
            | Event::Child(_)
            | Event::Shield(_)
            | Event::Investigation(_)
            | Event::Key(_)
            | Event::Erasure(_)
            | Event::Audit(_) => None,
        })
        .collect();
    let position = |event| {
        let place = history.iter().find(|recorded| recorded.stamp.id == event);
        place.map_or(0, |recorded| recorded.stamp.position)
    };
    Ok(accesses::accesses(&history)
        .iter()
        .map(|line| (position(line.event), access_row(line, position(line.event))))
        .collect())
}

/// What a line of the trail says, beside who and when.
#[derive(Default)]
struct Said {
    what: &'static str,
    reason: Option<accesses::Reason>,
    basis: Value,
    shown: Value,
    withheld: Value,
    refused: Value,
}

fn said(line: &Line) -> Said {
    let plainly = |what| Said { what, ..Said::default() };
    match line.what.clone() {
        What::Opened { opening: _, reason, basis, shield: _, shown, withheld } => Said {
            what: if line.held_back { "opened, held back" } else { "opened" },
            reason: Some(reason),
            basis: json!(basis),
            shown: codes(shown.iter()),
            withheld: codes(withheld.iter()),
            ..Said::default()
        },
        What::Refused { reason, sought, refusals } => Said {
            what: "refused",
            reason: Some(reason),
            basis: json!(sought),
            refused: codes(refusals),
            ..Said::default()
        },
        What::Closed { .. } => plainly("closed"),
        What::OverrideAttempted { procedure: _, opening: _, reason } => {
            Said { reason: Some(reason), ..plainly("override attempted, warned") }
        }
        What::OverrideConfirmed { procedure: _, shown, withheld } => Said {
            what: if line.held_back {
                "override confirmed, held back"
            } else {
                "override confirmed"
            },
            basis: json!(access::Basis::Override),
            shown: codes(shown.iter()),
            withheld: codes(withheld.iter()),
            ..Said::default()
        },
        What::InvestigationOpened { .. } => plainly("investigation opened"),
        What::OverrideWithdrawn { .. } => plainly("override withdrawn"),
        What::OverrideEnded { .. } => plainly("override ended"),
        What::Copied { form, reason, basis, shown, withheld, .. } => Said {
            what: copied(form, line.held_back),
            reason: Some(reason),
            basis: json!(basis),
            shown: codes(shown.iter()),
            withheld: codes(withheld.iter()),
            ..Said::default()
        },
        What::CopyDestroyed { .. } => plainly("copy destroyed"),
        What::ContactRequested { reason, .. } => {
            Said { reason: Some(reason), ..plainly("contact asked for") }
        }
        What::ViewedToBroker { shown, withheld, .. } => Said {
            what: if line.held_back { "looked to broker, held back" } else { "looked to broker" },
            basis: json!(access::Basis::ResponsibleTeam),
            shown: codes(shown.iter()),
            withheld: codes(withheld.iter()),
            ..Said::default()
        },
        What::ContactBrokered { .. } => plainly("contact brokered"),
        What::BrokeringDeclined { .. } => plainly("brokering declined"),
    }
}

const fn copied(form: access::Form, held_back: bool) -> &'static str {
    match (form, held_back) {
        (access::Form::Print, false) => "printed",
        (access::Form::Print, true) => "printed, held back",
        (access::Form::Export, false) => "exported",
        (access::Form::Export, true) => "exported, held back",
    }
}

fn access_row(line: &Line, position: u64) -> Vec<Value> {
    let said = said(line);
    let reason = said.reason.as_ref();
    vec![
        json!(position),
        instant(line.at),
        who(line.by),
        role(line.by),
        organisation(line.by),
        json!(said.what),
        json!(reason.map(|reason| reason.code.as_str())),
        reason.map_or(Value::Null, |reason| crate::cells::shown(&reason.text)),
        said.basis,
        said.shown,
        said.withheld,
        said.refused,
        json!(line.event),
    ]
}

async fn list_row(
    log: &EventLog,
    child: ChildRef,
    position: u64,
) -> Result<Option<Placed>, Failure> {
    let Some(Recorded { stamp, event: Event::Activity(event) }) = log.open_event(position).await?
    else {
        return Ok(None);
    };
    let activity::Event::SearchPerformed { purpose, outcome: SearchOutcome::Shown(rows), .. } =
        event
    else {
        return Ok(None);
    };
    let Some((place, row)) = rows.iter().enumerate().find(|(_, row)| row.child == child) else {
        return Ok(None);
    };
    Ok(Some((position, sighting(&stamp, &purpose, place, row))))
}

fn sighting(
    stamp: &Stamp,
    purpose: &access::Purpose,
    place: usize,
    row: &activity::SearchRow,
) -> Vec<Value> {
    vec![
        json!(stamp.position),
        instant(stamp.at),
        who(stamp.by),
        role(stamp.by),
        organisation(stamp.by),
        json!(format!("in a result list, row {}", place.saturating_add(1))),
        json!(purpose.code.as_str()),
        words(&purpose.text),
        Value::Null,
        codes(row.shown.iter()),
        Value::Null,
        Value::Null,
        json!(stamp.id),
    ]
}
