//! Rule L3: opening many records of other authorities on one day is worth a second look.
//!
//! Source: a user of one authority could see the children of every other (S32); how local use was to
//! be watched was a weakness (S11).
//! Reading: for users of a local authority. Families move, so some of it is usual: the finding is made
//! once a day, by the look that exceeds `elsewhere_a_day`. A national partner has no authority of its
//! own to look outside of.

use super::{Act, Finding, Rule, count};
use crate::policy::UnusualLooks;

/// Finds the look that exceeds the measure of a day. `earlier` are the looks at records of other
/// authorities before it.
pub fn find(look: &Act, earlier: &[Act], values: &UnusualLooks) -> Option<Finding> {
    let day = look.at.date_naive();
    let mut rests_on: Vec<_> =
        earlier.iter().filter(|it| it.at.date_naive() == day).map(|it| it.event).collect();
    if count(rests_on.len()) != values.elsewhere_a_day {
        return None;
    }
    rests_on.push(look.event);
    let used = [("elsewhere_a_day", values.elsewhere_a_day)];
    Some(Finding::new(Rule::Elsewhere, rests_on, &used))
}
