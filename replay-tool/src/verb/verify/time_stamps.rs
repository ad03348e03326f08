//! The time-stamps of checkpoints, in a data folder or an exported one.

use std::path::Path;

use anyhow::anyhow;
use chrono::{DateTime, SecondsFormat, Utc};
use event_log::{
    audit::{Found, Place},
    checkpoints::Checkpoints,
    time_stamps::{Authority, FOLDER, TimeStamps, TimeStampsError},
};
use serde_json::{Value, json};

use crate::{cli::Global, outcome::Failure};

/// What came of looking at them.
#[derive(Debug, Default)]
pub(super) struct Stamped {
    /// How many are good.
    good: usize,
    /// The largest size that has a good one, and when that was seen.
    newest: Option<(u64, DateTime<Utc>)>,
    /// What is wrong.
    pub(super) found: Vec<Found>,
}

impl Stamped {
    /// Checks those beside the checkpoints in a folder against an authority's certificates. Without these, it says
    /// how many were not looked at.
    pub(super) fn look_at(
        global: &Global,
        folder: &Path,
        authority: Option<&Path>,
    ) -> Result<Self, Failure> {
        let stamps = TimeStamps::at(folder.join(FOLDER));
        let Some(path) = authority else {
            let number = stamps.sizes()?.len();
            if number > 0 {
                global.remark(&format!(
                    "{number} time-stamps were not looked at. Give --time-stamp-authority FILE with certificates that were \
                     had from elsewhere."
                ));
            }
            return Ok(Self::default());
        };
        let unusable =
            |cause: &dyn std::fmt::Display| Failure::Usage(format!("{}: {cause}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|cause| unusable(&cause))?;
        let authority = Authority::parse(&text).map_err(|cause| unusable(&cause))?;
        let checkpoints = Checkpoints::at(folder.join("checkpoints"));
        let mut stamped = Self::default();
        for checked in stamps.check(&checkpoints, &authority)? {
            match checked.at {
                Ok(at) => {
                    stamped.good = stamped.good.saturating_add(1);
                    stamped.newest = Some((checked.size, at));
                }
                Err(flaw) => stamped
                    .found
                    .push(Found { place: Place::TimeStamp(checked.size), says: flaw.to_string() }),
            }
        }
        Ok(stamped)
    }

    /// As rows of the answer: a name, what it is, and its value.
    pub(super) fn rows(&self) -> [(&'static str, &'static str, Value); 3] {
        let at = self.newest.map(|(_, at)| at.to_rfc3339_opts(SecondsFormat::Secs, true));
        [
            ("time_stamps", "time-stamps", json!(self.good)),
            (
                "time_stamped_entries",
                "entries of the newest",
                json!(self.newest.map(|(size, _)| size)),
            ),
            ("time_stamped_at", "which existed by", json!(at)),
        ]
    }
}

impl From<TimeStampsError> for Failure {
    fn from(error: TimeStampsError) -> Self {
        Self::Runtime(anyhow!(error))
    }
}
