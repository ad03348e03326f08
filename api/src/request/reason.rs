//! The reason for a look.

use domain::{
    access::{Purpose, ReasonCode},
    reason::Text,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// Why somebody wants to look. Without a reason nothing opens.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenReason {
    /// A code from the policy's list, for example `direct-contact-with-child`.
    #[schema(value_type = String)]
    code: ReasonCode,
    /// In their own words.
    #[schema(value_type = String)]
    text: Text,
}

impl GivenReason {
    /// One that was not given in a body.
    pub const fn new(code: ReasonCode, text: Text) -> Self {
        Self { code, text }
    }
}

impl From<GivenReason> for Purpose {
    fn from(given: GivenReason) -> Self {
        Self { code: given.code, text: given.text.into() }
    }
}

/// A request whose only particular is its reason.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Because {
    /// Why.
    pub reason: GivenReason,
}
