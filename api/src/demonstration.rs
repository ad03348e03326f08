//! The demonstration: the first five months of a small directory, from 26 January to 22 June 2009.
//!
//! Every event in it comes from a decision that the rules allow at that instant. Who is who stands in
//! `fixtures::demonstration`. Handles, times and texts are the same in every copy; keys, and so
//! everything sealed or digested under them, are not.

mod cast;
mod looks;
mod opening;
mod records;
mod rollout;
mod shields;
mod teams;
pub mod tour;

use chrono::{DateTime, NaiveDate, Utc};
use fixtures::demonstration as cast_list;
use uuid::Uuid;

use crate::{
    chronicle::{Halt, Line},
    directory::Directory,
};

pub use tour::{Visitor, visitors};

/// The name from which the identities of all its deeds follow.
const NAME: Uuid = cast_list::thing(0x2009);

/// How a telling went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loaded {
    /// It has been told now; so many events.
    Now(u64),
    /// It stood in the log already.
    Before,
}

/// Tells the demonstration to a directory, or what is missing of it.
///
/// # Errors
/// When the directory cannot record it, or holds something else.
pub async fn load(directory: &Directory) -> Result<Loaded, Halt> {
    let before = directory.log().length();
    opening::tell(directory).await?;
    teams::tell(directory).await?;
    records::tell(directory).await?;
    shields::tell_before_first_use(directory).await?;
    rollout::tell_public(directory).await?;
    shields::tell_near_match(directory).await?;
    rollout::tell(directory).await?;
    looks::tell(directory).await?;
    looks::tell_suspicion(directory).await?;
    shields::tell_review(directory).await?;
    looks::tell_june(directory).await?;
    rollout::tell_learner(directory).await?;
    looks::tell_open_override(directory).await?;
    shields::tell_provisional(directory).await?;
    looks::tell_last_morning(directory).await?;
    let after = directory.log().length();
    let told = after.saturating_sub(before);
    Ok(if told == 0 { Loaded::Before } else { Loaded::Now(told) })
}

/// A line of the telling, by its name.
fn line<'d>(directory: &'d Directory, name: &str, from: &str) -> Line<'d> {
    Line::new(directory, Uuid::new_v5(&NAME, name.as_bytes()), instant(from)).perhaps_told(true)
}

/// An instant of the telling, from `2009-02-09 10:00`.
fn instant(text: &str) -> DateTime<Utc> {
    let parsed = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M");
    parsed.map_or(DateTime::UNIX_EPOCH, |parsed| parsed.and_utc())
}

/// A day of the telling.
fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or(NaiveDate::MIN)
}
