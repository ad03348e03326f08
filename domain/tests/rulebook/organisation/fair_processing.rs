//! Fair-processing notices of schools (P4).

use std::collections::BTreeMap;

use domain::{
    actor::Role,
    caller::NotEntitled,
    identity::{OrganisationId, PublicityId},
    organisation::{
        Event, NoticeLayer, NoticeOccasion, Organisation, OrganisationKind,
        publicity::{Figure, how_many_notices},
        record_fair_processing_notice::{RecordFairProcessingNotice, Rejection, decide},
    },
    stream::Stream,
};
use fixtures::{
    people::{self, Person},
    scenario::{History, given, given_nothing, id, on},
};

use crate::users::{
    AUTHORITY, authority, noon, official, other_office, ours, team, team_elsewhere,
};

fn notice() -> RecordFairProcessingNotice {
    RecordFairProcessingNotice {
        at: noon(),
        notice: PublicityId::new(id(1)),
        school: "Example Primary School".to_owned(),
        layer: NoticeLayer::OnePage,
        occasion: NoticeOccasion::StartsSchool,
        on: on("2009-05-01"),
        quantity: None,
    }
}

fn event(command: &RecordFairProcessingNotice) -> Event {
    let RecordFairProcessingNotice { notice, school, layer, occasion, on, quantity, .. } =
        command.clone();
    Event::FairProcessingNoticeIssued { notice, school, layer, occasion, on, quantity }
}

fn asked(
    by: &Person,
    command: &RecordFairProcessingNotice,
) -> impl FnOnce(&Organisation) -> Result<Vec<Event>, Rejection> {
    move |organisation| decide(organisation, &ours(), &by.caller(), command)
}

fn registered(kind: OrganisationKind) -> History<Event> {
    History::of(Stream::Organisation(authority()))
        .then(Event::Registered { kind, name: "Example".to_owned() })
}

#[test]
fn p4_the_authority_records_every_layer_and_occasion_with_a_figure_or_without() {
    for layer in [NoticeLayer::OnePage, NoticeLayer::FullText] {
        for occasion in
            [NoticeOccasion::StartsSchool, NoticeOccasion::ThirteenthYear, NoticeOccasion::Other]
        {
            for quantity in [None, Some(0), Some(240)] {
                let command = RecordFairProcessingNotice { layer, occasion, quantity, ..notice() };
                given(people::authority(AUTHORITY))
                    .when(asked(&team(), &command))
                    .then([event(&command)]);
            }
        }
    }
}

#[test]
fn p4_only_the_authoritys_own_team_records() {
    given(people::authority(AUTHORITY)).when(asked(&team_elsewhere(), &notice())).then_refused(
        Rejection::NotEntitled(NotEntitled::OtherOrganisation { needed: authority() }),
    );
    given(people::authority(AUTHORITY))
        .when(asked(&official(), &notice()))
        .then_refused(Rejection::NotEntitled(other_office(Role::Official, [Role::ManagementTeam])));
    for kind in
        [OrganisationKind::Department, OrganisationKind::NationalPartner, OrganisationKind::Other]
    {
        given(registered(kind))
            .when(asked(&team(), &notice()))
            .then_refused(Rejection::NotAnAuthority);
    }
    given_nothing::<Organisation>()
        .when(asked(&team(), &notice()))
        .then_refused(Rejection::NotAnAuthority);
}

#[test]
fn p4_names_dates_and_figures_are_plausible() {
    let asked = |command: &RecordFairProcessingNotice| {
        decide(&people::organisation(AUTHORITY), &ours(), &team().caller(), command)
    };
    let fine = |command: &RecordFairProcessingNotice| {
        assert_eq!(asked(command), Ok(vec![event(command)]));
    };
    fine(&RecordFairProcessingNotice { on: on("2009-06-22"), ..notice() });
    let tomorrow = RecordFairProcessingNotice { on: on("2009-06-23"), ..notice() };
    assert_eq!(asked(&tomorrow), Err(Rejection::NotIssued { on: on("2009-06-23") }));
    fine(&RecordFairProcessingNotice { quantity: Some(1_000_000_000_000), ..notice() });
    let more = RecordFairProcessingNotice { quantity: Some(1_000_000_000_001), ..notice() };
    assert_eq!(asked(&more), Err(Rejection::ImplausibleFigure));
    fine(&RecordFairProcessingNotice { school: "x".repeat(200), ..notice() });
    for school in [String::new(), "  ".to_owned(), "x".repeat(201)] {
        let command = RecordFairProcessingNotice { school, ..notice() };
        assert_eq!(asked(&command), Err(Rejection::UnusableSchool));
    }
}

#[test]
fn p4_recording_the_same_again_is_quiet_and_a_handle_stands_for_one_notice() {
    let history = people::authority(AUTHORITY).then(event(&notice()));
    given(history.clone()).when(asked(&team(), &notice())).then([]);
    let other = RecordFairProcessingNotice { layer: NoticeLayer::FullText, ..notice() };
    given(history).when(asked(&team(), &other)).then_refused(Rejection::HandleInUse);
}

#[test]
fn p4_without_a_figure_the_number_is_not_collected_and_nought_is_nought_when_recorded() {
    let answer = |figures: &[Option<u64>]| {
        let mut history = registered(OrganisationKind::LocalAuthority);
        for (number, quantity) in (1..).zip(figures) {
            let notice = RecordFairProcessingNotice {
                notice: PublicityId::new(id(number)),
                quantity: *quantity,
                ..notice()
            };
            history = history.then(event(&notice));
        }
        let state: Organisation = history.fold();
        how_many_notices(&[(authority(), &state)])
    };
    let sum = |sum, activities_without| Figure::Collected {
        sum,
        by: BTreeMap::<OrganisationId, u64>::from([(authority(), sum)]),
        activities_without,
    };
    assert_eq!(answer(&[]), Figure::NotCollected { activities_without: 0 });
    assert_eq!(answer(&[None, None]), Figure::NotCollected { activities_without: 2 });
    assert_eq!(answer(&[Some(0)]), sum(0, 0));
    assert_eq!(answer(&[Some(240), None, Some(60)]), sum(300, 1));
}
