//! Rule L4: a look outside the usual hours is worth a second one.
//!
//! Source: out-of-hours use is among what an audit looks for; no hours are established.
//! Reading: from `hours_from` until `hours_to`, by the clock in England, on every day of the week, since
//! some services work at weekends. Those that work at night, too, will be found here, and people judge.

use super::{Act, Finding, Rule, england};
use crate::policy::UnusualLooks;

/// Finds a look outside the usual hours.
pub fn find(look: &Act, values: &UnusualLooks) -> Option<Finding> {
    let usual = (values.hours_from..values.hours_to).contains(&england::hour(look.at));
    let used = [("hours_from", values.hours_from), ("hours_to", values.hours_to)];
    (!usual).then(|| Finding::new(Rule::Hours, vec![look.event], &used))
}
