//! Handles in addresses.

use std::{
    future::{Ready, ready},
    str::FromStr,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use crate::problem::Problem;

/// The only handle in an address. A text that is none leads nowhere: 404, like an unknown one.
#[derive(Clone, Copy, Debug)]
pub struct Handle<T>(pub T);

/// The two handles in an address, in their order.
#[derive(Clone, Copy, Debug)]
pub struct Handles<T, U>(pub T, pub U);

fn part<T: FromStr>(request: &HttpRequest, place: usize) -> Result<T, Problem> {
    request
        .match_info()
        .iter()
        .nth(place)
        .and_then(|(_, text)| text.parse().ok())
        .ok_or(Problem::not_found())
}

impl<T: FromStr> FromRequest for Handle<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(part(request, 0).map(Self))
    }
}

impl<T: FromStr, U: FromStr> FromRequest for Handles<T, U> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(part(request, 0).and_then(|first| Ok(Self(first, part(request, 1)?))))
    }
}
