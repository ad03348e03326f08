//! From when on a look counts as unusual.

use serde::{Deserialize, Serialize};

/// The thresholds of rules L1 to L10. Every one is ours: that activity was regularly reviewed, by
/// computers and by people, is stated (S5, S15c), and by what measure is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UnusualLooks {
    /// For how many days an involvement counts after it ended, and how late it may be recorded (L2).
    pub involvement_days: u32,
    /// How many records of other authorities somebody may open on a day (L3).
    pub elsewhere_a_day: u32,
    /// The hour at which the usual day begins, by the clock in England (L4).
    pub hours_from: u32,
    /// The hour at which it is over (L4).
    pub hours_to: u32,
    /// How many records somebody may open within `burst_minutes` (L5).
    pub burst_looks: u32,
    /// The span of a burst, in minutes (L5).
    pub burst_minutes: u32,
    /// How many searches in a row may differ in one term alone (L6).
    pub sequence_searches: u32,
    /// Within how many minutes each of them follows the one before (L6).
    pub sequence_minutes: u32,
    /// How many overrides somebody may confirm within `overrides_days` (L7).
    pub overrides: u32,
    /// The span in which overrides are counted, in days (L7).
    pub overrides_days: u32,
    /// After how many days without a look an account is dormant (L8).
    pub dormant_days: u32,
    /// Within how many days before an account lapsed a look is worth a second one (L9).
    pub lapsed_days: u32,
    /// How many searches may follow the sight of a shielded child and ask for the same child (L10).
    pub near_shield_searches: u32,
    /// Within how many minutes of that sight (L10).
    pub near_shield_minutes: u32,
}

impl UnusualLooks {
    /// Whether every threshold lies within its bounds: a measure of nothing would find everything.
    pub fn usable(&self) -> bool {
        let days =
            [self.involvement_days, self.overrides_days, self.dormant_days, self.lapsed_days];
        let minutes = [self.burst_minutes, self.sequence_minutes, self.near_shield_minutes];
        let counts = [
            self.elsewhere_a_day,
            self.burst_looks,
            self.sequence_searches,
            self.overrides,
            self.near_shield_searches,
        ];
        days.iter().all(|days| (1..=366).contains(days))
            && minutes.iter().all(|minutes| (1..=1_440).contains(minutes))
            && counts.iter().all(|count| (1..=1_000).contains(count))
            && self.hours_from < self.hours_to
            && self.hours_to <= 24
    }
}

impl Default for UnusualLooks {
    fn default() -> Self {
        Self {
            involvement_days: 30,
            elsewhere_a_day: 5,
            hours_from: 6,
            hours_to: 22,
            burst_looks: 10,
            burst_minutes: 10,
            sequence_searches: 4,
            sequence_minutes: 10,
            overrides: 3,
            overrides_days: 30,
            dormant_days: 90,
            lapsed_days: 7,
            near_shield_searches: 1,
            near_shield_minutes: 60,
        }
    }
}
