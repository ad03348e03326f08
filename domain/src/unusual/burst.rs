//! Rule L5: many records opened in a short time are worth a second look.
//!
//! Source: at a million looks a week the whole base could be read out in eleven weeks (S18).
//! Reading: more than `burst_looks` records within `burst_minutes`. The finding is made by the look that
//! exceeds the measure, and again only after it has been kept to.

use super::{Act, Finding, Rule, count, within_minutes};
use crate::policy::UnusualLooks;

/// Finds the look that exceeds the measure. `earlier` are the looks before it.
pub fn find(look: &Act, earlier: &[Act], values: &UnusualLooks) -> Option<Finding> {
    let lately = || within_minutes(earlier, look, values.burst_minutes);
    if count(lately().count()) != values.burst_looks {
        return None;
    }
    let mut rests_on: Vec<_> = lately().map(|it| it.event).collect();
    rests_on.push(look.event);
    let used = [("burst_looks", values.burst_looks), ("burst_minutes", values.burst_minutes)];
    Some(Finding::new(Rule::Burst, rests_on, &used))
}
