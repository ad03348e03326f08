//! What a caller would like (RFC 7240): whoever sends it is served if that can be, and never refused for it.

use std::{
    future::{Ready, ready},
    time::Duration,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use crate::problem::Problem;

/// The longest that anybody is kept waiting. Ours.
const LONGEST: Duration = Duration::from_secs(10);

/// The header that says that a preference was honoured.
pub const PREFERENCE_APPLIED: &str = "Preference-Applied";

/// The preferences that are understood. Others are ignored, as the standard asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prefer {
    /// `wait=N`, or `wait` for as long as anybody may: for how long the caller would wait for a better
    /// answer.
    pub wait: Option<Duration>,
    /// `handling=strict`: what is not understood is to be refused, not ignored.
    pub strict: bool,
}

impl Prefer {
    /// Reads the headers `Prefer` of a request. Of a preference stated twice, the first counts.
    pub fn read(request: &HttpRequest) -> Self {
        let mut prefer = Self::default();
        let stated = request.headers().get_all("prefer").filter_map(|value| value.to_str().ok());
        for preference in stated.flat_map(|value| value.split(',')) {
            // Parameters follow after a semicolon, and none is defined for these.
            let preference = preference.split(';').next().unwrap_or_default();
            let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "wait" if prefer.wait.is_none() && !preference.contains('=') => {
                    prefer.wait = Some(LONGEST);
                }
                "wait" if prefer.wait.is_none() => {
                    let seconds = value.parse().ok().map(Duration::from_secs);
                    prefer.wait = seconds.map(|seconds| seconds.min(LONGEST));
                }
                "handling" => prefer.strict |= value.eq_ignore_ascii_case("strict"),
                _ => {}
            }
        }
        prefer
    }
}

impl FromRequest for Prefer {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::read(request)))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn read(stated: &[&str]) -> Prefer {
        let mut request = TestRequest::default();
        for value in stated {
            request = request.append_header(("Prefer", *value));
        }
        Prefer::read(&request.to_http_request())
    }

    #[test]
    fn what_is_understood_is_read_and_the_rest_ignored() {
        let wait = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(read(&["wait=5, return=minimal"]).wait, wait(5));
        assert_eq!(read(&["respond-async", "Wait = \"3\"; foo=1"]).wait, wait(3));
        assert_eq!(read(&["wait=2, wait=9"]).wait, wait(2));
        assert_eq!(read(&["wait=86400"]).wait, Some(LONGEST));
        assert_eq!(read(&["wait"]).wait, Some(LONGEST));
        assert_eq!(read(&["wait; foo=1, wait=2"]).wait, Some(LONGEST), "the first counts");
        assert_eq!(read(&["wait=soon"]), Prefer::default());
        assert!(read(&["handling=strict"]).strict && !read(&["handling=lenient"]).strict);
    }
}
