use domain::child::{self, Child, DateOfBirth, Name, nearly_matches};
use fixtures::scenario::on;

use super::a_record::{born, full, quarantined, record};

fn near(given: &str, surname: &str, day: &str, existing: &Child) -> bool {
    let born: DateOfBirth = *born(day).known().unwrap();
    nearly_matches(&Name::new(given, surname).unwrap(), born, existing)
}

#[test]
fn a13_the_same_name_and_date_of_birth_nearly_match() {
    assert!(near("Zoe", "OBRIEN", "2001-03-14", &record()));
}

#[test]
fn a13_a_former_name_counts_as_well() {
    assert!(near("Zoë", "Ashdown", "2001-03-14", &record()));
}

#[test]
fn a13_another_name_or_day_does_not() {
    assert!(!near("Zoë", "O'Brian", "2001-03-14", &record()));
    assert!(!near("Zara", "O'Brien", "2001-03-14", &record()));
    assert!(!near("Zoë", "O'Brien", "2001-03-13", &record()));
    assert!(!near("Zoë", "O'Brien", "2001-03-15", &record()));
}

#[test]
fn a13_a_quarantined_record_counts_and_one_found_to_be_the_same_child_does_not() {
    assert!(near("Zoë", "O'Brien", "2001-03-14", &quarantined()));
    let same: Child = full()
        .then(child::Event::RecordQuarantined { matches: [].into() })
        .then(child::Event::QuarantineResolved {
            outcome: child::QuarantineOutcome::SameChild,
            reason: fixtures::people::text("The same birth certificate"),
        })
        .fold();
    assert!(!near("Zoë", "O'Brien", "2001-03-14", &same));
    assert!(!near("Zoë", "O'Brien", "2001-03-14", &Child::default()));
}

#[test]
fn a13_an_erased_value_matches_nothing() {
    let erased: Child = full()
        .then(child::Event::DetailSuperseded {
            detail: child::Detail::DateOfBirth(domain::personal::Personal::Erased),
            valid_from: on("2009-03-01"),
            source: child::DataSource::ManagementTeam,
        })
        .fold();
    assert!(!near("Zoë", "O'Brien", "2001-03-14", &erased));
}
