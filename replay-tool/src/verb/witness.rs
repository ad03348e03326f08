//! `replay witness`: a witness of other people's logs, over HTTP (C2SP tlog-witness).

use std::{
    fs,
    net::SocketAddr,
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

use actix_web::{
    App, HttpResponse, HttpServer,
    http::{StatusCode, header::CACHE_CONTROL},
    web::{self, Bytes, Data, PayloadConfig},
};
use anyhow::{Context, anyhow};
use clap::Args;
use event_log::{
    transparency::{
        Policy,
        note::VerifierKey,
        witness::{LONGEST, Refusal, SIZE_TYPE},
    },
    witness::{NotCosigned, Witness},
};

use crate::{
    cli::Global,
    outcome::{Answer, Failure},
    print::line,
};

const TEXT: &str = "text/plain; charset=utf-8";

/// Remembers the largest tree that it has seen of each log, and cosigns a checkpoint only if it goes on from that.
/// It needs nothing of the log but its public keys, and is worth most on a machine of somebody else: a council's
/// auditor, a records office, the other party. Prints its own public keys, which whoever relies on it puts into
/// their policy; then the address, once it is open. Runs until it is interrupted.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Its folder: keys, and what it has seen. Made if there is none. Never restore it from a backup.
    #[arg(long, value_name = "DIR")]
    state: PathBuf,
    /// Its name, such as `witness.records-office.example`.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// A key of a log to watch, as `contactpoint keys init` prints it. May be given several times.
    #[arg(long, value_name = "KEY")]
    watch: Vec<VerifierKey>,
    /// A tlog-policy file whose logs are watched.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// The address to listen on; port 0 takes any free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8010")]
    listen: SocketAddr,
}

pub(crate) async fn run(_global: &Global, arguments: &Arguments) -> Result<Answer, Failure> {
    let mut logs = arguments.watch.clone();
    if let Some(path) = &arguments.policy {
        let file =
            fs::read(path).with_context(|| format!("{} could not be read", path.display()))?;
        let policy = Policy::parse(&file)
            .map_err(|why| Failure::Usage(format!("{}: {why}", path.display())))?;
        logs.extend(policy.logs().iter().map(|log| log.key.clone()));
    }
    if logs.is_empty() {
        return Err(Failure::Usage("which logs? Give --watch KEY, or --policy FILE.".to_owned()));
    }
    let witness = Witness::open(&arguments.state, &arguments.name, logs)
        .map_err(|cause| Failure::Runtime(anyhow!(cause)))?;
    for key in witness.verifiers() {
        line(&key.to_string())?;
    }
    let witness = Data::new(witness);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(witness.clone())
            .app_data(PayloadConfig::new(LONGEST))
            .route("/add-checkpoint", web::post().to(add_checkpoint))
            .route("/{log}/checkpoint", web::get().to(last_checkpoint))
    })
    .workers(1)
    .bind(arguments.listen)
    .with_context(|| format!("could not listen on {}", arguments.listen))?;
    for address in server.addrs() {
        line(&format!("listening on http://{address}"))?;
    }
    server.run().await.context("the witness failed")?;
    Ok(Answer::Found)
}

async fn add_checkpoint(witness: Data<Witness>, body: Bytes) -> HttpResponse {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    if now == 0 {
        return unavailable();
    }
    match web::block(move || witness.add_checkpoint(&body, now)).await {
        Ok(Ok(cosignatures)) => HttpResponse::Ok().content_type(TEXT).body(cosignatures),
        Ok(Err(NotCosigned::Refused(refusal))) => refused(&refusal),
        Ok(Err(NotCosigned::State(_) | NotCosigned::Sign(_))) | Err(_) => unavailable(),
    }
}

fn refused(refusal: &Refusal) -> HttpResponse {
    let status =
        StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let media = if status == StatusCode::CONFLICT { SIZE_TYPE } else { TEXT };
    HttpResponse::build(status).content_type(media).body(refusal.body())
}

/// Nothing was promised: the log asks again.
fn unavailable() -> HttpResponse {
    HttpResponse::ServiceUnavailable().content_type(TEXT).body("try again later\n")
}

async fn last_checkpoint(witness: Data<Witness>, log: web::Path<String>) -> HttpResponse {
    match web::block(move || witness.last(&log)).await {
        Ok(Ok(Some(note))) => HttpResponse::Ok()
            .content_type(TEXT)
            .insert_header((CACHE_CONTROL, "no-cache"))
            .body(note),
        Ok(Ok(None)) => HttpResponse::NotFound().content_type(TEXT).body("not watched here\n"),
        Ok(Err(_)) | Err(_) => unavailable(),
    }
}
