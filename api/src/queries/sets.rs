//! Questions about sets, asked of the read models: one file each.
//!
//! What concerns persons or children is asked of the trail: a POST with a reason, recorded before it is
//! answered (rule A14). What is about nobody is a GET. Rows hold handles, codes and dates.

mod counts;
mod cursor;
mod decisions;
mod facets;
mod failure;
mod form;
mod investigations;
mod listing;
mod openings;
mod page;
mod particulars;
mod programme;
mod publicity;
mod scope;
mod shields;
mod sights;
mod speaking;
mod unusual;
mod users;
mod window;

pub(super) use scope::Scope;

use actix_web::{
    guard,
    http::Method,
    web::{ServiceConfig as Plain, get, resource, to},
};
use utoipa_actix_web::service_config::ServiceConfig;

/// Adds every question about a set.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    counts::configure(service);
    decisions::configure(service);
    investigations::configure(service);
    openings::configure(service);
    programme::configure(service);
    publicity::configure(service);
    shields::configure(service);
    sights::configure(service);
    unusual::configure(service);
    users::configure(service);
}

/// The addresses whose listings have twins in CSV and JSON Lines.
pub(crate) const LISTINGS: [&str; 12] = [
    "/practitioners/queries",
    "/practitioners/{practitioner}/sights/queries",
    "/sights/queries",
    "/openings/queries",
    "/shields/queries",
    "/shields/decisions",
    "/overrides/queries",
    "/investigations/queries",
    "/unusual-access/queries",
    "/training-programme",
    "/public-information",
    "/counts",
];

/// Adds their twins, and the method QUERY beside POST.
pub(crate) fn twins(service: &mut Plain) {
    macro_rules! asked {
        ($($address:literal $list:path),* $(,)?) => {$(
            for address in [$address, concat!($address, ".csv"), concat!($address, ".jsonl")] {
                let method = guard::Any(guard::Post()).or(guard::fn_guard(|context| {
                    context.head().method == Method::from_bytes(b"QUERY").unwrap_or(Method::POST)
                }));
                service.service(resource(address).guard(method).route(to($list)));
            }
        )*};
    }
    macro_rules! counted {
        ($($address:literal $list:path),*) => {$(
            for address in [concat!($address, ".csv"), concat!($address, ".jsonl")] {
                service.service(resource(address).route(get().to($list)));
            }
        )*};
    }
    asked!(
        "/practitioners/queries" users::list,
        "/practitioners/{practitioner}/sights/queries" sights::list_of_one,
        "/sights/queries" sights::list,
        "/openings/queries" openings::list,
        "/shields/queries" shields::list,
        "/overrides/queries" investigations::list_overrides,
        "/investigations/queries" investigations::list,
        "/unusual-access/queries" unusual::list,
    );
    counted!(
        "/shields/decisions" decisions::list,
        "/training-programme" programme::list,
        "/public-information" publicity::list,
        "/counts" counts::list
    );
}
