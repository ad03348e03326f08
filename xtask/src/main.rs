//! Checks that the compiler does not make, and generated documents.
//!
//! `cargo run -q -p xtask -- tidy` · `cargo run -q -p xtask -- events [--check]`

mod events_catalogue;
mod rust_text;
mod stored_event;
mod tidy;
mod tree;

use std::{
    env,
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
};

use anyhow::Context as _;

const USAGE: &str = "usage: xtask tidy | xtask events [--check]";

fn main() -> anyhow::Result<ExitCode> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no parent")?;
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut out = io::stdout().lock();
    match words.as_slice() {
        ["tidy"] => {
            let findings = tidy::run(root)?;
            for finding in &findings {
                writeln!(out, "{finding}")?;
            }
            writeln!(out, "tidy: {} findings", findings.len())?;
            Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        ["events"] => {
            events_catalogue::write(root)?;
            writeln!(out, "written: {}", events_catalogue::DOCUMENT)?;
            Ok(ExitCode::SUCCESS)
        }
        ["events", "--check"] => {
            let current = events_catalogue::is_current(root)?;
            let verdict = if current { "is current" } else { "is out of date: run xtask events" };
            writeln!(out, "{} {verdict}", events_catalogue::DOCUMENT)?;
            Ok(if current { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        _ => {
            writeln!(io::stderr(), "{USAGE}")?;
            Ok(ExitCode::from(2))
        }
    }
}
