//! Where an operator says that read models are kept.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

use super::{Embedded, Redis, Store, StoreError};

/// Where read models are kept: `embedded`, an address such as `redis://host:6379/0`, or a folder.
#[derive(Clone, PartialEq, Eq)]
pub enum Place {
    /// In a file in the data folder.
    DataFolder,
    /// In a file in another folder.
    Folder(PathBuf),
    /// On a Redis server, at this address. It may hold a password, and is never printed.
    Redis(String),
}

impl Place {
    /// What kind of place it is: the word for logs and answers.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::DataFolder | Self::Folder(_) => "embedded",
            Self::Redis(_) => "redis",
        }
    }

    /// Opens the store. Call it inside a runtime.
    ///
    /// # Errors
    /// When the file cannot be opened, or the address is none. A server that does not answer is found
    /// out when it is asked something.
    pub fn open(&self, data: &Path) -> Result<Arc<dyn Store>, StoreError> {
        Ok(match self {
            Self::DataFolder => Arc::new(Embedded::open(data)?),
            Self::Folder(folder) => Arc::new(Embedded::open(folder)?),
            Self::Redis(address) => Arc::new(Redis::at(address)?),
        })
    }

    /// Opens the store, but makes none where there is none.
    ///
    /// # Errors
    /// As [`Place::open`], and when there is no file.
    pub fn open_existing(&self, data: &Path) -> Result<Arc<dyn Store>, StoreError> {
        Ok(match self {
            Self::DataFolder => Arc::new(Embedded::open_existing(data)?),
            Self::Folder(folder) => Arc::new(Embedded::open_existing(folder)?),
            Self::Redis(address) => Arc::new(Redis::at(address)?),
        })
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => f.debug_tuple("Folder").field(folder).finish(),
            Self::DataFolder | Self::Redis(_) => f.write_str(self.kind()),
        }
    }
}

/// The text names no place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give `embedded`, a folder, or the address of a Redis server: redis://host:port/0")]
pub struct NoPlace;

/// The beginnings of addresses that the client understands.
const SCHEMES: [&str; 4] = ["redis://", "redis+unix://", "unix://", "rediss://"];

impl FromStr for Place {
    type Err = NoPlace;
    fn from_str(text: &str) -> Result<Self, NoPlace> {
        if text.is_empty() {
            Err(NoPlace)
        } else if text == "embedded" {
            Ok(Self::DataFolder)
        } else if SCHEMES.iter().any(|scheme| text.starts_with(scheme)) {
            Ok(Self::Redis(text.to_owned()))
        } else if text.contains("://") {
            Err(NoPlace)
        } else {
            Ok(Self::Folder(PathBuf::from(text)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_and_a_password_is_not_printed() {
        assert_eq!("embedded".parse(), Ok(Place::DataFolder));
        assert_eq!("dir/of mine".parse(), Ok(Place::Folder(PathBuf::from("dir/of mine"))));
        let secret: Place = "redis://:hunter2@localhost:6379/0".parse().unwrap();
        assert!(matches!(&secret, Place::Redis(_)));
        assert!(!format!("{secret:?}").contains("hunter2"));
        for wrong in ["", "http://localhost", "mongodb://x"] {
            assert_eq!(wrong.parse::<Place>(), Err(NoPlace), "{wrong}");
        }
    }
}
