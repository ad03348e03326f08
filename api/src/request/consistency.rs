//! `Consistency-Token`: what a command answers, so that a query after it can be told to know of it.

use actix_web::HttpRequest;

use crate::problem::{Problem, kind};

/// The name of the header, in requests and in answers.
pub const CONSISTENCY_TOKEN: &str = "Consistency-Token";

/// Everything up to a position of the log. Opaque to callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsistencyToken(pub u64);

impl ConsistencyToken {
    /// As it is written in a header.
    pub fn to_header(self) -> String {
        format!("p{}", self.0)
    }

    /// Reads the header of a request.
    ///
    /// # Errors
    /// 400 when it is no token of this service.
    pub fn read(request: &HttpRequest) -> Result<Option<Self>, Problem> {
        let Some(value) = request.headers().get(CONSISTENCY_TOKEN) else { return Ok(None) };
        let position = value.to_str().ok().and_then(|text| text.trim().strip_prefix('p'));
        let position = position.and_then(|number| number.parse().ok());
        position.map(|position| Some(Self(position))).ok_or_else(|| {
            Problem::new(&kind::MALFORMED)
                .saying("Consistency-Token is to be sent back exactly as it was received.")
        })
    }
}
