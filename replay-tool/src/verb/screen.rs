//! `replay screen`: exactly what a disclosure showed, rebuilt from what it relied on.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use clap::Args;
use domain::{
    access::{self, Fields, Screen},
    activity::{self, ResultList, SearchOutcome, search::ROW},
    child::Child,
    event::Event,
    identity::ChildRef,
    recorded::{Recorded, Stamp},
    stream::Stream,
};

use super::{
    behind::{relied, sealed_behind},
    event::EventRef,
};
use crate::{
    cli::Global,
    erased::Erased,
    outcome::{Answer, Failure},
    print::exactly,
    sealed,
    source::Source,
};

/// Prints the very bytes that the service answered. A value that
/// no key at hand opens reads `{"sealed":true}`; one of somebody erased reads `{"erased":true}`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The event that recorded the disclosure: its identity, or its position in the log.
    event: EventRef,
}

pub(crate) async fn run(global: &Global, arguments: &Arguments) -> Result<Answer, Failure> {
    let source = Source::open(global)?;
    let recorded = arguments.event.find(source.log()).await?;
    let stamp = recorded.stamp.clone();
    let shown = match &recorded.event {
        Event::Access(event) => of_access(&stamp, event),
        Event::Activity(event) => of_search(event),
        Event::Policy(_)
        | Event::Organisation(_)
        | Event::Practitioner(_)
        | Event::Child(_)
        | Event::Shield(_)
        | Event::Investigation(_)
        | Event::Key(_)
        | Event::Erasure(_)
        | Event::Audit(_) => None,
    };
    let Some(shown) = shown else {
        global.remark(&format!(
            "event {} at position {} disclosed nothing of a record",
            stamp.id, stamp.position
        ));
        return Ok(Answer::Nothing);
    };
    let mut needed = Vec::new();
    for (child, fields) in &shown {
        needed.extend(sealed_behind(source.log(), &recorded, *child, *fields).await?);
    }
    let log = source.opened_for(&needed.iter().collect()).await?;
    let mut records = BTreeMap::new();
    for child in shown.keys() {
        let as_of = relied(&recorded, Stream::Child(*child))?;
        records.insert(*child, log.fold_at::<Child>(Stream::Child(*child), as_of).await?);
    }
    let (mut erased, mut gone) = (Erased::default(), BTreeSet::new());
    for child in shown.keys() {
        if let Some(said) = erased.of(&log, Stream::Child(*child)).await? {
            global.remark(&format!("The values of record {child} are gone {said}."));
            gone.insert(*child);
        }
    }
    let text = rendered(recorded, &records, &gone)?;
    sealed::explain(global, sealed::stands_in(&text));
    exactly(text.as_bytes())?;
    global.remark(&format!(
        "rebuilt from {} records at the revisions that event {} relied on",
        records.len(),
        stamp.id
    ));
    Ok(Answer::Found)
}

type Shown = BTreeMap<ChildRef, Fields>;

fn of_access(stamp: &Stamp, event: &access::Event) -> Option<Shown> {
    use access::Event as E;
    let Stream::Access(child) = stamp.stream else { return None };
    match event {
        E::RecordOpened { shown, .. }
        | E::ShieldOverrideConfirmed { shown, .. }
        | E::DisclosureCopied { shown, .. }
        | E::BrokerViewedHiddenDetails { shown, .. } => Some(BTreeMap::from([(child, *shown)])),
        E::AccessRefused { .. }
        | E::RecordClosed { .. }
        | E::DisclosureWithheld { .. }
        | E::ShieldOverrideAttempted { .. }
        | E::ShieldOverrideWarned { .. }
        | E::InvestigationOpened { .. }
        | E::ShieldOverrideWithdrawn { .. }
        | E::ShieldOverrideEnded { .. }
        | E::CopyDestroyed { .. }
        | E::BrokeredContactRequested { .. }
        | E::ContactBrokered { .. }
        | E::BrokeringDeclined { .. } => None,
    }
}

fn of_search(event: &activity::Event) -> Option<Shown> {
    match event {
        activity::Event::SearchPerformed { outcome: SearchOutcome::Shown(rows), .. } => {
            Some(rows.iter().map(|row| (row.child, Fields::from(ROW))).collect())
        }
        activity::Event::SearchPerformed { outcome: SearchOutcome::TooMany, .. } => {
            Some(Shown::new())
        }
        activity::Event::SearchRefused { .. } => None,
    }
}

fn rendered(
    recorded: Recorded<Event>,
    records: &BTreeMap<ChildRef, Arc<Child>>,
    gone: &BTreeSet<ChildRef>,
) -> Result<String, Failure> {
    let Recorded { stamp, event } = recorded;
    let text = match event {
        Event::Access(event) => {
            let child = records.values().next().cloned().unwrap_or_default();
            let screen = Screen::rebuild(&Recorded { stamp, event }, &child);
            screen.map(|screen| of_one(&screen, gone))
        }
        Event::Activity(event) => {
            let records = records.iter().map(|(child, record)| (*child, &**record)).collect();
            let list = ResultList::rebuild(&Recorded { stamp, event }, &records);
            list.map(|list| of_list(&list, gone))
        }
        Event::Policy(_)
        | Event::Organisation(_)
        | Event::Practitioner(_)
        | Event::Child(_)
        | Event::Shield(_)
        | Event::Investigation(_)
        | Event::Key(_)
        | Event::Erasure(_)
        | Event::Audit(_) => None,
    };
    match text {
        Some(Ok(text)) => Ok(text),
        Some(Err(cause)) => Err(Failure::Runtime(cause.into())),
        None => {
            Err(Failure::Incomplete("the event does not hold what its screen needs".to_owned()))
        }
    }
}

/// A screen's text, which says of a value that was not opened whether it is sealed or erased.
fn of_one(screen: &Screen, gone: &BTreeSet<ChildRef>) -> serde_json::Result<String> {
    let text = serde_json::to_string(screen)?;
    Ok(if gone.contains(&screen.child) { text } else { sealed::not_erased(&text) })
}

/// The same of a list, row by row: they are of different people.
fn of_list(list: &ResultList, gone: &BTreeSet<ChildRef>) -> serde_json::Result<String> {
    let mut text = serde_json::to_string(list)?;
    for row in list.rows.iter().filter(|row| !gone.contains(&row.child)) {
        let row = serde_json::to_string(row)?;
        text = text.replacen(&row, &sealed::not_erased(&row), 1);
    }
    Ok(text)
}
