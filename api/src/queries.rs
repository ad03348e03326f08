//! One file per question. Every answer says for which position it speaks: those about one person or child
//! are live folds, those about sets are asked of read models.
//!
//! Whoever asks the trail gives a reason, and that they asked is recorded before it answers: these
//! queries are POSTs. The four answers of 22 June 2009 are about nobody and are GETs.

mod accesses;
mod answers;
mod brokering;
mod child_record;
mod erasures;
mod event_keys;
mod feed;
mod investigation;
mod sets;
mod shielding;
mod standing;
mod trail;

pub(crate) use sets::{LISTINGS, twins};
use utoipa_actix_web::service_config::ServiceConfig;

/// Adds every query.
pub(crate) fn configure(service: &mut ServiceConfig<'_>) {
    accesses::configure(service);
    answers::configure(service);
    brokering::configure(service);
    child_record::configure(service);
    erasures::configure(service);
    event_keys::configure(service);
    feed::configure(service);
    investigation::configure(service);
    sets::configure(service);
    shielding::configure(service);
    standing::configure(service);
}
