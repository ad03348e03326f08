//! The parameters behind the `?` of an address.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;

use super::body;
use crate::problem::{Problem, kind};

/// The parameters that an address takes, where they are more than those of every listing.
///
/// # Errors
///
/// 400 `malformed` that names the parameter and the rule, and not the value: it may be anything.
#[derive(Clone, Copy, Debug)]
pub struct Parameters<P>(pub P);

impl<P: DeserializeOwned> FromRequest for Parameters<P> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(parse(request.query_string()).map(Self))
    }
}

fn parse<P: DeserializeOwned>(text: &str) -> Result<P, Problem> {
    let pairs = form_urlencoded::parse(text.as_bytes());
    serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs)).map_err(|error| {
        let parameter = error.path().to_string();
        let rule = body::rule(&error.into_inner().to_string());
        Problem::new(&kind::MALFORMED)
            .saying("A query parameter cannot be taken.")
            .with("errors", [serde_json::json!({"field": parameter, "rule": rule})])
    })
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Which {
        Held,
        Due,
    }

    #[derive(Debug, Deserialize)]
    struct Asked {
        day: Option<NaiveDate>,
        which: Option<Which>,
        position: Option<u64>,
    }

    #[test]
    fn parameters_are_taken_and_those_of_others_let_be() {
        let asked: Asked = parse("day=2009-06-01&which=due&position=7&limit=3").unwrap();
        assert_eq!(asked.day, NaiveDate::from_ymd_opt(2009, 6, 1));
        assert!(matches!(asked.which, Some(Which::Due)) && asked.position == Some(7));
        assert!(matches!(parse("which=held").unwrap(), Asked { which: Some(Which::Held), .. }));
    }

    #[test]
    fn the_parameter_is_named_with_the_rule_and_not_what_was_sent() {
        for (text, parameter) in [
            ("day=Amelia", "day"),
            ("day=2009-02-30", "day"),
            ("day=%FF", "day"),
            ("position=1&which=Amelia", "which"),
            ("position=-1", "position"),
            ("position=99999999999999999999", "position"),
            ("day=2009-06-01&day=2009-06-02", "day"),
        ] {
            let problem = parse::<Asked>(text).unwrap_err().document();
            let problem: serde_json::Value = serde_json::from_slice(&problem).unwrap();
            assert_eq!(problem["type"], "/problems/malformed", "{text}");
            let told = &problem["errors"][0];
            let named = told["field"] == parameter
                || told["rule"] == format!("duplicate field `{parameter}`");
            assert!(named, "{text}: {problem}");
            assert!(!problem.to_string().contains("Amelia"), "{text}: {problem}");
        }
    }
}
