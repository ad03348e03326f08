//! `replay`: reads a ContactPoint log, and never writes one.

mod cells;
mod cli;
mod erased;
mod interrupt;
mod outcome;
mod print;
mod progress;
mod scan;
mod sealed;
mod source;
mod unseal;
mod verb;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
