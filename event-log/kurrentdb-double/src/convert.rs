//! Between what travels and what is kept.

use std::{collections::HashMap, sync::Arc};

use tonic::Status;
use uuid::Uuid;

use crate::{
    errors,
    log::{Event, Expected, Proposed},
    wire::{
        event_store::client::{self, Empty, StreamIdentifier, uuid as uuid_form},
        streams::{self, ProposedMessage, ReadResp, read_resp, target},
    },
};

pub(crate) const JSON: &str = "application/json";

pub(crate) fn name(stream: Option<StreamIdentifier>) -> Result<String, Status> {
    let name = stream.map(|stream| stream.stream_name).unwrap_or_default();
    match String::from_utf8(name) {
        Ok(name) if !name.is_empty() => Ok(name),
        Ok(_) | Err(_) => Err(Status::invalid_argument("a stream must be named")),
    }
}

pub(crate) fn identifier(stream: &str) -> StreamIdentifier {
    StreamIdentifier { stream_name: stream.as_bytes().to_vec() }
}

pub(crate) fn id(id: Option<client::Uuid>) -> Result<Uuid, Status> {
    let invalid = || Status::invalid_argument("an event needs an id");
    match id.and_then(|id| id.value).ok_or_else(invalid)? {
        uuid_form::Value::String(text) => text.parse().map_err(|_| invalid()),
        uuid_form::Value::Structured(parts) => Ok(Uuid::from_u64_pair(
            parts.most_significant_bits.cast_unsigned(),
            parts.least_significant_bits.cast_unsigned(),
        )),
    }
}

/// In which form the reader wants identities.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ids {
    Structured,
    Text,
}

impl Ids {
    pub(crate) fn write(self, id: Uuid) -> client::Uuid {
        let value = match self {
            Self::Text => uuid_form::Value::String(id.to_string()),
            Self::Structured => {
                let (most, least) = id.as_u64_pair();
                uuid_form::Value::Structured(uuid_form::Structured {
                    most_significant_bits: most.cast_signed(),
                    least_significant_bits: least.cast_signed(),
                })
            }
        };
        client::Uuid { value: Some(value) }
    }
}

pub(crate) fn proposed(message: ProposedMessage) -> Result<Proposed, Status> {
    let id = id(message.id)?;
    let of = |name: &str| message.metadata.get(name).ok_or_else(errors::metadata_missing);
    let (kind, json) = (of("type")?.clone(), of("content-type")? == JSON);
    Ok(Proposed { id, kind, json, data: message.data, custom: message.custom_metadata })
}

pub(crate) fn expected(expected: Option<target::ExpectedStreamRevision>) -> Expected {
    use target::ExpectedStreamRevision::{Any, NoStream, Revision, StreamExists};
    match expected {
        Some(Revision(revision)) => Expected::Revision(revision),
        Some(NoStream(Empty {})) => Expected::NoStream,
        Some(StreamExists(Empty {})) => Expected::Exists,
        Some(Any(Empty {})) | None => Expected::Any,
    }
}

pub(crate) fn event(event: &Arc<Event>, ids: Ids) -> ReadResp {
    let content_type = if event.event.json { JSON } else { "application/octet-stream" };
    let metadata = HashMap::from([
        ("type".to_owned(), event.event.kind.clone()),
        ("content-type".to_owned(), content_type.to_owned()),
        ("created".to_owned(), event.created.to_string()),
    ]);
    let recorded = read_resp::RecordedEvent {
        id: Some(ids.write(event.event.id)),
        stream_identifier: Some(identifier(&event.stream)),
        stream_revision: event.revision,
        prepare_position: event.position,
        commit_position: event.position,
        metadata,
        custom_metadata: event.event.custom.clone(),
        data: event.event.data.clone(),
    };
    let position = Some(read_resp::read_event::Position::CommitPosition(event.position));
    answer(read_resp::Content::Event(read_resp::ReadEvent {
        event: Some(recorded),
        link: None,
        position,
    }))
}

pub(crate) fn answer(content: read_resp::Content) -> ReadResp {
    ReadResp { content: Some(content) }
}

pub(crate) fn position(position: u64) -> streams::Position {
    streams::Position { commit_position: position, prepare_position: position }
}
