//! Append: a stream and what it is expected to be, then the events.

use std::future::pending;

use tonic::{Request, Status, Streaming};

use crate::{
    access::Right,
    convert, errors,
    faults::AppendFault,
    log::{Expected, Proposed, Refused, Written},
    requests::Requests,
    wire::{
        event_store::client::Empty,
        streams::{
            AppendReq, AppendResp,
            append_req::Content,
            append_resp::{
                self, Success, WrongExpectedVersion, success, wrong_expected_version as w,
            },
        },
    },
};

pub(crate) async fn append(
    requests: &Requests,
    request: Request<Streaming<AppendReq>>,
) -> Result<AppendResp, Status> {
    let (metadata, _, mut messages) = request.into_parts();
    let target = match messages.message().await?.and_then(|first| first.content) {
        Some(Content::Options(target)) => target,
        Some(Content::ProposedMessage(_)) | None => {
            return Err(Status::invalid_argument("options come first"));
        }
    };
    let stream = convert::name(target.stream_identifier)?;
    let expected = convert::expected(target.expected_stream_revision);
    requests.check_leader(&metadata)?;
    requests.check(&metadata, &stream, Right::Write)?;
    let mut events = Vec::new();
    while let Some(message) = messages.message().await? {
        match message.content {
            Some(Content::ProposedMessage(event)) => events.push(convert::proposed(event)?),
            Some(Content::Options(_)) | None => {
                return Err(Status::invalid_argument("a proposed message was expected"));
            }
        }
    }
    let most = requests.shared.options().most_append;
    if size(&events) > u64::from(most) {
        return Err(errors::append_too_large(most));
    }
    let written = write(requests, &stream, expected, events).await?;
    match written {
        Ok(written) => Ok(success_of(written)),
        Err(Refused::Deleted) => Err(errors::stream_deleted(&stream)),
        Err(Refused::WrongExpected(current)) => Ok(conflict(expected, current)),
    }
}

pub(crate) fn size(events: &[Proposed]) -> u64 {
    events.iter().map(|event| (event.data.len() + event.custom.len()) as u64).sum()
}

/// Writes, and lets go wrong what shall.
pub(crate) async fn write(
    requests: &Requests,
    stream: &str,
    expected: Expected,
    events: Vec<Proposed>,
) -> Result<Result<Written, Refused>, Status> {
    let timed_out = || Status::aborted("Operation timed out");
    let fault = requests.shared.faults.of_this_append();
    match fault {
        Some(AppendFault::Unavailable) => return Err(Status::unavailable("Server Is Not Ready")),
        Some(AppendFault::Aborted) => return Err(timed_out()),
        Some(AppendFault::NotLeader) => return Err(requests.not_leader()),
        Some(AppendFault::Held) => requests.shared.faults.until_released().await,
        Some(
            AppendFault::ReplyDropped
            | AppendFault::NeverAnswered
            | AppendFault::AbortedAfterWriting
            | AppendFault::Slow(_),
        )
        | None => {}
    }
    let written = crate::deleting::append_reviving(&requests.shared.log, stream, expected, events);
    match fault {
        Some(AppendFault::ReplyDropped) => Err(Status::unavailable("connection reset")),
        Some(AppendFault::AbortedAfterWriting) => Err(timed_out()),
        Some(AppendFault::NeverAnswered) => pending().await,
        Some(AppendFault::Slow(by)) => {
            tokio::time::sleep(by).await;
            Ok(written)
        }
        Some(
            AppendFault::Unavailable
            | AppendFault::Aborted
            | AppendFault::NotLeader
            | AppendFault::Held,
        )
        | None => Ok(written),
    }
}

fn success_of(written: Written) -> AppendResp {
    let revision = match written.revision {
        Some(revision) => success::CurrentRevisionOption::CurrentRevision(revision),
        None => success::CurrentRevisionOption::NoStream(Empty {}),
    };
    let position = match written.position {
        Some(position) => success::PositionOption::Position(convert::position(position)),
        None => success::PositionOption::NoPosition(Empty {}),
    };
    let success =
        Success { current_revision_option: Some(revision), position_option: Some(position) };
    AppendResp { result: Some(append_resp::Result::Success(success)) }
}

/// A conflict is an answer, and says it twice: for clients of before and after 20.6.1.
fn conflict(expected: Expected, current: Option<u64>) -> AppendResp {
    let (old_expected, expected) = match expected {
        Expected::Revision(revision) => (
            w::ExpectedRevisionOption2060::ExpectedRevision2060(revision),
            w::ExpectedRevisionOption::ExpectedRevision(revision),
        ),
        Expected::NoStream => (
            w::ExpectedRevisionOption2060::ExpectedRevision2060(u64::MAX),
            w::ExpectedRevisionOption::ExpectedNoStream(Empty {}),
        ),
        Expected::Any => (
            w::ExpectedRevisionOption2060::Any2060(Empty {}),
            w::ExpectedRevisionOption::ExpectedAny(Empty {}),
        ),
        Expected::Exists => (
            w::ExpectedRevisionOption2060::StreamExists2060(Empty {}),
            w::ExpectedRevisionOption::ExpectedStreamExists(Empty {}),
        ),
    };
    let (old_current, current) = match current {
        Some(revision) => (
            w::CurrentRevisionOption2060::CurrentRevision2060(revision),
            w::CurrentRevisionOption::CurrentRevision(revision),
        ),
        None => (
            w::CurrentRevisionOption2060::NoStream2060(Empty {}),
            w::CurrentRevisionOption::CurrentNoStream(Empty {}),
        ),
    };
    let conflict = WrongExpectedVersion {
        current_revision_option_20_6_0: Some(old_current),
        expected_revision_option_20_6_0: Some(old_expected),
        current_revision_option: Some(current),
        expected_revision_option: Some(expected),
    };
    AppendResp { result: Some(append_resp::Result::WrongExpectedVersion(conflict)) }
}
