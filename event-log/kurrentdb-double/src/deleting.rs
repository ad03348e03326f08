//! Deleting softly, by metadata, and for good, by a tombstone. What metadata hides is hidden here.

use serde_json::{Value, json};
use tonic::{Request, Status};
use uuid::Uuid;

use crate::{
    access::Right,
    convert, errors,
    log::{Event, Expected, Log, Proposed, Refused, Written, now},
    requests::Requests,
    wire::streams::{
        DeleteReq, DeleteResp, Target, TombstoneReq, TombstoneResp, delete_resp, tombstone_resp,
    },
};

/// `$tb` of a stream that has been deleted softly.
const EVERYTHING: u64 = i64::MAX as u64;

/// Which events of a stream its metadata lets through.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Visible {
    before: u64,
    most: u64,
    oldest: u64,
}

impl Visible {
    pub(crate) fn of(log: &Log, stream: &str) -> Self {
        let metadata =
            if stream.starts_with("$$") { None } else { log.last_json(&format!("$${stream}")) };
        let number = |name: &str| metadata.as_ref().and_then(|set| set.get(name)?.as_u64());
        let age = number("$maxAge").map(|seconds| seconds.saturating_mul(10_000_000));
        Self {
            before: number("$tb").unwrap_or(0),
            most: number("$maxCount").unwrap_or(u64::MAX),
            oldest: age.map_or(0, |age| now().saturating_sub(age)),
        }
    }

    pub(crate) const fn is_deleted(self) -> bool {
        self.before == EVERYTHING
    }

    pub(crate) fn shows(self, event: &Event, last: u64) -> bool {
        event.revision >= self.before
            && last.saturating_sub(event.revision) < self.most
            && event.created >= self.oldest
    }
}

fn metadata(log: &Log, stream: &str, truncate_before: u64) -> Result<Option<u64>, Refused> {
    let name = format!("$${stream}");
    let mut set = log.last_json(&name).unwrap_or_else(|| json!({}));
    if let Value::Object(members) = &mut set {
        members.insert("$tb".to_owned(), truncate_before.into());
    }
    let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{name}{}", now()).as_bytes());
    let (kind, data) = ("$metadata".to_owned(), set.to_string().into_bytes());
    let event = Proposed { id, kind, json: true, data, custom: Vec::new() };
    Ok(log.append(&name, Expected::Any, vec![event])?.position)
}

/// Appends; a stream that was deleted softly begins again where it ended.
pub(crate) fn append_reviving(
    log: &Log,
    stream: &str,
    expected: Expected,
    events: Vec<Proposed>,
) -> Result<Written, Refused> {
    let deleted = Visible::of(log, stream).is_deleted();
    let next = log.state().revision(stream).map_or(0, |revision| revision + 1);
    let expected = if deleted && expected == Expected::NoStream { Expected::Any } else { expected };
    let written = log.append(stream, expected, events)?;
    if deleted {
        metadata(log, stream, next)?;
    }
    Ok(written)
}

fn allowed(
    requests: &Requests,
    request: &tonic::metadata::MetadataMap,
    target: Option<Target>,
) -> Result<(String, Expected), Status> {
    let target = target.ok_or_else(|| Status::invalid_argument("options are missing"))?;
    let stream = convert::name(target.stream_identifier)?;
    requests.check_leader(request)?;
    requests.check(request, &stream, Right::Delete)?;
    Ok((stream, convert::expected(target.expected_stream_revision)))
}

fn number(expected: Expected) -> i64 {
    match expected {
        Expected::Revision(revision) => i64::try_from(revision).unwrap_or(i64::MAX),
        Expected::NoStream => -1,
        Expected::Any => -2,
        Expected::Exists => -4,
    }
}

pub(crate) fn delete(
    requests: &Requests,
    request: Request<DeleteReq>,
) -> Result<DeleteResp, Status> {
    let (headers, _, message) = request.into_parts();
    let (stream, expected) = allowed(requests, &headers, message.options)?;
    let log = &requests.shared.log;
    let refused = |refused| errors::not_deleted(&stream, number(expected), refused);
    let expecting = log.state().expect(&stream, expected);
    expecting.map_err(refused)?;
    let position = metadata(log, &stream, EVERYTHING).map_err(refused)?;
    let position_option =
        position.map(|at| delete_resp::PositionOption::Position(convert::position(at)));
    Ok(DeleteResp { position_option })
}

pub(crate) fn tombstone(
    requests: &Requests,
    request: Request<TombstoneReq>,
) -> Result<TombstoneResp, Status> {
    let (headers, _, message) = request.into_parts();
    let (stream, expected) = allowed(requests, &headers, message.options)?;
    let position = requests.shared.log.tombstone(&stream, expected);
    let position =
        position.map_err(|refused| errors::not_deleted(&stream, number(expected), refused))?;
    let position_option =
        Some(tombstone_resp::PositionOption::Position(convert::position(position)));
    Ok(TombstoneResp { position_option })
}
