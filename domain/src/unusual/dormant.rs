//! Rule L8: a look from an account that was not used for long is worth a second one.
//!
//! Source: shared credentials were a known practice (S15e, S31); a forgotten account is one that its
//! holder does not miss.
//! Reading: no search and no opening for `dormant_days` or more, counted from the last one or, before the
//! first, from the day the account was authorised.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Act, Finding, Rule};
use crate::policy::UnusualLooks;

/// Finds a look after a long time. `last` is the look before it, `authorised` when the account began.
pub fn find(
    look: &Act,
    last: Option<&Act>,
    authorised: Option<DateTime<Utc>>,
    values: &UnusualLooks,
) -> Option<Finding> {
    let since = last.map(|last| last.at).or(authorised)?;
    let span = TimeDelta::days(i64::from(values.dormant_days));
    if look.at.signed_duration_since(since) < span {
        return None;
    }
    let rests_on = last.map(|last| last.event).into_iter().chain([look.event]).collect();
    Some(Finding::new(Rule::Dormant, rests_on, &[("dormant_days", values.dormant_days)]))
}
