//! Who is held, due, on the way to be erased, or erased. Handles, codes and dates: nothing personal.

mod certificate;

use std::sync::Arc;

use actix_web::{HttpResponse, post, web::Data};
use domain::{
    audit::Question,
    caller::Needs,
    erasure::{Due, Erasure, HoldGround, Stage},
    stream::Stream,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::trail::{Asked, answer, ask};
use crate::{
    caller::Person,
    directory::Directory,
    problem::Problem,
    request::{GivenReason, Moment, Request},
};

/// Which of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Which {
    /// All about whom something has happened.
    #[default]
    All,
    /// Under an open hold.
    Held,
    /// Found to be due, and neither begun nor held.
    Due,
    /// Waiting for a second officer.
    Proposed,
    /// Authorised, and not begun.
    Authorised,
    /// Begun, and not finished.
    Unfinished,
    /// Erased.
    Erased,
}

/// Which are asked about.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Register {
    /// Why this is asked.
    reason: GivenReason,
    /// Which of them; all without it.
    #[serde(default)]
    which: Which,
}

/// One subject.
#[derive(Serialize, ToSchema)]
struct Listed {
    /// The handle.
    subject: Uuid,
    /// The grounds of the holds that are open.
    #[schema(value_type = Vec<crate::openapi::vocabulary::HoldGround>)]
    holds: Vec<HoldGround>,
    /// The rule that demands erasure, and when that was found.
    #[schema(value_type = Option<serde_json::Value>)]
    due: Option<Due>,
    /// How far it has come.
    #[schema(value_type = serde_json::Value)]
    stage: Value,
}

/// Ask who is held, due, on the way to be erased, or erased; officials and auditors ask. With `?as_of=` or
/// `?as_of_position=`, as it was then.
#[utoipa::path(tag = "erasure", request_body = Register, responses((status = 200, body = [Listed])))]
#[post("/erasures/queries")]
async fn query_erasures(
    directory: Data<Directory>,
    moment: Moment,
    request: Request<Person, Register>,
) -> Result<HttpResponse, Problem> {
    let Request { by, context, body, .. } = request;
    let asked = Asked {
        question: Question::Erasures,
        about: Vec::new(),
        within: None,
        events: Vec::new(),
        reason: body.reason,
    };
    let spoken = match ask(&directory, &context, by.id, (asked, moment)).await {
        Ok(spoken) => spoken,
        Err(refused) => {
            // The register is nobody's in particular: whoever may not ask is told which office it takes.
            let over_all = Needs::AnyOf(&[Needs::Official, Needs::Auditor]);
            directory.entitled(by.actor(), over_all).await?;
            return Err(refused);
        }
    };
    let mut listed = Vec::new();
    for (subject, _) in directory.erasures().await? {
        let stream = Stream::Erasure(subject);
        let erasure: Arc<Erasure> = directory.as_of(stream, spoken.as_of.0).await?;
        if *erasure == Erasure::default() || !body.which.is(&erasure) {
            continue;
        }
        listed.push(Listed {
            subject,
            holds: erasure.holds().values().copied().collect(),
            due: erasure.due(),
            stage: serde_json::to_value(erasure.stage()).unwrap_or_default(),
        });
    }
    answer(&spoken, listed)
}

impl Which {
    fn is(self, erasure: &Erasure) -> bool {
        match self {
            Self::All => true,
            Self::Held => erasure.is_held(),
            Self::Due => erasure.due().is_some() && !erasure.has_begun() && !erasure.is_held(),
            Self::Proposed => matches!(erasure.stage(), Stage::Proposed(_)),
            Self::Authorised => matches!(erasure.stage(), Stage::Authorised { .. }),
            Self::Unfinished => erasure.has_begun() && !erasure.is_erased(),
            Self::Erased => erasure.is_erased(),
        }
    }
}

/// Adds the query.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(query_erasures);
    certificate::configure(service);
}
