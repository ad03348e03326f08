//! A request to do something, parsed once: who, what, when, under which name.

mod asking;
mod body;
mod consistency;
mod context;
mod handle;
mod if_match;
mod moment;
mod parameters;
mod prefer;
mod reason;

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use serde::de::DeserializeOwned;

use crate::{
    caller::{CallerKind, Person},
    directory::Directory,
    problem::{Problem, kind},
};

pub use asking::Asking;
pub use body::Nothing;
pub use consistency::{CONSISTENCY_TOKEN, ConsistencyToken};
pub use context::Context;
pub use handle::{Handle, Handles};
pub use if_match::ExpectedRevision;
pub use moment::Moment;
pub use parameters::Parameters;
pub use prefer::{PREFERENCE_APPLIED, Prefer};
pub use reason::{Because, GivenReason};

/// A request by a kind of caller, with its body.
///
/// Taken apart in this order: who calls (401, 403), then the headers (400), then the body (400, 413,
/// 415, 422). Whoever may not call learns nothing about what they sent.
#[derive(Debug)]
pub struct Request<By, Body = Nothing> {
    /// Who calls.
    pub by: By,
    /// What they sent.
    pub body: Body,
    /// When, under which identity, and what is to be recorded about the circumstances.
    pub context: Context,
    /// The revision of the child's record that they mean to change.
    pub expected: Option<ExpectedRevision>,
}

impl<By: CallerKind + 'static, Body: DeserializeOwned + 'static> FromRequest for Request<By, Body> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            let person = Person::identify(&request)?;
            let by = By::admit(person)?;
            let directory =
                request.app_data::<Data<Directory>>().ok_or(Problem::new(&kind::INTERNAL))?;
            let expected = if_match::read(&request)?;
            let raw = body::read(&request, payload).await?;
            let context = Context::new(directory, &request, &person, &raw)?;
            let body = body::parse(&raw)?;
            Ok(Self { by, body, context, expected })
        })
    }
}
