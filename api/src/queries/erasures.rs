//! Who is held, due, on the way to be erased, or erased. Handles, codes and dates: nothing personal.

mod certificate;

use actix_web::{HttpResponse, get, web::Data};
use domain::{
    caller::Needs,
    erasure::{Due, Erasure, HoldGround, Stage},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::{
    caller::Investigator,
    directory::Directory,
    problem::Problem,
    request::{Asking, Parameters},
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

#[derive(Deserialize, IntoParams)]
struct Asked {
    /// Which of them; all without it.
    #[serde(default)]
    #[param(inline)]
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

/// List who is held, due, on the way to be erased, or erased.
#[utoipa::path(tag = "erasure", params(Asked), responses((status = 200, body = [Listed])))]
#[get("/erasures")]
async fn list_erasures(
    directory: Data<Directory>,
    asked: Parameters<Asked>,
    asking: Asking<Investigator>,
) -> Result<HttpResponse, Problem> {
    let over_all = Needs::AnyOf(&[Needs::Official, Needs::Auditor]);
    directory.entitled(asking.0.actor(), over_all).await?;
    let listed: Vec<Listed> = directory
        .erasures()
        .await?
        .into_iter()
        .filter(|(_, erasure)| asked.0.which.is(erasure))
        .map(|(subject, erasure)| Listed {
            subject,
            holds: erasure.holds().values().copied().collect(),
            due: erasure.due(),
            stage: serde_json::to_value(erasure.stage()).unwrap_or_default(),
        })
        .collect();
    Ok(HttpResponse::Ok().json(listed))
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
    service.service(list_erasures);
    certificate::configure(service);
}
