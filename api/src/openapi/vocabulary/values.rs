//! Policy values, for the description.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// Every number, date and list that a rule needs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Values {
    /// For how many months an enhanced CRB check holds. HL4246: renewed every three years.
    pub crb_valid_months: u32,
    /// From which day ISA monitoring is demanded; none while it has not been introduced (HL4246).
    pub isa_in_force_from: Option<NaiveDate>,
    /// The topics that training must have covered (HL4246).
    pub mandatory_topics: Vec<super::Topic>,
    /// For how many months an organisation's accreditation holds. Ours.
    pub accreditation_months: u32,
    /// How many identifying fields a search must give. Ours.
    pub search_least_fields: u32,
    /// Above how many matches a search shows none and asks for more. Ours.
    pub search_cap: u32,
    /// After how many months a shield must be reviewed. Ours, after Women's Aid guidance (S38).
    pub shield_review_months: u32,
    /// Within how many days a provisional shield must be decided. It stays on all the same. Ours.
    pub provisional_decision_days: u32,
    /// Within how many days an investigation should be concluded. Ours.
    pub investigation_days: u32,
    /// Whether an ordinary user sees that some sensitive service is involved, without details. Ours.
    pub sensitive_marker_shown: bool,
    /// Codes a user may give as the reason for looking. Ours.
    pub reason_codes: Vec<String>,
    /// Whether search waits until every authority has signed its shielding phase off. Ours, after S32.
    pub search_waits_for_shielding: bool,
    /// For how long what is personal is kept (S9, S28b).
    pub retention: Retention,
    /// From when on a look counts as unusual. Ours.
    pub unusual_looks: Option<UnusualLooks>,
}

/// For how long what is personal is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct Retention {
    /// At which age a record is archived (S9).
    pub archived_at_age: u32,
    /// Until which age a young person may consent to stay, at most (S1, S28b).
    pub consent_until_age: u32,
    /// For how many months a record stays live after a death was notified (S9).
    pub live_after_death_months: u32,
    /// For how many months of the archive data managers may read it (S9).
    pub archive_open_months: u32,
    /// After how many months in the archive a record is purged (S9: six years).
    pub archive_months: u32,
    /// After how many months the personal values of a user are erased whose account was closed. Ours.
    pub closed_account_months: u32,
    /// For how many days a backup of the keys may be kept. Ours.
    pub key_backup_days: u32,
}

/// From when on a look counts as unusual (rules L1 to L10). What is left out has its default.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnusualLooks {
    /// For how many days an involvement counts after it ended, and how late it may be recorded.
    pub involvement_days: Option<u32>,
    /// How many records of other authorities somebody may open on a day.
    pub elsewhere_a_day: Option<u32>,
    /// The hour at which the usual day begins, by the clock in England.
    pub hours_from: Option<u32>,
    /// The hour at which it is over.
    pub hours_to: Option<u32>,
    /// How many records somebody may open within `burst_minutes`.
    pub burst_looks: Option<u32>,
    /// The span of a burst, in minutes.
    pub burst_minutes: Option<u32>,
    /// How many searches in a row may differ in one term alone.
    pub sequence_searches: Option<u32>,
    /// Within how many minutes each of them follows the one before.
    pub sequence_minutes: Option<u32>,
    /// How many overrides somebody may confirm within `overrides_days`.
    pub overrides: Option<u32>,
    /// The span in which overrides are counted, in days.
    pub overrides_days: Option<u32>,
    /// After how many days without a look an account is dormant.
    pub dormant_days: Option<u32>,
    /// Within how many days before an account lapsed a look is worth a second one.
    pub lapsed_days: Option<u32>,
    /// How many searches may follow the sight of a shielded child and ask for the same child.
    pub near_shield_searches: Option<u32>,
    /// Within how many minutes of that sight.
    pub near_shield_minutes: Option<u32>,
}

/// Where a policy value comes from.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A published statement, by its citation.
    Stated(String),
    /// The sources are silent; the project chose, for this reason.
    Ours(String),
}
