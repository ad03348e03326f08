//! `contactpoint keys rings` and `contactpoint keys strike-off`.

use clap::Args;
use uuid::Uuid;

use crate::{cli::Failure, configuration::DEFAULT_ORIGIN};

/// Where the stream of keys is.
#[derive(Args)]
struct Where {
    /// Where the log is: `kurrentdb://USER:PASSWORD@HOST:2113?tls=true`.
    #[arg(long, env = "CONTACTPOINT_LOG", hide_env_values = true, value_name = "URL")]
    log: String,
    /// The name of the log.
    #[arg(long, env = "CONTACTPOINT_ORIGIN", value_name = "NAME", default_value = DEFAULT_ORIGIN)]
    origin: String,
}

/// Say which rings of keys the servers of a log on a cluster have, and how far each has followed.
///
/// A ring that is behind holds every erasure up. Beside running servers, and without one.
#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    place: Where,
    /// One JSON value instead of a table.
    #[arg(long)]
    json: bool,
}

/// Put on record that the folder of a ring of keys is destroyed, so that no erasure waits for it any more.
///
/// Only when it is true: what was erased since the ring last followed can still be opened with that folder. It is never
/// let in again; a server that comes back needs a new ring (`contactpoint keys copy`).
#[derive(Args)]
pub(super) struct StrikeOff {
    /// Which ring.
    ring: Uuid,
    /// The handle of the member of staff who says that its folder is destroyed.
    #[arg(long, value_name = "HANDLE")]
    by: Uuid,
    #[command(flatten)]
    place: Where,
}

#[cfg(feature = "kurrentdb")]
mod built {
    use std::io::Write;

    use event_log::{keyring::replicated::rings::Rings, kurrent::key_stream::KurrentKeyStream};
    use serde_json::json;

    use super::{Failure, List, StrikeOff, Where};
    use crate::cluster::Cluster;

    impl Where {
        fn stream(&self) -> Result<KurrentKeyStream, Failure> {
            Ok(Cluster::key_stream(&self.log, &self.origin)?)
        }
    }

    impl List {
        pub(in crate::cli::keys) fn run(self) -> Result<(), Failure> {
            let rings = Rings::of(&self.place.stream()?, &self.place.origin)?;
            let behind = rings.behind();
            let mut out = std::io::stdout();
            if self.json {
                let all: Vec<_> = rings
                    .all()
                    .map(|(ring, member)| {
                        json!({
                            "ring": ring,
                            "joined": member.joined,
                            "followed": member.followed,
                            "struck_off": member.struck_off,
                            "behind": behind.contains(&ring),
                        })
                    })
                    .collect();
                writeln!(out, "{}", json!({ "rings": all }))?;
                return Ok(());
            }
            writeln!(out, "{:<36}  {:>10}  {:>10}  standing", "ring", "joined", "followed")?;
            for (ring, member) in rings.all() {
                let standing = match member.struck_off {
                    Some(revision) => format!("struck off at {revision}"),
                    None if behind.contains(&ring) => "behind: erasures wait for it".to_owned(),
                    None => "up to date".to_owned(),
                };
                let (joined, followed) = (member.joined, member.followed);
                writeln!(out, "{ring}  {joined:>10}  {followed:>10}  {standing}")?;
            }
            Ok(())
        }
    }

    impl StrikeOff {
        pub(in crate::cli::keys) fn run(self) -> Result<(), Failure> {
            let stream = self.place.stream()?;
            Rings::of(&stream, &self.place.origin)?.strike_off(&stream, self.ring, self.by)?;
            writeln!(std::io::stdout(), "{} is struck off", self.ring)?;
            Ok(())
        }
    }
}

#[cfg(not(feature = "kurrentdb"))]
mod not_built {
    use super::{Failure, List, StrikeOff, Where};
    use crate::cluster::ClusterError;

    fn not_built(place: &Where) -> Failure {
        let Where { log: _, origin: _ } = place;
        ClusterError::NotBuilt.into()
    }

    impl List {
        pub(in crate::cli::keys) fn run(self) -> Result<(), Failure> {
            let Self { place, json: _ } = self;
            Err(not_built(&place))
        }
    }

    impl StrikeOff {
        pub(in crate::cli::keys) fn run(self) -> Result<(), Failure> {
            let Self { ring: _, by: _, place } = self;
            Err(not_built(&place))
        }
    }
}
