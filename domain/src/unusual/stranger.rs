//! Rule L2: a look at a child with whom the user's organisation has nothing to do is worth a second one.
//!
//! Source: access is for people who need it for their work (S5, S11); an involvement means that action
//! is being taken (S29).
//! Reading: an involvement of the user's organisation counts from the day it began until
//! `involvement_days` after it ended, and when it is recorded within `involvement_days` after the look,
//! since one looks a child up before one writes down that one works with it. So the finding stands
//! from then on only. The responsible authority's own people have to do with its records.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::{Act, Finding, Rule};
use crate::{identity::OrganisationId, policy::UnusualLooks};

/// An involvement of the user's organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Involved {
    /// From which day.
    pub from: NaiveDate,
    /// The first day on which it was over, once it is.
    pub ended: Option<NaiveDate>,
}

/// A finding that does not stand yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The finding.
    pub finding: Finding,
    /// From when on it stands, unless an involvement is recorded before.
    pub stands_from: DateTime<Utc>,
}

/// Finds a look without an involvement.
pub fn find(
    look: &Act,
    of: OrganisationId,
    responsible: Option<OrganisationId>,
    involvements: &[Involved],
    values: &UnusualLooks,
) -> Option<Pending> {
    let days = Days::new(u64::from(values.involvement_days));
    let day = look.at.date_naive();
    let counts = |it: &Involved| {
        let until = it.ended.map(|ended| ended.checked_add_days(days).unwrap_or(NaiveDate::MAX));
        it.from <= day && until.is_none_or(|until| day < until)
    };
    if responsible == Some(of) || involvements.iter().any(counts) {
        return None;
    }
    let used = [("involvement_days", values.involvement_days)];
    let finding = Finding::new(Rule::Stranger, vec![look.event], &used);
    let stands_from = look.at.checked_add_days(days).unwrap_or(DateTime::<Utc>::MAX_UTC);
    Some(Pending { finding, stands_from })
}
