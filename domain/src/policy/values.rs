//! One set of policy values.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Retention, UnusualLooks};
use crate::practitioner::Topic;

/// The number of an adopted set of values; 0 stands for the defaults before any was adopted.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct PolicyVersion(pub u32);

/// Every number, date and list that a rule needs.
///
/// [`Values::default`] is the set of June 2009. Its sources are given per field by
/// [`Values::default_sources`]; what the sources do not state is labelled ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Values {
    /// For how many months an enhanced CRB check holds. HL4246: renewed every three years.
    pub crb_valid_months: u32,
    /// From which day ISA monitoring is demanded; none while it has not been introduced (HL4246).
    pub isa_in_force_from: Option<NaiveDate>,
    /// The topics that training must have covered (HL4246).
    pub mandatory_topics: BTreeSet<Topic>,
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
    pub reason_codes: BTreeSet<String>,
    /// Whether search waits until every authority has signed its shielding phase off. Ours, after S32.
    pub search_waits_for_shielding: bool,
    /// For how long a record is kept (S9, S28b). A set adopted before there were such values says
    /// nothing, and the defaults hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
    /// From when on a look counts as unusual. Ours. Likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unusual_looks: Option<UnusualLooks>,
}

impl Values {
    /// For how long a record is kept.
    pub const fn retention(&self) -> Retention {
        match self.retention {
            Some(retention) => retention,
            None => Retention::OF_2009,
        }
    }

    /// From when on a look counts as unusual.
    pub fn unusual_looks(&self) -> UnusualLooks {
        self.unusual_looks.clone().unwrap_or_default()
    }
}

impl Default for Values {
    fn default() -> Self {
        let codes = [
            "direct-contact-with-child",
            "contact-another-practitioner",
            "assessment",
            "child-protection",
            "emergency-treatment",
            "record-maintenance",
            "management-team-function",
            "audit",
        ];
        Self {
            crb_valid_months: 36,
            isa_in_force_from: None,
            mandatory_topics: BTreeSet::from([
                Topic::Use,
                Topic::SecurityResponsibilities,
                Topic::GoodSecurityPractice,
                Topic::DataProtectionAct,
                Topic::HumanRightsAct,
            ]),
            accreditation_months: 36,
            search_least_fields: 2,
            search_cap: 20,
            shield_review_months: 6,
            provisional_decision_days: 5,
            investigation_days: 14,
            sensitive_marker_shown: true,
            reason_codes: codes.into_iter().map(str::to_owned).collect(),
            search_waits_for_shielding: true,
            retention: Some(Retention::OF_2009),
            unusual_looks: Some(UnusualLooks::default()),
        }
    }
}
