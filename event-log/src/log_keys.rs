//! The keys that the log signs its checkpoints with: apart from the keys of the subjects.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use aws_lc_rs::rand;
use zeroize::Zeroizing;

use crate::{
    durable::{self, Readers},
    last_signed::{LastSigned, LastSignedError},
    transparency::note::{BadKey, Kind, SEED_BYTES, SigningKey, VerifierKey},
};

const LAST_SIGNED: &str = "log-signing.last";
const VERIFIERS: &str = "log-signing.pub";

/// The log's keys, in the order in which their signatures stand: Ed25519 first, which everything
/// verifies, then ML-DSA-44, which is meant to last.
const SECRETS: [(&str, Kind); 2] =
    [("log-signing.ed25519", Kind::Ed25519), ("log-signing.ml-dsa-44", Kind::CosignatureMlDsa44)];

/// The keys of a log, and what they last signed.
#[derive(Debug)]
pub struct LogKeys {
    origin: String,
    keys: Vec<SigningKey>,
    last_signed: LastSigned,
}

/// The log's keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LogKeysError {
    /// There are keys already. New ones would make a new log.
    #[error("there are keys in {0} already")]
    AlreadyThere(PathBuf),
    /// A key is missing that has signed.
    #[error("the signing key {0} is missing, and was used: put it back")]
    Lost(PathBuf),
    /// A key cannot be read or written.
    #[error("could not {doing} {path}")]
    File {
        /// What was being done.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        #[source]
        cause: io::Error,
    },
    /// A file does not hold the key that its name says.
    #[error("{path} does not hold the key of {origin} that it should")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The log.
        origin: String,
    },
    /// The log's name cannot be that of a key.
    #[error("{origin:?} cannot be the name of a log: {cause}")]
    Origin {
        /// The name.
        origin: String,
        /// Why not.
        cause: BadKey,
    },
    /// What was last signed is not known.
    #[error(transparent)]
    LastSigned(#[from] LastSignedError),
    /// The machine has no random bytes.
    #[error("the machine gave no random bytes")]
    NoRandomness,
}

impl LogKeys {
    /// Whether there are keys in this folder, complete or not.
    ///
    /// # Errors
    /// When that cannot be found out.
    pub fn exist(dir: &Path) -> Result<bool, LogKeysError> {
        for (name, _) in SECRETS {
            if is_there(&dir.join(name))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Makes the keys of a new log in `dir`. What an interrupted attempt left is completed; keys that
    /// have signed anything are never replaced.
    ///
    /// # Errors
    /// See [`LogKeysError`].
    pub fn init(dir: &Path, origin: &str) -> Result<Self, LogKeysError> {
        VerifierKey::new(origin, Kind::Ed25519, &[0; 32])
            .map_err(|cause| LogKeysError::Origin { origin: origin.to_owned(), cause })?;
        if is_there(&dir.join(VERIFIERS))? {
            return Err(LogKeysError::AlreadyThere(dir.to_owned()));
        }
        make_private(dir).map_err(|cause| failed("make", dir, cause))?;
        let last_signed = LastSigned::at(dir.join(LAST_SIGNED));
        if Self::exist(dir)? && last_signed.read()?.size > 0 {
            return Err(LogKeysError::AlreadyThere(dir.to_owned()));
        }
        last_signed.init(origin)?;
        for (name, kind) in SECRETS {
            let path = dir.join(name);
            if !is_there(&path)? {
                write_new(&path, origin, kind)?;
            }
        }
        let keys = Self::read(dir, origin)?;
        let path = dir.join(VERIFIERS);
        durable::replace(&path, keys.verifiers_text().as_bytes(), Readers::Anybody)
            .map_err(|cause| failed("write", &path, cause))?;
        Ok(keys)
    }

    /// The keys in `dir`, of the log with this name.
    ///
    /// # Errors
    /// See [`LogKeysError`].
    pub fn open(dir: &Path, origin: &str) -> Result<Self, LogKeysError> {
        let keys = Self::read(dir, origin)?;
        keys.last_signed.read()?;
        Ok(keys)
    }

    fn read(dir: &Path, origin: &str) -> Result<Self, LogKeysError> {
        let mut keys = Vec::with_capacity(SECRETS.len());
        for (name, kind) in SECRETS {
            keys.push(read_secret(dir.join(name), origin, kind)?);
        }
        let last_signed = LastSigned::at(dir.join(LAST_SIGNED));
        Ok(Self { origin: origin.to_owned(), keys, last_signed })
    }

    /// The public keys in `dir`, for whoever has no business with the secret ones.
    ///
    /// # Errors
    /// See [`LogKeysError`].
    pub fn verifiers_in(dir: &Path) -> Result<Vec<VerifierKey>, LogKeysError> {
        let path = dir.join(VERIFIERS);
        let text = fs::read_to_string(&path).map_err(|cause| failed("read", &path, cause))?;
        let keys: Result<_, BadKey> = text.lines().map(str::parse).collect();
        keys.map_err(|_| LogKeysError::Damaged { path, origin: "the log".to_owned() })
    }

    /// The name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The keys, in the order in which they sign.
    pub fn signing(&self) -> &[SigningKey] {
        &self.keys
    }

    /// The public keys, in the same order.
    pub fn verifiers(&self) -> Vec<VerifierKey> {
        self.keys.iter().map(|key| key.verifier().clone()).collect()
    }

    /// What was last signed.
    pub const fn last_signed(&self) -> &LastSigned {
        &self.last_signed
    }

    fn verifiers_text(&self) -> String {
        let lines: Vec<String> = self.keys.iter().map(|key| key.verifier().to_string()).collect();
        lines.join("\n") + "\n"
    }
}

/// The key in a file, which must be of this name and kind.
pub(crate) fn read_secret(
    path: PathBuf,
    name: &str,
    kind: Kind,
) -> Result<SigningKey, LogKeysError> {
    let text = match fs::read_to_string(&path) {
        Ok(text) => Zeroizing::new(text),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            return Err(LogKeysError::Lost(path));
        }
        Err(cause) => return Err(failed("read", &path, cause)),
    };
    SigningKey::from_secret_text(text.trim_end_matches('\n'))
        .ok()
        .filter(|key| (key.verifier().name(), key.verifier().kind()) == (name, kind))
        .ok_or_else(|| LogKeysError::Damaged { path, origin: name.to_owned() })
}

/// Makes a new key in a file that only its owner may read.
pub(crate) fn write_new(path: &Path, origin: &str, kind: Kind) -> Result<(), LogKeysError> {
    let mut seed = Zeroizing::new([0; SEED_BYTES]);
    rand::fill(&mut *seed).map_err(|_| LogKeysError::NoRandomness)?;
    let text = SigningKey::secret_text(origin, kind, &seed)
        .map_err(|cause| LogKeysError::Origin { origin: origin.to_owned(), cause })?;
    let line = Zeroizing::new(format!("{}\n", *text));
    durable::replace(path, line.as_bytes(), Readers::Owner)
        .map_err(|cause| failed("write", path, cause))
}

/// Whether a file is there. One of which that cannot be found out is not taken for absent: a key would be made in its
/// place.
fn is_there(path: &Path) -> Result<bool, LogKeysError> {
    path.try_exists().map_err(|cause| failed("look for", path, cause))
}

fn failed(doing: &'static str, path: &Path, cause: io::Error) -> LogKeysError {
    LogKeysError::File { doing, path: path.to_owned(), cause }
}

/// Makes a folder that only its owner may enter.
pub(crate) fn make_private(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}
