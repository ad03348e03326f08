//! Every refusal as problem+json (RFC 9457), with a stable type.

pub mod kind;
mod pages;
mod rejections;

use std::collections::BTreeMap;

use actix_web::{HttpResponse, ResponseError, http::StatusCode, http::header};
use serde::Serialize;
use serde_json::Value;

pub use kind::{ALL, Kind};
pub use pages::configure;

/// The media type of problems.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A refusal on its way to the caller.
///
/// What it says may be read by the caller. What went wrong inside is logged where it is handled, and
/// never in here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    kind: &'static Kind,
    detail: Option<String>,
    members: BTreeMap<&'static str, Value>,
}

/// The members of a problem, in the order in which they are written.
#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(flatten)]
    members: &'a BTreeMap<&'static str, Value>,
}

impl Problem {
    /// A problem of a kind, without particulars.
    pub const fn new(kind: &'static Kind) -> Self {
        Self { kind, detail: None, members: BTreeMap::new() }
    }

    /// There is no such thing, or the caller may not know that there is: always the same bytes.
    pub const fn not_found() -> Self {
        Self::new(&kind::NOT_FOUND)
    }

    /// Says what happened, in a sentence for the caller.
    #[must_use]
    pub fn saying(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds a member.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).unwrap_or(Value::Null);
        self.members.insert(name, value);
        self
    }

    /// Names the decision that refused, and its rules.
    #[must_use]
    pub fn decided_by(self, decision: &'static str, rule_ids: &[&'static str]) -> Self {
        self.with("decision", decision).with("rule_ids", rule_ids)
    }

    /// A field of the request breaks a rule.
    #[must_use]
    pub fn at_field(field: &str, rule: impl Into<String>) -> Self {
        Self::new(&kind::VALIDATION_FAILED)
            .saying("A field of the request cannot be taken.")
            .with("errors", [serde_json::json!({"field": field, "rule": rule.into()})])
    }

    /// The kind.
    pub const fn kind(&self) -> &'static Kind {
        self.kind
    }

    /// The document as it is sent.
    pub fn document(&self) -> Vec<u8> {
        let document = Document {
            r#type: format!("/problems/{}", self.kind.name),
            title: self.kind.title,
            status: self.kind.status,
            detail: self.detail.as_deref(),
            members: &self.members,
        };
        serde_json::to_vec(&document).unwrap_or_default()
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind.name)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        answer.insert_header((header::CONTENT_TYPE, MEDIA_TYPE));
        if self.kind.status == 401 {
            answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if self.kind.status == 503 {
            answer.insert_header((header::RETRY_AFTER, "1"));
        }
        answer.body(self.document())
    }
}
