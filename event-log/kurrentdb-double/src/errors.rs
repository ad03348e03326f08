//! Errors as the server gives them: a status, and what happened in the trailing metadata.

use tonic::{
    Code, Status,
    metadata::{MetadataMap, MetadataValue},
};

use crate::log::Refused;

pub(crate) fn status(
    code: Code,
    message: &str,
    exception: &'static str,
    more: &[(&'static str, String)],
) -> Status {
    let mut metadata = MetadataMap::new();
    metadata.insert("exception", MetadataValue::from_static(exception));
    for (name, value) in more {
        if let Ok(value) = value.parse() {
            metadata.insert(*name, value);
        }
    }
    Status::with_metadata(code, message, metadata)
}

pub(crate) fn stream_deleted(stream: &str) -> Status {
    let more = [("stream-name", stream.to_owned())];
    let message = format!("Event stream '{stream}' is deleted.");
    status(Code::FailedPrecondition, &message, "stream-deleted", &more)
}

pub(crate) fn access_denied() -> Status {
    status(Code::PermissionDenied, "Access Denied", "access-denied", &[])
}

pub(crate) fn not_leader(host: &str, port: u16) -> Status {
    let more =
        [("leader-endpoint-host", host.to_owned()), ("leader-endpoint-port", port.to_string())];
    status(Code::NotFound, "Leader info available", "not-leader", &more)
}

pub(crate) fn append_too_large(most: u32) -> Status {
    let more = [("maximum-append-size", most.to_string())];
    let message = format!("Maximum Append Size of {most} Exceeded.");
    status(Code::InvalidArgument, &message, "maximum-append-size-exceeded", &more)
}

pub(crate) fn metadata_missing() -> Status {
    let more = [("required-metadata-properties", "type,content-type".to_owned())];
    let message = "Required Metadata Property is missing";
    status(Code::InvalidArgument, message, "missing-required-metadata-property", &more)
}

/// A refused deletion: there a wrong expectation is a status, and not an answer.
pub(crate) fn not_deleted(stream: &str, expected: i64, refused: Refused) -> Status {
    match refused {
        Refused::Deleted => stream_deleted(stream),
        Refused::WrongExpected(current) => {
            let actual = current.map_or("-1".to_owned(), |current| current.to_string());
            let more = [
                ("stream-name", stream.to_owned()),
                ("expected-version", expected.to_string()),
                ("actual-version", actual),
            ];
            let message = "Wrong expected version";
            status(Code::FailedPrecondition, message, "wrong-expected-version", &more)
        }
    }
}
