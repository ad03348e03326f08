//! A date of birth.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A date of birth. Never printed by `Debug`.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DateOfBirth(NaiveDate);

/// Why a date cannot be a date of birth of somebody in the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnusableDateOfBirth {
    /// It lies after the day of the command.
    #[error("the date of birth lies in the future")]
    InTheFuture,
    /// The person would be over 25, the greatest age at which anybody can be in the directory
    /// (S1, S28b).
    #[error("the person would be over 25")]
    TooOld,
}

impl DateOfBirth {
    /// Takes a date as a date of birth, judged on the day of the command.
    ///
    /// # Errors
    /// When it lies in the future, or the person would be over 25 on that day.
    pub fn new(date: NaiveDate, on: NaiveDate) -> Result<Self, UnusableDateOfBirth> {
        if date > on {
            return Err(UnusableDateOfBirth::InTheFuture);
        }
        match on.years_since(date) {
            Some(age) if age <= 25 => Ok(Self(date)),
            _ => Err(UnusableDateOfBirth::TooOld),
        }
    }

    /// The date. A personal value: only for a screen somebody is entitled to.
    pub const fn expose(self) -> NaiveDate {
        self.0
    }
}

impl fmt::Debug for DateOfBirth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[date of birth]")
    }
}
