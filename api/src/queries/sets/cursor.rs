//! Where a listing goes on: opaque to the caller, and bound to the question that it belongs to.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    directory::Directory,
    problem::{Problem, kind},
};

/// How many bytes of the keyed digest stand before the rest.
const TAG: usize = 16;

/// A place in a listing, and the moment that every page of it speaks for. Holds handles and times only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// The listing is as of this position.
    #[serde(rename = "p")]
    pub(super) position: u64,
    /// And judged at this instant.
    #[serde(rename = "t")]
    pub(super) effective_at: DateTime<Utc>,
    /// Towards the beginning.
    #[serde(rename = "b")]
    pub(super) backwards: bool,
    /// The key of the row next to which it goes on.
    #[serde(rename = "k")]
    pub(super) key: String,
}

fn tag(directory: &Directory, question: &str, said: &[u8]) -> Vec<u8> {
    let mut tag = directory.digest(&[b"cursor/1", question.as_bytes(), said]).to_vec();
    tag.truncate(TAG);
    tag
}

/// The cursor leads nowhere in this listing.
pub(super) fn elsewhere() -> Problem {
    Problem::new(&kind::MALFORMED).saying(
        "The cursor does not belong to this question: give it back with the same address and the same \
         filters.",
    )
}

impl Cursor {
    /// As it is given to the caller. `question` is the address with everything that narrows it.
    pub(super) fn seal(&self, directory: &Directory, question: &str) -> String {
        let said = serde_json::to_vec(self).unwrap_or_default();
        let mut bytes = tag(directory, question, &said);
        bytes.extend(said);
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads it back.
    ///
    /// # Errors
    /// 400 when it was not given for this question.
    pub(super) fn open(directory: &Directory, question: &str, text: &str) -> Result<Self, Problem> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| elsewhere())?;
        let (given, said) = bytes.split_at_checked(TAG).ok_or_else(elsewhere)?;
        if given != tag(directory, question, said) {
            return Err(elsewhere());
        }
        serde_json::from_slice(said).map_err(|_| elsewhere())
    }
}
