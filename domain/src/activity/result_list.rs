//! Rule A12: a result list is rebuilt from the event that recorded it, and shows all children alike.
//!
//! Source: the results returned are audited (S7).
//! Reading: a row shows name, date of birth, gender and number, of which no shield hides any; it does
//! not say whether the record is shielded. Rows stand in the order of the event. As with a screen, the
//! answer to the searcher and the investigators' tool both print `serde_json::to_string(&list)`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Event, SearchOutcome, SearchRow};
use crate::{
    access::Record,
    child::Child,
    identity::{ChildRef, EventId},
    recorded::Recorded,
};

/// One list, as shown once to one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ResultList {
    /// The event that recorded the disclosure.
    pub event: EventId,
    /// When.
    pub at: DateTime<Utc>,
    /// More matched than may be shown, so none was. How many is not said.
    pub too_many: bool,
    /// The rows, in the order shown.
    pub rows: Vec<Row>,
}

/// One row, as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Whose.
    pub child: ChildRef,
    /// The fields of the row.
    #[serde(flatten)]
    pub record: Record,
}

impl ResultList {
    /// Rebuilds the list from the event of its disclosure and the records at the revisions that the
    /// event relied on. None when the event disclosed no list, or a record in it is not given.
    pub fn rebuild(
        recorded: &Recorded<Event>,
        records: &BTreeMap<ChildRef, &Child>,
    ) -> Option<Self> {
        let (too_many, rows) = match &recorded.event {
            Event::SearchPerformed { outcome: SearchOutcome::Shown(rows), .. } => {
                (false, rows.as_slice())
            }
            Event::SearchPerformed { outcome: SearchOutcome::TooMany, .. } => (true, [].as_slice()),
            Event::SearchRefused { .. } => return None,
        };
        let row = |row: &SearchRow| {
            let record = Record::showing(records.get(&row.child)?, row.shown);
            Some(Row { child: row.child, record })
        };
        let rows = rows.iter().map(row).collect::<Option<_>>()?;
        Some(Self { event: recorded.stamp.id, at: recorded.stamp.at, too_many, rows })
    }
}
