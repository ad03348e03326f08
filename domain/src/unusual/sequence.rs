//! Rule L6: searches one after the other that differ in one term alone are worth a second look.
//!
//! Source: enumeration is among what an audit looks for (S18); no measure is established.
//! Reading: each search asks by the same fields as the one before it, with other words in exactly one of
//! them, within `sequence_minutes`: the birth dates of a month with one surname, one number after the
//! other. A typing error mended is such a step; so it takes more than `sequence_searches` in a row. The
//! finding is made by the search that exceeds them, once for a row.

use serde::{Deserialize, Serialize};

use super::{Act, Finding, Rule, count, within_minutes};
use crate::policy::UnusualLooks;

/// A search: what it asked for in each field, or what stands for the words; none where it did not ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked<M> {
    /// The search.
    pub act: Act,
    /// Field by field, always the same fields in the same order.
    pub terms: Vec<Option<M>>,
}

impl<M: PartialEq> Asked<M> {
    /// Whether it asks by the same fields as another, with other words in exactly one of them.
    fn steps_from(&self, before: &Self) -> bool {
        let pairs = || self.terms.iter().zip(&before.terms);
        let same_fields = pairs().all(|(now, then)| now.is_some() == then.is_some());
        self.terms.len() == before.terms.len()
            && same_fields
            && pairs().filter(|(now, then)| now != then).count() == 1
    }
}

/// Finds the search that exceeds the measure. `earlier` are the searches before it, in order.
pub fn find<M: PartialEq>(
    search: &Asked<M>,
    earlier: &[Asked<M>],
    values: &UnusualLooks,
) -> Option<Finding> {
    let (mut row, mut last) = (vec![search.act.event], search);
    for before in earlier.iter().rev() {
        let soon = within_minutes(&[before.act], &last.act, values.sequence_minutes).count() == 1;
        if !soon || !last.steps_from(before) {
            break;
        }
        row.push(before.act.event);
        last = before;
    }
    if count(row.len()) != values.sequence_searches.saturating_add(1) {
        return None;
    }
    row.reverse();
    let used = [
        ("sequence_searches", values.sequence_searches),
        ("sequence_minutes", values.sequence_minutes),
    ];
    Some(Finding::new(Rule::Sequence, row, &used))
}
