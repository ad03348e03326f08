//! On whose word each default value rests.

use std::collections::BTreeMap;

use super::{Retention, Source, Values};

impl Values {
    /// The source of each default, by field name: every field, and nothing else.
    pub fn default_sources() -> BTreeMap<String, Source> {
        stated_ones()
            .into_iter()
            .chain(ours())
            .map(|(field, source)| (field.to_owned(), source))
            .collect()
    }
}

fn stated_ones() -> Vec<(&'static str, Source)> {
    let stated = |citation: &str| Source::Stated(citation.to_owned());
    vec![
        (
            "crb_valid_months",
            stated("HL4246, HL Deb 22 June 2009: enhanced check, \"renewed every three years\""),
        ),
        (
            "isa_in_force_from",
            stated(
                "HL4246, HL Deb 22 June 2009: monitored by the ISA \"when it is introduced\"; \
                     no date is stated, so none is set",
            ),
        ),
        (
            "mandatory_topics",
            stated(
                "HL4246, HL Deb 22 June 2009: use of ContactPoint, security responsibilities, \
                     good security practice, Data Protection Act, Human Rights Act",
            ),
        ),
        ("retention", stated(Retention::SOURCE)),
    ]
}

/// Where the sources are silent.
fn ours() -> Vec<(&'static str, Source)> {
    let ours = |reason: &str| Source::Ours(reason.to_owned());
    vec![
        (
            "accreditation_months",
            ours("the sources state no term; three years, as for the check on a person"),
        ),
        (
            "search_least_fields",
            ours("no minimum is established; name with date of birth was enough in practice"),
        ),
        ("search_cap", ours("no cap is established; more than one screen identifies nobody")),
        (
            "shield_review_months",
            ours(
                "no official interval is established; guidance of Women's Aid speaks of six months",
            ),
        ),
        (
            "provisional_decision_days",
            ours(
                "no emergency procedure is established; one working week, and the shield stays on",
            ),
        ),
        (
            "investigation_days",
            ours("the investigation begins at once (Commons, 12 October 2009); no end is stated"),
        ),
        (
            "sensitive_marker_shown",
            ours("contact is brokered, so a user must know that there is somebody to reach"),
        ),
        (
            "reason_codes",
            ours("a reason must be stated (Lords, 8 July 2009); no list of codes is established"),
        ),
        (
            "search_waits_for_shielding",
            ours(
                "shields were to be applied before any practitioner had access (Lords, 16 October \
                     2008), and a user of one authority could see children of another",
            ),
        ),
        (
            "unusual_looks",
            ours(
                "activity was reviewed by computers and by people (Lords, 18 July 2007); by what \
                     measure is not established",
            ),
        ),
    ]
}
