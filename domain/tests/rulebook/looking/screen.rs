use domain::{
    access::{Basis, Event, Field, Fields, Screen, ShieldState},
    child::{self, Child},
    personal::Personal,
};
use fixtures::{people::text, scenario::History};

use super::a_record::{
    NURSE, accesses_by, confirmed, full, opening, protection, record, run, warned,
};

fn look(basis: Basis, shield: ShieldState, shown: &[Field]) -> History<Event> {
    accesses_by(NURSE).then(Event::RecordOpened {
        opening: opening(1),
        purpose: protection(),
        basis,
        shield,
        shown: shown.iter().copied().collect(),
        withheld: Fields::from([Field::Whereabouts]),
    })
}

fn json(history: &History<Event>, child: &Child) -> String {
    let screen = Screen::rebuild(history.recorded().last().unwrap(), child).unwrap();
    serde_json::to_string(&screen).unwrap()
}

#[test]
fn a2_a_shielded_screen_shows_the_fields_of_its_event_and_no_trace_of_others() {
    use Field::{CarerNames, DateOfBirth, Gender, Name, Number};
    let shown = [Name, Gender, DateOfBirth, Number, CarerNames];
    let history = look(Basis::Practitioner, ShieldState::Applied, &shown);
    assert_eq!(
        json(&history, &record()),
        r#"{"event":"b46c3bd2-7bd9-502a-895c-a6605e83a3a1","child":"00000000-0000-0000-0000-0000000003e8","opening":"00000000-0000-0000-0000-0000000007d1","at":"2009-06-22T09:00:00Z","basis":"practitioner","shielded":true,"record":{"name":{"given":"Zoë","surname":"O'Brien"},"gender":"female","date_of_birth":"2001-03-14","number":"000000002394","carers":[{"carer":"00000000-0000-0000-0000-00000000000b","name":{"given":"Mary","surname":"O'Brien"}}]}}"#
    );
}

#[test]
fn a2_the_whole_screen_of_the_responsible_team() {
    let history = look(Basis::ResponsibleTeam, ShieldState::Unshielded, &Field::ALL);
    assert_eq!(
        json(&history, &record()),
        concat!(
            r#"{"event":"b46c3bd2-7bd9-502a-895c-a6605e83a3a1","child":"00000000-0000-0000-0000-0000000003e8","opening":"00000000-0000-0000-0000-0000000007d1","at":"2009-06-22T09:00:00Z","basis":"responsible-team","shielded":false,"record":{"#,
            r#""name":{"given":"Zoë","surname":"O'Brien"},"former_names":[{"given":"Zoë","surname":"Ashdown"}],"#,
            r#""gender":"female","date_of_birth":"2001-03-14","number":"000000002394","#,
            r#""whereabouts":{"current":{"lines":["1 Example Street"],"postcode":"LS1 4AB"}},"#,
            r#""carers":[{"carer":"00000000-0000-0000-0000-00000000000b","name":{"given":"Mary","surname":"O'Brien"},"relation":"adoptive-parent","parental_responsibility":true,"contact":{"address":{"lines":["1 Example Street"],"postcode":"LS1 4AB"},"telephone":"01632 960001"}}],"#,
            r#""education":{"provider":{"name":"Hillside Primary","contact":{"address":{"lines":["1 Example Street"],"postcode":"LS1 3AA"},"telephone":"01632 960003"}},"from":"2008-09-01"},"#,
            r#""gp_practice":{"provider":{"name":"Station Road Surgery","contact":{"address":{"lines":["1 Example Street"],"postcode":"LS1 3AA"},"telephone":"01632 960003"}},"from":"2008-09-01"},"#,
            r#""involvements":[{"involvement":"00000000-0000-0000-0000-00000000000a","organisation":"00000000-0000-0000-0000-000000000064","service":{"kind":"social-care","practitioner_name":"Pat Worker","contact":{"address":{"lines":["1 Example Street"],"postcode":"LS1 2AA"},"telephone":"01632 960004"}},"from":"2009-01-01"}],"#,
            r#""lead_professional":"00000000-0000-0000-0000-00000000000a","common_assessment":"2009-01-10","sensitive_service_involved":true,"#,
            r#""sensitive_services":[{"involvement":"00000000-0000-0000-0000-00000000000c","basis":"consent-of-child","service":{"kind":"mental-health","practitioner_name":"Lee Counsellor","contact":{"address":{"lines":["1 Example Street"],"postcode":"LS1 2AA"},"telephone":"01632 960004"}},"from":"2009-01-05"}],"#,
            r#""responsible_authority":"00000000-0000-0000-0000-000000000064"}}"#
        )
    );
}

#[test]
fn a2_a_confirmed_override_has_a_screen_of_its_own() {
    let history = warned(NURSE).then(Event::ShieldOverrideConfirmed {
        procedure: run(1),
        shield: ShieldState::Applied,
        shown: Fields::from([Field::Name, Field::LeadProfessional]),
        withheld: Fields::NONE,
    });
    assert_eq!(
        json(&history, &record()),
        r#"{"event":"618e59af-5b50-5f37-901b-89a45f49fa65","child":"00000000-0000-0000-0000-0000000003e8","override":"00000000-0000-0000-0000-000000000bb9","at":"2009-06-22T09:00:00Z","basis":"override","shielded":true,"record":{"name":{"given":"Zoë","surname":"O'Brien"},"lead_professional":"00000000-0000-0000-0000-00000000000a"}}"#
    );
}

#[test]
fn a2_an_erased_value_is_shown_as_erased() {
    let child: Child = full()
        .then(child::Event::DetailCorrected {
            detail: child::Detail::Name(Personal::Erased),
            reason: text("Misspelt"),
            source: child::DataSource::ManagementTeam,
        })
        .fold();
    let history = look(Basis::Practitioner, ShieldState::Unshielded, &[Field::Name]);
    assert!(json(&history, &child).ends_with(r#""record":{"name":{"erased":true}}}"#));
}

#[test]
fn a2_what_discloses_nothing_has_no_screen() {
    let screens: Vec<bool> = confirmed(NURSE)
        .then(Event::ShieldOverrideEnded { procedure: run(1) })
        .then(Event::RecordClosed { opening: opening(1) })
        .recorded()
        .iter()
        .map(|recorded| Screen::rebuild(recorded, &record()).is_some())
        .collect();
    assert_eq!(screens, [true, false, false, true, false, false, false]);
}
