//! What is asked of a build on Redis.

use std::sync::PoisonError;

use super::{Redis, key, order, read_checkpoint, values};
use crate::store::{Ask, Build, Range, Reply, Row, Store as _, StoreError};

/// How often a read is tried again when another build serves than did a moment before.
const SWITCHES: usize = 4;

/// What there was to read.
pub(super) enum Found {
    Reply(Reply),
    /// It is this one that serves.
    Other(Build),
    /// No such build, or none that serves.
    Nothing,
}

impl Redis {
    /// Reads from a build; with a name, only if it is the one of that name that serves.
    pub(super) async fn read_if(
        &self,
        build: &Build,
        serving: &str,
        asks: &[Ask],
    ) -> Result<Found, StoreError> {
        type Said = Option<(String, Vec<Vec<Vec<u8>>>)>;
        let mut script = self.scripts.read.prepare_invoke();
        script.key(key("checkpoints")).key(order(build)).key(values(build)).key(key("serving"));
        script.arg(build.to_string()).arg(serving);
        for ask in asks {
            let (kind, range) = match ask {
                Ask::Get(key) => {
                    script.arg(("get", key, "", 0, 1));
                    continue;
                }
                Ask::Rows(range) => ("rows", range),
                Ask::Documents(range) => ("documents", range),
                Ask::Count(range) => ("count", range),
            };
            let Range { from, to, backwards, limit } = range;
            script.arg((kind, from, to, u8::from(*backwards), *limit));
        }
        let said: Said = self.ask("reading", &script).await?;
        let Some((checkpoint, answers)) = said else { return Ok(Found::Nothing) };
        if let Some(other) = checkpoint.strip_prefix('>') {
            return Ok(other.parse().map_or(Found::Nothing, Found::Other));
        }
        let answers = answers.into_iter().map(rows).collect();
        Ok(Found::Reply(Reply { checkpoint: read_checkpoint(&checkpoint), answers }))
    }

    /// Which build of a name served when it was read last: most often it still does.
    fn served_last(&self, name: &str) -> Option<Build> {
        let served = self.served.lock().unwrap_or_else(PoisonError::into_inner);
        served.get(name).cloned()
    }

    fn serves(&self, build: &Build) {
        let mut served = self.served.lock().unwrap_or_else(PoisonError::into_inner);
        if served.get(&build.name) != Some(build) {
            served.insert(build.name.clone(), build.clone());
        }
    }

    /// Reads from the build of a name that serves, and says which it is.
    pub(super) async fn read_what_serves(
        &self,
        name: &str,
        asks: &[Ask],
    ) -> Result<Option<(Build, Reply)>, StoreError> {
        let mut build = self.served_last(name);
        for _ in 0..SWITCHES {
            let serving = match build.take() {
                Some(build) => build,
                None => match self.serving(name).await? {
                    Some(build) => build,
                    None => return Ok(None),
                },
            };
            match self.read_if(&serving, name, asks).await? {
                Found::Reply(reply) => {
                    self.serves(&serving);
                    return Ok(Some((serving, reply)));
                }
                Found::Other(other) => build = Some(other),
                Found::Nothing => return Ok(None),
            }
        }
        Ok(None)
    }
}

/// Keys and values, one after the other.
fn rows(said: Vec<Vec<u8>>) -> Vec<Row> {
    let mut rows = Vec::with_capacity(said.len() / 2);
    let mut said = said.into_iter();
    while let (Some(key), Some(value)) = (said.next(), said.next()) {
        rows.push(Row { key: String::from_utf8_lossy(&key).into_owned(), value });
    }
    rows
}
