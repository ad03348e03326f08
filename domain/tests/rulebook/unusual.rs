//! Looks that are worth a second one (L1 to L10), on both sides of each measure.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    identity::{EventId, OrganisationId},
    policy::UnusualLooks,
    unusual::{
        Act, Finding, Rule, burst, dormant, elsewhere, hours,
        kin::{self, Compared},
        lapse,
        near_shield::{self, Sight},
        overrides,
        sequence::{self, Asked},
        stranger::{self, Involved},
    },
};
use fixtures::scenario::{at, id, on};

const NOON: &str = "2009-06-22T11:00:00Z";

fn values() -> UnusualLooks {
    UnusualLooks::default()
}

fn act(number: u128, at: DateTime<Utc>) -> Act {
    Act { event: event(number), at }
}

fn event(number: u128) -> EventId {
    EventId::new(id(number))
}

/// So many acts, numbered from 1, one a minute, the last one a minute before noon.
fn minutes_before_noon(how_many: u128) -> Vec<Act> {
    let back = |number: u128| TimeDelta::minutes(i64::try_from(how_many - number + 1).unwrap());
    (1..=how_many).map(|number| act(number, at(NOON) - back(number))).collect()
}

fn rests_on(finding: Option<Finding>) -> Option<Vec<EventId>> {
    finding.map(|finding| finding.rests_on)
}

fn events(numbers: impl IntoIterator<Item = u128>) -> Vec<EventId> {
    numbers.into_iter().map(event).collect()
}

fn used(finding: &Finding) -> Vec<(&str, u32)> {
    finding.used.iter().map(|used| (used.name.as_str(), used.value)).collect()
}

const fn compared<'a>(surnames: &'a [u8], address: Option<&'a u8>) -> Compared<'a, u8> {
    Compared { surnames, address }
}

#[test]
fn l1_the_same_surname_or_the_same_address_is_found_and_neither_is_not() {
    let look = act(1, at(NOON));
    let user = compared(&[7], Some(&100));
    for seen in [compared(&[3, 7], None), compared(&[3], Some(&100)), compared(&[7], Some(&9))] {
        let finding = kin::find(&look, &user, &seen).unwrap();
        assert_eq!((finding.rule, finding.rests_on), (Rule::Kin, vec![event(1)]));
    }
    assert_eq!(kin::find(&look, &user, &compared(&[3], Some(&9))), None);
    assert_eq!(kin::find(&look, &compared(&[], None), &compared(&[], None)), None);
    assert_eq!(kin::find(&look, &compared(&[7], None), &compared(&[3], None)), None);
}

#[test]
fn l2_an_involvement_counts_until_the_days_after_its_end_are_over() {
    let (own, look) = (OrganisationId::new(id(20)), act(1, at("2009-06-22T23:59:59Z")));
    let involved = |from, ended: Option<&str>| Involved { from: on(from), ended: ended.map(on) };
    let find = |involved: &[Involved]| stranger::find(&look, own, None, involved, &values());
    assert_eq!(find(&[involved("2009-06-22", None)]), None);
    assert_eq!(find(&[involved("2009-01-01", Some("2009-05-24"))]), None);
    for too_late_or_early in
        [involved("2009-06-23", None), involved("2009-01-01", Some("2009-05-23"))]
    {
        let pending = find(&[too_late_or_early]).unwrap();
        assert_eq!(pending.stands_from, at("2009-07-22T23:59:59Z"));
        assert_eq!(pending.finding.rests_on, [event(1)]);
        assert_eq!(used(&pending.finding), [("involvement_days", 30)]);
    }
}

#[test]
fn l2_the_responsible_authority_has_to_do_with_its_records() {
    let (own, other) = (OrganisationId::new(id(20)), OrganisationId::new(id(30)));
    let look = act(1, at(NOON));
    assert_eq!(stranger::find(&look, own, Some(own), &[], &values()), None);
    assert!(stranger::find(&look, own, Some(other), &[], &values()).is_some());
}

#[test]
fn l3_the_look_that_exceeds_the_measure_of_a_day_is_found_once() {
    let look = act(99, at(NOON));
    let find = |earlier: u128| elsewhere::find(&look, &minutes_before_noon(earlier), &values());
    assert_eq!(find(4), None);
    assert_eq!(rests_on(find(5)), Some(events([1, 2, 3, 4, 5, 99])));
    assert_eq!(used(&find(5).unwrap()), [("elsewhere_a_day", 5)]);
    assert_eq!(find(6), None);
    let mut yesterday = minutes_before_noon(5);
    yesterday[0].at = at("2009-06-21T23:59:59.999999Z");
    assert_eq!(elsewhere::find(&look, &yesterday, &values()), None);
}

#[test]
fn l4_the_clock_in_england_says_what_is_usual() {
    let find = |instant: &str| hours::find(&act(1, at(instant)), &values());
    // In summer the clock is an hour ahead of UTC.
    for usual in ["2009-06-22T05:00:00Z", "2009-06-22T20:59:59Z", "2009-12-22T06:00:00Z"] {
        assert_eq!(find(usual), None, "{usual}");
    }
    for unusual in ["2009-06-22T04:59:59Z", "2009-06-22T21:00:00Z", "2009-12-22T05:59:59Z"] {
        let finding = find(unusual).unwrap();
        assert_eq!(used(&finding), [("hours_from", 6), ("hours_to", 22)]);
    }
}

#[test]
fn l5_the_look_that_exceeds_a_burst_is_found_once() {
    let look = act(99, at(NOON));
    let spread = |how_many: u128| {
        let mut looks = minutes_before_noon(how_many);
        let begin = at(NOON) - TimeDelta::minutes(10) + TimeDelta::microseconds(1);
        for look in &mut looks {
            look.at = look.at.max(begin);
        }
        looks
    };
    assert_eq!(burst::find(&look, &spread(9), &values()), None);
    assert_eq!(
        rests_on(burst::find(&look, &spread(10), &values())),
        Some(events((1..=10).chain([99])))
    );
    assert_eq!(burst::find(&look, &spread(11), &values()), None);
    // The first of ten is ten minutes back to the microsecond: it does not count any more.
    assert_eq!(burst::find(&look, &minutes_before_noon(10), &values()), None);
}

fn asked(number: u128, at: DateTime<Utc>, terms: [Option<u8>; 2]) -> Asked<u8> {
    Asked { act: act(number, at), terms: terms.to_vec() }
}

#[test]
fn l6_five_searches_in_a_row_that_differ_in_one_term_are_found() {
    let dates = |minutes: i64, of: std::ops::RangeInclusive<u8>| -> Vec<Asked<u8>> {
        of.map(|number| {
            let at = at(NOON) + TimeDelta::minutes(minutes * i64::from(number));
            asked(u128::from(number), at, [Some(7), Some(number)])
        })
        .collect()
    };
    let find = |searches: &[Asked<u8>]| {
        let (last, earlier) = searches.split_last().unwrap();
        sequence::find(last, earlier, &values())
    };
    assert_eq!(find(&dates(9, 1..=4)), None);
    assert_eq!(rests_on(find(&dates(9, 1..=5))), Some(events(1..=5)));
    assert_eq!(find(&dates(9, 1..=6)), None, "once for a row");
    assert_eq!(find(&dates(10, 1..=5)), None, "too far apart");
    for other in [[Some(8), Some(30)], [Some(7), None], [Some(7), Some(4)]] {
        let mut searches = dates(9, 1..=5);
        searches[2].terms = other.to_vec();
        assert_eq!(find(&searches), None, "{other:?}");
    }
}

#[test]
fn l7_the_override_that_exceeds_the_measure_is_found() {
    let confirmed = act(99, at("2009-07-22T11:00:00Z"));
    let earlier = |first: &str| {
        let days = [first, "2009-07-01T09:00:00Z", "2009-07-02T09:00:00Z"];
        (1..).zip(days).map(|(number, day)| act(number, at(day))).collect::<Vec<_>>()
    };
    let just = earlier("2009-06-22T11:00:00.000001Z");
    assert_eq!(
        rests_on(overrides::find(&confirmed, &just, &values())),
        Some(events([1, 2, 3, 99]))
    );
    let over = earlier("2009-06-22T11:00:00Z");
    assert_eq!(overrides::find(&confirmed, &over, &values()), None);
    assert_eq!(overrides::find(&confirmed, &just[1..], &values()), None);
}

#[test]
fn l8_an_account_is_dormant_after_ninety_days() {
    let look = act(2, at("2009-06-22T11:00:00Z"));
    let find = |last: &str| dormant::find(&look, Some(&act(1, at(last))), None, &values());
    assert_eq!(find("2009-03-24T11:00:00.000001Z"), None);
    assert_eq!(rests_on(find("2009-03-24T11:00:00Z")), Some(events([1, 2])));
    let begun = |day: &str| dormant::find(&look, None, Some(at(day)), &values());
    assert_eq!(begun("2009-03-25T11:00:00Z"), None);
    assert_eq!(rests_on(begun("2009-03-24T11:00:00Z")), Some(events([2])));
    assert_eq!(dormant::find(&look, None, None, &values()), None);
}

#[test]
fn l9_a_look_within_seven_days_before_the_end_is_found() {
    let ended = act(2, at("2009-06-22T11:00:00Z"));
    let find = |last: &str| lapse::find(&ended, Some(&act(1, at(last))), &values());
    assert_eq!(rests_on(find("2009-06-15T11:00:00Z")), Some(events([1, 2])));
    assert_eq!(find("2009-06-15T10:59:59.999999Z"), None);
    assert_eq!(lapse::find(&ended, None, &values()), None);
}

#[test]
fn l10_the_second_search_near_a_shielded_child_is_found() {
    let search = |instant: &str| act(9, at(instant));
    let sight = |near: &[u128]| Sight {
        opened: act(1, at(NOON)),
        near: near.iter().map(|number| act(*number, at(NOON))).collect(),
    };
    let soon = "2009-06-22T11:59:59Z";
    assert_eq!(near_shield::find(&search(soon), &sight(&[]), &values()), None);
    let found = near_shield::find(&search(soon), &sight(&[5]), &values());
    assert_eq!(rests_on(found), Some(events([1, 5, 9])));
    assert_eq!(near_shield::find(&search(soon), &sight(&[5, 6]), &values()), None);
    let late = search("2009-06-22T12:00:00Z");
    assert_eq!(near_shield::find(&late, &sight(&[5]), &values()), None);
}

#[test]
fn l1_every_rule_has_an_id_of_its_own() {
    let ids: Vec<&str> = Rule::ALL.into_iter().map(Rule::id).collect();
    assert_eq!(ids, ["L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L9", "L10"]);
    for rule in Rule::ALL {
        assert_eq!(serde_json::to_value(rule).unwrap(), rule.id());
    }
}
