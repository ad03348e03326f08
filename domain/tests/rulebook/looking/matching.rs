use domain::{
    access::{Basis, visible},
    activity::{Terms, matches},
    child::{self, Child, Gender, alike},
    personal::Personal,
    policy::Values,
    shield::{Ground, Shield},
};
use fixtures::{people::text, scenario::on};

use super::a_record::{applied, full, quarantined, record, unshielded};

fn found(terms: &Terms, child: &Child, shield: &Shield) -> bool {
    matches(terms, child, &visible(child, shield, Basis::Practitioner, &Values::default()))
}

fn shielded() -> Shield {
    applied(Ground::ChildAtRisk)
}

fn name_and_birth() -> Terms {
    Terms {
        given: Some("zoe".into()),
        surname: Some("o brien".into()),
        date_of_birth: Some(on("2001-03-14")),
        ..Terms::default()
    }
}

#[test]
fn a11_a_child_is_found_by_visible_fields_shielded_or_not() {
    let number = record().number().unwrap().known().unwrap().expose().to_owned();
    for terms in [
        name_and_birth(),
        Terms { gender: Some(Gender::Female), ..name_and_birth() },
        Terms { number: Some(number), ..name_and_birth() },
    ] {
        assert!(found(&terms, &record(), &unshielded()), "{terms:?}");
        assert!(found(&terms, &record(), &shielded()), "{terms:?}");
    }
}

#[test]
fn a11_one_term_on_a_hidden_field_and_a_shielded_child_is_not_found() {
    let terms = Terms { postcode: Some("ls14ab".into()), ..name_and_birth() };
    assert!(found(&terms, &record(), &unshielded()));
    assert!(!found(&terms, &record(), &shielded()));
}

#[test]
fn a11_a_wrong_postcode_finds_no_more_of_a_shielded_child_than_the_right_one() {
    let terms = Terms { postcode: Some("M1 1AE".into()), ..name_and_birth() };
    assert!(!found(&terms, &record(), &unshielded()));
    assert!(!found(&terms, &record(), &shielded()));
}

#[test]
fn a11_a_former_name_finds_a_child_only_where_it_is_visible() {
    let terms = Terms { surname: Some("Ashdown".into()), ..name_and_birth() };
    assert!(found(&terms, &record(), &unshielded()));
    assert!(!found(&terms, &record(), &shielded()));
}

#[test]
fn a11_both_parts_of_a_name_match_on_the_same_name() {
    let child: Child = full()
        .then(child::Event::DetailSuperseded {
            detail: child::Detail::Name(super::a_record::name("Alice", "Carr")),
            valid_from: on("2009-03-01"),
            source: child::DataSource::ManagementTeam,
        })
        .fold();
    let terms = Terms { given: Some("Alice".into()), ..name_and_birth() };
    assert!(!found(&terms, &child, &unshielded()));
}

#[test]
fn a11_every_term_must_match() {
    for terms in [
        Terms { given: Some("Zara".into()), ..name_and_birth() },
        Terms { surname: Some("Brien".into()), ..name_and_birth() },
        Terms { date_of_birth: Some(on("2001-03-15")), ..name_and_birth() },
        Terms { gender: Some(Gender::Male), ..name_and_birth() },
        Terms { number: Some("000000000018".into()), ..name_and_birth() },
    ] {
        assert!(!found(&terms, &record(), &unshielded()), "{terms:?}");
    }
}

#[test]
fn a11_terms_that_ask_nothing_match_nobody() {
    let blank = Terms { given: Some(" ".into()), surname: Some(String::new()), ..Terms::default() };
    assert!(!found(&Terms::default(), &record(), &unshielded()));
    assert!(!found(&blank, &record(), &unshielded()));
    let only_marks = Terms { surname: Some("'-".into()), ..name_and_birth() };
    assert!(!found(&only_marks, &record(), &unshielded()));
}

#[test]
fn a11_a_quarantined_record_is_never_found() {
    assert!(!found(&name_and_birth(), &quarantined(), &unshielded()));
    assert!(!found(&name_and_birth(), &Child::default(), &unshielded()));
}

#[test]
fn a11_an_erased_value_matches_nothing() {
    let child: Child = full()
        .then(child::Event::DetailCorrected {
            detail: child::Detail::DateOfBirth(Personal::Erased),
            reason: text("Misread"),
            source: child::DataSource::ManagementTeam,
        })
        .fold();
    assert!(!found(&name_and_birth(), &child, &unshielded()));
    let without = Terms { date_of_birth: None, gender: Some(Gender::Female), ..name_and_birth() };
    assert!(found(&without, &child, &unshielded()));
}

#[test]
fn a11_a_child_with_no_known_address_is_found_by_no_postcode() {
    let child: Child = full()
        .then(child::Event::DetailSuperseded {
            detail: child::Detail::Whereabouts(Personal::Known(child::Whereabouts::NoKnownAddress)),
            valid_from: on("2009-03-01"),
            source: child::DataSource::ManagementTeam,
        })
        .fold();
    let terms = Terms { postcode: Some("LS1 4AB".into()), ..name_and_birth() };
    assert!(!found(&terms, &child, &unshielded()));
}

#[test]
fn a11_writings_differ_in_case_accents_spaces_hyphens_and_apostrophes() {
    for (one, other) in [
        ("O’Brien-Smith", "o'brien smith"),
        ("ZOË", "zoe"),
        ("Łukasz", "LUKASZ"),
        ("Strauß", "strauss"),
        ("Mac  Donald", "macdonald"),
    ] {
        assert_eq!(alike(one), alike(other));
    }
    for (one, other) in [("Smith", "Smyth"), ("Ann", "Anne"), ("李", "王")] {
        assert_ne!(alike(one), alike(other));
    }
}

#[test]
fn a11_a_wider_search_takes_names_that_sound_alike_and_sees_no_more() {
    let heard =
        Terms { given: Some("Zoey".into()), surname: Some("O'Bryan".into()), ..name_and_birth() };
    assert!(!found(&heard, &record(), &unshielded()));
    let wider = Terms { sounds_like: true, ..heard };
    assert!(found(&wider, &record(), &unshielded()));
    assert!(found(&wider, &record(), &shielded()));
    let unlike = Terms { surname: Some("Carr".into()), ..wider.clone() };
    assert!(!found(&unlike, &record(), &unshielded()));
    let hidden = Terms { surname: Some("Ashdowne".into()), ..wider };
    assert!(found(&hidden, &record(), &unshielded()));
    assert!(!found(&hidden, &record(), &shielded()));
    assert!(!found(&Terms { sounds_like: true, ..Terms::default() }, &record(), &unshielded()));
}
