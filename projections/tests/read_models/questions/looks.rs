use domain::{
    access::{self, Basis, Field, Fields, Purpose, ReasonCode, ShieldState},
    activity::{self, SearchOutcome, SearchRow},
    identity::{InvestigationId, OpeningId, OverrideId},
    investigation::{Event as Inquiry, Finding, Origin, Stage},
    personal::Personal,
    stream::Stream,
};
use fixtures::{
    people::text,
    scenario::{at, id, on},
};
use projections::{
    dated::{KnownBy, Moment},
    read_models::{
        Investigations, Openings, Seen,
        investigations::{Into, overdue_on, unfinished_overrides},
        openings::{Opening, open_at},
        seen::{self, Shown, Sight, What, Whose, Window, listings_of, withheld},
    },
};

use super::{Told, child, person, practitioner, team};

fn why() -> Purpose {
    let code = ReasonCode::try_from("child-protection".to_owned()).unwrap();
    Purpose { code, text: text("Called by the school") }
}

fn shown() -> Fields {
    [Field::Name].into()
}

fn opened(number: u128) -> access::Event {
    access::Event::RecordOpened {
        opening: OpeningId::new(id(number)),
        purpose: why(),
        basis: Basis::Practitioner,
        shield: ShieldState::Unshielded,
        shown: shown(),
        withheld: Fields::NONE,
    }
}

fn closed(number: u128) -> access::Event {
    access::Event::RecordClosed { opening: OpeningId::new(id(number)) }
}

fn listed(children: &[u128]) -> activity::Event {
    let rows = children.iter().map(|of| SearchRow { child: child(*of), shown: shown() });
    activity::Event::SearchPerformed {
        purpose: why(),
        terms: Personal::Erased,
        fields: shown(),
        outcome: SearchOutcome::Shown(rows.collect()),
    }
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn everything_a_practitioner_saw_is_listed_by_time() {
    let mut told = Told::nothing().await;
    let look = |of| Stream::Access(child(of));
    let search = |of| Stream::Activity(person(of));
    let first =
        told.that("2009-06-22T10:00:00Z", practitioner(5, 20), search(5), listed(&[1, 2])).await;
    let second = told.that("2009-06-22T10:01:00Z", practitioner(5, 20), look(1), opened(81)).await;
    told.that("2009-06-22T10:02:00Z", practitioner(6, 30), look(1), opened(82)).await;
    let sight = |recorded: &domain::recorded::Recorded<_>, what| Sight {
        event: recorded.stamp.id,
        stream: recorded.stamp.stream,
        known: Moment::of(&recorded.stamp),
        by: practitioner(5, 20),
        reason: Some(why().code),
        what,
    };
    let row = |of| Shown { child: child(of), fields: shown() };
    let searched =
        sight(&first, What::Searched { asked: shown(), rows: Some(vec![row(1), row(2)]) });
    let looked = sight(
        &second,
        What::Opened {
            opening: OpeningId::new(id(81)),
            shown: row(1),
            withheld: Fields::NONE,
            basis: Basis::Practitioner,
            shield: ShieldState::Unshielded,
        },
    );
    let reader = told.ask::<Seen>().await;
    let find = async |whose, window: Window, limit| {
        let found = seen::find(&reader, whose, &window.sights(limit)).await.unwrap();
        found.into_iter().map(|found| found.document).collect::<Vec<_>>()
    };
    let [by_five, of_twenty, of_thirty] = [
        Whose::Practitioner(person(5)),
        Whose::Authority(super::authority(20)),
        Whose::Authority(super::authority(30)),
    ];
    let window = |from, to| Window { from: at(from), to: at(to) };
    let all = window("2009-06-22T10:00:00Z", "2009-06-22T10:02:00Z");
    let short = window("2009-06-22T10:00:00Z", "2009-06-22T10:01:00Z");
    let longer = window("2009-06-22T10:00:00Z", "2009-06-22T11:00:00Z");
    assert_eq!(find(by_five, longer, 9).await, [searched.clone(), looked.clone()]);
    assert_eq!(find(by_five, longer, 1).await, vec![searched.clone()]);
    assert_eq!(find(by_five, short, 9).await, vec![searched.clone()]);
    assert_eq!(find(of_twenty, longer, 9).await.len(), 2);
    assert_eq!(find(of_thirty, longer, 9).await.len(), 1);
    assert_eq!(find(Whose::Anybody, longer, 9).await.len(), 3);
    assert_eq!(find(by_five, all, 9).await, [searched, looked]);
    for listed in [1, 2] {
        // Openings are in the child's own stream.
        let listings = listings_of(&reader, child(listed)).await.unwrap();
        assert_eq!(listings, [first.stamp.position], "child {listed}");
    }
    assert_eq!(listings_of(&reader, child(3)).await.unwrap(), Vec::<u64>::new());
    // What the read model has yet to take in is in the log, and is found there.
    let later =
        told.that("2009-06-22T10:03:00Z", practitioner(5, 20), search(5), listed(&[3, 1])).await;
    let both = [first.stamp.position, later.stamp.position];
    assert_eq!(listings_of(&reader, child(1)).await.unwrap(), both);
    assert_eq!(listings_of(&reader, child(2)).await.unwrap(), both[..1]);
    assert_eq!(listings_of(&reader, child(3)).await.unwrap(), both[1..]);
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn what_was_withheld_is_said_of_the_disclosure_from_then_on() {
    let mut told = Told::nothing().await;
    let look = Stream::Access(child(1));
    let held = told.that("2009-06-22T10:00:00Z", practitioner(5, 20), look, opened(81)).await;
    let shown = told.that("2009-06-22T10:00:01Z", practitioner(5, 20), look, opened(82)).await;
    let note = access::Event::DisclosureWithheld { disclosure: held.stamp.id };
    let first = told.that("2009-06-22T10:00:02Z", practitioner(5, 20), look, note.clone()).await;
    let again = told.that("2009-06-22T10:00:03Z", practitioner(5, 20), look, note).await;
    let reader = told.ask::<Seen>().await;
    let both = [shown.stamp.id, held.stamp.id];
    let ask = async |position| {
        withheld(&reader, both.into_iter(), KnownBy::Position(position)).await.unwrap()
    };
    let known = Some(Moment::of(&first.stamp));
    assert_eq!(ask(shown.stamp.position).await, [None, None], "not yet known");
    assert_eq!(ask(first.stamp.position).await, [None, known]);
    assert_eq!(ask(again.stamp.position).await, [None, known], "once, and of no other");
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn who_was_looking_at_an_instant_is_answered_to_the_microsecond() {
    let mut told = Told::nothing().await;
    let look = |of| Stream::Access(child(of));
    let begun = told.that("2009-06-22T10:00:00Z", practitioner(5, 20), look(1), opened(81)).await;
    let other = told.that("2009-06-22T10:00:30Z", practitioner(6, 30), look(2), opened(82)).await;
    let held = told.that("2009-06-22T10:00:40Z", practitioner(7, 30), look(3), opened(83)).await;
    let ended = told.that("2009-06-22T10:05:00Z", practitioner(5, 20), look(1), closed(81)).await;
    let withheld = access::Event::DisclosureWithheld { disclosure: held.stamp.id };
    told.that("2009-06-22T10:06:00Z", practitioner(7, 30), look(3), withheld).await;
    let reader = told.ask::<Openings>().await;
    let opening = |recorded: &domain::recorded::Recorded<_>, number, of, by, closed| Opening {
        opening: OpeningId::new(id(number)),
        event: recorded.stamp.id,
        child: child(of),
        by,
        basis: Basis::Practitioner,
        opened: Moment::of(&recorded.stamp),
        closed,
    };
    let first = opening(&begun, 81, 1, practitioner(5, 20), Some(Moment::of(&ended.stamp)));
    let second = opening(&other, 82, 2, practitioner(6, 30), None);
    let asked = [
        ("2009-06-22T09:59:59.999999Z", vec![]),
        ("2009-06-22T10:00:00Z", vec![first.clone()]),
        ("2009-06-22T10:04:59.999999Z", vec![first, second.clone()]),
        ("2009-06-22T10:05:00Z", vec![second.clone()]),
        ("2011-06-22T10:05:00Z", vec![second]),
    ];
    for (instant, expected) in asked {
        let answer = open_at(&reader, at(instant), told.last().await, 10).await.unwrap();
        assert_eq!(answer.value, expected, "{instant}");
    }
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn an_override_is_unfinished_until_its_investigation_is_concluded() {
    let mut told = Told::nothing().await;
    let (look, which) = (Stream::Access(child(1)), InvestigationId::new(id(91)));
    let procedure = OverrideId::new(id(71));
    let inquiry = access::Event::InvestigationOpened {
        investigation: which,
        procedure,
        practitioner: person(5),
        due: on("2009-07-06"),
    };
    told.that("2009-06-22T10:00:00Z", practitioner(5, 20), look, inquiry).await;
    let assigned = Inquiry::Assigned {
        origin: Origin::Override { child: child(1), procedure },
        subject: person(5),
        investigator: person(2),
    };
    let stream = Stream::Investigation(which);
    told.that("2009-06-23T10:00:00Z", team(2, 20), stream, assigned).await;
    let reader = told.ask::<Investigations>().await;
    let found = reader.find(vec![unfinished_overrides(9)]).await.unwrap().value;
    let [found] = found.as_slice() else { panic!("{found:?}") };
    let it = &found.document;
    assert_eq!((it.investigation, it.practitioner), (which, person(5)));
    assert_eq!(it.into, Into::Override { child: child(1), procedure });
    let progress = it.progress(KnownBy::Now, on("2009-07-07"));
    assert_eq!((progress.age_days, progress.overdue), (15, true));
    assert_eq!(progress.stage, Stage::Assigned { investigator: person(2) });
    let before = it.progress(KnownBy::Time(at("2009-06-22T23:00:00Z")), on("2009-06-22"));
    assert_eq!(before.stage, Stage::NotAssigned);
    assert_eq!(reader.find(vec![overdue_on(on("2009-07-06"), 9)]).await.unwrap().value, []);
    assert_eq!(reader.find(vec![overdue_on(on("2009-07-07"), 9)]).await.unwrap().value.len(), 1);

    let concluded = Inquiry::Concluded { finding: Finding::Proper, report: text("It was proper") };
    told.that("2009-06-30T10:00:00Z", team(2, 20), stream, concluded).await;
    let reader = told.ask::<Investigations>().await;
    assert_eq!(reader.find(vec![unfinished_overrides(9)]).await.unwrap().value, []);
    assert_eq!(reader.find(vec![overdue_on(on("2009-07-07"), 9)]).await.unwrap().value, []);
}
