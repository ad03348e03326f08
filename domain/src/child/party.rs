//! The people and services around a child.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Address, Name};
use crate::identity::PractitionerId;

/// How somebody can be reached. Never printed by `Debug`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Where they can be written to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub address: Option<Address>,
    /// Where they can be phoned.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub telephone: Option<String>,
    /// Where they can be mailed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub email: Option<String>,
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[contact]")
    }
}

/// What a carer is to the child.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Mother.
    Mother,
    /// Father.
    Father,
    /// Adoptive parent.
    AdoptiveParent,
    /// Foster carer.
    FosterCarer,
    /// Grandparent.
    Grandparent,
    /// A local authority with parental responsibility.
    LocalAuthority,
    /// Anybody else with parental responsibility or care.
    Other,
}

/// Anybody with parental responsibility or care (Schedule 1, paragraph 6, S1c).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carer {
    /// Their name.
    pub name: Name,
    /// What they are to the child.
    pub relation: Relation,
    /// Whether they have parental responsibility.
    pub parental_responsibility: bool,
    /// How to reach them.
    pub contact: Contact,
}

impl fmt::Debug for Carer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[carer]")
    }
}

/// A school, a practice: an institution that serves the child.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Its name.
    pub name: String,
    /// How to reach it.
    pub contact: Contact,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[provider]")
    }
}

/// The kind of service involved with a child (S32, S13, S34).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceKind {
    /// Social care.
    SocialCare,
    /// Health visitor.
    HealthVisitor,
    /// School nurse.
    SchoolNurse,
    /// Education welfare.
    EducationWelfare,
    /// Special educational needs.
    SpecialEducationalNeeds,
    /// Youth offending team.
    YouthOffending,
    /// Connexions or careers.
    Connexions,
    /// Police.
    Police,
    /// Voluntary organisation.
    Voluntary,
    /// Sexual health: sensitive.
    SexualHealth,
    /// Mental health: sensitive.
    MentalHealth,
    /// Substance misuse: sensitive.
    SubstanceMisuse,
    /// Any other.
    Other,
}

impl ServiceKind {
    /// Whether it is one of the three whose details ordinary users may not read (S7, S1b).
    pub const fn is_sensitive(self) -> bool {
        matches!(self, Self::SexualHealth | Self::MentalHealth | Self::SubstanceMisuse)
    }
}

/// A service that works with the child, and how to reach who does.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvolvedService {
    /// Which kind.
    pub kind: ServiceKind,
    /// The practitioner's name.
    pub practitioner_name: String,
    /// Their account, if they have one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub practitioner: Option<PractitionerId>,
    /// How to reach them.
    pub contact: Contact,
}

impl fmt::Debug for InvolvedService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[service]")
    }
}
