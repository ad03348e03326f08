//! Rings in folders over one stream in memory; and somebody who writes there what no ring would.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use aws_lc_rs::{
    aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest, hkdf,
};
use event_log::keyring::{
    Keyring, KeyringError, Refusal, State,
    replicated::{
        memory::MemoryKeyStream,
        rings::Rings,
        stream::{KeyStream, NewChange},
    },
};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) const ORIGIN: &str = "test.example/log";

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(crate) struct World {
    pub(crate) stream: Arc<MemoryKeyStream>,
    folder: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        // In memory where the machine has such a folder: each commit is made durable several times over.
        let memory = Path::new("/dev/shm");
        let folder =
            if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.unwrap();
        Self { stream: Arc::default(), folder }
    }

    /// Rings that have joined, and are open: the first founded the stream.
    pub(crate) fn with_rings<const N: usize>() -> (Self, [Keyring; N]) {
        let world = Self::new();
        drop(world.open("0").unwrap());
        let names: [String; N] = std::array::from_fn(|ring| ring.to_string());
        for name in names.iter().skip(1) {
            world.copy("0", name).unwrap();
        }
        let rings = names.map(|name| world.open(&name).unwrap());
        for ring in &rings {
            ring.follow().unwrap();
        }
        (world, rings)
    }

    pub(crate) fn dir(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Opens a ring. A destruction waits for nobody.
    pub(crate) fn open(&self, name: &str) -> Result<Keyring, KeyringError> {
        let stream = Arc::clone(&self.stream) as Arc<dyn KeyStream>;
        Keyring::open_among_others(&self.dir(name), ORIGIN, stream, Duration::ZERO)
    }

    pub(crate) fn copy(&self, from: &str, to: &str) -> Result<Uuid, KeyringError> {
        Keyring::copy(&self.dir(from), &self.dir(to), ORIGIN)
    }

    /// Copies a folder by hand, as no operator should, or as a backup does.
    pub(crate) fn copy_by_hand(&self, from: &str, to: &str) {
        fs::create_dir_all(self.dir(to)).unwrap();
        for file in fs::read_dir(self.dir(from)).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), self.dir(to).join(file.file_name())).unwrap();
        }
    }

    pub(crate) fn events(&self) -> Vec<Value> {
        let all = self.stream.everything();
        all.iter().map(|bytes| serde_json::from_slice(bytes).unwrap()).collect()
    }

    /// The kinds of all events, in order.
    pub(crate) fn kinds(&self) -> Vec<String> {
        let kind = |event: &Value| event["what"]["type"].as_str().unwrap().to_owned();
        self.events().iter().map(kind).collect()
    }

    /// Writes an event in the name of a ring, as no ring would.
    pub(crate) fn write(&self, ring: Uuid, what: &Value) {
        self.write_as(&json!({ "ring": ring, "session": id(0xe) }), what);
    }

    pub(crate) fn write_as(&self, from: &Value, what: &Value) {
        let all = self.stream.everything();
        let prev = all.last().map(|bytes| hex::encode(sha256(bytes)));
        let event = json!({ "v": 1, "prev": prev, "from": from, "what": what });
        self.write_bytes(event.to_string().into_bytes());
    }

    pub(crate) fn write_bytes(&self, bytes: Vec<u8>) {
        let revision = self.stream.everything().len() as u64;
        let new = NewChange { id: Uuid::from_u128(u128::from(revision)), kind: "test", bytes };
        assert!(self.stream.append(revision, &new).unwrap());
    }

    pub(crate) fn strike_off(&self, ring: Uuid) -> Result<(), KeyringError> {
        Rings::of(&*self.stream, ORIGIN)?.strike_off(&*self.stream, ring, id(0xb0b))
    }

    /// The transport key in a folder.
    pub(crate) fn transport(&self, name: &str, epoch: u32) -> [u8; 32] {
        secret(&self.dir(name).join(format!("transport-{epoch}.key")))
    }
}

pub(crate) fn secret(file: &Path) -> [u8; 32] {
    fs::read(file).unwrap().try_into().unwrap()
}

/// What a ring has of these subjects: the commitments of their keys.
pub(crate) fn keys(ring: &Keyring, subjects: &[u128]) -> Vec<Option<[u8; 32]>> {
    let key = |subject: &u128| ring.key(id(*subject)).unwrap().map(|key| key.commitment());
    subjects.iter().map(key).collect()
}

pub(crate) fn states(ring: &Keyring, subjects: &[u128]) -> Vec<Option<State>> {
    subjects.iter().map(|subject| ring.state(id(*subject)).unwrap()).collect()
}

pub(crate) fn refusal<T: std::fmt::Debug>(result: Result<T, KeyringError>) -> Refusal {
    match result {
        Err(KeyringError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn contradicts<T: std::fmt::Debug>(result: Result<T, KeyringError>, at: u64) {
    let refusal = refusal(result);
    let Refusal::Contradiction { revision, .. } = refusal else { panic!("{refusal:?}") };
    assert_eq!(revision, at);
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    digest::digest(&digest::SHA256, bytes).as_ref().try_into().unwrap()
}

/// The commitment to a key, as the format has it.
pub(crate) fn commitment(key: &[u8; 32]) -> [u8; 32] {
    sha256(&[b"kc1", &key[..]].concat())
}

fn with_lengths(parts: &[&[u8]]) -> Vec<u8> {
    let part = |part: &&[u8]| [&u32::try_from(part.len()).unwrap().to_be_bytes(), *part].concat();
    parts.iter().flat_map(part).collect()
}

/// The next transport key, worked out from the written format alone.
pub(crate) fn ratchet(transport: &[u8; 32], epoch: u32) -> [u8; 32] {
    let info = with_lengths(&[b"transport1", ORIGIN.as_bytes(), &epoch.to_be_bytes()]);
    let mut next = [0; 32];
    hkdf::Salt::new(hkdf::HKDF_SHA256, &[])
        .extract(transport)
        .expand(&[&info], hkdf::HKDF_SHA256)
        .unwrap()
        .fill(&mut next)
        .unwrap();
    next
}

fn place(epoch: u32, subject: Uuid) -> Vec<u8> {
    let label = b"contactpoint carried key 1";
    with_lengths(&[label, ORIGIN.as_bytes(), &epoch.to_be_bytes(), subject.as_bytes()])
}

fn cipher(key: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM_SIV, key).unwrap())
}

/// A key as it is carried, sealed from the written format alone.
pub(crate) fn carried(transport: &[u8; 32], epoch: u32, subject: Uuid, key: &[u8; 32]) -> Value {
    let (nonce, mut sealed) = ([7; NONCE_LEN], key.to_vec());
    let aad = Aad::from(place(epoch, subject));
    let unique = Nonce::assume_unique_for_key(nonce);
    cipher(transport).seal_in_place_append_tag(unique, aad, &mut sealed).unwrap();
    let wrapped = hex::encode([&nonce[..], &sealed].concat());
    json!({ "subject": subject, "commitment": hex::encode(commitment(key)), "wrapped": wrapped })
}

/// The key that was carried, if it opens under this one.
pub(crate) fn unpack(transport: &[u8; 32], epoch: u32, carried: &Value) -> Option<[u8; 32]> {
    let wrapped = hex::decode(carried["wrapped"].as_str()?).ok()?;
    let (nonce, sealed) = wrapped.split_first_chunk::<NONCE_LEN>()?;
    let mut sealed = sealed.to_vec();
    let subject = carried["subject"].as_str()?.parse().ok()?;
    let aad = Aad::from(place(epoch, subject));
    let unique = Nonce::assume_unique_for_key(*nonce);
    let opened = cipher(transport).open_in_place(unique, aad, &mut sealed).ok()?;
    <[u8; 32]>::try_from(&*opened).ok()
}
