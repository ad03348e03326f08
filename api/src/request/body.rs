//! The JSON body of a request.

use actix_web::{
    HttpRequest,
    dev::Payload,
    http::header,
    web::{Bytes, BytesMut},
};
use futures_util::StreamExt;
use serde::{Deserialize, de::DeserializeOwned};

use crate::problem::{Problem, kind};

/// The longest body that is read. Ours: entries are at most 64 KiB, and JSON may escape.
const MOST_BYTES: usize = 256 * 1024;

/// A request without particulars: no body, or `{}`.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Reads the body, if it is declared as JSON or there is none.
pub(super) async fn read(request: &HttpRequest, mut payload: Payload) -> Result<Bytes, Problem> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| {
            Problem::new(&kind::MALFORMED).saying("The body could not be read to its end.")
        })?;
        if bytes.len().saturating_add(chunk.len()) > MOST_BYTES {
            return Err(Problem::new(&kind::TOO_LARGE));
        }
        bytes.extend_from_slice(&chunk);
    }
    if !bytes.is_empty() && !is_json(request) {
        return Err(Problem::new(&kind::NOT_JSON));
    }
    Ok(bytes.freeze())
}

fn is_json(request: &HttpRequest) -> bool {
    let declared =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    declared.and_then(|value| value.split(';').next()).is_some_and(|media| {
        let media = media.trim().to_ascii_lowercase();
        media == "application/json"
            || (media.starts_with("application/") && media.ends_with("+json"))
    })
}

/// Parses a body; an empty one counts as `{}`. What cannot be taken is named by field and rule.
pub(super) fn parse<B: DeserializeOwned>(bytes: &[u8]) -> Result<B, Problem> {
    let text: &[u8] = if bytes.is_empty() { b"{}" } else { bytes };
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let body = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let field = error.path().to_string();
        let cause = error.into_inner();
        if cause.is_data() {
            Problem::at_field(&field, rule(&cause.to_string()))
        } else {
            Problem::new(&kind::MALFORMED).saying("The body is not JSON.")
        }
    })?;
    deserializer
        .end()
        .map_err(|_| Problem::new(&kind::MALFORMED).saying("Something follows the JSON value."))?;
    Ok(body)
}

/// The message without the place in the text, which means nothing to a program, and without the value: what was
/// sent may be somebody's name or address, and comes back in no text of an error.
pub(super) fn rule(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(rule, _)| rule);
    let found = |prefix| message.strip_prefix(prefix)?.rsplit_once(", expected ");
    let wrong_kind = found("invalid type: ").or_else(|| found("invalid value: "));
    if let Some((found, expected)) = wrong_kind {
        let kind: &str = found.split(['`', '"', ',']).next().unwrap_or_default();
        return format!("is {}; expected {}", named(kind.trim_end()), named(expected));
    }
    match found("unknown variant ") {
        Some((_, expected)) => {
            format!("is none of those expected: {}", expected.trim_start_matches("one of "))
        }
        None => message.to_owned(),
    }
}

/// A kind of value as JSON calls it.
fn named(kind: &str) -> String {
    match kind.split(' ').next() {
        Some("map" | "struct") => "an object".to_owned(),
        Some("sequence" | "tuple") => "an array".to_owned(),
        Some("string" | "character" | "boolean" | "floating") => format!("a {kind}"),
        Some("integer" | "option" | "enum") => format!("an {kind}"),
        _ => kind.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use domain::reason::Text;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Reason {
        #[expect(dead_code, reason = "only parsed")]
        text: Text,
    }

    #[derive(Debug, Deserialize)]
    struct Body {
        #[expect(dead_code, reason = "only parsed")]
        reason: Reason,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Gender {
        Female,
        NotKnown,
    }

    fn problem(text: &str) -> serde_json::Value {
        serde_json::from_slice(&parse::<Body>(text.as_bytes()).unwrap_err().document()).unwrap()
    }

    #[test]
    fn a_field_that_breaks_a_rule_is_named_with_the_rule() {
        let problem = problem(r#"{"reason":{"text":"  "}}"#);
        assert_eq!(problem["type"], "/problems/validation-failed");
        assert_eq!(problem["errors"][0]["field"], "reason.text");
        assert_eq!(problem["errors"][0]["rule"], "the text is blank");
    }

    #[test]
    fn what_was_sent_does_not_come_back() {
        for (text, expected) in [
            (r#"{"reason":"Amelia, expected at 12 Larkrise"}"#, "is a string; expected an object"),
            (r#"{"reason":{"text":1967}}"#, "is an integer; expected a string"),
            (r#"{"reason":{"text":{"Amelia":"Farnworth"}}}"#, "is an object; expected a string"),
            (r#"{"reason":{"text":["Amelia"]}}"#, "is an array; expected a string"),
            (r#"{"reason":{"text":null}}"#, "is null; expected a string"),
        ] {
            let problem = problem(text);
            assert_eq!(problem["errors"][0]["rule"], expected, "{text}");
            assert!(!problem.to_string().contains("Amelia"), "{problem}");
        }
        let problem = parse::<Vec<Gender>>(br#"["female", "not-known", "Amelia"]"#).unwrap_err();
        let text = String::from_utf8_lossy(&problem.document()).into_owned();
        assert!(text.contains("is none of those expected: `female` or `not-known`"), "{text}");
        assert!(!text.contains("Amelia"), "{text}");
    }

    #[test]
    fn what_is_not_json_is_malformed() {
        assert_eq!(problem("{\"reason\":")["type"], "/problems/malformed");
        assert_eq!(problem("{\"reason\":{\"text\":\"x\"}} x")["type"], "/problems/malformed");
    }
}
