use domain::{
    actor::Role,
    caller::{Caller, NotEntitled},
    child::{Barred, Child},
    organisation::Capability,
    policy::PolicyVersion,
    practitioner::Condition,
    shield::{
        Party, RestsOn, ReviewOutcome, ThreatLevel, View, apply_provisionally, determine, lift,
        record_view, review,
    },
};

use super::{applied, at_risk, provisional, requested, shield, unshielded, with_views};
use crate::child::{
    EASTSHIRE, child, june_2009, now, practitioner, quarantined, team, team_enabled, team_of, words,
};

type Outcome = Result<(), Barred>;

macro_rules! outcome {
    ($decision:ident, $decided:expr) => {
        match $decided {
            Ok(_) => (stringify!($decision), Ok(())),
            Err($decision::Rejection::Barred(barred)) => (stringify!($decision), Err(barred)),
            Err(rejection) => panic!("{}: {rejection:?}", stringify!($decision)),
        }
    };
}

/// Every decision of the authority, each where nothing else stands in its way.
fn decisions(child: &Child, caller: &Caller<'_>) -> Vec<(&'static str, Outcome)> {
    let (at, policy) = (now(), &june_2009());
    let provisionally = apply_provisionally::ApplyProvisionally {
        at,
        grounds: at_risk(),
        rests_on: RestsOn::ThreatInThisCase,
        rationale: words("Traced"),
    };
    let view = record_view::RecordView { at, party: Party::Child, view: View::NoneExpressed };
    let refuse = determine::DetermineShield {
        at,
        threat_level: ThreatLevel::Low,
        threat_rationale: words("No threat"),
        finding: determine::Finding::Refuse,
    };
    let keep = review::ReviewShield { at, outcome: ReviewOutcome::Keep, reasons: words("Same") };
    let end = lift::LiftShield { at, reasons: words("Passed") };
    let (none, asked) = (shield(&unshielded()), shield(&requested()));
    let pending = shield(&with_views(provisional()));
    let in_force = shield(&with_views(applied()));
    vec![
        outcome!(
            apply_provisionally,
            apply_provisionally::decide(child, &none, policy, caller, &provisionally)
        ),
        outcome!(record_view, record_view::decide(child, &asked, policy, caller, &view)),
        outcome!(determine, determine::decide(child, &pending, policy, caller, &refuse)),
        outcome!(review, review::decide(child, &in_force, policy, caller, &keep)),
        outcome!(lift, lift::decide(child, &in_force, policy, caller, &end)),
    ]
}

#[track_caller]
fn all(outcomes: Vec<(&'static str, Outcome)>, expected: &Outcome) {
    for (decision, outcome) in outcomes {
        assert_eq!(&outcome, expected, "{decision}");
    }
}

#[test]
fn s4_the_team_of_the_responsible_authority_decides() {
    all(decisions(&child(), &team().caller()), &Ok(()));
}

#[test]
fn s4_another_authoritys_team_decides_nothing() {
    all(decisions(&child(), &team_of(EASTSHIRE).caller()), &Err(Barred::NotResponsible));
}

#[test]
fn s4_a_practitioner_decides_nothing() {
    let barred = Barred::NotEntitled(NotEntitled::OtherOffice {
        acted_as: Role::Practitioner,
        needed: [Role::ManagementTeam].into(),
    });
    all(decisions(&child(), &practitioner().caller()), &Err(barred));
}

#[test]
fn s4_an_authority_not_enabled_for_shielding_decides_nothing() {
    let team = team_enabled(&[Capability::Search, Capability::Update]);
    let barred = Barred::NotEntitled(NotEntitled::Unmet {
        conditions: [Condition::CapabilityEnabled].into(),
        policy: PolicyVersion::default(),
    });
    all(decisions(&child(), &team.caller()), &Err(barred));
}

#[test]
fn s4_shielding_needs_no_other_capability() {
    all(decisions(&child(), &team_enabled(&[Capability::Shield]).caller()), &Ok(()));
}

#[test]
fn s4_where_there_is_no_record_there_is_no_shield() {
    all(decisions(&Child::default(), &team().caller()), &Err(Barred::NoSuchRecord));
}

#[test]
fn s4_a_quarantined_record_is_shielded_by_its_own_team() {
    all(decisions(&quarantined().fold(), &team().caller()), &Ok(()));
}
