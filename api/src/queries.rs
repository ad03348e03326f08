//! One file per question. Every answer is a live fold, and says for which position it speaks.
//!
//! Whoever asks the trail gives a reason, and that they asked is recorded before it answers: these
//! queries are POSTs. The four answers of 22 June 2009 are about nobody and are GETs.

mod accesses;
mod answers;
mod child_record;
mod event_keys;
mod investigation;
mod shielding;
mod standing;
mod trail;

use utoipa_actix_web::service_config::ServiceConfig;

/// Adds every query.
pub(crate) fn configure(service: &mut ServiceConfig<'_>) {
    accesses::configure(service);
    answers::configure(service);
    child_record::configure(service);
    event_keys::configure(service);
    investigation::configure(service);
    shielding::configure(service);
    standing::configure(service);
}
