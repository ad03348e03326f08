//! Rule L9: a look soon before the account lapsed is worth a second one.
//!
//! Source: access ends with its conditions (HL4246); that somebody may take things with them when they
//! leave is our concern.
//! Reading: the account was suspended or closed, or its check expired, within `lapsed_days` after its last
//! look. The finding is made by the event that ended it.

use chrono::TimeDelta;

use super::{Act, Finding, Rule};
use crate::policy::UnusualLooks;

/// Finds a look soon before the account ended.
pub fn find(ended: &Act, last: Option<&Act>, values: &UnusualLooks) -> Option<Finding> {
    let last = last?;
    let span = TimeDelta::days(i64::from(values.lapsed_days));
    if ended.at.signed_duration_since(last.at) > span {
        return None;
    }
    let used = [("lapsed_days", values.lapsed_days)];
    Some(Finding::new(Rule::Lapse, vec![last.event, ended.event], &used))
}
