//! A window of time, as the body of a question gives it.

use chrono::{DateTime, Utc};
use domain::audit::Within;
use projections::read_models::seen::Window;

use crate::problem::Problem;

/// After everything: keys of instants have four digits for the year.
pub(super) const LAST: DateTime<Utc> = match DateTime::from_timestamp(253_402_300_799, 0) {
    Some(last) => last,
    None => DateTime::UNIX_EPOCH,
};

/// The window between two instants; open where one is not given.
///
/// # Errors
/// 422 when it ends before it begins.
pub(super) fn window_of(within: Within) -> Result<Window, Problem> {
    let from = within.from.unwrap_or(DateTime::UNIX_EPOCH);
    let to = within.to.unwrap_or(LAST);
    if from < to {
        Ok(Window { from, to })
    } else {
        Err(Problem::at_field("to", "is later than `from`"))
    }
}
