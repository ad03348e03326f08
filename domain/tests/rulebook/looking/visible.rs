use std::collections::BTreeSet;

use domain::{
    access::{
        Basis::{Override, Practitioner, ResponsibleTeam},
        Field::{self, *},
        Fields, Visible, visible,
    },
    child::{self, Child},
    personal::Personal,
    policy::Values,
    shield::{Ground, Shield},
};

use super::a_record::{CHILD, apply};
use super::a_record::{
    applied, bare, full, lifted, name, provisional, quarantined, record, requested, unshielded,
};

/// A record with something in every field has them all.
fn all_but(missing: &[Field]) -> Fields {
    Field::ALL.into_iter().filter(|field| !missing.contains(field)).collect()
}

fn seen(child: &Child, shield: &Shield, basis: domain::access::Basis) -> Visible {
    visible(child, shield, basis, &Values::default())
}

/// Every field in one set or the other.
fn split(shown: Fields) -> Visible {
    let withheld = Field::ALL.into_iter().filter(|field| !shown.contains(*field)).collect();
    Visible { shown, withheld }
}

/// Regulation 6(6), without former names: ours.
const BEHIND_A_SHIELD: [Field; 5] = [Name, Gender, DateOfBirth, Number, CarerNames];

#[test]
fn a1_a_practitioner_sees_all_of_an_unshielded_record_but_the_details_of_sensitive_services() {
    let expected = split(all_but(&[SensitiveServices]));
    assert_eq!(seen(&record(), &unshielded(), Practitioner), expected);
}

#[test]
fn a1_that_a_sensitive_service_is_involved_is_shown_only_if_the_policy_says_so() {
    let values = Values { sensitive_marker_shown: false, ..Values::default() };
    let expected = split(all_but(&[SensitiveServices, SensitiveMarker]));
    assert_eq!(visible(&record(), &unshielded(), Practitioner, &values), expected);
}

#[test]
fn a1_of_a_shielded_record_a_practitioner_sees_what_regulation_6_6_leaves_but_no_former_name() {
    let expected = split(Fields::from(BEHIND_A_SHIELD));
    for ground in [Ground::ChildAtRisk, Ground::AdultAtRisk, Ground::SeriousCrime] {
        assert_eq!(seen(&record(), &applied(ground), Practitioner), expected);
    }
}

#[test]
fn a1_a_provisional_shield_hides_as_much_as_a_decided_one() {
    let decided = seen(&record(), &applied(Ground::ChildAtRisk), Practitioner);
    assert_eq!(seen(&record(), &provisional(Ground::ChildAtRisk), Practitioner), decided);
}

#[test]
fn a1_carers_names_are_hidden_too_where_a_placement_is_at_risk() {
    let expected = split(Fields::from([Name, Gender, DateOfBirth, Number]));
    let placement = Ground::PlacementAtRisk;
    assert_eq!(seen(&record(), &applied(placement), Practitioner), expected);
    assert_eq!(seen(&record(), &provisional(placement), Practitioner), expected);
}

#[test]
fn a1_a_request_that_nobody_has_decided_hides_nothing() {
    let expected = seen(&record(), &unshielded(), Practitioner);
    assert_eq!(seen(&record(), &requested(), Practitioner), expected);
}

#[test]
fn a1_a_lifted_shield_hides_nothing() {
    let shield: Shield = fixtures::scenario::History::of(domain::stream::Stream::Shield(CHILD))
        .then(apply(Ground::ChildAtRisk))
        .then(lifted())
        .fold();
    let expected = seen(&record(), &unshielded(), Practitioner);
    assert_eq!(seen(&record(), &shield, Practitioner), expected);
}

#[test]
fn a1_an_override_shows_what_the_shield_hides_but_no_sensitive_service() {
    let expected = split(all_but(&[SensitiveServices]));
    assert_eq!(seen(&record(), &applied(Ground::PlacementAtRisk), Override), expected);
}

#[test]
fn a1_the_responsible_team_sees_everything_shielded_or_not() {
    for shield in [unshielded(), applied(Ground::PlacementAtRisk)] {
        assert_eq!(seen(&record(), &shield, ResponsibleTeam), split(all_but(&[])));
    }
}

#[test]
fn a1_nothing_of_a_quarantined_record_or_of_none_is_visible_to_anybody() {
    for basis in [Practitioner, ResponsibleTeam, Override] {
        for shield in [unshielded(), applied(Ground::ChildAtRisk)] {
            assert_eq!(seen(&quarantined(), &shield, basis), Visible::default());
            assert_eq!(seen(&Child::default(), &shield, basis), Visible::default());
        }
    }
}

#[test]
fn a1_a_record_released_from_quarantine_is_visible_and_one_of_the_same_child_never() {
    let resolved = |outcome| -> Child {
        full()
            .then(child::Event::RecordQuarantined { matches: BTreeSet::new() })
            .then(child::Event::QuarantineResolved {
                outcome,
                reason: fixtures::people::text("Compared with the school's papers"),
            })
            .fold()
    };
    let released = resolved(child::QuarantineOutcome::AnotherChild);
    assert_eq!(
        seen(&released, &unshielded(), Practitioner),
        seen(&record(), &unshielded(), Practitioner)
    );
    let same = resolved(child::QuarantineOutcome::SameChild);
    assert_eq!(seen(&same, &unshielded(), Practitioner), Visible::default());
}

#[test]
fn a1_only_fields_that_hold_something_are_shown_or_withheld() {
    let child: Child = bare(CHILD, "Zoë", "Ashdown", "2001-03-14").fold();
    let expected = Visible {
        shown: Fields::from([Name, Gender, DateOfBirth, Number]),
        withheld: Fields::from([Whereabouts, ResponsibleAuthority]),
    };
    assert_eq!(seen(&child, &applied(Ground::ChildAtRisk), Practitioner), expected);
}

#[test]
fn a1_a_sensitive_service_whose_consent_was_withdrawn_leaves_no_marker() {
    let child: Child = full()
        .then(child::Event::SensitiveConsentWithdrawn {
            involvement: domain::identity::InvolvementId::new(fixtures::scenario::id(12)),
        })
        .fold();
    let expected =
        Visible { shown: all_but(&[SensitiveServices, SensitiveMarker]), withheld: [].into() };
    assert_eq!(seen(&child, &unshielded(), Practitioner), expected);
}

#[test]
fn a1_an_erased_value_still_counts_as_held() {
    let child: Child = bare(CHILD, "Zoë", "Ashdown", "2001-03-14")
        .then(child::Event::DetailCorrected {
            detail: child::Detail::Name(Personal::Erased),
            reason: fixtures::people::text("Misspelt"),
            source: child::DataSource::ManagementTeam,
        })
        .then(child::Event::DetailSuperseded {
            detail: child::Detail::Name(name("Zoë", "O'Brien")),
            valid_from: fixtures::scenario::on("2009-03-01"),
            source: child::DataSource::ManagementTeam,
        })
        .fold();
    let held = seen(&child, &applied(Ground::ChildAtRisk), Practitioner).withheld;
    assert_eq!(held, Fields::from([FormerNames, Whereabouts, ResponsibleAuthority]));
}
