//! Who gets in, and what our own user may do: tried, without anything being written.

use eventstore_client::{
    AppendToStreamOptions, Client, Credentials, Error, EventData, ReadStreamOptions, StreamState,
};
use serde_json::Value;

use super::{Refusal, metadata};
use crate::kurrent::{Inner, connection::Ask, reading::failed};

/// A revision that no stream has: an append that expects it writes nothing, whoever sends it.
const NEVER: u64 = (i64::MAX - 1).unsigned_abs();

pub(super) async fn check(log: &Inner) -> Result<(), Refusal> {
    for login in ["admin", "ops"] {
        if lets_in(log, login).await? {
            return Err(Refusal::DefaultPassword(login));
        }
    }
    if lets_anybody_in(log).await? {
        return Err(Refusal::Anonymous);
    }
    for stream in ["$settings", "$$cp-probe"] {
        if may_write(log, stream).await? {
            return Err(Refusal::MayWrite(stream));
        }
    }
    defaults(log).await
}

/// Whether a user of every new server still has the password of every new server.
async fn lets_in(log: &Inner, login: &'static str) -> Result<bool, Refusal> {
    let held = log.server.client().await.map_err(|error| failed("as another user", error))?;
    let options = ReadStreamOptions::default()
        .authenticated(Credentials::new(login, "changeit"))
        .max_count(1)
        .deadline(log.server.deadline());
    reads((&held.client, log.names.genesis()), &options).await
}

async fn lets_anybody_in(log: &Inner) -> Result<bool, Refusal> {
    let settings = log.anonymous.clone();
    let client = Client::new(settings).map_err(|cause| {
        failed("without a login", Error::InitializationError(cause.to_string()))
    })?;
    let options = ReadStreamOptions::default().max_count(1).deadline(log.server.deadline());
    reads((&client, log.names.genesis()), &options).await
}

async fn reads(
    (client, genesis): (&Client, String),
    options: &ReadStreamOptions,
) -> Result<bool, Refusal> {
    let read = async {
        let mut rows = client.read_stream(genesis, options).await?;
        rows.next().await
    };
    match read.await {
        Ok(_) | Err(Error::ResourceNotFound) => Ok(true),
        Err(Error::AccessDenied) => Ok(false),
        Err(error) => Err(failed("as somebody else", error).into()),
    }
}

async fn may_write(log: &Inner, stream: &'static str) -> Result<bool, Refusal> {
    let held = log.server.client().await.map_err(|error| failed("access lists", error))?;
    let options = AppendToStreamOptions::default()
        .stream_state(StreamState::StreamRevision(NEVER))
        .deadline(log.server.deadline());
    let probe = EventData::binary("probe", Vec::new().into());
    match held.client.append_to_stream(stream, &options, probe).await {
        Ok(_) | Err(Error::WrongExpectedVersion { .. }) => Ok(true),
        Err(Error::AccessDenied) => Ok(false),
        Err(error) => Err(failed(stream, error).into()),
    }
}

/// The access list that holds for our streams by default.
async fn defaults(log: &Inner) -> Result<(), Refusal> {
    let ask = Ask::Last { name: "$settings".to_owned() };
    let settings = log.server.read(&ask, log.patience).await;
    let settings = settings.map_err(|error| failed("$settings", error))?;
    let Some(settings) = settings.first() else { return Err(Refusal::NoAccessList) };
    let settings: Value =
        serde_json::from_slice(&settings.get_original_event().data).unwrap_or(Value::Null);
    let Some(list) = settings.get("$userStreamAcl") else { return Err(Refusal::NoAccessList) };
    if let Some((member, names)) = metadata::granted(list) {
        return Err(Refusal::Granted { member, names });
    }
    if metadata::is_complete(list) { Ok(()) } else { Err(Refusal::NoAccessList) }
}
