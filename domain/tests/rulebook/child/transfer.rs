use domain::{
    child::{
        Barred, Child, Event, Responsibility,
        accept_transfer::{self, AcceptTransfer},
        decline_transfer::{self, DeclineTransfer},
        offer_transfer::{self, OfferTransfer, Unmet},
    },
    organisation::{Organisation, OrganisationKind},
    personal::Personal,
};
use fixtures::scenario::{History, given};

use super::{
    CLINIC, EASTSHIRE, EVERYTHING, Person, TRUST, WESTSHIRE, body, june_2009, now, organisation_id,
    practitioner, record, team, team_of, words,
};

const SOUTHSHIRE: u128 = 500;

fn authority(number: u128) -> Organisation {
    body(number, OrganisationKind::LocalAuthority, &EVERYTHING)
}

fn offered(to: u128) -> Event {
    Event::ResponsibilityTransferOffered { to: organisation_id(to) }
}

fn accepted() -> Event {
    Event::ResponsibilityTransferAccepted { by: organisation_id(EASTSHIRE) }
}

fn declined() -> Event {
    Event::ResponsibilityTransferDeclined {
        by: organisation_id(EASTSHIRE),
        reason: Personal::Known(words("The family has not moved")),
    }
}

fn offer(
    history: History<Event>,
    person: &Person,
    to: u128,
    other: &Organisation,
) -> Result<Vec<Event>, offer_transfer::Rejection> {
    let command = OfferTransfer { at: now(), to: organisation_id(to) };
    offer_transfer::decide(&history.fold(), other, &june_2009(), &person.caller(), &command)
}

fn accept(
    history: History<Event>,
    person: &Person,
) -> Result<Vec<Event>, accept_transfer::Rejection> {
    let command = AcceptTransfer { at: now() };
    accept_transfer::decide(&history.fold(), &june_2009(), &person.caller(), &command)
}

#[test]
fn r21_the_responsible_authority_offers_a_record() {
    assert_eq!(
        offer(record(), &team(), EASTSHIRE, &authority(EASTSHIRE)),
        Ok(vec![offered(EASTSHIRE)]),
    );
}

#[test]
fn r21_offering_leaves_the_offering_authority_responsible() {
    let child: Child = record().then(offered(EASTSHIRE)).fold();
    assert_eq!(child.responsible_authority(), Some(organisation_id(WESTSHIRE)));
    assert_eq!(child.transfer_offered_to(), Some(organisation_id(EASTSHIRE)));
}

#[test]
fn r21_nobody_but_the_responsible_team_offers() {
    assert_eq!(
        offer(record(), &team_of(EASTSHIRE), EASTSHIRE, &authority(EASTSHIRE)),
        Err(offer_transfer::Rejection::Barred(Barred::NotResponsible)),
    );
}

#[test]
fn r21_a_record_is_offered_to_an_accredited_local_authority_only() {
    assert_eq!(
        offer(record(), &team(), EASTSHIRE, &Organisation::default()),
        Err(offer_transfer::Rejection::Unmet(
            [Unmet::NotALocalAuthority, Unmet::NotAccredited].into()
        )),
    );
    let trust = body(TRUST, OrganisationKind::Other, &EVERYTHING);
    assert_eq!(
        offer(record(), &team(), TRUST, &trust),
        Err(offer_transfer::Rejection::Unmet([Unmet::NotALocalAuthority].into())),
    );
}

#[test]
fn r21_a_record_is_not_offered_to_who_has_it_or_has_been_asked() {
    assert_eq!(
        offer(record(), &team(), WESTSHIRE, &authority(WESTSHIRE)),
        Err(offer_transfer::Rejection::Unmet([Unmet::ResponsibleAlready].into())),
    );
    assert_eq!(
        offer(record().then(offered(EASTSHIRE)), &team(), EASTSHIRE, &authority(EASTSHIRE)),
        Err(offer_transfer::Rejection::Unmet([Unmet::OfferedAlready].into())),
    );
}

#[test]
fn r21_an_offer_to_a_third_authority_takes_the_place_of_the_one_before() {
    let pending = record().then(offered(EASTSHIRE));
    assert_eq!(
        offer(pending.clone(), &team(), SOUTHSHIRE, &authority(SOUTHSHIRE)),
        Ok(vec![offered(SOUTHSHIRE)]),
    );
    assert_eq!(
        accept(pending.then(offered(SOUTHSHIRE)), &team_of(EASTSHIRE)),
        Err(accept_transfer::Rejection::NotOffered),
    );
}

#[test]
fn r22_the_offered_authority_becomes_responsible_by_accepting() {
    assert_eq!(
        accept(record().then(offered(EASTSHIRE)), &team_of(EASTSHIRE)),
        Ok(vec![accepted()])
    );
    let child: Child = record().then(offered(EASTSHIRE)).then(accepted()).fold();
    assert_eq!(child.responsible_authority(), Some(organisation_id(EASTSHIRE)));
    assert_eq!(child.transfer_offered_to(), None);
}

#[test]
fn r22_nobody_accepts_what_was_not_offered_to_them() {
    let refused = Err(accept_transfer::Rejection::NotOffered);
    assert_eq!(accept(record(), &team_of(EASTSHIRE)), refused);
    assert_eq!(accept(record().then(offered(EASTSHIRE)), &team_of(SOUTHSHIRE)), refused);
    assert_eq!(accept(record().then(offered(EASTSHIRE)), &team()), refused);
    let again = record().then(offered(EASTSHIRE)).then(accepted());
    assert_eq!(accept(again, &team_of(EASTSHIRE)), refused);
}

#[test]
fn r22_a_practitioner_accepts_nothing() {
    let barred = accept(record().then(offered(CLINIC)), &practitioner());
    assert!(matches!(barred, Err(accept_transfer::Rejection::Barred(Barred::NotEntitled(_)))));
}

#[test]
fn r23_declining_changes_nothing_but_the_offer() {
    let (policy, eastshire) = (june_2009(), team_of(EASTSHIRE));
    let command = DeclineTransfer { at: now(), reason: words("The family has not moved") };
    given(record().then(offered(EASTSHIRE)))
        .when(|child: &Child| {
            decline_transfer::decide(child, &policy, &eastshire.caller(), &command)
        })
        .then([declined()]);
    let after: Child = record().then(offered(EASTSHIRE)).then(declined()).fold();
    assert_eq!(after, record().fold());
}

#[test]
fn r23_nobody_declines_what_was_not_offered_to_them() {
    let (policy, southshire) = (june_2009(), team_of(SOUTHSHIRE));
    let command = DeclineTransfer { at: now(), reason: words("Not ours") };
    given(record().then(offered(EASTSHIRE)))
        .when(|child: &Child| {
            decline_transfer::decide(child, &policy, &southshire.caller(), &command)
        })
        .then_refused(decline_transfer::Rejection::NotOffered);
}

#[test]
fn r21_responsibility_that_nobody_has_cannot_be_offered_away() {
    let child: Child = History::of(domain::stream::Stream::Child(super::child_ref(1)))
        .then(offered(EASTSHIRE))
        .fold();
    assert_eq!(child.responsible_authority(), None);
    assert_eq!(child.transfer_offered_to(), None);
    assert_eq!(Responsibility::default().authority(), None);
}
