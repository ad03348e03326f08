//! `replay verify`: whether a log, an exported folder or a receipt is what it claims to be.

mod data;
mod folder;
pub(in crate::verb) mod policy;
mod receipt;
mod resuming;
mod time_stamps;

use std::path::PathBuf;

use clap::Args;

use crate::{
    cli::Global,
    outcome::{Answer, Failure},
    source::is_data_folder,
};

/// Checks all there is to check, and names the first bad position and what it looks like. Needs no server and no
/// network; changes nothing. Exit code 4 if something is not as claimed.
///
/// Of a data folder (--data DIR): every entry and its links, every sealed section against the hash in its entry,
/// with --keys the keys against their commitments; the tree rebuilt and compared with every tile and every checkpoint;
/// the signatures of all checkpoints; what was last signed. Of a log on a cluster (--log URL): the same, if the data
/// folder of the server that signs is named as well; else the entries by themselves, against what --compare names. Of an
/// exported folder: the same, as far as it goes. Of a `.tlog-proof`: that its entry is in the log.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// An exported folder, or a `.tlog-proof`. Without it: the data folder.
    #[arg(value_name = "PATH")]
    what: Option<PathBuf>,
    /// Whom to believe: a tlog-policy file, had from elsewhere. Without it a data folder or an exported one is
    /// checked against the keys that lie in it, which shows only that it agrees with itself.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// A checkpoint or receipt that somebody kept from an earlier day: this must be the same log. May be given
    /// several times.
    #[arg(long, value_name = "FILE")]
    compare: Vec<PathBuf>,
    /// The certificates of the authority that time-stamped checkpoints (PEM, its own first, the root last), had from
    /// elsewhere: each time-stamp must be its.
    #[arg(long, value_name = "FILE")]
    time_stamp_authority: Option<PathBuf>,
    /// Of a receipt: the entry, if the receipt does not hold it.
    #[arg(long, value_name = "FILE")]
    entry: Option<PathBuf>,
    /// Note here how far it came, so that the same command goes on there after an interruption. Removed at the end.
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
}

pub(crate) async fn run(global: &Global, arguments: &Arguments) -> Result<Answer, Failure> {
    let Some(path) = &arguments.what else {
        return data::run(global, arguments).await;
    };
    let about = std::fs::metadata(path)
        .map_err(|cause| Failure::Usage(format!("{}: {cause}", path.display())))?;
    if !about.is_dir() {
        return receipt::run(global, path, arguments);
    }
    if is_data_folder(path)? {
        return Err(Failure::Usage(format!(
            "{0} is a data folder: say `replay --data {0} verify`",
            path.display()
        )));
    }
    folder::run(global, path, arguments)
}
