use domain::{
    organisation::{Channel, Event as Body, OrganisationKind, Phase},
    organisation::{programme::PhaseAnswer, publicity::Figure},
    practitioner::{AccountRole, Event as E, SuspensionCause},
    stream::Stream,
};
use event_log::AsOf;
use fixtures::{
    people::{authorised as authorised_user, authority as authority_history, text},
    scenario::{at, on},
};
use projections::{
    dated::KnownBy,
    read_models::{
        AuthorisedUsers, Organisations, Shields,
        authorised_users::{Bench, accounts_at, authorised, lapsing_within, of_organisation},
        organisations::{bodies, expiring},
        parliament::{Clerks, Counts},
    },
    store::Range,
};

use super::{Told, authority, person, team};

/// Users 1 and 2 of authority 20, user 3 of authority 30; all authorised on 19 January 2009 with checks
/// of 1 September 2008; user 2 suspended on 1 June.
async fn users() -> Told {
    let mut told = Told::nothing().await;
    for of in [20, 30] {
        told.all(authority_history(of).recorded()).await;
    }
    for (who, of) in [(1, 20), (2, 20), (3, 30)] {
        told.all(authorised_user(who, AccountRole::Practitioner, of).recorded()).await;
    }
    let suspended =
        E::AccountSuspended { cause: SuspensionCause::Reported, particulars: text("A report") };
    told.that("2009-06-01T12:00:00Z", team(9, 20), Stream::Practitioner(person(2)), suspended)
        .await;
    told
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn who_may_use_the_directory_is_judged_on_the_day() {
    let told = users().await;
    let reader = told.ask::<AuthorisedUsers>().await;
    let mut bench = Bench::of(&told.log, AsOf::Now).await.unwrap();
    let mut who = async |range, instant| {
        let judged = authorised(&reader, &mut bench, range, KnownBy::Now, at(instant)).await;
        judged.unwrap().value.into_iter().map(|it| it.practitioner).collect::<Vec<_>>()
    };
    let everybody = || Range::documents(100);
    assert_eq!(who(everybody(), "2009-06-02T00:00:00Z").await, [person(1), person(3)]);
    assert_eq!(who(of_organisation(authority(20)), "2009-06-02T00:00:00Z").await, [person(1)]);
    // Checks lapse on their third anniversary.
    assert_eq!(who(everybody(), "2011-08-31T23:59:59Z").await, [person(1), person(3)]);
    assert_eq!(who(everybody(), "2011-09-01T00:00:00Z").await, []);
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn who_was_authorised_is_answered_as_it_was_known_then() {
    let told = users().await;
    let reader = told.ask::<AuthorisedUsers>().await;
    let before = at("2009-05-31T12:00:00Z");
    let mut bench = Bench::of(&told.log, AsOf::Time(before)).await.unwrap();
    let known = KnownBy::Time(before);
    let judged = authorised(&reader, &mut bench, Range::documents(9), known, before).await.unwrap();
    let who: Vec<_> = judged.value.into_iter().map(|it| it.practitioner).collect();
    assert_eq!(who, [person(1), person(2), person(3)]);
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn who_lapses_within_so_many_days_is_known_beforehand() {
    let mut told = users().await;
    let reader = told.ask::<AuthorisedUsers>().await;
    let mut bench = Bench::of(&told.log, AsOf::Now).await.unwrap();
    let now = at("2011-08-25T10:00:00Z");
    let last = told.last().await.position;
    let within = async |bench: &mut Bench, days| {
        let listed = lapsing_within(&reader, bench, &[], (now, days), last).await.unwrap().unwrap();
        listed.into_iter().map(|it| (it.practitioner, it.standing.lapses_on)).collect::<Vec<_>>()
    };
    let day = Some(on("2011-09-01"));
    assert_eq!(within(&mut bench, 6).await, []);
    assert_eq!(within(&mut bench, 7).await, [(person(1), day), (person(3), day)]);

    // An organisation takes its users along when its accreditation ends first.
    let withdrawn =
        Body::AccreditationWithdrawn { on: on("2011-08-28"), reason: text("No procedures") };
    told.that("2011-08-24T10:00:00Z", team(9, 30), Stream::Organisation(authority(30)), withdrawn)
        .await;
    let reader = told.ask::<AuthorisedUsers>().await;
    let organisations = told.ask::<Organisations>().await;
    let known = told.last().await.position;
    let expiring = async |known| {
        expiring(&organisations, now.date_naive(), on("2011-08-29"), known).await.unwrap().unwrap()
    };
    let ending = expiring(known).await;
    assert_eq!(ending, [authority(30)]);
    assert_eq!(expiring(last).await, [], "it was not known then");
    let mut bench = Bench::of(&told.log, AsOf::Now).await.unwrap();
    let listed = lapsing_within(&reader, &mut bench, &ending, (now, 4), known).await;
    let listed = listed.unwrap().unwrap();
    let listed: Vec<_> =
        listed.into_iter().map(|it| (it.practitioner, it.standing.lapses_on)).collect();
    assert_eq!(listed, [(person(3), Some(on("2011-08-28")))]);
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn accounts_are_counted_at_any_instant() {
    let told = users().await;
    let reader = told.ask::<AuthorisedUsers>().await;
    let last = told.last().await;
    let asked =
        [("2009-01-19T08:59:59Z", 0), ("2009-06-01T11:59:59Z", 3), ("2009-06-01T12:00:00Z", 2)];
    for (instant, expected) in asked {
        let counted = accounts_at(&reader, at(instant), last).await.unwrap().value;
        assert_eq!(counted, expected, "{instant}");
    }
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn parliament_is_told_what_is_so_and_what_was_known() {
    let mut told = users().await;
    // Recorded on 10 June: the accreditation of 30 did not hold from 1 May on.
    let withdrawn =
        Body::AccreditationWithdrawn { on: on("2009-05-01"), reason: text("No procedures") };
    told.that("2009-06-10T10:00:00Z", team(9, 30), Stream::Organisation(authority(30)), withdrawn)
        .await;
    let clerks = Clerks {
        users: told.ask::<AuthorisedUsers>().await,
        organisations: told.ask::<Organisations>().await,
        shields: told.ask::<Shields>().await,
    };
    let next = told.log.length();
    let counts = |accounts, authorities| Counts {
        accounts,
        authorities,
        partners: 0,
        others: 0,
        shielded: 0,
        next,
        behind: 0,
    };
    let asked = async |day, known| {
        let known = told.last_by(at(known)).await;
        clerks.counts(on(day), known).await.unwrap()
    };
    assert_eq!(asked("2009-05-31", "2009-06-09T00:00:00Z").await, counts(3, 2));
    assert_eq!(asked("2009-05-31", "2009-06-11T00:00:00Z").await, counts(3, 1));
    assert_eq!(asked("2009-06-01", "2009-06-11T00:00:00Z").await, counts(2, 1));
    assert_eq!(asked("2009-06-01", "2009-06-01T00:00:00Z").await, counts(3, 2));
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn the_programme_and_the_public_information_are_answered_from_what_happened() {
    let mut told = Told::nothing().await;
    let department = Stream::Organisation(domain::identity::OrganisationId::DEPARTMENT);
    let kind = OrganisationKind::Department;
    let registered = Body::Registered { kind, name: "The department".to_owned() };
    let official = team(8, 1);
    told.that("2009-01-02T09:00:00Z", official, department, registered).await;
    let (phase, teams) = (Phase(1), [authority(20)].into());
    let announced =
        Body::TrainingPhaseAnnounced { phase, teams, expected_completion: Some(on("2009-07-31")) };
    told.that("2009-01-02T09:00:01Z", official, department, announced).await;
    told.all(authority_history(20).recorded()).await;
    let completed =
        Body::TeamTrainingCompleted { phase, on: on("2009-06-26"), members: [person(2)].into() };
    let team_of = Stream::Organisation(authority(20));
    told.that("2009-06-26T09:00:00Z", team(9, 20), team_of, completed).await;
    let reader = told.ask::<Organisations>().await;
    let now = bodies(&reader, KnownBy::Now).await.unwrap().value;
    assert_eq!(now.phase(phase), PhaseAnswer::CompletedOn(on("2009-06-26")));
    let then = KnownBy::Time(at("2009-06-22T00:00:00Z"));
    let then = bodies(&reader, then).await.unwrap().value;
    assert_eq!(
        then.phase(phase),
        PhaseAnswer::NotYetComplete {
            completed: [].into(),
            pending: [].into(),
            failed: [].into(),
            not_enrolled: [authority(20)].into(),
            expected: Some(on("2009-07-31")),
        }
    );
    let cost = now.reach(Channel::DirectMailing).cost_pence;
    assert_eq!(cost, Figure::NotCollected { activities_without: 0 });
}
