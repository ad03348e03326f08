//! The arguments; the help is the manual.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand, ValueEnum, builder::PossibleValuesParser};

use crate::{
    outcome::{Answer, Failure, conclude},
    print::{Format, say},
    verb,
};

const MANUAL: &str = "\
By itself the tool shows handles, codes and dates: that is all the log holds in the open. To show names and
words it needs keys, and there are two ways to them:

  --unseal-via URL --token T --reason TEXT
        asks the running server for the keys of exactly the events about to be shown. The server first records
        the question, the reason and the events (AuditTrailQueried), then answers. This is the proper way.
  --keys FILE
        takes keys that the service gave out (the answer of POST /events/keys) from a file, for an offline copy of
        the log. The service does not learn of this look, and the output says so.

A value for which no key is at hand reads (sealed), on a screen `sealed`. That it was erased is said only of
somebody whose erasure the log records: (erased on DAY under GROUNDS), on a screen `erased`.

The tool has no code path that writes to a log. Data goes to standard output, everything else to standard error.

Exit codes: 0 as asked · 1 runtime error · 2 usage · 3 nothing matched · 4 the log is not as claimed ·
            5 incomplete source · 6 denied by the server · 130 interrupted ·
            141 nobody reads the answer any more";

/// The investigators' tool: replays a ContactPoint log. Reads only.
#[derive(Debug, Parser)]
#[command(name = "replay", version, after_long_help = MANUAL, max_term_width = 110)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

/// What every verb takes.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// The data folder of the service, or a copy of it.
    #[arg(long, global = true, env = "CONTACTPOINT_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// The log on a KurrentDB cluster, if it is there: `kurrentdb://USER:PASSWORD@HOST:2113?tls=true`,
    /// with a user that may read it.
    #[arg(
        long,
        global = true,
        env = "CONTACTPOINT_LOG",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(crate) log: Option<String>,
    /// The name of the log on the cluster.
    #[arg(
        long,
        global = true,
        env = "CONTACTPOINT_ORIGIN",
        value_name = "NAME",
        default_value = "contactpoint.example/log"
    )]
    pub(crate) origin: String,
    /// How to write the answer.
    // By its word, since `export` has words of its own under the same name.
    #[arg(long, global = true, default_value = "table", value_parser = words::<Format>(),
        value_name = "FORMAT")]
    format: String,
    /// Keys that the service gave out (`POST /events/keys`), for an offline copy. It does not learn of this look.
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "unseal_via")]
    pub(crate) keys: Option<PathBuf>,
    /// The running server to ask for the keys of the events about to be shown.
    #[arg(long, global = true, value_name = "URL", requires = "reason")]
    pub(crate) unseal_via: Option<String>,
    /// The sign-in token to ask with.
    #[arg(
        long,
        global = true,
        env = "CONTACTPOINT_TOKEN",
        hide_env_values = true,
        value_name = "T"
    )]
    pub(crate) token: Option<String>,
    /// Why the names are needed. Recorded, sealed, by the server.
    #[arg(long, global = true, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// The reason's code, from the list in the policy.
    #[arg(long, global = true, default_value = "audit", value_name = "CODE")]
    pub(crate) reason_code: String,
    /// No progress and no remarks on standard error, but that an answer was cut off.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

impl Global {
    /// How to write the answer.
    pub(crate) fn format(&self) -> Format {
        Format::from_str(&self.format, false).unwrap_or_default()
    }

    /// Says something about the answer, unless told to be quiet.
    pub(crate) fn remark(&self, text: &str) {
        if !self.quiet {
            say(text);
        }
    }
}

/// Takes the words of an enumeration, and shows them in the help.
pub(crate) fn words<E: ValueEnum>() -> PossibleValuesParser {
    PossibleValuesParser::new(E::value_variants().iter().filter_map(E::to_possible_value))
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// What happened, in order, filtered.
    Log(verb::log::Arguments),
    /// A stream's state at a time or position.
    At(verb::at::Arguments),
    /// Everyone who saw a child's record: openings, result lists, refusals, overrides.
    Trail(verb::trail::Arguments),
    /// Every record a practitioner saw or asked for.
    SeenBy(verb::seen_by::Arguments),
    /// Exactly what a disclosure showed, rebuilt from what it relied on.
    Screen(verb::screen::Arguments),
    /// Why an event came out as it did: rule, policy, conditions, and the decision made again.
    Explain(verb::explain::Arguments),
    /// A child's shield: each decision with grounds, rationale, views, decider, before and after.
    Shielding(verb::shielding::Arguments),
    /// Whether read models hold what the log makes of them.
    Compare(verb::compare::Arguments),
    /// Whether a log, an exported folder or a receipt is what it claims to be.
    Verify(verb::verify::Arguments),
    /// How a subject came to be erased, or is held; and the certificate, made or checked.
    Erasure(verb::erasure::Arguments),
    /// A receipt for an event: a `.tlog-proof` that convinces without the log.
    Prove(verb::prove::Arguments),
    /// The log, or a part of it, as files for others.
    Export(verb::export::Arguments),
    /// Watches logs of others, and cosigns what goes on from what it has seen of them.
    Witness(verb::witness::Arguments),
}

/// Parses the arguments, runs the verb, and ends with the exit code that says how it went.
pub(crate) fn run() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => {
            say(&format!("the runtime could not be started: {cause}"));
            return ExitCode::from(1);
        }
    };
    let (code, text) = conclude(runtime.block_on(dispatch(&cli.global, cli.verb)));
    if let Some(text) = text {
        say(&format!("replay: {text}"));
    }
    code
}

async fn dispatch(global: &Global, verb: Verb) -> Result<Answer, Failure> {
    match verb {
        Verb::Log(arguments) => verb::log::run(global, &arguments).await,
        Verb::At(arguments) => verb::at::run(global, &arguments).await,
        Verb::Trail(arguments) => verb::trail::run(global, &arguments).await,
        Verb::SeenBy(arguments) => verb::seen_by::run(global, &arguments).await,
        Verb::Screen(arguments) => verb::screen::run(global, &arguments).await,
        Verb::Explain(arguments) => verb::explain::run(global, &arguments).await,
        Verb::Shielding(arguments) => verb::shielding::run(global, &arguments).await,
        Verb::Compare(arguments) => verb::compare::run(global, &arguments).await,
        Verb::Verify(arguments) => verb::verify::run(global, &arguments).await,
        Verb::Erasure(arguments) => verb::erasure::run(global, &arguments).await,
        Verb::Export(arguments) => verb::export::run(global, &arguments).await,
        Verb::Prove(arguments) => verb::prove::run(global, &arguments).await,
        Verb::Witness(arguments) => verb::witness::run(global, &arguments).await,
    }
}
