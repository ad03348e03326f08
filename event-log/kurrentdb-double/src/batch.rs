//! Batch append: many appends over one call, each told from the others by its correlation.

use std::collections::HashMap;

use prost::{Message, Name};
use prost_types::Any;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Request, Status, Streaming, metadata::MetadataMap};
use uuid::Uuid;

use crate::{
    access::Right,
    append,
    convert::{self, Ids},
    log::{Expected, Proposed, Refused, Written},
    requests::{Answers, Requests},
    wire::{
        event_store::client::{
            self, AccessDenied, AllStreamPosition, BadRequest, MaximumAppendSizeExceeded,
            StreamDeleted, WrongExpectedVersion, wrong_expected_version,
        },
        google::rpc,
        streams::{
            BatchAppendReq, BatchAppendResp,
            batch_append_req::options::ExpectedStreamPosition,
            batch_append_resp::{self, Success, success},
        },
    },
};

/// How many answers may wait to be taken.
const WAITING: usize = 64;

/// An append that is not complete yet.
struct Gathering {
    stream: String,
    expected: Expected,
    events: Vec<Proposed>,
}

pub(crate) fn batch_append(
    requests: &Requests,
    request: Request<Streaming<BatchAppendReq>>,
) -> Result<Answers<BatchAppendResp>, Status> {
    let (headers, _, messages) = request.into_parts();
    requests.check_leader(&headers)?;
    let (answers, receiver) = mpsc::channel(WAITING);
    let requests = requests.clone();
    tokio::spawn(async move {
        if let Err(status) = serve(&requests, &headers, messages, &answers).await {
            // Nobody may be there to take it.
            answers.send(Err(status)).await.ok();
        }
    });
    Ok(Box::pin(ReceiverStream::new(receiver)))
}

async fn serve(
    requests: &Requests,
    headers: &MetadataMap,
    mut messages: Streaming<BatchAppendReq>,
    answers: &mpsc::Sender<Result<BatchAppendResp, Status>>,
) -> Result<(), Status> {
    let mut gathering: HashMap<Uuid, Gathering> = HashMap::new();
    while let Some(message) = messages.message().await? {
        let correlation = convert::id(message.correlation_id)?;
        if let Some(options) = message.options {
            let stream = convert::name(options.stream_identifier)?;
            let expected = match options.expected_stream_position {
                Some(ExpectedStreamPosition::StreamPosition(at)) => Expected::Revision(at),
                Some(ExpectedStreamPosition::NoStream(())) => Expected::NoStream,
                Some(ExpectedStreamPosition::StreamExists(())) => Expected::Exists,
                Some(ExpectedStreamPosition::Any(())) | None => Expected::Any,
            };
            gathering.insert(correlation, Gathering { stream, expected, events: Vec::new() });
        }
        let Some(batch) = gathering.get_mut(&correlation) else {
            return Err(Status::invalid_argument("options come first"));
        };
        for event in message.proposed_messages {
            batch.events.push(convert::proposed(event)?);
        }
        if !message.is_final {
            continue;
        }
        let Some(batch) = gathering.remove(&correlation) else { continue };
        let (stream, expected) = (batch.stream.clone(), batch.expected);
        let result = one(requests, headers, batch).await?;
        let answer = BatchAppendResp {
            correlation_id: Some(Ids::Structured.write(correlation)),
            result: Some(result),
            stream_identifier: Some(convert::identifier(&stream)),
            expected_stream_position: Some(echo(expected)),
        };
        if answers.send(Ok(answer)).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

async fn one(
    requests: &Requests,
    headers: &MetadataMap,
    batch: Gathering,
) -> Result<batch_append_resp::Result, Status> {
    let Gathering { stream, expected, events } = batch;
    if requests.check(headers, &stream, Right::Write).is_err() {
        return Ok(error(Code::PermissionDenied, &AccessDenied {}));
    }
    let most = requests.shared.options().most_append;
    if append::size(&events) > u64::from(most) {
        let detail = MaximumAppendSizeExceeded { max_append_size: most };
        return Ok(error(Code::InvalidArgument, &detail));
    }
    if events.is_empty() {
        let detail = BadRequest { message: "an append needs an event".to_owned() };
        return Ok(error(Code::InvalidArgument, &detail));
    }
    Ok(match append::write(requests, &stream, expected, events).await? {
        Ok(written) => success_of(written),
        Err(Refused::Deleted) => {
            let stream_identifier = Some(convert::identifier(&stream));
            error(Code::NotFound, &StreamDeleted { stream_identifier })
        }
        Err(Refused::WrongExpected(current)) => conflict(expected, current),
    })
}

fn success_of(written: Written) -> batch_append_resp::Result {
    let revision = match written.revision {
        Some(revision) => success::CurrentRevisionOption::CurrentRevision(revision),
        None => success::CurrentRevisionOption::NoStream(()),
    };
    let position = match written.position {
        Some(at) => success::PositionOption::Position(AllStreamPosition {
            commit_position: at,
            prepare_position: at,
        }),
        None => success::PositionOption::NoPosition(()),
    };
    batch_append_resp::Result::Success(Success {
        current_revision_option: Some(revision),
        position_option: Some(position),
    })
}

fn conflict(expected: Expected, current: Option<u64>) -> batch_append_resp::Result {
    use wrong_expected_version::{CurrentStreamRevisionOption, ExpectedStreamPositionOption};
    let current = match current {
        Some(revision) => CurrentStreamRevisionOption::CurrentStreamRevision(revision),
        None => CurrentStreamRevisionOption::CurrentNoStream(()),
    };
    let expected = match expected {
        Expected::Revision(at) => ExpectedStreamPositionOption::ExpectedStreamPosition(at),
        Expected::NoStream => ExpectedStreamPositionOption::ExpectedNoStream(()),
        Expected::Any => ExpectedStreamPositionOption::ExpectedAny(()),
        Expected::Exists => ExpectedStreamPositionOption::ExpectedStreamExists(()),
    };
    let detail = WrongExpectedVersion {
        current_stream_revision_option: Some(current),
        expected_stream_position_option: Some(expected),
    };
    error(Code::AlreadyExists, &detail)
}

/// Clients decide by what is packed in, not by the code.
fn error<D: Message + Name>(code: Code, detail: &D) -> batch_append_resp::Result {
    let type_url = format!("type.googleapis.com/{}", D::full_name());
    let details = Some(Any { type_url, value: detail.encode_to_vec() });
    let message = D::NAME.to_owned();
    batch_append_resp::Result::Error(rpc::Status { code: code.into(), message, details })
}

const fn echo(expected: Expected) -> batch_append_resp::ExpectedStreamPosition {
    use batch_append_resp::ExpectedStreamPosition::{Any, NoStream, StreamExists, StreamPosition};
    match expected {
        Expected::Revision(revision) => StreamPosition(revision),
        Expected::NoStream => NoStream(()),
        Expected::Any => Any(()),
        Expected::Exists => StreamExists(()),
    }
}

macro_rules! named {
    ($($detail:ident),+) => {$(
        impl Name for client::$detail {
            const NAME: &'static str = stringify!($detail);
            const PACKAGE: &'static str = "event_store.client";
        }
    )+};
}
named!(AccessDenied, BadRequest, MaximumAppendSizeExceeded, StreamDeleted, WrongExpectedVersion);
