//! The double as a process, for clients in other languages and for trying things out.

use std::{io::Write, path::PathBuf};

use clap::Parser;
use kurrentdb_double::{Double, log::Log};

/// Serve KurrentDB's protocol over a log in memory. For tests: it keeps nothing, unless told to.
#[derive(Parser)]
struct Arguments {
    /// The port of each node on 127.0.0.1; 0 takes any free one.
    #[arg(long, value_name = "PORT", default_values_t = [2113])]
    port: Vec<u16>,
    /// A file to keep the log in.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Ask nobody who they are, as a server with Insecure does.
    #[arg(long)]
    insecure: bool,
}

fn main() -> std::io::Result<()> {
    let arguments = Arguments::parse();
    let log = arguments.file.as_deref().map_or_else(Log::new, Log::at);
    let double = Double::over(log, &arguments.port);
    if arguments.insecure {
        double.access().insecure = true;
        double.options().flags.insert("Insecure", "True".to_owned());
    }
    let mut out = std::io::stdout();
    writeln!(out, "{}", double.connection())?;
    out.flush()?;
    let threads = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    threads.block_on(tokio::signal::ctrl_c())
}
