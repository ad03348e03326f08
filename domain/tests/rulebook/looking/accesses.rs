use std::collections::BTreeSet;

use domain::{
    access::{
        Basis, Event, Field, Form, Refusal, ShieldState, Value,
        accesses::{Line, Reason, What, accesses},
    },
    actor::Role,
    personal::Personal,
    practitioner::Condition,
};
use fixtures::{
    people::text,
    scenario::{actor, on},
};

use super::a_record::{
    AUTHORITY, COLLEAGUE, ELSEWHERE, NURSE, accesses_by, asked_by, brokering, confirmed, copy,
    investigation, looked_into, opened_by, opening, printed_by, protection, run,
};

fn reason() -> Reason {
    Reason::from(&protection())
}

fn whats(history: &fixtures::scenario::History<Event>) -> Vec<What> {
    accesses(history.recorded()).into_iter().map(|line| line.what).collect()
}

#[test]
fn a9_every_look_stands_in_the_list_with_who_it_was_then() {
    let unmet = BTreeSet::from([Refusal::Unmet([Condition::CurrentCrbCheck].into())]);
    let history = opened_by(NURSE).by(actor(COLLEAGUE, Role::Practitioner, ELSEWHERE)).then(
        Event::AccessRefused {
            purpose: protection(),
            sought: Basis::Practitioner,
            refusals: unmet.clone(),
        },
    );
    let stamps: Vec<_> = history.recorded().iter().map(|recorded| &recorded.stamp).collect();
    let line = |place: usize, by, what| Line {
        event: stamps[place].id,
        at: stamps[place].at,
        by,
        what,
        held_back: false,
    };
    assert_eq!(
        accesses(history.recorded()),
        [
            line(
                0,
                actor(NURSE, Role::Practitioner, AUTHORITY),
                What::Opened {
                    opening: opening(1),
                    reason: reason(),
                    basis: Basis::Practitioner,
                    shield: ShieldState::Applied,
                    shown: [Field::Name].into(),
                    withheld: [Field::Whereabouts].into(),
                }
            ),
            line(
                1,
                actor(COLLEAGUE, Role::Practitioner, ELSEWHERE),
                What::Refused { reason: reason(), sought: Basis::Practitioner, refusals: unmet }
            ),
        ]
    );
}

#[test]
fn a9_an_override_stands_there_with_its_investigation_and_its_end() {
    let history = confirmed(NURSE)
        .then(Event::ShieldOverrideEnded { procedure: run(1) })
        .then(Event::RecordClosed { opening: opening(1) });
    assert_eq!(
        whats(&history)[1..],
        [
            What::OverrideAttempted { procedure: run(1), opening: opening(1), reason: reason() },
            What::OverrideConfirmed {
                procedure: run(1),
                shown: [Field::Name, Field::Whereabouts].into(),
                withheld: [].into(),
            },
            What::InvestigationOpened {
                procedure: run(1),
                investigation: investigation(1),
                due: on("2009-07-06"),
            },
            What::OverrideEnded { procedure: run(1) },
            What::Closed { opening: opening(1) },
        ]
    );
}

#[test]
fn a9_an_override_from_which_the_user_stepped_back_stands_there_too() {
    let history =
        super::a_record::warned(NURSE).then(Event::ShieldOverrideWithdrawn { procedure: run(1) });
    assert_eq!(whats(&history).last(), Some(&What::OverrideWithdrawn { procedure: run(1) }));
}

#[test]
fn a9_what_was_held_back_is_marked() {
    let disclosure = opened_by(NURSE).recorded()[0].stamp.id;
    let history = opened_by(NURSE).then(Event::DisclosureWithheld { disclosure });
    let lines = accesses(history.recorded());
    assert_eq!(lines.iter().map(|line| line.held_back).collect::<Vec<_>>(), [true]);
}

#[test]
fn a9_what_left_the_directory_and_who_was_put_in_touch_stands_there_too() {
    let history = printed_by(NURSE)
        .then(Event::CopyDestroyed { copy: copy(1), manner: text("Shredded") })
        .then(asked_by(NURSE).recorded()[1].event.clone())
        .then(looked_into().recorded()[2].event.clone())
        .then(Event::BrokeringDeclined { brokering: brokering(1), reason: text("No concern") });
    let value = |words: &str| Value::of(&text(words));
    assert_eq!(
        whats(&history)[1..],
        [
            What::Copied {
                copy: copy(1),
                opening: opening(1),
                form: Form::Print,
                holder: value("Her file, second floor"),
                reason: reason(),
                basis: Basis::Practitioner,
                shield: ShieldState::Applied,
                shown: [Field::Name].into(),
                withheld: [Field::Whereabouts].into(),
            },
            What::CopyDestroyed { copy: copy(1), manner: value("Shredded") },
            What::ContactRequested {
                brokering: brokering(1),
                opening: opening(1),
                reason: reason(),
                concern: value("Bruises that nobody can explain"),
            },
            What::ViewedToBroker {
                brokering: brokering(1),
                shield: ShieldState::Applied,
                shown: [Field::Name, Field::Whereabouts].into(),
                withheld: [].into(),
            },
            What::BrokeringDeclined { brokering: brokering(1), because: value("No concern") },
        ]
    );
}

#[test]
fn a9_an_erased_reason_keeps_its_code() {
    let purpose = domain::access::Purpose { text: Personal::Erased, ..protection() };
    let history = accesses_by(NURSE).then(Event::AccessRefused {
        purpose,
        sought: Basis::Override,
        refusals: [Refusal::OverrideRightNotHeld].into(),
    });
    assert_eq!(
        whats(&history),
        [What::Refused {
            reason: Reason { text: Value::Erased, ..reason() },
            sought: Basis::Override,
            refusals: [Refusal::OverrideRightNotHeld].into(),
        }]
    );
}
