//! Asking the running server for the keys of single events. The server records the question first.

use std::collections::BTreeMap;

use anyhow::anyhow;
use domain::{identity::EventId, recorded::Stamp};
use event_log::keyring::OfflineKeys;
use serde::Deserialize;
use serde_json::json;

use crate::{cli::Global, outcome::Failure};

/// How many events one question may name. The server's own bound.
const AT_ONCE: usize = 500;

/// A running server, and who asks it why.
pub(crate) struct Server {
    url: String,
    token: String,
    reason: String,
    code: String,
}

/// The events about to be shown, by position.
#[derive(Default)]
pub(crate) struct Wanted(BTreeMap<u64, EventId>);

impl Wanted {
    /// Where they stand.
    pub(crate) fn positions(&self) -> impl Iterator<Item = u64> {
        self.0.keys().copied()
    }
}

impl<'s> FromIterator<&'s Stamp> for Wanted {
    fn from_iter<I: IntoIterator<Item = &'s Stamp>>(stamps: I) -> Self {
        Self(stamps.into_iter().map(|stamp| (stamp.position, stamp.id)).collect())
    }
}

#[derive(Deserialize)]
struct Problem {
    title: String,
    #[serde(default)]
    detail: Option<String>,
}

impl Server {
    /// The server that the arguments name, if they name one.
    pub(crate) fn of(global: &Global) -> Result<Option<Self>, Failure> {
        let Some(url) = &global.unseal_via else { return Ok(None) };
        let needed = |what: &str| Failure::Usage(format!("--unseal-via needs {what}"));
        let token = global.token.clone().ok_or_else(|| needed("--token T"))?;
        let reason = global.reason.clone().ok_or_else(|| needed("--reason TEXT"))?;
        Ok(Some(Self {
            url: url.trim_end_matches('/').to_owned(),
            token,
            reason,
            code: global.reason_code.clone(),
        }))
    }

    /// The keys of these events. One whose key has been destroyed is not among them.
    pub(crate) fn keys_of(&self, wanted: &Wanted) -> Result<OfflineKeys, Failure> {
        let wanted: Vec<(u64, EventId)> =
            wanted.0.iter().map(|(position, event)| (*position, *event)).collect();
        wanted
            .chunks(AT_ONCE)
            .try_fold(OfflineKeys::default(), |keys, some| Ok(keys.and(self.ask(some)?)))
    }

    fn ask(&self, events: &[(u64, EventId)]) -> Result<OfflineKeys, Failure> {
        let events: Vec<_> = events
            .iter()
            .map(|(position, event)| json!({ "event": event, "position": position }))
            .collect();
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let body =
            json!({ "events": events, "reason": { "code": self.code, "text": self.reason } });
        let unreachable = |cause| Failure::Runtime(anyhow!("{} did not answer: {cause}", self.url));
        let mut answer = agent
            .post(format!("{}/events/keys", self.url))
            .header("Authorization", format!("Bearer {}", self.token))
            .send_json(body)
            .map_err(unreachable)?;
        if answer.status().is_success() {
            let keys = answer.body_mut().read_to_string().map_err(unreachable)?;
            let unreadable = |cause| Failure::Runtime(anyhow!("{} answered: {cause}", self.url));
            return OfflineKeys::parse(&keys).map_err(unreadable);
        }
        let status = answer.status();
        let problem: Option<Problem> = answer.body_mut().read_json().ok();
        let said = problem.map_or_else(
            || format!("{} answered {status}", self.url),
            |problem| match problem.detail {
                Some(detail) => format!("{}: {detail}", problem.title),
                None => problem.title,
            },
        );
        Err(if status.is_client_error() {
            Failure::Denied(said)
        } else {
            Failure::Runtime(anyhow!(said))
        })
    }
}
