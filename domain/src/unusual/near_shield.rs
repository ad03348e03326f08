//! Rule L10: searches for a child that the user knows to be shielded are worth a second look.
//!
//! Source: a search by a hidden field finds nothing (S27), so trying again in other ways shows intent.
//! Reading: after the user opened a shielded record, searches within `near_shield_minutes` that ask for the
//! same surname or date of birth as the search that led to it, and by something a shield hides, the
//! postcode. One may be a habit of the hand: the finding is made by the search that exceeds
//! `near_shield_searches`.

use serde::{Deserialize, Serialize};

use super::{Act, Finding, Rule, count, within_minutes};
use crate::policy::UnusualLooks;

/// The sight of a shielded record, and the searches that asked for the same child since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sight {
    /// When it was opened.
    pub opened: Act,
    /// The searches near it.
    pub near: Vec<Act>,
}

/// Finds the search that exceeds the measure, after one sight.
pub fn find(search: &Act, sight: &Sight, values: &UnusualLooks) -> Option<Finding> {
    let minutes = values.near_shield_minutes;
    let soon = |act: &Act| within_minutes(&[sight.opened], act, minutes).count() == 1;
    if !soon(search) || count(sight.near.len()) != values.near_shield_searches {
        return None;
    }
    let mut rests_on = vec![sight.opened.event];
    rests_on.extend(sight.near.iter().filter(|near| soon(near)).map(|near| near.event));
    rests_on.push(search.event);
    let used =
        [("near_shield_searches", values.near_shield_searches), ("near_shield_minutes", minutes)];
    Some(Finding::new(Rule::NearShield, rests_on, &used))
}
