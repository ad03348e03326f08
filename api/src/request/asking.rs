//! A caller who only asks.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use crate::{
    caller::{CallerKind, Person},
    problem::Problem,
};

/// A kind of caller, in a request that changes nothing.
#[derive(Clone, Copy, Debug)]
pub struct Asking<By>(pub By);

impl<By: CallerKind> Asking<By> {
    /// Who sent a request, where only some requests to an address need somebody.
    ///
    /// # Errors
    /// 401 and 403, as for every caller.
    pub fn of(request: &HttpRequest) -> Result<Self, Problem> {
        Person::identify(request).and_then(By::admit).map(Self)
    }
}

impl<By: CallerKind> FromRequest for Asking<By> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}
