//! The ContactPoint server. `contactpoint --help` says what it does.

use std::process::ExitCode;

fn main() -> ExitCode {
    api::cli::run()
}
