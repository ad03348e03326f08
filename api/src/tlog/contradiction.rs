//! When the log contradicts what was signed, nothing is recorded or shown any more.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    web::Data,
};

use crate::{
    directory::Directory,
    problem::{Problem, kind},
};

/// What is answered all the same: how the service is, what a problem means, and the last checkpoint, which
/// others may want to compare.
const ANSWERED: [&str; 3] = ["/health/", "/problems", "/tlog/checkpoint"];

/// Refuses every other request from then on.
pub(crate) async fn refuse_all_work(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let contradicted = request
        .app_data::<Data<Directory>>()
        .is_some_and(|directory| directory.contradiction().is_some());
    if contradicted && !ANSWERED.iter().any(|path| request.path().starts_with(path)) {
        return Err(Problem::new(&kind::LOG_CONTRADICTED).into());
    }
    next.call(request).await
}
