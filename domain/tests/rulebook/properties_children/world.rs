//! One child, her shield, and five people who try things.

use std::{collections::BTreeSet, sync::LazyLock};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    caller::Caller,
    child::{
        self, Child, ChildNumber, Gender, ServiceKind, Whereabouts,
        accept_transfer::{self, AcceptTransfer},
        amend_record::{self, AmendRecord},
        assign_lead_professional::{self, AssignLeadProfessional},
        correct_record::{self, CorrectRecord},
        create_record::{self, CreateRecord},
        decline_transfer::{self, DeclineTransfer},
        end_involvement::{self, EndInvolvement},
        offer_transfer::{self, OfferTransfer},
        record_involvement::{self, RecordInvolvement},
        record_sensitive_involvement::{self, RecordSensitiveInvolvement},
        resolve_quarantine::{self, ResolveQuarantine},
        withdraw_sensitive_consent::{self, WithdrawSensitiveConsent},
    },
    fold::Fold,
    identity::{EventId, ShieldRequestId},
    organisation::{Organisation, OrganisationKind},
    policy::{Policy, PolicyVersion},
    recorded::{Recorded, Stamp},
    shield::{
        self, Requester, Shield,
        apply_provisionally::{self, ApplyProvisionally},
        challenge::{self, ChallengeDecision},
        determine::{self, DetermineShield, Finding},
        lift::{self, LiftShield},
        record_view::{self, RecordView},
        request::{self, RequestShield},
        review::{self, ReviewShield},
        uphold::{self, UpholdDecision},
    },
    stream::Stream,
};
use fixtures::scenario::{at, id};

use super::steps::{Act, CAST, Step};
use crate::{
    child::{
        CLINIC, EASTSHIRE, EVERYTHING, Person, WESTSHIRE, body, born, child_ref, colleague,
        involvement, name, organisation_id, practitioner, practitioner_of, service, team, team_of,
        words,
    },
    shield::at_risk,
};

static PEOPLE: LazyLock<[Person; CAST]> = LazyLock::new(|| {
    [team(), team_of(EASTSHIRE), practitioner(), practitioner_of(CLINIC), colleague()]
});

static WESTSHIRES: LazyLock<Organisation> = LazyLock::new(|| authority(WESTSHIRE));
static EASTSHIRES: LazyLock<Organisation> = LazyLock::new(|| authority(EASTSHIRE));

fn authority(number: u128) -> Organisation {
    body(number, OrganisationKind::LocalAuthority, &EVERYTHING)
}

/// Every kind of event that the sequences must reach.
pub(crate) const KINDS: [&str; 22] = [
    "child.record-created/1",
    "child.record-quarantined/1",
    "child.quarantine-resolved/1",
    "child.responsibility-allocated/1",
    "child.responsibility-transfer-offered/1",
    "child.responsibility-transfer-accepted/1",
    "child.responsibility-transfer-declined/1",
    "child.detail-superseded/1",
    "child.detail-corrected/1",
    "child.involvement-recorded/1",
    "child.involvement-ended/1",
    "child.sensitive-consent-withdrawn/1",
    "child.lead-professional-assigned/1",
    "shield.requested/1",
    "shield.provisionally-applied/1",
    "shield.view-recorded/1",
    "shield.applied/1",
    "shield.refused/1",
    "shield.reviewed/1",
    "shield.lifted/1",
    "shield.decision-challenged/1",
    "shield.decision-upheld/1",
];

/// What an attempt wrote.
#[derive(Debug)]
pub(crate) enum Written {
    Nothing,
    Child(Vec<child::Event>),
    Shield(Vec<shield::Event>),
}

/// Two streams and what they fold to, step by step.
#[derive(Debug, Default)]
pub(crate) struct World {
    now: Option<DateTime<Utc>>,
    child: Child,
    shield: Shield,
    child_history: Vec<Recorded<child::Event>>,
    shield_history: Vec<Recorded<shield::Event>>,
}

impl World {
    pub(crate) fn child(&self) -> &Child {
        &self.child
    }

    pub(crate) fn shield(&self) -> &Shield {
        &self.shield
    }

    pub(crate) fn child_history(&self) -> &[Recorded<child::Event>] {
        &self.child_history
    }

    pub(crate) fn shield_history(&self) -> &[Recorded<shield::Event>] {
        &self.shield_history
    }

    /// The stored names of what was written.
    pub(crate) fn kinds(&self) -> BTreeSet<&'static str> {
        let child = self.child_history.iter().map(|r| serde_json::to_value(&r.event).unwrap());
        let shield = self.shield_history.iter().map(|r| serde_json::to_value(&r.event).unwrap());
        let written: Vec<String> = child
            .chain(shield)
            .flat_map(|event| event.as_object().unwrap().keys().cloned().collect::<Vec<_>>())
            .collect();
        KINDS.into_iter().filter(|kind| written.iter().any(|name| name == kind)).collect()
    }

    /// Decides, and writes what was decided.
    pub(crate) fn take(&mut self, step: &Step) -> Written {
        let before = self.now.unwrap_or_else(|| at("2009-06-22T10:00:00Z"));
        let now = before + TimeDelta::hours(i64::from(step.hours_later));
        // Everybody's check, accreditation and standing hold until the autumn of 2011.
        let now = now.min(at("2011-08-01T00:00:00Z"));
        self.now = Some(now);
        let caller = PEOPLE[step.who].caller();
        let written = decided(&step.act, &self.child, &self.shield, &caller, now);
        match &written {
            Written::Nothing => {}
            Written::Child(events) => {
                append(Stream::Child(child_ref(1)), &mut self.child_history, events, &caller, now);
                let fresh = self.child_history.len() - events.len();
                self.child_history[fresh..].iter().for_each(|event| self.child.evolve(event));
            }
            Written::Shield(events) => {
                append(
                    Stream::Shield(child_ref(1)),
                    &mut self.shield_history,
                    events,
                    &caller,
                    now,
                );
                let fresh = self.shield_history.len() - events.len();
                self.shield_history[fresh..].iter().for_each(|event| self.shield.evolve(event));
            }
        }
        written
    }
}

/// Events as they would stand in a shield's stream, a day apart.
pub(crate) fn recorded(events: Vec<shield::Event>) -> Vec<Recorded<shield::Event>> {
    let mut history = Vec::new();
    for (day, event) in events.into_iter().enumerate() {
        let now = at("2009-06-22T10:00:00Z") + TimeDelta::days(i64::try_from(day).unwrap());
        let caller = PEOPLE[0].caller();
        append(Stream::Shield(child_ref(1)), &mut history, &[event], &caller, now);
    }
    history
}

fn append<E: Clone>(
    stream: Stream,
    history: &mut Vec<Recorded<E>>,
    events: &[E],
    caller: &Caller<'_>,
    now: DateTime<Utc>,
) {
    for event in events {
        let revision = u64::try_from(history.len()).unwrap();
        let stamp = Stamp {
            id: EventId::new(id(u128::from(revision))),
            stream,
            revision,
            position: revision,
            at: now,
            by: caller.actor(),
            policy: PolicyVersion::default(),
            relied_on: Vec::new(),
            correlation: None,
            causation: None,
        };
        history.push(Recorded { stamp, event: event.clone() });
    }
}

fn decided(
    act: &Act,
    child: &Child,
    shield: &Shield,
    caller: &Caller<'_>,
    at: DateTime<Utc>,
) -> Written {
    let policy = &Policy::default();
    on_record(act, child, policy, caller, at)
        .map(Written::Child)
        .or_else(|| on_shield(act, (child, shield), policy, caller, at).map(Written::Shield))
        .unwrap_or(Written::Nothing)
}

fn on_record(
    act: &Act,
    child: &Child,
    policy: &Policy,
    caller: &Caller<'_>,
    at: DateTime<Utc>,
) -> Option<Vec<child::Event>> {
    let day = at.date_naive();
    macro_rules! decide {
        ($module:ident :: $command:ident { $($field:ident : $value:expr),* }) => {
            $module::decide(child, policy, caller, &$command { at, $($field: $value),* }).ok()
        };
    }
    match act {
        Act::Create { matched } => {
            let matches = matched.then(|| child_ref(2)).into_iter().collect();
            create_record::decide(child, &WESTSHIRES, policy, caller, &new(at, matches)).ok()
        }
        Act::Resolve(outcome) => decide!(resolve_quarantine::ResolveQuarantine {
            outcome: *outcome,
            reason: words("Compared")
        }),
        Act::Amend(detail) => {
            decide!(amend_record::AmendRecord { detail: detail.clone(), valid_from: day })
        }
        Act::Correct(detail) => {
            decide!(correct_record::CorrectRecord {
                detail: detail.clone(),
                reason: words("Wrong")
            })
        }
        Act::Involve(number) => decide!(record_involvement::RecordInvolvement {
            involvement: involvement(*number),
            service: service(ServiceKind::Police),
            from: day
        }),
        Act::InvolveSensitively(number, basis) => {
            decide!(record_sensitive_involvement::RecordSensitiveInvolvement {
                involvement: involvement(*number),
                basis: *basis,
                service: service(ServiceKind::MentalHealth),
                from: day
            })
        }
        Act::EndInvolvement(number) => {
            decide!(end_involvement::EndInvolvement { involvement: involvement(*number), on: day })
        }
        Act::WithdrawConsent(number) => {
            decide!(withdraw_sensitive_consent::WithdrawSensitiveConsent {
                involvement: involvement(*number)
            })
        }
        Act::Lead(number) => decide!(assign_lead_professional::AssignLeadProfessional {
            involvement: involvement(*number)
        }),
        Act::Offer(to) => {
            let command = OfferTransfer { at, to: organisation_id(*to) };
            let other = if *to == WESTSHIRE { &WESTSHIRES } else { &EASTSHIRES };
            offer_transfer::decide(child, other, policy, caller, &command).ok()
        }
        Act::Accept => decide!(accept_transfer::AcceptTransfer {}),
        Act::Decline => decide!(decline_transfer::DeclineTransfer { reason: words("Not ours") }),
        Act::Request(..)
        | Act::ShieldAtOnce(_)
        | Act::HearView(..)
        | Act::Apply(..)
        | Act::Refuse(_)
        | Act::Review(_)
        | Act::Lift
        | Act::Challenge
        | Act::Uphold => None,
    }
}

fn on_shield(
    act: &Act,
    (child, shield): (&Child, &Shield),
    policy: &Policy,
    caller: &Caller<'_>,
    at: DateTime<Utc>,
) -> Option<Vec<shield::Event>> {
    macro_rules! decide {
        ($module:ident :: $command:ident { $($field:ident : $value:expr),* }) => {
            $module::decide(child, shield, policy, caller, &$command { at, $($field: $value),* }).ok()
        };
    }
    match act {
        Act::Request(requester, checked) => decide!(request::RequestShield {
            request: ShieldRequestId::new(id(1)),
            requester: *requester,
            identity_checked: *checked,
            grounds: at_risk(),
            circumstances: words("Fled")
        }),
        Act::ShieldAtOnce(rests_on) => decide!(apply_provisionally::ApplyProvisionally {
            grounds: at_risk(),
            rests_on: *rests_on,
            rationale: words("Traced")
        }),
        Act::HearView(party, view) => {
            decide!(record_view::RecordView { party: *party, view: view.clone() })
        }
        Act::Apply(grounds, level, rests_on) => decide!(determine::DetermineShield {
            threat_level: *level,
            threat_rationale: words("Threats"),
            finding: Finding::Apply { grounds: grounds.clone(), rests_on: *rests_on }
        }),
        Act::Refuse(level) => decide!(determine::DetermineShield {
            threat_level: *level,
            threat_rationale: words("No threat"),
            finding: Finding::Refuse
        }),
        Act::Review(outcome) => {
            decide!(review::ReviewShield { outcome: *outcome, reasons: words("Looked at again") })
        }
        Act::Lift => decide!(lift::LiftShield { reasons: words("Passed") }),
        Act::Challenge => decide!(challenge::ChallengeDecision {
            decision: shield.decision().map_or_else(|| EventId::new(id(99)), |it| it.event),
            challenger: request::Asker { requester: Requester::Carer, identity_checked: true },
            words: words("Nobody asked us")
        }),
        Act::Uphold => decide!(uphold::UpholdDecision { reasons: words("Nothing new") }),
        Act::Create { .. }
        | Act::Resolve(_)
        | Act::Amend(_)
        | Act::Correct(_)
        | Act::Involve(_)
        | Act::InvolveSensitively(..)
        | Act::EndInvolvement(_)
        | Act::WithdrawConsent(_)
        | Act::Lead(_)
        | Act::Offer(_)
        | Act::Accept
        | Act::Decline => None,
    }
}

fn new(at: DateTime<Utc>, matches: BTreeSet<domain::identity::ChildRef>) -> CreateRecord {
    CreateRecord {
        at,
        number: ChildNumber::from_serial(7),
        name: name("Billie", "Field"),
        gender: Gender::Female,
        date_of_birth: born("2001-04-03"),
        whereabouts: Whereabouts::NoKnownAddress,
        authority: organisation_id(WESTSHIRE),
        matches,
    }
}
