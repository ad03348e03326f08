//! The command line.

mod copy;
mod demo;
mod generate;
mod keys;
mod read_models;
mod serve;
mod set_up;
mod token;

use std::{io::Write, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::startup::StartError;

/// The server of the ContactPoint directory.
///
/// Every change and every look is an event in an append-only log, written before anything is shown.
#[derive(Parser)]
#[command(name = "contactpoint", version, arg_required_else_help = true, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  could not be done; the message says why
  2  the command line cannot be understood
  3  there is no development issuer in the data folder (token)
  4  the log contradicts itself or what was signed (serve, demo); the two builds differ
     (read-models compare)
  130  interrupted; nothing is lost, and the same command goes on";

#[derive(Subcommand)]
enum Command {
    Copy(copy::Copy),
    Demo(demo::Demo),
    Generate(generate::Generate),
    Keys(keys::Keys),
    ReadModels(read_models::ReadModels),
    Serve(Box<serve::Serve>),
    SetUp(set_up::SetUp),
    Token(token::Token),
}

/// A command could not be carried out.
struct Failure {
    code: u8,
    cause: anyhow::Error,
}

impl Failure {
    /// One with an exit code of its own.
    fn with_code(code: u8, cause: anyhow::Error) -> Self {
        Self { code, cause }
    }

    fn of_serving(error: StartError) -> Self {
        Self { code: if error.is_contradiction() { 4 } else { 1 }, cause: error.into() }
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(cause: E) -> Self {
        Self { code: 1, cause: cause.into() }
    }
}

/// Does what the command line says.
pub fn run() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Copy(copy) => copy.run(),
        Command::Demo(demo) => demo.run(),
        Command::Generate(generate) => generate.run(),
        Command::Keys(keys) => keys.run(),
        Command::ReadModels(read_models) => read_models.run(),
        Command::Serve(serve) => serve.run(),
        Command::SetUp(set_up) => set_up.run(),
        Command::Token(token) => token.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure { code, cause }) => {
            // Nothing is left to be done if even the complaint cannot be written.
            writeln!(std::io::stderr(), "contactpoint: {cause:#}").ok();
            ExitCode::from(code)
        }
    }
}
