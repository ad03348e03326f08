//! Where the log is: in the data folder, or on a KurrentDB cluster.

use std::path::{Path, PathBuf};

use clap::Args;
use event_log::EventLog;

/// Where the log is, if not in the data folder.
#[derive(Args, Clone, Debug)]
pub struct Cluster {
    /// Where the log is, if not in the data folder: `kurrentdb://USER:PASSWORD@HOST:2113?tls=true`. The
    /// data folder then holds what follows from it (an index, the tree) and, unless told otherwise,
    /// the keys. Any number of servers may share a log; each needs a data folder of its own.
    #[arg(long, env = "CONTACTPOINT_LOG", hide_env_values = true, value_name = "URL")]
    pub log: Option<String>,
    /// How many nodes the cluster has. It is refused while one is missing.
    #[arg(long, value_name = "NUMBER", default_value_t = 3, requires = "log")]
    pub log_nodes: u32,
    /// A file with an operations login, `login:password`: which nodes there are, how they are set up, and
    /// whether they scavenge is checked with it when the log is opened, and every day.
    #[arg(long, env = "CONTACTPOINT_LOG_OPERATOR", value_name = "FILE", requires = "log")]
    pub log_operator: Option<PathBuf>,
    /// Go without these checks: nobody then finds a setting that loses events, or a scavenge under way.
    #[arg(long, requires = "log", conflicts_with = "log_operator")]
    pub log_unchecked: bool,
    /// The scavenges made since the last check were approved. For one start.
    #[arg(long, requires = "log")]
    pub log_scavenges_approved: bool,
    /// The folder of this server's ring of subjects' keys, which no other process may use; without it,
    /// `keys` in the data folder. The first server's is made; the others' are copies of it (`contactpoint
    /// keys copy`).
    #[arg(long, env = "CONTACTPOINT_KEYS", value_name = "DIR", requires = "log")]
    pub keys: Option<PathBuf>,
}

impl Default for Cluster {
    fn default() -> Self {
        Self {
            log: None,
            log_nodes: 3,
            log_operator: None,
            log_unchecked: false,
            log_scavenges_approved: false,
            keys: None,
        }
    }
}

/// Why a log on a cluster was not opened.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// This program was built without.
    #[cfg(not(feature = "kurrentdb"))]
    #[error("this program was built without KurrentDB: build it with --features kurrentdb")]
    NotBuilt,
    /// The file with the operations login.
    #[error("{path} does not hold an operations login, LOGIN:PASSWORD")]
    Operator {
        /// Which file.
        path: PathBuf,
        /// Why it cannot be read, if it cannot.
        #[source]
        cause: Option<std::io::Error>,
    },
    /// There is none, and nobody said that the nodes need not be checked.
    #[cfg(feature = "kurrentdb")]
    #[error(
        "how the cluster's nodes are set up cannot be checked without an operations login: give \
         --log-operator FILE, or take the risk: --log-unchecked"
    )]
    Unchecked,
    /// It was not opened.
    #[cfg(feature = "kurrentdb")]
    #[error(transparent)]
    Log(#[from] event_log::kurrent::log::OpenError),
    /// Its events were not opened.
    #[cfg(feature = "kurrentdb")]
    #[error(transparent)]
    Events(#[from] event_log::kurrent::refusal::OpenError),
}

impl ClusterError {
    /// Whether what is stored contradicts itself or what was known of it.
    #[cfg(feature = "kurrentdb")]
    pub const fn is_contradiction(&self) -> bool {
        use event_log::{
            backend::ReadError, keyring::KeyringError, kurrent::log, kurrent::refusal::OpenError,
        };
        let refusal = match self {
            Self::Log(log::OpenError::Log(refusal)) | Self::Events(refusal) => refusal,
            Self::Log(log::OpenError::Keys(KeyringError::Refused(refusal))) => {
                return refusal.is_contradiction();
            }
            Self::Log(
                log::OpenError::Keys(_)
                | log::OpenError::KeysMissing(_)
                | log::OpenError::Follower(_),
            )
            | Self::Operator { .. }
            | Self::Unchecked => return false,
        };
        matches!(
            refusal,
            OpenError::Read(ReadError::Corrupt { .. })
                | OpenError::OtherInstallation { .. }
                | OpenError::Genesis
        )
    }

    /// Whether what is stored contradicts itself or what was known of it.
    #[cfg(not(feature = "kurrentdb"))]
    pub const fn is_contradiction(&self) -> bool {
        false
    }
}

#[cfg(feature = "kurrentdb")]
mod built {
    use event_log::kurrent::{Expected, Kurrent, Operator, Settings, key_stream::KurrentKeyStream};

    use super::{Cluster, ClusterError, EventLog, Path};

    impl Cluster {
        /// Opens the log on the cluster, if that is where it is.
        ///
        /// # Errors
        /// See [`ClusterError`].
        pub async fn open(
            &self,
            data: &Path,
            origin: &str,
        ) -> Result<Option<EventLog>, ClusterError> {
            let Some(address) = &self.log else { return Ok(None) };
            let settings = self.settings(address, origin, Some(data))?;
            let keys = self.keys.clone().unwrap_or_else(|| data.join("keys"));
            Ok(Some(EventLog::open_on_cluster(&settings, &keys).await?))
        }

        /// Opens the store at an address, to copy from it or into it.
        ///
        /// # Errors
        /// See [`ClusterError`].
        pub async fn store(
            &self,
            address: &str,
            origin: &str,
            begin: bool,
            index: Option<&Path>,
        ) -> Result<Kurrent, ClusterError> {
            let settings = Settings { begin, ..self.settings(address, origin, index)? };
            Ok(Kurrent::open(&settings).await?)
        }

        /// The stream in which the servers' rings of keys say what they do.
        ///
        /// # Errors
        /// When the address cannot be understood.
        pub fn key_stream(address: &str, origin: &str) -> Result<KurrentKeyStream, ClusterError> {
            Ok(KurrentKeyStream::at(&Settings::new(address, origin))?)
        }

        fn settings(
            &self,
            address: &str,
            origin: &str,
            folder: Option<&Path>,
        ) -> Result<Settings, ClusterError> {
            let operator = self.operator()?;
            if operator.is_none() {
                if !self.log_unchecked {
                    return Err(ClusterError::Unchecked);
                }
                tracing::warn!(
                    "How the cluster's nodes are set up is not checked: --log-unchecked"
                );
            }
            let (nodes, scavenges_approved) = (self.log_nodes, self.log_scavenges_approved);
            Ok(Settings {
                index: folder.map(|folder| folder.join("index")),
                expected: Some(Expected { nodes, operator, scavenges_approved }),
                ..Settings::new(address, origin)
            })
        }

        fn operator(&self) -> Result<Option<Operator>, ClusterError> {
            let Some(path) = &self.log_operator else { return Ok(None) };
            let refused = |cause| ClusterError::Operator { path: path.clone(), cause };
            let text = std::fs::read_to_string(path).map_err(|cause| refused(Some(cause)))?;
            Operator::parse(&text).map(Some).ok_or_else(|| refused(None))
        }
    }
}

#[cfg(not(feature = "kurrentdb"))]
impl Cluster {
    /// Opens the log on the cluster, if that is where it is: this program cannot.
    ///
    /// # Errors
    /// If it is there.
    #[expect(clippy::unused_async, reason = "built with KurrentDB, it asks the cluster")]
    pub async fn open(
        &self,
        _data: &Path,
        _origin: &str,
    ) -> Result<Option<EventLog>, ClusterError> {
        if self.log.is_some() { Err(ClusterError::NotBuilt) } else { Ok(None) }
    }
}
