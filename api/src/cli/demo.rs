//! `contactpoint demo`.

use std::{
    fs,
    io::Write,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use clap::Args;

use super::Failure;
use crate::{
    by_the_clock::Daily,
    cluster::Cluster,
    configuration::{ClockKind, Configuration, DEFAULT_ORIGIN},
    demonstration::{self, Loaded, Visitor, tour},
    directory::{Directory, Keeping},
    identity::{self, TokenRequest},
    logging,
    publication::{self, SignedBy},
    startup,
};

/// For how many days a visitor's token holds.
const TOKEN_DAYS: u64 = 30;

/// Serve a directory with a history to look into, and say what is worth trying.
///
/// The history runs from 26 January to 22 June 2009, and the clock goes on from there. It is loaded
/// once into the data folder; what you do stays there, too. Sign-in tokens are issued by the
/// development issuer and written beside the log: this is for trying out, never for real children.
#[derive(Args)]
pub(super) struct Demo {
    /// The data folder. It is made if there is none.
    #[arg(long, env = "CONTACTPOINT_DATA", value_name = "DIR", default_value = "demo-data")]
    data: PathBuf,
    /// The address to listen on; port 0 takes any free one.
    #[arg(
        long,
        env = "CONTACTPOINT_LISTEN",
        value_name = "ADDR",
        default_value = "127.0.0.1:8009"
    )]
    listen: SocketAddr,
}

impl Demo {
    pub(super) fn run(self) -> Result<(), Failure> {
        // What a visitor is told is not to be drowned in what a server says.
        let _written = logging::to_standard_error("error");
        fs::create_dir_all(&self.data)?;
        let data = fs::canonicalize(&self.data)?;
        let configuration = Configuration {
            data,
            listen: self.listen,
            origin: DEFAULT_ORIGIN.to_owned(),
            cluster: Cluster::default(),
            audience: None,
            jwks: Vec::new(),
            development_issuer: true,
            clock: ClockKind::Demonstration,
            read_models: Keeping::default(),
            signed_by: SignedBy::default(),
            witnesses: Vec::new(),
            time_stamping: None,
            daily: Daily::Never,
        };
        let loaded = load(&configuration)?;
        identity::open_or_create(&configuration.data)?;
        let visitors = sign_in(&configuration.data)?;
        let data = configuration.data.clone();
        let served = startup::serve_until_told_to_stop(&configuration, |address| {
            let welcome = tour::welcome(&data, address, loaded, &visitors, &replay());
            // Nobody may be there to read it.
            std::io::stdout().write_all(welcome.as_bytes()).ok();
        });
        served.map_err(Failure::of_serving)
    }
}

/// Loads the history, or what is missing of it, and closes the log again.
fn load(configuration: &Configuration) -> Result<Loaded, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let loaded = runtime.block_on(async {
        let options = configuration.log_options();
        let keeping = Keeping::default();
        let directory =
            Directory::open(&configuration.data, &options, ClockKind::System, &keeping).await?;
        let loaded = demonstration::load(&directory).await?;
        publication::make_keys(&configuration.data, &configuration.origin)?;
        directory.close().await;
        Ok::<_, anyhow::Error>(loaded)
    })?;
    Ok(loaded)
}

/// A token for each visitor, in a file that only the owner of the data folder reads.
fn sign_in(data: &Path) -> Result<Vec<(Visitor, String)>, Failure> {
    let folder = data.join("tokens");
    fs::create_dir_all(&folder)?;
    let mut visitors = Vec::new();
    for visitor in demonstration::visitors() {
        let request = TokenRequest {
            person: visitor.person,
            role: visitor.role,
            organisation: visitor.organisation,
            on_behalf_of: None,
            audience: None,
            seconds: TOKEN_DAYS.saturating_mul(86_400),
            second_factor: true,
        };
        let token = identity::issue(data, &request)?;
        private(&folder.join(visitor.word), &token)?;
        visitors.push((visitor, token));
    }
    Ok(visitors)
}

fn private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

/// How the investigators' tool is called from here: through cargo if this was, else as the program
/// beside this one.
fn replay() -> String {
    if let Some(here) = std::env::var_os("CARGO_MANIFEST_DIR") {
        let workspace = Path::new(&here).join("../Cargo.toml");
        let workspace = fs::canonicalize(&workspace).unwrap_or(workspace);
        let workspace = tour::quoted(&workspace.to_string_lossy());
        return format!("cargo run --release --manifest-path {workspace} --bin replay --");
    }
    let beside = std::env::current_exe().map(|exe| exe.with_file_name("replay"));
    match beside {
        Ok(replay) if replay.try_exists().is_ok_and(|there| there) => {
            tour::quoted(&replay.to_string_lossy())
        }
        Ok(_) | Err(_) => "replay".to_owned(),
    }
}
