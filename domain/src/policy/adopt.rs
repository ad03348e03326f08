//! Rule V1: values are adopted as numbered sets, each complete and sourced, and never back-dated.
//!
//! Source: HL4246 ("renewed every three years"; the topics of mandatory training; the ISA "when it is
//! introduced"), which no set may fall short of. The rest is ours.
//! Reading: a set holds from the day of its adoption or a later one, so that no day already judged is
//! judged otherwise afterwards. The first set holds at once, or from an earlier day: before it nothing
//! was judged under a number. Of the sets in force on a day the one adopted last holds, so a later
//! adoption replaces one still to come. A policy may ask for more than the answers do (a check every
//! two years, one more topic), never for less.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::{Event, Policy, PolicyVersion, Retention, Source, Values};
use crate::{
    access::ReasonCode,
    caller::{Caller, Needs, NotEntitled, require},
};

/// Adopt a set of values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adopt {
    /// Now.
    pub at: DateTime<Utc>,
    /// The first day on which the set holds.
    pub effective_from: NaiveDate,
    /// The values, all of them.
    pub values: Values,
    /// The source of each, by field name.
    pub sources: BTreeMap<String, Source>,
}

/// Why a set is not adopted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not.
    #[error(transparent)]
    NotEntitled(#[from] NotEntitled),
    /// It would hold on days already judged.
    #[error("a set of values is never back-dated: the earliest day is {earliest}")]
    BackDated {
        /// The earliest day it may hold from.
        earliest: NaiveDate,
    },
    /// The first set would leave days without one.
    #[error("the first set of values holds at once: the latest day is {latest}")]
    FirstSetHoldsAtOnce {
        /// The latest day it may hold from.
        latest: NaiveDate,
    },
    /// Values out of their bounds: every one.
    #[error("unusable values: {0:?}")]
    UnusableValues(BTreeSet<UnusableValue>),
    /// The sources do not name exactly the fields there are.
    #[error("sources missing for {missing:?}, and given for unknown fields {unknown:?}")]
    SourcesIncomplete {
        /// Fields without a source.
        missing: BTreeSet<String>,
        /// Sources for fields that do not exist.
        unknown: BTreeSet<String>,
    },
    /// There is no number left.
    #[error("no further version number")]
    NumbersExhausted,
}

/// A value out of its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnusableValue {
    /// The field.
    pub field: &'static str,
    /// What is asked of it.
    pub rule: &'static str,
}

/// Adopts the set under the next number.
pub fn decide(
    policy: &Policy,
    caller: &Caller<'_>,
    command: &Adopt,
) -> Result<Vec<Event>, Rejection> {
    require(caller, policy, command.at, Needs::AnyOf(&[Needs::Official, Needs::System]))?;
    let today = command.at.date_naive();
    let last = policy.adopted().last().map(|set| set.version);
    match last {
        None if command.effective_from > today => {
            return Err(Rejection::FirstSetHoldsAtOnce { latest: today });
        }
        Some(_) if command.effective_from < today => {
            return Err(Rejection::BackDated { earliest: today });
        }
        None | Some(_) => {}
    }
    let unusable = unusable_values(&command.values);
    if !unusable.is_empty() {
        return Err(Rejection::UnusableValues(unusable));
    }
    sources_complete(&command.sources)?;
    let number = last.unwrap_or_default().0.checked_add(1).ok_or(Rejection::NumbersExhausted)?;
    Ok(vec![Event::VersionAdopted {
        version: PolicyVersion(number),
        effective_from: command.effective_from,
        values: Box::new(command.values.clone()),
        sources: command.sources.clone(),
    }])
}

/// Every value that is out of its bounds.
pub fn unusable_values(values: &Values) -> BTreeSet<UnusableValue> {
    let kept = values.retention();
    let codes_usable = !values.reason_codes.is_empty()
        && values.reason_codes.iter().all(|code| ReasonCode::try_from(code.clone()).is_ok());
    [
        // HL4246: renewed every three years. More often is stricter; less often is not allowed.
        ((1..=36).contains(&values.crb_valid_months), "crb_valid_months", "1 to 36 months"),
        (
            values.mandatory_topics.is_superset(&Values::default().mandatory_topics),
            "mandatory_topics",
            "at least the five topics of HL4246",
        ),
        (
            (1..=120).contains(&values.accreditation_months),
            "accreditation_months",
            "1 to 120 months",
        ),
        ((1..=5).contains(&values.search_least_fields), "search_least_fields", "1 to 5 fields"),
        ((1..=100).contains(&values.search_cap), "search_cap", "1 to 100 matches"),
        (
            values.unusual_looks().usable(),
            "unusual_looks",
            "days 1 to 366, minutes 1 to 1440, counts 1 to 1000, hours_from before hours_to, at most 24",
        ),
        ((1..=60).contains(&values.shield_review_months), "shield_review_months", "1 to 60 months"),
        (
            (1..=90).contains(&values.provisional_decision_days),
            "provisional_decision_days",
            "1 to 90 days",
        ),
        ((1..=365).contains(&values.investigation_days), "investigation_days", "1 to 365 days"),
        (
            kept.archived_at_age == Retention::OF_2009.archived_at_age
                && (18..=25).contains(&kept.consent_until_age)
                && (1..=120).contains(&kept.live_after_death_months)
                && kept.archive_open_months <= kept.archive_months
                && (1..=240).contains(&kept.archive_months)
                && (1..=240).contains(&kept.closed_account_months)
                && (1..=366).contains(&kept.key_backup_days),
            "retention",
            "archived at 18, by consent at 25 at the latest; 1 to 120 months live after death, 1 to \
             240 in the archive, open for no more than these, 1 to 240 after an account was closed; 1 to 366 days of backup",
        ),
        (codes_usable, "reason_codes", "at least one; lower-case letters, digits and hyphens"),
    ]
    .into_iter()
    .filter_map(|(usable, field, rule)| (!usable).then_some(UnusableValue { field, rule }))
    .collect()
}

fn sources_complete(sources: &BTreeMap<String, Source>) -> Result<(), Rejection> {
    let fields: BTreeSet<String> = Values::default_sources().into_keys().collect();
    let named: BTreeSet<String> = sources.keys().cloned().collect();
    let missing: BTreeSet<String> = fields.difference(&named).cloned().collect();
    let unknown: BTreeSet<String> = named.difference(&fields).cloned().collect();
    if missing.is_empty() && unknown.is_empty() {
        Ok(())
    } else {
        Err(Rejection::SourcesIncomplete { missing, unknown })
    }
}
