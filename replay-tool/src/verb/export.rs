//! `replay export`: the log, or a part of it, as files for others. One file for each form.

mod bundle;
mod tiles;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::{
    cli::{Global, words},
    outcome::{Answer, Failure},
    source::is_data_folder,
};

/// Writes the log into a folder, for people who have no access to the service. It can be interrupted; the
/// same command goes on where it was, and never overwrites a file with other bytes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// In what form.
    // The same name as that of the global argument, which it replaces here; so the same type, too.
    #[arg(long, default_value = "tiles", value_parser = words::<Form>(), value_name = "FORM")]
    format: String,
    /// The folder to write. It is made if there is none.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    tiles: tiles::Range,
    #[command(flatten)]
    bundle: bundle::Choice,
}

/// A form of export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A folder as C2SP tlog-tiles describes it, with checkpoints, public keys, and a page that says how to
    /// check it with other people's tools.
    Tiles,
    /// Chosen events as a `BagIt` folder (RFC 8493) for a court: entries with proofs, and for those whose keys are
    /// given the sealed values, the key of that one event and what it says.
    Bundle,
}

pub(crate) async fn run(global: &Global, arguments: &Arguments) -> Result<Answer, Failure> {
    let form = Form::from_str(&arguments.format, false)
        .map_err(|_| Failure::Usage("the form of an export stands after `export`".to_owned()))?;
    // What is written is for others, and in a data folder it would lie among the private keys.
    if is_data_folder(&arguments.out)? {
        let out = arguments.out.display();
        return Err(Failure::Usage(format!(
            "{out} is a data folder: choose another for the export"
        )));
    }
    match form {
        Form::Tiles => tiles::run(global, &arguments.out, &arguments.tiles).await,
        Form::Bundle => bundle::run(global, &arguments.out, &arguments.bundle).await,
    }
}
