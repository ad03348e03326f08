//! Chosen events for a court: a `BagIt` folder (RFC 8493) that proves them and, where keys were given, opens them.
//!
//! Beside the chosen events stand the announcements of the keys they are sealed under. The checkpoint is the
//! first that covers them all, or the first of these that an authority has time-stamped, so the same choice gives the same
//! bytes however the log grows.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use domain::stream::Stream;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{ExportError, Folder, policy, public_key};
use crate::{
    EventLog,
    backend::Stored,
    event_log::PublicHeader,
    keyring::OfflineKeys,
    transparency::{Signed, note::VerifierKey},
    transparency_log::TransparencyLog,
};

const READING: &str = include_str!("READING.md");

/// By whom and for whom a bundle is made, and why: it goes into the bundle as it is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Custody {
    /// Who made it, and answers for it until it is handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_by: Option<String>,
    /// Who asked for it: a court, a tribunal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_for: Option<String>,
    /// Under which order or reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Why, as told to the service where it was asked for keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Under which checkpoint a bundle stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Under {
    /// The first that covers all its events.
    #[default]
    First,
    /// The first of these that was time-stamped; the time-stamp goes along.
    FirstTimeStamped,
}

/// What a bundle holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundled {
    /// The checkpoint under which everything is proven.
    pub checkpoint: Signed,
    /// How many entries, announcements of keys included.
    pub entries: u64,
    /// How many of them can be opened with what is in the bundle.
    pub opened: u64,
    /// How many files.
    pub files: u64,
}

/// Writes the events at these positions into the folder `out`. `opened` is the same log with the keys that are
/// to go along: of single events, never of a subject.
///
/// # Errors
/// See [`ExportError`]. It can be written again over what is there.
pub async fn export_bundle(
    log: &TransparencyLog,
    opened: &EventLog,
    (chosen, under): (&BTreeSet<u64>, Under),
    (out, keys): (&Path, &[VerifierKey]),
    custody: &Custody,
) -> Result<Bundled, ExportError> {
    let all = with_announcements(opened, chosen).await?;
    let last = all.keys().next_back().copied().ok_or(ExportError::NoCheckpoint)?;
    let checkpoint = first_covering(log, last, under)?;
    let mut bag = Bag::default();
    if under == Under::FirstTimeStamped {
        let stamp = log.time_stamps().of_size(checkpoint.checkpoint().size)?;
        bag.add("time-stamp.tsr", stamp.ok_or(ExportError::NoTimeStamp)?);
        bag.add("time-stamp.text", checkpoint.note().text().as_bytes().to_vec());
    }
    let mut openable = 0_u64;
    let mut contents = Vec::new();
    for (position, stored) in &all {
        let proof = log.receipt_under(*position, &checkpoint)?;
        bag.add(format!("entries/{position}.json"), stored.entry.clone());
        bag.add(format!("proofs/{position}.tlog-proof"), proof.to_string().into_bytes());
        let header = opened.header_at(*position).await?.ok_or(ExportError::NoEvent(*position))?;
        let key = if chosen.contains(position) { opened.event_key(*position).await? } else { None };
        if let (Some(key), Some(sealed)) = (key, &stored.sealed) {
            openable = openable.saturating_add(1);
            bag.add(format!("sections/{position}.sealed"), sealed.clone());
            let key = OfflineKeys::of_events(vec![key]).to_json();
            bag.add(format!("keys/{position}.json"), key.as_bytes().to_vec());
            let event = opened.decode_stored(stored)?.event;
            bag.add(format!("opened/{position}.json"), pretty(&event));
        }
        contents.push(listed(*position, &header, chosen.contains(position)));
    }
    bag.add("checkpoint", checkpoint.to_string().into_bytes());
    for key in keys {
        let name = public_key::file_name(key.kind());
        bag.add(format!("public-keys/{name}.vkey"), format!("{key}\n").into_bytes());
        bag.add(format!("public-keys/{name}.pem"), public_key::pem(key).into_bytes());
    }
    bag.add("policy", policy(keys).into_bytes());
    bag.add("READING.md", READING.as_bytes().to_vec());
    let noted = checkpoint.checkpoint();
    let log_is =
        json!({"origin": noted.origin, "size": noted.size, "root": hex::encode(noted.root)});
    bag.add(
        "custody.json",
        pretty(&json!({"log": log_is, "custody": custody, "events": contents})),
    );
    let files = bag.write(out, &noted.origin)?;
    let entries = u64::try_from(all.len()).unwrap_or(u64::MAX);
    Ok(Bundled { checkpoint, entries, opened: openable, files })
}

/// The chosen events and, for each key that something in them is sealed under, that it was made.
async fn with_announcements(
    log: &EventLog,
    chosen: &BTreeSet<u64>,
) -> Result<BTreeMap<u64, Stored>, ExportError> {
    let mut all = BTreeMap::new();
    for position in chosen {
        let missing = || ExportError::NoEvent(*position);
        let stored = log.read_stored(*position, 1).await?.into_iter().next();
        let stored = stored.filter(|one| one.position == *position).ok_or_else(missing)?;
        let header = log.header_at(*position).await?.ok_or_else(missing)?;
        for section in &header.sections {
            let made = log.backend().read_stream(Stream::Key(section.key_id), 0, None).await?;
            all.extend(made.into_iter().map(|made| (made.position, made)));
        }
        all.insert(*position, stored);
    }
    Ok(all)
}

/// The first published checkpoint that covers a position, if the log still is what it says.
fn first_covering(log: &TransparencyLog, last: u64, under: Under) -> Result<Signed, ExportError> {
    let size = match under {
        Under::First => log.checkpoints().first_beyond(last)?.ok_or(ExportError::NoCheckpoint)?,
        Under::FirstTimeStamped => {
            let mut sizes = log.time_stamps().sizes()?.into_iter();
            sizes.find(|size| last < *size).ok_or(ExportError::NoTimeStamp)?
        }
    };
    let signed = log.checkpoints().of_size(size)?.ok_or(ExportError::NoCheckpoint)?;
    if log.tree().root_at(size)? == signed.checkpoint().root {
        Ok(signed)
    } else {
        Err(ExportError::OtherRoot { size })
    }
}

fn listed(position: u64, header: &PublicHeader, chosen: bool) -> Value {
    let stamp = &header.stamp;
    json!({
        "position": position,
        "event": stamp.id,
        "type": header.name,
        "stream": stamp.stream,
        "at": stamp.at,
        "by": stamp.by,
        "chosen": chosen,
    })
}

fn pretty<T: Serialize>(value: &T) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(value).unwrap_or_default();
    text.push(b'\n');
    text
}

/// The payload of a bag, by name.
#[derive(Default)]
struct Bag(BTreeMap<String, Vec<u8>>);

impl Bag {
    fn add(&mut self, name: impl Into<String>, bytes: Vec<u8>) {
        self.0.insert(format!("data/{}", name.into()), bytes);
    }

    /// Writes the payload, then the tag files, the manifest of these last: a folder with it is complete.
    fn write(self, out: &Path, origin: &str) -> Result<u64, ExportError> {
        let mut folder = Folder { out, touched: BTreeSet::new() };
        for (name, bytes) in &self.0 {
            folder.write(name, bytes)?;
        }
        let octets: usize = self.0.values().map(Vec::len).sum();
        let tags = BTreeMap::from([
            ("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".to_owned()),
            (
                "bag-info.txt",
                format!(
                    "External-Description: events of an audit log with proofs\n\
                     External-Identifier: {origin}\nPayload-Oxum: {octets}.{}\n",
                    self.0.len()
                ),
            ),
            ("manifest-sha256.txt", manifest(&self.0)),
        ]);
        let tags: BTreeMap<String, Vec<u8>> =
            tags.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect();
        for (name, bytes) in &tags {
            folder.write(name, bytes)?;
        }
        folder.sync()?;
        folder.write("tagmanifest-sha256.txt", manifest(&tags).as_bytes())?;
        folder.sync()?;
        let files = self.0.len().saturating_add(tags.len()).saturating_add(1);
        Ok(u64::try_from(files).unwrap_or(u64::MAX))
    }
}

fn manifest(files: &BTreeMap<String, Vec<u8>>) -> String {
    let line = |(name, bytes): (&String, &Vec<u8>)| {
        format!("{}  {name}\n", hex::encode(Sha256::digest(bytes)))
    };
    files.iter().map(line).collect()
}
