//! How values are adopted (V1).

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    actor::Role,
    caller::Caller,
    policy::{
        Event, Policy, PolicyVersion, Retention, Source, UnusualLooks, Values,
        adopt::{Rejection, UnusableValue, decide, unusable_values},
    },
    practitioner::Topic,
};
use fixtures::scenario::on;

use crate::users::{adopted, official, other_office, ours, set, team};

const MORNING: &str = "2009-06-22T09:00:00Z";

fn version(number: u32, from: &str, values: Values) -> Vec<Event> {
    vec![Event::VersionAdopted {
        version: PolicyVersion(number),
        effective_from: on(from),
        values: Box::new(values),
        sources: Values::default_sources(),
    }]
}

#[test]
fn v1_the_first_set_is_adopted_by_the_system_or_an_official() {
    let command = set(MORNING, "2009-06-22", Values::default());
    let expected = Ok(version(1, "2009-06-22", Values::default()));
    assert_eq!(decide(&ours(), &Caller::system(), &command), expected);
    assert_eq!(decide(&ours(), &official().caller(), &command), expected);
}

#[test]
fn v1_nobody_else_adopts() {
    let command = set(MORNING, "2009-06-22", Values::default());
    let needed = [Role::Official, Role::System];
    assert_eq!(
        decide(&ours(), &team().caller(), &command),
        Err(Rejection::NotEntitled(other_office(Role::ManagementTeam, needed)))
    );
}

#[test]
fn v1_the_first_set_may_hold_from_an_earlier_day_but_not_from_tomorrow() {
    let adopt = |from| decide(&ours(), &Caller::system(), &set(MORNING, from, Values::default()));
    assert_eq!(adopt("2009-01-01"), Ok(version(1, "2009-01-01", Values::default())));
    assert_eq!(
        adopt("2009-06-23"),
        Err(Rejection::FirstSetHoldsAtOnce { latest: on("2009-06-22") })
    );
}

#[test]
fn v1_a_later_set_holds_from_today_and_never_from_yesterday() {
    let policy = adopted([("2009-01-01", Values::default())]);
    let adopt =
        |from| decide(&policy, &official().caller(), &set(MORNING, from, Values::default()));
    assert_eq!(adopt("2009-06-22"), Ok(version(2, "2009-06-22", Values::default())));
    assert_eq!(adopt("2009-06-21"), Err(Rejection::BackDated { earliest: on("2009-06-22") }));
}

#[test]
fn v1_a_set_holds_from_its_day_and_the_one_before_it_until_then() {
    let stricter = Values { search_cap: 10, ..Values::default() };
    let policy = adopted([("2009-01-01", Values::default()), ("2009-07-01", stricter)]);
    let cap = |day| {
        let (version, values) = policy.on(on(day));
        (version.0, values.search_cap)
    };
    assert_eq!(cap("2008-12-31"), (0, 20));
    assert_eq!(cap("2009-01-01"), (1, 20));
    assert_eq!(cap("2009-06-30"), (1, 20));
    assert_eq!(cap("2009-07-01"), (2, 10));
}

#[test]
fn v1_a_later_adoption_replaces_one_still_to_come() {
    let policy = adopted([
        ("2009-01-01", Values::default()),
        ("2009-09-01", Values { search_cap: 10, ..Values::default() }),
        ("2009-08-01", Values { search_cap: 15, ..Values::default() }),
    ]);
    assert_eq!(policy.on(on("2009-07-31")).1.search_cap, 20);
    assert_eq!(policy.on(on("2009-08-01")).1.search_cap, 15);
    assert_eq!(policy.on(on("2009-09-01")).1.search_cap, 15);
}

#[test]
fn v1_the_defaults_are_within_their_bounds_and_each_has_its_source() {
    assert_eq!(unusable_values(&Values::default()), BTreeSet::new());
    let fields: BTreeSet<String> = serde_json::to_value(Values::default())
        .unwrap()
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let sourced: BTreeSet<String> = Values::default_sources().into_keys().collect();
    assert_eq!(sourced, fields);
}

#[test]
fn v1_what_the_answers_state_is_not_labelled_ours() {
    let stated: BTreeSet<String> = Values::default_sources()
        .into_iter()
        .filter(
            |(_, source)| matches!(source, Source::Stated(citation) if citation.contains("HL4246")),
        )
        .map(|(field, _)| field)
        .collect();
    let expected = ["crb_valid_months", "isa_in_force_from", "mandatory_topics"];
    assert_eq!(stated, expected.map(str::to_owned).into());
}

#[test]
fn v1_every_value_out_of_bounds_is_named() {
    let wrong = Values {
        crb_valid_months: 0,
        isa_in_force_from: None,
        mandatory_topics: BTreeSet::from([Topic::Use]),
        accreditation_months: 0,
        search_least_fields: 0,
        search_cap: 0,
        shield_review_months: 0,
        provisional_decision_days: 0,
        investigation_days: 0,
        sensitive_marker_shown: false,
        reason_codes: BTreeSet::new(),
        search_waits_for_shielding: false,
        retention: Some(Retention { consent_until_age: 26, ..Retention::OF_2009 }),
        unusual_looks: Some(UnusualLooks {
            hours_from: 22,
            hours_to: 22,
            ..UnusualLooks::default()
        }),
    };
    let refused = decide(&ours(), &Caller::system(), &set(MORNING, "2009-06-22", wrong));
    let unusable = |field, rule| UnusableValue { field, rule };
    assert_eq!(
        refused,
        Err(Rejection::UnusableValues(BTreeSet::from([
            unusable("crb_valid_months", "1 to 36 months"),
            unusable("mandatory_topics", "at least the five topics of HL4246"),
            unusable("accreditation_months", "1 to 120 months"),
            unusable("search_least_fields", "1 to 5 fields"),
            unusable("search_cap", "1 to 100 matches"),
            unusable("shield_review_months", "1 to 60 months"),
            unusable("provisional_decision_days", "1 to 90 days"),
            unusable("investigation_days", "1 to 365 days"),
            unusable(
                "retention",
                "archived at 18, by consent at 25 at the latest; 1 to 120 months live after death, 1 \
                 to 240 in the archive, open for no more than these, 1 to 240 after an account was \
                 closed; 1 to 366 days of backup",
            ),
            unusable("reason_codes", "at least one; lower-case letters, digits and hyphens"),
            unusable(
                "unusual_looks",
                "days 1 to 366, minutes 1 to 1440, counts 1 to 1000, hours_from before hours_to, at most 24"
            ),
        ])))
    );
}

#[test]
fn v1_the_time_for_which_a_record_is_kept_has_bounds_on_both_sides() {
    let usable = |retention| unusable_values(&Values { retention, ..Values::default() }).is_empty();
    let ours = Retention::OF_2009;
    assert!(usable(None), "a set from before these values means those of 2009");
    assert!(usable(Some(Retention { consent_until_age: 18, ..ours })));
    assert!(!usable(Some(Retention { consent_until_age: 17, ..ours })));
    assert!(!usable(Some(Retention { archived_at_age: 19, ..ours })));
    assert!(usable(Some(Retention { archive_open_months: 72, ..ours })));
    assert!(!usable(Some(Retention { archive_open_months: 73, ..ours })));
    assert!(!usable(Some(Retention { archive_months: 0, archive_open_months: 0, ..ours })));
    assert!(!usable(Some(Retention { closed_account_months: 0, ..ours })));
    assert!(!usable(Some(Retention { key_backup_days: 0, ..ours })));
}

#[test]
fn v1_a_policy_may_ask_for_more_than_the_answers_and_never_for_less() {
    let fields = |values: Values| -> Vec<&'static str> {
        unusable_values(&values).into_iter().map(|value| value.field).collect()
    };
    assert!(fields(Values { crb_valid_months: 36, ..Values::default() }).is_empty());
    assert_eq!(fields(Values { crb_valid_months: 37, ..Values::default() }), ["crb_valid_months"]);
    let mut topics = Values::default().mandatory_topics;
    topics.insert(Topic::Shielding);
    assert!(fields(Values { mandatory_topics: topics.clone(), ..Values::default() }).is_empty());
    topics.remove(&Topic::HumanRightsAct);
    assert_eq!(
        fields(Values { mandatory_topics: topics, ..Values::default() }),
        ["mandatory_topics"]
    );
    assert!(fields(Values { search_cap: 100, ..Values::default() }).is_empty());
    assert_eq!(fields(Values { search_cap: 101, ..Values::default() }), ["search_cap"]);
}

#[test]
fn v1_a_set_without_all_its_sources_is_refused() {
    let mut command = set(MORNING, "2009-06-22", Values::default());
    command.sources = BTreeMap::from([
        ("search_cap".to_owned(), Source::Ours("fits a screen".to_owned())),
        ("colour".to_owned(), Source::Ours("blue".to_owned())),
    ]);
    let mut missing: BTreeSet<String> = Values::default_sources().into_keys().collect();
    missing.remove("search_cap");
    assert_eq!(
        decide(&ours(), &Caller::system(), &command),
        Err(Rejection::SourcesIncomplete {
            missing,
            unknown: BTreeSet::from(["colour".to_owned()])
        })
    );
}

#[test]
fn v1_numbers_count_up() {
    let policy: Policy = adopted([
        ("2009-01-01", Values::default()),
        ("2009-02-01", Values::default()),
        ("2009-03-01", Values::default()),
    ]);
    assert_eq!(
        decide(&policy, &official().caller(), &set(MORNING, "2009-06-22", Values::default())),
        Ok(version(4, "2009-06-22", Values::default()))
    );
}
