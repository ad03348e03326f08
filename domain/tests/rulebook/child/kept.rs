//! For how long a record is kept (K1), death (K2), consent to stay (K3), the archive (K4).

use domain::{
    access::{Basis, visible},
    actor::Role,
    caller::{Caller, NotEntitled},
    child::{
        ArchiveBasis, ArchiveDates, Barred, Child, DataSource, Event, Kept, RecordStanding,
        archive_record::{self, ArchiveRecord},
        consent_to_stay::{self, ConsentToStay, Says},
        kept,
        record_death::{self, RecordDeath},
    },
    personal::Personal,
    policy::{Policy, Retention, Values},
    shield::Shield,
};
use fixtures::{
    people::Person,
    scenario::{History, at, on},
};

use super::{TODAY, TOMORROW, born, june_2009, now, practitioner, quarantined, record, team};

const OURS: Retention = Retention::OF_2009;

/// The record of somebody born on a day.
fn record_of(day: &str) -> History<Event> {
    record().then(Event::DetailCorrected {
        detail: domain::child::Detail::DateOfBirth(Personal::Known(born(day))),
        reason: Personal::Known(super::words("Entered wrongly")),
        source: DataSource::Practitioner,
    })
}

fn consents(until: &str) -> Event {
    Event::ParticipationConsentGiven { until: Personal::Known(on(until)) }
}

fn died() -> Event {
    Event::DeathRecorded { on: Personal::Known(on("2010-01-02")), source: DataSource::Practitioner }
}

fn dates(archived: &str, narrowed: &str, purged: &str) -> ArchiveDates {
    ArchiveDates {
        archived_from: on(archived),
        narrowed_from: on(narrowed),
        purged_from: on(purged),
    }
}

fn is_kept(history: History<Event>) -> Option<(ArchiveBasis, ArchiveDates)> {
    kept(&history.fold(), OURS).map(|Kept { basis, dates }| (basis, dates))
}

#[test]
fn k1_a_record_is_archived_at_18_and_purged_six_years_later() {
    let expected = dates("2019-04-03", "2020-04-03", "2025-04-03");
    assert_eq!(is_kept(record()), Some((ArchiveBasis::ReachedAge, expected)));
}

#[test]
fn k1_who_is_born_on_a_leap_day_turns_18_on_the_first_of_march() {
    let expected = dates("2018-03-01", "2019-03-01", "2024-03-01");
    assert_eq!(is_kept(record_of("2000-02-29")), Some((ArchiveBasis::ReachedAge, expected)));
}

#[test]
fn k1_with_consent_a_record_stays_until_its_day_and_never_beyond_25() {
    let ended = |until| is_kept(record().then(consents(until))).unwrap();
    let expected = dates("2022-01-01", "2023-01-01", "2028-01-01");
    assert_eq!(ended("2022-01-01"), (ArchiveBasis::ConsentEnded, expected));
    let at_25 = dates("2026-04-03", "2027-04-03", "2032-04-03");
    assert_eq!(ended("2026-04-03"), (ArchiveBasis::ConsentEnded, at_25));
    assert_eq!(ended("2027-01-01"), (ArchiveBasis::ConsentEnded, at_25));
}

#[test]
fn k1_a_withdrawn_consent_archives_on_that_day_but_not_before_18() {
    let withdrawn = |day: &str| {
        let history = record().then(consents("2026-04-03"));
        is_kept(history.then(Event::ParticipationConsentWithdrawn { on: on(day) })).unwrap()
    };
    let expected = dates("2020-05-05", "2021-05-05", "2026-05-05");
    assert_eq!(withdrawn("2020-05-05"), (ArchiveBasis::ConsentEnded, expected));
    let at_18 = dates("2019-04-03", "2020-04-03", "2025-04-03");
    assert_eq!(withdrawn("2019-04-03"), (ArchiveBasis::ReachedAge, at_18));
    assert_eq!(withdrawn("2018-12-01"), (ArchiveBasis::ReachedAge, at_18));
}

#[test]
fn k1_after_a_death_a_record_stays_live_for_a_year_from_its_notification() {
    let history = record().at("2010-02-01T09:00:00Z").then(died());
    let expected = dates("2011-02-01", "2012-02-01", "2017-02-01");
    assert_eq!(is_kept(history), Some((ArchiveBasis::Death, expected)));
}

#[test]
fn k1_whichever_comes_first_archives() {
    let notified = |instant| is_kept(record().at(instant).then(died())).unwrap().0;
    assert_eq!(notified("2018-04-02T09:00:00Z"), ArchiveBasis::Death);
    assert_eq!(notified("2018-04-03T09:00:00Z"), ArchiveBasis::ReachedAge);
}

#[test]
fn k1_dates_that_were_set_stand_and_what_is_erased_has_none() {
    let set = dates("2019-04-03", "2020-04-03", "2025-04-03");
    let archived =
        |dates| record().then(Event::RecordArchived { basis: ArchiveBasis::ReachedAge, dates });
    let longer = Retention { archive_months: 120, ..OURS };
    let child: Child = archived(Personal::Known(set)).fold();
    assert_eq!(kept(&child, longer).map(|kept| kept.dates), Some(set));
    assert_eq!(is_kept(archived(Personal::Erased)), None);
    assert_eq!(kept(&Child::default(), OURS), None);
}

fn record_death(history: History<Event>, day: &str) -> Result<Vec<Event>, record_death::Rejection> {
    let command = RecordDeath { at: now(), on: on(day) };
    record_death::decide(&history.fold(), &june_2009(), &practitioner().caller(), &command)
}

#[test]
fn k2_a_death_is_recorded_on_a_day_that_has_come_and_after_the_birth() {
    let recorded = |day| {
        Ok(vec![Event::DeathRecorded {
            on: Personal::Known(on(day)),
            source: DataSource::Practitioner,
        }])
    };
    assert_eq!(record_death(record(), TODAY), recorded(TODAY));
    assert_eq!(record_death(record(), TOMORROW), Err(record_death::Rejection::NotYet));
    assert_eq!(record_death(record(), "2001-04-03"), recorded("2001-04-03"));
    let before = Err(record_death::Rejection::BeforeBirth);
    assert_eq!(record_death(record(), "2001-04-02"), before);
}

#[test]
fn k2_the_first_notification_counts() {
    assert_eq!(record_death(record().then(died()), TODAY), Ok(vec![]));
    let again = record().at("2010-02-01T09:00:00Z").then(died());
    let again = again.at("2011-02-01T09:00:00Z").then(died());
    assert_eq!(is_kept(again).unwrap().1.archived_from, on("2011-02-01"));
}

#[test]
fn k2_nobody_records_it_of_a_record_they_may_not_know_of() {
    let barred = Err(record_death::Rejection::Barred(Barred::NoSuchRecord));
    assert_eq!(record_death(quarantined(), TODAY), barred);
}

fn consent(history: History<Event>, says: Says) -> Result<Vec<Event>, consent_to_stay::Rejection> {
    let command = ConsentToStay { at: now(), says };
    consent_to_stay::decide(&history.fold(), &june_2009(), &practitioner().caller(), &command)
}

#[test]
fn k3_somebody_is_asked_from_17_on() {
    let until = Says::Until(on("2012-01-01"));
    assert_eq!(consent(record_of("1992-06-22"), until), Ok(vec![consents("2012-01-01")]));
    let young = Err(consent_to_stay::Rejection::TooYoung);
    assert_eq!(consent(record_of("1992-06-23"), until), young);
}

#[test]
fn k3_consent_reaches_beyond_18_and_not_beyond_25() {
    let until = |day| consent(record_of("1992-01-10"), Says::Until(on(day)));
    let refused = Err(consent_to_stay::Rejection::UnusableDay);
    assert_eq!(until("2010-01-10"), refused);
    assert_eq!(until("2010-01-11"), Ok(vec![consents("2010-01-11")]));
    assert_eq!(until("2017-01-10"), Ok(vec![consents("2017-01-10")]));
    assert_eq!(until("2017-01-11"), refused);
}

#[test]
fn k3_a_day_that_has_come_is_no_end_of_a_consent() {
    let until = |day| consent(record_of("1990-01-10"), Says::Until(on(day)));
    assert_eq!(until(TODAY), Err(consent_to_stay::Rejection::UnusableDay));
    assert_eq!(until(TOMORROW), Ok(vec![consents(TOMORROW)]));
}

#[test]
fn k3_withdrawing_what_was_not_given_or_is_withdrawn_changes_nothing() {
    let withdrawn = Event::ParticipationConsentWithdrawn { on: on(TODAY) };
    let given = record_of("1992-01-10").then(consents("2012-01-01"));
    assert_eq!(consent(given.clone(), Says::NoLonger), Ok(vec![withdrawn.clone()]));
    assert_eq!(consent(given.then(withdrawn), Says::NoLonger), Ok(vec![]));
    assert_eq!(consent(record_of("1992-01-10"), Says::NoLonger), Ok(vec![]));
}

fn archive(
    history: History<Event>,
    by: &Caller<'_>,
    instant: &str,
) -> Result<Vec<Event>, archive_record::Rejection> {
    archive_record::decide(
        &history.fold(),
        &Policy::default(),
        by,
        &ArchiveRecord { at: at(instant) },
    )
}

fn in_archive() -> Event {
    let dates = Personal::Known(dates("2019-04-03", "2020-04-03", "2025-04-03"));
    Event::RecordArchived { basis: ArchiveBasis::ReachedAge, dates }
}

fn narrowed() -> Event {
    Event::ArchiveAccessNarrowed { from: Personal::Known(on("2020-04-03")) }
}

#[test]
fn k4_a_record_is_archived_on_the_18th_birthday_and_not_the_day_before() {
    let clock = |instant| archive(record(), &Caller::system(), instant);
    assert_eq!(clock("2019-04-02T23:59:59Z"), Err(archive_record::Rejection::NotDue));
    assert_eq!(clock("2019-04-03T00:00:00Z"), Ok(vec![in_archive()]));
}

#[test]
fn k4_a_year_later_it_is_closed_to_data_managers() {
    let clock = |instant| archive(record().then(in_archive()), &Caller::system(), instant);
    assert_eq!(clock("2020-04-02T23:59:59Z"), Ok(vec![]));
    assert_eq!(clock("2020-04-03T00:00:00Z"), Ok(vec![narrowed()]));
    let late = archive(record(), &Caller::system(), "2021-01-01T00:00:00Z");
    assert_eq!(late, Ok(vec![in_archive(), narrowed()]));
    let done = record().then(in_archive()).then(narrowed());
    assert_eq!(archive(done, &Caller::system(), "2021-01-01T00:00:00Z"), Ok(vec![]));
}

#[test]
fn k4_an_official_may_do_it_and_nobody_else() {
    let day = "2019-04-03T10:00:00Z";
    assert_eq!(archive(record(), &Person::official(40).caller(), day), Ok(vec![in_archive()]));
    assert!(matches!(
        archive(record(), &team().caller(), day),
        Err(archive_record::Rejection::NotEntitled(NotEntitled::OtherOffice {
            acted_as: Role::ManagementTeam,
            ..
        })),
    ));
    let nothing = History::of(domain::stream::Stream::Child(super::child_ref(9)));
    assert_eq!(
        archive(nothing, &Caller::system(), day),
        Err(archive_record::Rejection::NoSuchRecord),
    );
}

#[test]
fn k4_an_archived_record_shows_itself_to_the_team_in_its_first_year_only() {
    let fields = |child: &Child, basis| {
        visible(child, &Shield::default(), basis, &Values::default()).shown.len()
    };
    let open: Child = record().then(in_archive()).fold();
    assert_eq!(open.standing(), &RecordStanding::Archived { narrowed: false });
    assert!(fields(&open, Basis::ResponsibleTeam) > 0);
    assert_eq!(fields(&open, Basis::Practitioner), 0);
    assert_eq!(fields(&open, Basis::Override), 0);
    let closed: Child = record().then(in_archive()).then(narrowed()).fold();
    assert_eq!(fields(&closed, Basis::ResponsibleTeam), 0);
}

#[test]
fn k4_an_archived_record_is_not_written_to() {
    let history = record().then(in_archive());
    let barred = Err(record_death::Rejection::Barred(Barred::NoSuchRecord));
    assert_eq!(record_death(history, TODAY), barred);
}
