//! Information to the public: recorded, counted only where collected (P1 to P3).

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    actor::Role,
    caller::NotEntitled,
    identity::{OrganisationId, PublicityId},
    organisation::{
        Channel, Event, Organisation, OrganisationKind,
        publicity::{Figure, Mailing, Reach, how_many_at_what_cost, is_direct_mailing_nationwide},
        record_public_information::{RecordPublicInformation, Rejection, decide},
    },
    stream::Stream,
};
use fixtures::{
    people::Person,
    scenario::{History, given, given_nothing, id, on},
};

use crate::users::{
    AUTHORITY, authority, noon, official, other_office, ours, team, team_elsewhere,
};

fn mailing() -> RecordPublicInformation {
    RecordPublicInformation {
        at: noon(),
        activity: PublicityId::new(id(1)),
        channel: Channel::DirectMailing,
        area: "Example Town".to_owned(),
        from: on("2009-05-01"),
        to: Some(on("2009-05-31")),
        quantity: None,
        cost_pence: None,
    }
}

fn event(command: &RecordPublicInformation) -> Event {
    let RecordPublicInformation { activity, channel, area, from, to, quantity, cost_pence, .. } =
        command.clone();
    Event::PublicInformationRecorded { activity, channel, area, from, to, quantity, cost_pence }
}

fn asked(
    by: &Person,
    command: &RecordPublicInformation,
) -> impl FnOnce(&Organisation) -> Result<Vec<Event>, Rejection> {
    move |organisation| decide(organisation, &ours(), &by.caller(), command)
}

fn registered(number: u128, kind: OrganisationKind) -> History<Event> {
    History::of(Stream::Organisation(OrganisationId::new(id(number))))
        .then(Event::Registered { kind, name: "Example".to_owned() })
}

fn department() -> History<Event> {
    History::of(Stream::Organisation(OrganisationId::DEPARTMENT)).then(Event::Registered {
        kind: OrganisationKind::Department,
        name: "The Department".to_owned(),
    })
}

/// An authority with activities: channel, quantity, cost.
fn authority_with(
    number: u128,
    activities: &[(Channel, Option<u64>, Option<u64>)],
) -> (OrganisationId, Organisation) {
    let mut history = registered(number, OrganisationKind::LocalAuthority);
    for (place, (channel, quantity, cost_pence)) in (0..).zip(activities) {
        let command = RecordPublicInformation {
            activity: PublicityId::new(id(number * 1_000 + place)),
            channel: *channel,
            quantity: *quantity,
            cost_pence: *cost_pence,
            ..mailing()
        };
        history = history.then(event(&command));
    }
    (OrganisationId::new(id(number)), history.fold())
}

fn borrowed(states: &[(OrganisationId, Organisation)]) -> Vec<(OrganisationId, &Organisation)> {
    states.iter().map(|(id, state)| (*id, state)).collect()
}

#[test]
fn p1_an_authority_records_its_own_activities_with_figures_or_without() {
    let history = fixtures::people::authority(AUTHORITY);
    for (quantity, cost_pence) in [(None, None), (Some(27_700), None), (Some(0), Some(950_000))] {
        let command = RecordPublicInformation { quantity, cost_pence, ..mailing() };
        given(history.clone()).when(asked(&team(), &command)).then([event(&command)]);
    }
}

#[test]
fn p1_every_channel_of_the_answer_can_be_recorded() {
    for channel in [
        Channel::DirectMailing,
        Channel::LeafletAtOutlet,
        Channel::LeafletDistribution,
        Channel::NationalPublication,
        Channel::RegionalPublication,
        Channel::LocalPublication,
        Channel::Website,
        Channel::Other,
    ] {
        let command = RecordPublicInformation { channel, ..mailing() };
        given(department()).when(asked(&official(), &command)).then([event(&command)]);
    }
}

#[test]
fn p1_each_records_its_own_and_nobody_anothers() {
    given(fixtures::people::authority(AUTHORITY))
        .when(asked(&team_elsewhere(), &mailing()))
        .then_refused(Rejection::NotEntitled(NotEntitled::OtherOrganisation {
            needed: authority(),
        }));
    given(fixtures::people::authority(AUTHORITY))
        .when(asked(&official(), &mailing()))
        .then_refused(Rejection::NotEntitled(other_office(Role::Official, [Role::ManagementTeam])));
    given(department())
        .when(asked(&team(), &mailing()))
        .then_refused(Rejection::NotEntitled(other_office(Role::ManagementTeam, [Role::Official])));
    for kind in [OrganisationKind::NationalPartner, OrganisationKind::Other] {
        given(registered(AUTHORITY, kind))
            .when(asked(&team(), &mailing()))
            .then_refused(Rejection::NeitherAuthorityNorDepartment);
    }
    given_nothing::<Organisation>()
        .when(asked(&team(), &mailing()))
        .then_refused(Rejection::NeitherAuthorityNorDepartment);
}

#[test]
fn p1_dates_and_figures_are_plausible() {
    let asked = |command: RecordPublicInformation| {
        decide(&fixtures::people::organisation(AUTHORITY), &ours(), &team().caller(), &command)
    };
    let fine = |command: &RecordPublicInformation| Ok(vec![event(command)]);
    let today = RecordPublicInformation { from: on("2009-06-22"), to: None, ..mailing() };
    assert_eq!(asked(today.clone()), fine(&today));
    let tomorrow = RecordPublicInformation { from: on("2009-06-23"), ..today };
    assert_eq!(asked(tomorrow), Err(Rejection::NotBegun { from: on("2009-06-23") }));
    let one_day = RecordPublicInformation { to: Some(on("2009-05-01")), ..mailing() };
    assert_eq!(asked(one_day.clone()), fine(&one_day));
    let backwards = RecordPublicInformation { to: Some(on("2009-04-30")), ..mailing() };
    assert_eq!(asked(backwards), Err(Rejection::EndsBeforeItBegins));
    let most = RecordPublicInformation { quantity: Some(1_000_000_000_000), ..mailing() };
    assert_eq!(asked(most.clone()), fine(&most));
    let more = RecordPublicInformation { cost_pence: Some(1_000_000_000_001), ..mailing() };
    assert_eq!(asked(more), Err(Rejection::ImplausibleFigure));
    for area in [String::new(), "  ".to_owned(), "x".repeat(201)] {
        let nowhere = RecordPublicInformation { area, ..mailing() };
        assert_eq!(asked(nowhere), Err(Rejection::UnusableArea));
    }
}

#[test]
fn p1_the_same_again_is_quiet_and_a_handle_stands_for_one_activity() {
    let history = || fixtures::people::authority(AUTHORITY).then(event(&mailing()));
    given(history()).when(asked(&team(), &mailing())).then_nothing();
    let other = RecordPublicInformation { quantity: Some(5), ..mailing() };
    given(history()).when(asked(&team(), &other)).then_refused(Rejection::HandleInUse);
}

#[test]
fn p2_where_nobody_collected_a_figure_the_answer_is_not_collected_and_not_nought() {
    assert_eq!(
        how_many_at_what_cost(Channel::DirectMailing, &[]),
        Reach {
            quantity: Figure::NotCollected { activities_without: 0 },
            cost_pence: Figure::NotCollected { activities_without: 0 },
        }
    );
    let states = [authority_with(1, &[(Channel::DirectMailing, None, None); 3])];
    assert_eq!(
        how_many_at_what_cost(Channel::DirectMailing, &borrowed(&states)),
        Reach {
            quantity: Figure::NotCollected { activities_without: 3 },
            cost_pence: Figure::NotCollected { activities_without: 3 },
        }
    );
}

#[test]
fn p2_nought_is_answered_when_somebody_recorded_nought() {
    let states = [authority_with(1, &[(Channel::DirectMailing, Some(0), None)])];
    let one = OrganisationId::new(id(1));
    assert_eq!(
        how_many_at_what_cost(Channel::DirectMailing, &borrowed(&states)),
        Reach {
            quantity: Figure::Collected {
                sum: 0,
                by: BTreeMap::from([(one, 0)]),
                activities_without: 0,
            },
            cost_pence: Figure::NotCollected { activities_without: 1 },
        }
    );
}

#[test]
fn p2_a_figure_says_whose_it_is_and_what_it_leaves_out() {
    use Channel::{DirectMailing, Website};
    let states = [
        authority_with(
            1,
            &[(DirectMailing, Some(27_700), Some(950_000)), (Website, Some(9), None)],
        ),
        authority_with(2, &[(DirectMailing, None, None)]),
        authority_with(
            3,
            &[
                (DirectMailing, Some(300), None),
                (DirectMailing, Some(12), Some(5)),
                (Website, None, None),
            ],
        ),
    ];
    let (one, three) = (OrganisationId::new(id(1)), OrganisationId::new(id(3)));
    assert_eq!(
        how_many_at_what_cost(DirectMailing, &borrowed(&states)),
        Reach {
            quantity: Figure::Collected {
                sum: 28_012,
                by: BTreeMap::from([(one, 27_700), (three, 312)]),
                activities_without: 1,
            },
            cost_pence: Figure::Collected {
                sum: 950_005,
                by: BTreeMap::from([(one, 950_000), (three, 5)]),
                activities_without: 2,
            },
        }
    );
}

#[test]
fn p3_a_mailing_is_nationwide_when_every_authority_has_recorded_one() {
    let handles = |numbers: &[u128]| -> BTreeSet<OrganisationId> {
        numbers.iter().map(|number| OrganisationId::new(id(*number))).collect()
    };
    let mailed = |number| authority_with(number, &[(Channel::DirectMailing, None, None)]);
    let leaflets = |number| authority_with(number, &[(Channel::LeafletAtOutlet, Some(1), None)]);
    let partner = |number| {
        let state = registered(number, OrganisationKind::NationalPartner).fold();
        (OrganisationId::new(id(number)), state)
    };
    let ask =
        |states: &[(OrganisationId, Organisation)]| is_direct_mailing_nationwide(&borrowed(states));
    assert_eq!(ask(&[]), Mailing::NoneRecorded);
    assert_eq!(ask(&[leaflets(1)]), Mailing::NoneRecorded);
    assert_eq!(
        ask(&[mailed(1), leaflets(2), partner(8)]),
        Mailing::InSomeAreas { by: handles(&[1]), not_by: handles(&[2]) }
    );
    assert_eq!(
        ask(&[mailed(1), mailed(2), partner(8)]),
        Mailing::Nationwide { by: handles(&[1, 2]) }
    );
}

#[test]
fn p3_the_departments_mailing_alone_is_not_a_nationwide_one() {
    let state: Organisation = department().then(event(&mailing())).fold();
    assert_eq!(
        is_direct_mailing_nationwide(&[(OrganisationId::DEPARTMENT, &state)]),
        Mailing::InSomeAreas {
            by: BTreeSet::from([OrganisationId::DEPARTMENT]),
            not_by: BTreeSet::new(),
        }
    );
}
