//! Streams: where events about one thing stand in order.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

use crate::identity::{ChildRef, InvestigationId, OrganisationId, PractitionerId};

/// A stream of the log, by what it holds. Its name is `category` or `category-{handle}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    /// Dated policy values adopted.
    Policy,
    /// Accreditation, capabilities, shielding phase, team training, public information.
    Organisation(OrganisationId),
    /// The standing of one person.
    Practitioner(PractitionerId),
    /// What one person searched for and was shown in lists.
    Activity(PractitionerId),
    /// Facts of one child's record.
    Child(ChildRef),
    /// Whether, why and by whom one child's record is shielded.
    Shield(ChildRef),
    /// Who opened one child's record, was refused, or overrode its shield.
    Access(ChildRef),
    /// One investigation.
    Investigation(InvestigationId),
    /// What one person asked of the audit trail.
    Audit(PractitionerId),
    /// The key of one subject: that it was made.
    Key(Uuid),
    /// The erasure of one subject: holds, when it is due, who authorised it, each step.
    Erasure(Uuid),
}

/// The text names no stream.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a stream name: {0:?}")]
pub struct NotAStream(pub String);

impl Stream {
    /// The first part of its name, which its events' names share.
    pub const fn category(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Organisation(_) => "organisation",
            Self::Practitioner(_) => "practitioner",
            Self::Activity(_) => "activity",
            Self::Child(_) => "child",
            Self::Shield(_) => "shield",
            Self::Access(_) => "access",
            Self::Investigation(_) => "investigation",
            Self::Audit(_) => "audit",
            Self::Key(_) => "key",
            Self::Erasure(_) => "erasure",
        }
    }

    /// The handle in its name: also the subject whose key seals what is personal in it.
    /// A child's three streams share one subject; so do a practitioner's.
    pub const fn subject(self) -> Option<Uuid> {
        match self {
            Self::Policy => None,
            Self::Organisation(id) => Some(id.uuid()),
            Self::Practitioner(id) | Self::Activity(id) | Self::Audit(id) => Some(id.uuid()),
            Self::Child(id) | Self::Shield(id) | Self::Access(id) => Some(id.uuid()),
            Self::Investigation(id) => Some(id.uuid()),
            Self::Key(id) | Self::Erasure(id) => Some(id),
        }
    }

    /// Every stream whose personal values are sealed under the key of this subject, if there is such a
    /// stream: a handle does not say what it is the handle of.
    pub const fn of_subject(id: Uuid) -> [Self; 10] {
        [
            Self::Child(ChildRef::new(id)),
            Self::Shield(ChildRef::new(id)),
            Self::Access(ChildRef::new(id)),
            Self::Practitioner(PractitionerId::new(id)),
            Self::Activity(PractitionerId::new(id)),
            Self::Audit(PractitionerId::new(id)),
            Self::Organisation(OrganisationId::new(id)),
            Self::Investigation(InvestigationId::new(id)),
            Self::Key(id),
            Self::Erasure(id),
        ]
    }
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.subject() {
            None => f.write_str(self.category()),
            Some(id) => write!(f, "{}-{}", self.category(), id.hyphenated()),
        }
    }
}

impl FromStr for Stream {
    type Err = NotAStream;
    fn from_str(name: &str) -> Result<Self, NotAStream> {
        let wrong = || NotAStream(name.to_owned());
        let (category, id) = match name.split_once('-') {
            None if name == "policy" => return Ok(Self::Policy),
            None => return Err(wrong()),
            Some((category, id)) => (category, Uuid::try_parse(id).map_err(|_| wrong())?),
        };
        Ok(match category {
            "organisation" => Self::Organisation(OrganisationId::new(id)),
            "practitioner" => Self::Practitioner(PractitionerId::new(id)),
            "activity" => Self::Activity(PractitionerId::new(id)),
            "child" => Self::Child(ChildRef::new(id)),
            "shield" => Self::Shield(ChildRef::new(id)),
            "access" => Self::Access(ChildRef::new(id)),
            "investigation" => Self::Investigation(InvestigationId::new(id)),
            "audit" => Self::Audit(PractitionerId::new(id)),
            "key" => Self::Key(id),
            "erasure" => Self::Erasure(id),
            _ => return Err(wrong()),
        })
    }
}

impl Serialize for Stream {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Stream {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl de::Visitor<'_> for Name {
            type Value = Stream;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a stream")
            }
            fn visit_str<E: de::Error>(self, name: &str) -> Result<Stream, E> {
                name.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Name)
    }
}
