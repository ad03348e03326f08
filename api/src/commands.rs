//! One file per subject, one handler per decision of the rule-book.

mod access;
mod child;
mod erasure;
mod investigation;
mod organisation;
mod policy;
mod practitioner;
mod receipt;
mod shield;

use actix_web::HttpResponse;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::problem::Problem;

pub(crate) use access::{by_method, recordable, refusal, search};
pub(crate) use receipt::stored_name;
use receipt::{Receipt, note_waiting};

/// What every handler answers.
type Answer = Result<HttpResponse, Problem>;

/// Adds the looks: commands whose answer shows something.
pub(crate) fn looks(service: &mut ServiceConfig<'_>) {
    access::configure(service);
}

/// Adds every other command.
pub(crate) fn configure(service: &mut ServiceConfig<'_>) {
    child::configure(service);
    erasure::configure(service);
    investigation::configure(service);
    organisation::configure(service);
    policy::configure(service);
    practitioner::configure(service);
    shield::configure(service);
}
