use std::collections::BTreeMap;

use domain::{
    access::ShieldState,
    identity::EventId,
    personal::Personal,
    shield::{Event as E, Ground, Grounds, Requester, ReviewOutcome, ThreatLevel},
    stream::Stream,
};
use fixtures::{
    people::text,
    scenario::{at, id, on},
};
use projections::{
    dated::Moment,
    read_models::{
        Shields,
        shields::{Decision, Episode, decisions, in_force, reviews_due_by, shielded_at},
    },
};

use super::{Told, authority, child, team};

fn grounds(other: bool) -> Grounds {
    let other = other.then_some(Personal::Erased);
    Grounds::new([Ground::AdultAtRisk].into(), other).unwrap()
}

fn applied(by: u128, review_due: &str) -> E {
    E::Applied {
        authority: authority(by),
        grounds: grounds(true),
        threat_level: ThreatLevel::Severe,
        threat_rationale: text("A threat was made"),
        views: BTreeMap::new(),
        review_due: on(review_due),
    }
}

fn lifted(by: u128) -> E {
    E::Lifted {
        authority: authority(by),
        reasons: text("The threat is over"),
        views: BTreeMap::new(),
    }
}

/// Child 1: provisional by 20 on 1 June, applied on 3 June, lifted on 9 June. Child 2: applied by 30 on
/// 2 June. Child 3: refused by 20 on 4 June, challenged on the 5th, upheld on the 6th.
async fn june() -> Told {
    let mut told = Told::nothing().await;
    let shield = |number| Stream::Shield(child(number));
    let provisional = E::ProvisionallyApplied {
        grounds: grounds(false),
        rationale: text("It could not wait"),
        decision_due: on("2009-06-06"),
    };
    told.that("2009-06-01T10:00:00Z", team(2, 20), shield(1), provisional).await;
    told.that("2009-06-02T10:00:00Z", team(3, 30), shield(2), applied(30, "2009-12-02")).await;
    told.that("2009-06-03T10:00:00Z", team(2, 20), shield(1), applied(20, "2009-12-03")).await;
    let refused = E::Refused {
        authority: authority(20),
        threat_level: ThreatLevel::Low,
        reasons: text("No threat was found"),
        views: BTreeMap::new(),
    };
    told.that("2009-06-04T10:00:00Z", team(2, 20), shield(3), refused).await;
    let decision = EventId::new(id(99));
    let challenged = E::DecisionChallenged {
        decision,
        challenger: Requester::Carer,
        identity_checked: true,
        words: text("Nobody asked us"),
    };
    told.that("2009-06-05T10:00:00Z", team(2, 20), shield(3), challenged).await;
    let upheld = E::DecisionUpheld {
        authority: authority(20),
        decision,
        reasons: text("Nothing new was said"),
        views: BTreeMap::new(),
    };
    told.that("2009-06-06T10:00:00Z", team(4, 20), shield(3), upheld).await;
    told.that("2009-06-09T10:00:00Z", team(2, 20), shield(1), lifted(20)).await;
    told
}

fn episode(of: u128, by: u128, state: ShieldState, from: &str, to: Option<&str>) -> Episode {
    Episode {
        child: child(of),
        authority: Some(authority(by)),
        state,
        grounds: vec![Ground::AdultAtRisk],
        other_ground: state == ShieldState::Applied,
        from: at(from),
        to: to.map(at),
    }
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn shields_are_in_force_from_their_first_instant_and_until_their_last() {
    let told = june().await;
    let (reader, last) = (told.ask::<Shields>().await, told.last().await);
    let first = episode(
        1,
        20,
        ShieldState::Provisional,
        "2009-06-01T10:00:00Z",
        Some("2009-06-03T10:00:00Z"),
    );
    let second =
        episode(1, 20, ShieldState::Applied, "2009-06-03T10:00:00Z", Some("2009-06-09T10:00:00Z"));
    let other = episode(2, 30, ShieldState::Applied, "2009-06-02T10:00:00Z", None);
    let asked = [
        ("2009-06-01T09:59:59.999Z", None, vec![]),
        ("2009-06-01T10:00:00Z", None, vec![first.clone()]),
        ("2009-06-03T09:59:59.999Z", None, vec![first, other.clone()]),
        ("2009-06-03T10:00:00Z", None, vec![other.clone(), second.clone()]),
        ("2009-06-03T10:00:00Z", Some(authority(20)), vec![second.clone()]),
        ("2009-06-09T09:59:59.999Z", None, vec![other.clone(), second]),
        ("2009-06-09T10:00:00Z", None, vec![other.clone()]),
        ("2019-06-09T10:00:00Z", Some(authority(30)), vec![other]),
    ];
    for (instant, of, expected) in asked {
        let answer = in_force(&reader, of, at(instant), 100).await.unwrap();
        assert_eq!(answer.value, expected, "{instant}");
        let counted = shielded_at(&reader, at(instant), last).await.unwrap().value;
        if of.is_none() {
            assert_eq!(counted, u64::try_from(expected.len()).unwrap(), "{instant}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn decisions_are_counted_for_each_authority() {
    let told = june().await;
    let (reader, last) = (told.ask::<Shields>().await, told.last().await);
    let (june, july) = (at("2009-06-01T00:00:00Z"), at("2009-07-01T00:00:00Z"));
    let counted = decisions(&reader, authority(20), (june, july), last).await.unwrap().value;
    let expected = [
        (Decision::Applied, 1),
        (Decision::Refused, 1),
        (Decision::Kept, 0),
        (Decision::Lifted, 1),
        (Decision::Upheld, 1),
    ];
    assert_eq!(counted, expected);
    let before = at("2009-06-09T10:00:00Z");
    let counted = decisions(&reader, authority(20), (june, before), last).await.unwrap().value;
    assert_eq!(counted[3], (Decision::Lifted, 0), "the end is exclusive");
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn of_events_of_one_instant_those_up_to_the_position_count() {
    let mut told = june().await;
    let instant = "2009-06-30T10:00:00Z";
    let mut known = Vec::new();
    for number in [7, 8, 9] {
        // The last one by a clock that is behind.
        let when = if number == 9 { "2009-06-30T09:59:59Z" } else { instant };
        let told = told
            .that(when, team(9, 30), Stream::Shield(child(number)), applied(30, "2009-12-30"))
            .await;
        known.push(Moment::of(&told.stamp));
    }
    let reader = told.ask::<Shields>().await;
    let before = shielded_at(&reader, at("2009-06-30T09:00:00Z"), known[2]).await.unwrap().value;
    let window = (at("2009-06-30T00:00:00Z"), at("2009-07-01T00:00:00Z"));
    for (more, known) in (1..).zip(known) {
        let counted = shielded_at(&reader, at(instant), known).await.unwrap().value;
        assert_eq!(counted, before + more);
        let decided = decisions(&reader, authority(30), window, known).await.unwrap().value;
        assert_eq!(decided[0], (Decision::Applied, more));
    }
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_review_is_due_until_it_is_made() {
    let mut told = june().await;
    let due = async |told: &Told, day| {
        let reader = told.ask::<Shields>().await;
        let found = reader.find(vec![reviews_due_by(on(day), 10)]).await.unwrap().value;
        found.into_iter().map(|found| found.document.stream).collect::<Vec<_>>()
    };
    assert_eq!(due(&told, "2009-12-01").await, []);
    assert_eq!(due(&told, "2009-12-02").await, [Stream::Shield(child(2))]);
    let kept = E::Reviewed {
        authority: authority(30),
        outcome: ReviewOutcome::Keep,
        reasons: text("The threat remains"),
        next_due: Some(on("2010-06-02")),
    };
    told.that("2009-12-02T12:00:00Z", team(3, 30), Stream::Shield(child(2)), kept).await;
    assert_eq!(due(&told, "2009-12-02").await, []);
    assert_eq!(due(&told, "2010-06-02").await, [Stream::Shield(child(2))]);
}
