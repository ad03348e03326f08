//! What is kept: findings, and the papers they are found from.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    actor::Actor,
    child,
    event::Event,
    identity::{ChildRef, EventId, InvolvementId, OrganisationId, PractitionerId},
    organisation::{self, OrganisationKind},
    policy::{self, PolicyVersion, UnusualLooks},
    unusual::{Act, Finding, near_shield::Sight, sequence::Asked},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::written;
use crate::{
    dated::Moment,
    marks::{Mark, Marks},
    ordered::{handle_after, place},
    projection::Noted,
};

/// A document of this read model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Document {
    /// What was found.
    Flags(Vec<Flag>),
    /// What is known of a user, and what they did lately.
    User(Box<User>),
    /// What is known of a child.
    Child(Box<Child>),
    /// What kind of body an organisation is.
    Body(OrganisationKind),
    /// The measures, as adopted.
    Policy(Vec<Measures>),
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// The rule, what it rests on, the policy values it used.
    pub finding: Finding,
    /// The event that raised it.
    pub event: EventId,
    /// When that was recorded.
    pub raised: Moment,
    /// From when on it stands: later than it was raised, where something may still explain it.
    pub stands_from: DateTime<Utc>,
    /// When something was recorded that explains it. Not kept here: whoever asks is told by the child's paper.
    #[serde(skip)]
    pub explained: Option<Moment>,
    /// Who looked, as they were then; of a lapse, whose account it was.
    pub by: Actor,
    /// Whose record was looked at, if it was one.
    pub child: Option<ChildRef>,
    /// The version of the policy whose values it used.
    pub policy: PolicyVersion,
}

/// What is known of a user, and what they did lately.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct User {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) surname: Option<Mark>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) home: Option<Mark>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) authorised: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none", with = "written::act")]
    pub(super) last: Option<Act>,
    #[serde(skip_serializing_if = "Vec::is_empty", with = "written::acts")]
    pub(super) looks: Vec<Act>,
    #[serde(skip_serializing_if = "Vec::is_empty", with = "written::acts")]
    pub(super) elsewhere: Vec<Act>,
    #[serde(skip_serializing_if = "Vec::is_empty", with = "written::searches")]
    pub(super) searches: Vec<Asked<Mark>>,
    /// Whether the last search asked by sound.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) sounds: bool,
    #[serde(skip_serializing_if = "Vec::is_empty", with = "written::acts")]
    pub(super) overrides: Vec<Act>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) sights: Vec<Seen>,
}

/// The sight of a shielded record, and what the search that led to it asked for: what the user typed,
/// not what the record says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    pub(super) surname: Option<Mark>,
    pub(super) born: Option<Mark>,
    pub(super) sight: Sight,
}

/// What is known of a child.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Child {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) surnames: Vec<Mark>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) home: Option<Mark>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) authority: Option<OrganisationId>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) involvements: BTreeMap<InvolvementId, Involved>,
    /// Of which organisation an involvement was recorded, and when: it explains looks before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) recorded: Vec<(OrganisationId, Moment)>,
}

/// An involvement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Involved {
    pub(super) of: OrganisationId,
    pub(super) from: NaiveDate,
    pub(super) ended: Option<NaiveDate>,
}

/// A set of measures, as adopted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measures {
    pub(super) version: PolicyVersion,
    pub(super) effective_from: NaiveDate,
    pub(super) values: UnusualLooks,
}

impl User {
    /// Nothing stands for anything personal of theirs any more.
    pub(super) fn forget(&mut self) {
        (self.surname, self.home) = (None, None);
        self.searches.clear();
        self.sounds = false;
        self.sights.clear();
    }
}

impl Child {
    /// Nothing stands for anything personal of theirs any more.
    pub(super) fn forget(&mut self) {
        self.surnames.clear();
        self.home = None;
    }
}

/// Under which key a user's paper is.
pub(super) fn of_user(id: PractitionerId) -> String {
    handle_after("u/", id.uuid())
}

/// Under which key a child's paper is.
pub(super) fn of_child(id: ChildRef) -> String {
    handle_after("c/", id.uuid())
}

/// Under which key an organisation's paper is.
pub(super) fn of_body(id: OrganisationId) -> String {
    handle_after("b/", id.uuid())
}

/// Under which key the measures are.
pub(super) const POLICY: &str = "p";

/// The key of the paper of an erased subject, had it been a user.
pub(super) fn erased_user(subject: Uuid) -> String {
    of_user(PractitionerId::new(subject))
}

/// The key of the paper of an erased subject, had it been a child.
pub(super) fn erased_child(subject: Uuid) -> String {
    of_child(ChildRef::new(subject))
}

/// How the keys of what was found begin.
pub(super) const FLAGS: &str = "f/";

/// Under which key it is what was found of the event at a position: in the order of the log.
pub(super) fn of_event(position: u64) -> String {
    [FLAGS, &place(position)].concat()
}

/// What is known of a child after an event; nothing of one that was erased.
pub(super) fn child_after(child: Option<Box<Child>>, noted: &Noted) -> Option<Document> {
    let mut child = match (child, &noted.marks) {
        (None, Marks::Erased) => return None,
        (child, _) => child.unwrap_or_default(),
    };
    match &noted.marks {
        Marks::Record(marks) => {
            child.surnames = marks.names.iter().filter_map(|name| name.surname).collect();
            child.home = marks.address;
        }
        Marks::Erased => child.forget(),
        Marks::Nothing | Marks::User(_) | Marks::Terms(_) => {}
    }
    if let Event::Child(event) = &noted.recorded.event {
        let (by, known) = (noted.recorded.stamp.by.organisation, Moment::of(&noted.recorded.stamp));
        relations_after(&mut child, event, by, known);
    }
    Some(Document::Child(child))
}

fn relations_after(
    child: &mut Child,
    event: &child::Event,
    by: Option<OrganisationId>,
    known: Moment,
) {
    match (event, by) {
        (
            child::Event::ResponsibilityAllocated { authority }
            | child::Event::ResponsibilityTransferAccepted { by: authority },
            _,
        ) => child.authority = Some(*authority),
        (child::Event::InvolvementRecorded { involvement, organisation, from, .. }, _) => {
            let involved = Involved { of: *organisation, from: *from, ended: None };
            child.involvements.insert(*involvement, involved);
            child.recorded.push((*organisation, known));
        }
        // Not said to be sensitive: that would betray the kind of service.
        (child::Event::SensitiveInvolvementRecorded { involvement, from, .. }, Some(of)) => {
            child.involvements.insert(*involvement, Involved { of, from: *from, ended: None });
            child.recorded.push((of, known));
        }
        (child::Event::InvolvementEnded { involvement, on }, _) => {
            if let Some(involved) = child.involvements.get_mut(involvement) {
                involved.ended = Some(*on);
            }
        }
        (child::Event::SensitiveConsentWithdrawn { involvement }, _) => {
            child.involvements.remove(involvement);
        }
        _ => {}
    }
}

/// What kind of body was registered.
pub(super) fn body(noted: &Noted) -> Option<Document> {
    if let Event::Organisation(organisation::Event::Registered { kind, .. }) = &noted.recorded.event
    {
        Some(Document::Body(*kind))
    } else {
        None
    }
}

/// The measures after an event.
pub(super) fn policy_after(mut sets: Vec<Measures>, noted: &Noted) -> Document {
    if let Event::Policy(policy::Event::VersionAdopted {
        version, effective_from, values, ..
    }) = &noted.recorded.event
    {
        let values = values.unusual_looks();
        sets.push(Measures { version: *version, effective_from: *effective_from, values });
    }
    Document::Policy(sets)
}

/// The measures of a day: of the sets effective by then, the one adopted last.
pub(super) fn measures_on(
    sets: Option<&Document>,
    day: NaiveDate,
) -> (PolicyVersion, UnusualLooks) {
    let sets = match sets {
        Some(Document::Policy(sets)) => sets.as_slice(),
        _ => &[],
    };
    let holds = sets.iter().rev().find(|set| set.effective_from <= day);
    holds.map_or_else(Default::default, |set| (set.version, set.values.clone()))
}
