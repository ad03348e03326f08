//! The four written answers of 22 June 2009, as questions asked of the log. They are about nobody.

mod programme;
mod publicity;
mod shielding;
mod users;

use utoipa_actix_web::service_config::ServiceConfig;

use super::trail::{Spoken, answer, spoken};
use crate::{directory::Directory, problem::Problem, request::Moment};

/// The moment that is asked about. Such a question is not recorded.
async fn moment(directory: &Directory, moment: Moment) -> Result<Spoken, Problem> {
    let position = directory.log().length().saturating_sub(1);
    spoken(directory, moment, (position, directory.clock().now())).await
}

/// Adds the four.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    programme::configure(service);
    users::configure(service);
    publicity::configure(service);
    shielding::configure(service);
}
