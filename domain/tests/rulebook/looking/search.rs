use std::collections::BTreeSet;

use domain::{
    access::{Decided, Field, Purpose, Refusal},
    activity::{
        Event, SearchOutcome, SearchRow, Terms,
        search::{Candidate, ROW, Search, decide},
    },
    caller::Caller,
    child::{Child, Gender},
    identity::ChildRef,
    personal::Personal,
    practitioner::{Condition, Office},
    shield::{Ground, Shield},
};
use fixtures::scenario::{id, on};

use super::a_record::{
    AUTHORITY, CHILD, NURSE, TEAM, applied, bare, department, june_2009, now, practitioner,
    protection, purpose, quarantined, record, team, trainer, unshielded,
};

fn terms() -> Terms {
    Terms {
        surname: Some("O'Brien".to_owned()),
        date_of_birth: Some(on("2001-03-14")),
        ..Terms::default()
    }
}

fn command(purpose: Purpose, terms: Terms) -> Search {
    Search { at: now(), purpose, terms }
}

fn search(
    children: &[(ChildRef, Child, Shield)],
    caller: &Caller<'_>,
    terms: Terms,
) -> Decided<Event> {
    let candidates: Vec<_> = children
        .iter()
        .map(|(child, record, shield)| Candidate { child: *child, record, shield })
        .collect();
    decide(&candidates, &june_2009(), caller, &command(protection(), terms))
}

fn row(child: ChildRef) -> SearchRow {
    SearchRow { child, shown: ROW.into() }
}

fn performed(terms: &Terms, outcome: SearchOutcome) -> Decided<Event> {
    Decided::granted(vec![Event::SearchPerformed {
        purpose: protection(),
        fields: terms.fields(),
        terms: Personal::Known(terms.clone()),
        outcome,
    }])
}

fn refused(terms: &Terms, refusals: impl Into<BTreeSet<Refusal>>) -> Decided<Event> {
    let refusals = refusals.into();
    let event = Event::SearchRefused {
        purpose: protection(),
        terms: Personal::Known(terms.clone()),
        refusals: refusals.clone(),
    };
    Decided::refused(vec![event], refusals)
}

/// Children of one name and birth date, of whom every second is shielded.
fn alike(number: u128) -> Vec<(ChildRef, Child, Shield)> {
    (0..number)
        .map(|number| {
            let child = ChildRef::new(id(5_000 + number));
            let shield = if number % 2 == 0 { applied(Ground::ChildAtRisk) } else { unshielded() };
            (child, bare(child, "Zoë", "O'Brien", "2001-03-14").fold(), shield)
        })
        .collect()
}

#[test]
fn a10_a_search_records_what_was_asked_and_the_rows_shown() {
    let nurse = practitioner(NURSE);
    assert_eq!(
        search(&[(CHILD, record(), unshielded())], &nurse.caller(), terms()),
        performed(&terms(), SearchOutcome::Shown(vec![row(CHILD)]))
    );
}

#[test]
fn a10_the_row_of_a_shielded_child_is_like_any_other() {
    let nurse = practitioner(NURSE);
    for ground in [Ground::ChildAtRisk, Ground::PlacementAtRisk] {
        assert_eq!(
            search(&[(CHILD, record(), applied(ground))], &nurse.caller(), terms()),
            search(&[(CHILD, record(), unshielded())], &nurse.caller(), terms())
        );
    }
}

#[test]
fn a10_a_search_by_address_does_not_find_a_shielded_child_and_is_recorded() {
    let nurse = practitioner(NURSE);
    let terms = Terms { postcode: Some("LS1 4AB".to_owned()), ..terms() };
    assert_eq!(
        search(&[(CHILD, record(), applied(Ground::ChildAtRisk))], &nurse.caller(), terms.clone()),
        performed(&terms, SearchOutcome::Shown(vec![]))
    );
    assert_eq!(
        search(&[(CHILD, record(), unshielded())], &nurse.caller(), terms.clone()),
        performed(&terms, SearchOutcome::Shown(vec![row(CHILD)]))
    );
}

#[test]
fn a10_a_search_that_finds_nothing_is_recorded() {
    let nurse = practitioner(NURSE);
    let nothing = performed(&terms(), SearchOutcome::Shown(vec![]));
    assert_eq!(search(&[], &nurse.caller(), terms()), nothing);
    assert_eq!(search(&[(CHILD, quarantined(), unshielded())], &nurse.caller(), terms()), nothing);
}

#[test]
fn a10_a_list_at_the_cap_is_shown_and_one_over_it_shows_nothing() {
    let nurse = practitioner(NURSE);
    let children = alike(21);
    let rows = children[..20].iter().map(|(child, ..)| row(*child)).collect();
    assert_eq!(
        search(&children[..20], &nurse.caller(), terms()),
        performed(&terms(), SearchOutcome::Shown(rows))
    );
    assert_eq!(
        search(&children, &nurse.caller(), terms()),
        performed(&terms(), SearchOutcome::TooMany)
    );
}

#[test]
fn a10_shielded_children_not_found_by_the_terms_do_not_count_towards_the_cap() {
    let nurse = practitioner(NURSE);
    let by_address = Terms { postcode: Some("LS1 4AB".to_owned()), ..terms() };
    let children = alike(40);
    let rows = children.iter().skip(1).step_by(2).map(|(child, ..)| row(*child)).collect();
    assert_eq!(
        search(&children, &nurse.caller(), by_address.clone()),
        performed(&by_address, SearchOutcome::Shown(rows))
    );
}

#[test]
fn a10_rows_stand_in_the_same_order_whoever_is_shielded_and_however_they_were_found() {
    let nurse = practitioner(NURSE);
    let child = |number, given, surname| {
        let child = ChildRef::new(id(number));
        (child, bare(child, given, surname, "2001-03-14").fold::<Child>())
    };
    let (first, second, third) =
        (child(9, "Zoë", "Adams"), child(8, "Ann", "Brown"), child(7, "Zoë", "Brown"));
    let asked = Terms {
        gender: Some(Gender::Female),
        date_of_birth: Some(on("2001-03-14")),
        ..Terms::default()
    };
    let expected =
        performed(&asked, SearchOutcome::Shown(vec![row(first.0), row(second.0), row(third.0)]));
    for shielded in 0..8_u32 {
        let mut children: Vec<_> = [&third, &first, &second]
            .into_iter()
            .enumerate()
            .map(|(place, (child, record))| {
                let hidden = shielded & (1 << place) != 0;
                let shield = if hidden { applied(Ground::ChildAtRisk) } else { unshielded() };
                (*child, record.clone(), shield)
            })
            .collect();
        assert_eq!(search(&children, &nurse.caller(), asked.clone()), expected);
        children.reverse();
        assert_eq!(search(&children, &nurse.caller(), asked.clone()), expected);
    }
}

#[test]
fn a10_a_record_given_twice_is_shown_once() {
    let nurse = practitioner(NURSE);
    let twice = [(CHILD, record(), unshielded()), (CHILD, record(), unshielded())];
    assert_eq!(
        search(&twice, &nurse.caller(), terms()),
        performed(&terms(), SearchOutcome::Shown(vec![row(CHILD)]))
    );
}

#[test]
fn a10_too_few_fields_are_refused_and_recorded_and_a_name_is_one_field() {
    let nurse = practitioner(NURSE);
    let name = Terms {
        given: Some("Zoë".to_owned()),
        surname: Some("O'Brien".to_owned()),
        ..Terms::default()
    };
    assert_eq!(
        search(&[(CHILD, record(), unshielded())], &nurse.caller(), name.clone()),
        refused(&name, [Refusal::TooFewFields { given: 1, least: 2 }])
    );
    let blank = Terms { postcode: Some("  ".to_owned()), ..name };
    assert_eq!(
        search(&[(CHILD, record(), unshielded())], &nurse.caller(), blank.clone()),
        refused(&blank, [Refusal::TooFewFields { given: 1, least: 2 }])
    );
    let both = Terms { gender: Some(Gender::Female), ..blank };
    assert_eq!(
        search(&[(CHILD, record(), unshielded())], &nurse.caller(), both.clone()),
        performed(&both, SearchOutcome::Shown(vec![row(CHILD)]))
    );
}

#[test]
fn a10_a_refusal_names_everything_that_stood_in_the_way_and_is_recorded() {
    let suspended = practitioner(NURSE).suspended();
    let idle = purpose("curiosity");
    let terms = Terms { gender: Some(Gender::Male), ..Terms::default() };
    let refusals = BTreeSet::from([
        Refusal::Unmet([Condition::NotSuspended].into()),
        Refusal::ReasonNotListed,
        Refusal::TooFewFields { given: 1, least: 2 },
    ]);
    let event = Event::SearchRefused {
        purpose: idle.clone(),
        terms: Personal::Known(terms.clone()),
        refusals: refusals.clone(),
    };
    let decided = decide(&[], &june_2009(), &suspended.caller(), &command(idle, terms));
    assert_eq!(decided, Decided::refused(vec![event], refusals.clone()));
    assert_eq!(decided.told(), Some(refusals));
}

#[test]
fn a10_a_team_searches_as_a_practitioner_does() {
    let member = team(TEAM, AUTHORITY);
    let children = [(CHILD, record(), applied(Ground::ChildAtRisk))];
    assert_eq!(
        search(&children, &member.caller(), terms()),
        performed(&terms(), SearchOutcome::Shown(vec![row(CHILD)]))
    );
    let by_address = Terms { postcode: Some("LS1 4AB".to_owned()), ..terms() };
    assert_eq!(
        search(&children, &member.caller(), by_address.clone()),
        performed(&by_address, SearchOutcome::Shown(vec![]))
    );
}

#[test]
fn a10_trainers_officials_and_auditors_do_not_search() {
    for other in [trainer(5), department(6, Office::Official), department(7, Office::Auditor)] {
        assert_eq!(
            search(&[(CHILD, record(), unshielded())], &other.caller(), terms()),
            refused(&terms(), [Refusal::OfficeMayNotLook])
        );
    }
}

#[test]
fn a10_a_row_shows_nothing_that_some_shield_hides() {
    assert_eq!(
        BTreeSet::from(ROW),
        BTreeSet::from([Field::Name, Field::Gender, Field::DateOfBirth, Field::Number])
    );
}
