//! Rule L7: many overrides by one user are worth a second look.
//!
//! Source: each override is investigated (S27); that many of them may be a habit is our concern.
//! Reading: more than `overrides` confirmed within `overrides_days`. The finding is made by the one that
//! exceeds the measure.

use chrono::TimeDelta;

use super::{Act, Finding, Rule, count};
use crate::policy::UnusualLooks;

/// Finds the override that exceeds the measure. `earlier` are those that were confirmed before it.
pub fn find(confirmed: &Act, earlier: &[Act], values: &UnusualLooks) -> Option<Finding> {
    let span = TimeDelta::days(i64::from(values.overrides_days));
    let recent = |it: &&Act| confirmed.at.signed_duration_since(it.at) < span;
    let mut rests_on: Vec<_> = earlier.iter().filter(recent).map(|it| it.event).collect();
    if count(rests_on.len()) != values.overrides {
        return None;
    }
    rests_on.push(confirmed.event);
    let used = [("overrides", values.overrides), ("overrides_days", values.overrides_days)];
    Some(Finding::new(Rule::Overrides, rests_on, &used))
}
