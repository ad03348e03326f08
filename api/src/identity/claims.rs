//! What a token says.

use std::collections::BTreeSet;

use domain::{
    actor::Role,
    identity::{OrganisationId, PractitionerId},
};
use serde::{Deserialize, Serialize};

/// The claims that the directory reads. Others are ignored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    /// The person.
    pub sub: PractitionerId,
    /// The office they act in.
    pub role: Role,
    /// The organisation they act for.
    pub org: OrganisationId,
    /// Until when the token holds, in seconds since 1970.
    pub exp: u64,
    /// Who issued it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub iss: Option<String>,
    /// For which service.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub aud: Option<Audience>,
    /// How the person signed in (RFC 8176).
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub amr: BTreeSet<String>,
    /// The assurance of the sign-in, in the issuer's words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub acr: Option<String>,
    /// Mediated access: the person for whom they look.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub on_behalf_of: Option<PractitionerId>,
}

/// One audience, or several.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

/// Whether the person signed in with a second factor (S5: a security token of one's own).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    /// They did.
    Given,
    /// The token does not say so, which counts as no.
    Missing,
}

impl Claims {
    /// Looks for `mfa` among the methods, or an assurance whose name ends in `mfa`, `aal2` or `aal3`.
    pub fn second_factor(&self) -> SecondFactor {
        let assured = |acr: &str| {
            ["mfa", "aal2", "aal3"].iter().any(|end| acr.to_ascii_lowercase().ends_with(end))
        };
        if self.amr.contains("mfa") || self.acr.as_deref().is_some_and(assured) {
            SecondFactor::Given
        } else {
            SecondFactor::Missing
        }
    }
}
