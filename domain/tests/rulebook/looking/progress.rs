use domain::{
    identity::PractitionerId,
    investigation::{Event, Finding, Investigation, Origin, Progress, Stage, progress},
    stream::Stream,
};
use fixtures::{
    people::text,
    scenario::{History, at, id, on},
};

use super::a_record::{CHILD, NURSE, investigation, run};

fn history() -> History<Event> {
    History::of(Stream::Investigation(investigation(1)))
}

fn assigned() -> History<Event> {
    history().at("2009-06-23T09:00:00Z").then(Event::Assigned {
        origin: Origin::Override { child: CHILD, procedure: run(1) },
        subject: PractitionerId::new(id(NURSE)),
        investigator: PractitionerId::new(id(4)),
    })
}

fn on_day(history: &History<Event>, day: &str) -> Progress {
    let state: Investigation = history.fold();
    progress(&state, at("2009-06-22T10:00:00Z"), on("2009-07-06"), on(day))
}

fn expected(stage: Stage, age_days: i64, overdue: bool) -> Progress {
    Progress { stage, age_days, due: on("2009-07-06"), overdue }
}

#[test]
fn i3_an_investigation_is_overdue_from_the_day_after_it_was_due() {
    assert_eq!(on_day(&history(), "2009-07-06"), expected(Stage::NotAssigned, 14, false));
    assert_eq!(on_day(&history(), "2009-07-07"), expected(Stage::NotAssigned, 15, true));
    let stage = Stage::Assigned { investigator: PractitionerId::new(id(4)) };
    assert_eq!(on_day(&assigned(), "2009-07-06"), expected(stage, 14, false));
    assert_eq!(on_day(&assigned(), "2009-07-07"), expected(stage, 15, true));
}

#[test]
fn i3_once_concluded_it_ages_no_more_and_is_not_overdue() {
    let concluded = assigned()
        .at("2009-07-10T09:00:00Z")
        .then(Event::Concluded { finding: Finding::Proper, report: text("Duty call") });
    let stage = Stage::Concluded { finding: Finding::Proper, at: at("2009-07-10T09:00:00Z") };
    assert_eq!(on_day(&concluded, "2009-12-31"), expected(stage, 18, false));
}
