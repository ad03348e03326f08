//! How the server says it is set up, and what it says of its house-keeping.

use std::collections::BTreeMap;

/// What can be asked about the server. By default everything is as it should be.
#[derive(Clone, Debug)]
pub struct Options {
    /// Its version.
    pub version: String,
    /// What `/info/options` answers, by name.
    pub flags: BTreeMap<&'static str, String>,
    /// The most bytes in one append.
    pub most_append: u32,
    /// Whether a scavenge runs.
    pub scavenging: bool,
    /// Whether scavenges start by themselves.
    pub auto_scavenge: bool,
    /// By how many seconds the server's clock is ahead.
    pub clock_ahead_seconds: i64,
}

/// The most bytes in one append: the default up to 25.0.
const MOST_APPEND: u32 = 1_048_576;

impl Default for Options {
    fn default() -> Self {
        let off = [
            "UnsafeDisableFlushToDisk",
            "UnsafeIgnoreHardDelete",
            "MemDb",
            "Insecure",
            "DisableTls",
            "AllowAnonymousEndpointAccess",
            "AllowAnonymousStreamAccess",
            "SkipDbVerify",
            "EnableUnixSocket",
            "AutoScavenge:Enabled",
            "Archive:Enabled",
        ];
        let mut flags: BTreeMap<_, _> =
            off.into_iter().map(|name| (name, "False".to_owned())).collect();
        flags.insert("ClusterSize", "1".to_owned());
        flags.insert("RunProjections", "None".to_owned());
        flags.insert("TelemetryOptout", "True".to_owned());
        flags.insert("MaxAppendSize", MOST_APPEND.to_string());
        Self {
            version: "25.1.0".to_owned(),
            flags,
            most_append: MOST_APPEND,
            scavenging: false,
            auto_scavenge: false,
            clock_ahead_seconds: 0,
        }
    }
}
