//! `?as_of=` and `?as_of_position=`: the moment that a query asks about.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Query};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::problem::{Problem, kind};

/// The moment that a query asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Now.
    Now,
    /// After every event recorded up to this instant.
    Time(DateTime<Utc>),
    /// After the event at this position. The exact form: it means the same for ever.
    Position(u64),
}

#[derive(Deserialize)]
struct Parameters {
    as_of: Option<DateTime<Utc>>,
    as_of_position: Option<u64>,
}

impl Moment {
    /// Reads the moment that an address names.
    ///
    /// # Errors
    /// 400 when it names it in a form that is none, or in both.
    pub fn read(request: &HttpRequest) -> Result<Self, Problem> {
        let parsed = Query::<Parameters>::from_query(request.query_string());
        match parsed.map(Query::into_inner) {
            Ok(Parameters { as_of: None, as_of_position: None }) => Ok(Self::Now),
            Ok(Parameters { as_of: Some(time), as_of_position: None }) => Ok(Self::Time(time)),
            Ok(Parameters { as_of: None, as_of_position: Some(position) }) => {
                Ok(Self::Position(position))
            }
            Ok(Parameters { as_of: Some(_), as_of_position: Some(_) }) | Err(_) => {
                Err(Problem::new(&kind::MALFORMED).saying(
                    "Give as_of (an RFC 3339 time; write + as %2B), or as_of_position (a number), \
                     or neither.",
                ))
            }
        }
    }
}

impl FromRequest for Moment {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::read(request))
    }
}
