//! `replay compare`: whether read models hold what the log makes of them.

use clap::Args;
use projections::{
    read_models,
    rederive::{RederiveError, Rederived, rederive},
    store::{Built, Place, Store},
};
use serde_json::{Value, json};

use crate::{
    cli::Global,
    outcome::{Answer, Failure},
    print::Sheet,
    progress::Progress,
    source::Source,
};

const COLUMNS: &[&str] =
    &["build", "answers", "position", "keys", "different", "first-differences"];

/// Each read model that answers queries, derived again from the log by this tool alone, and compared key
/// by key with what the store holds, at the position that the store speaks for. A server may go on
/// following meanwhile. Read models that are made with keys (search, unusual access) are left out.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Which read models, such as `shields`; those that answer queries if none is named.
    names: Vec<String>,
    /// Where they are kept: `embedded` (in the data folder), another folder, or a Redis server.
    #[arg(
        long,
        env = "CONTACTPOINT_READ_MODELS",
        hide_env_values = true,
        value_name = "WHERE",
        default_value = "embedded"
    )]
    read_models: Place,
}

pub(crate) async fn run(global: &Global, arguments: &Arguments) -> Result<Answer, Failure> {
    let source = Source::open(global)?;
    let data = global.data.as_deref().unwrap_or_else(|| std::path::Path::new("."));
    let store = arguments.read_models.open_existing(data).map_err(|error| {
        Failure::Incomplete(format!("the read models cannot be opened: {error}"))
    })?;
    let builds = wanted(&*store, arguments).await?;
    let mut sheet = Sheet::new(global.format(), COLUMNS);
    let (mut compared, mut left_out, mut different) = (0_u64, Vec::new(), 0_u64);
    for built in builds {
        match one(global, &source, &*store, &built).await? {
            Some(found) => {
                compared = compared.saturating_add(1);
                different = different.saturating_add(found.different);
                sheet.row(row(&built, &found))?;
            }
            None => left_out.push(built.build.to_string()),
        }
    }
    sheet.finish(&json!({ "left_out": left_out }))?;
    if !left_out.is_empty() {
        global.remark(&format!("left out, since keys are needed: {}", left_out.join(", ")));
    }
    match (compared, different) {
        (_, 1..) => Err(Failure::Integrity(format!(
            "the store differs from the log in {different} keys. The log is what counts: rebuild \
             with `contactpoint read-models rebuild`, and ask why."
        ))),
        (0, 0) => Ok(Answer::Nothing),
        (1.., 0) => Ok(Answer::Found),
    }
}

/// The builds that answer queries, of those that are named.
async fn wanted(store: &dyn Store, arguments: &Arguments) -> Result<Vec<Built>, Failure> {
    let builds = store.builds().await.map_err(|error| anyhow::anyhow!(error))?;
    let names = &arguments.names;
    if let Some(unknown) = names.iter().find(|name| builds.iter().all(|it| it.build.name != **name))
    {
        return Err(Failure::Usage(format!("the store holds no read model {unknown}")));
    }
    let asked_for = |built: &Built| names.is_empty() || names.contains(&built.build.name);
    Ok(builds.into_iter().filter(|built| built.serving && asked_for(built)).collect())
}

/// None, if it cannot be derived without keys.
async fn one(
    global: &Global,
    source: &Source,
    store: &dyn Store,
    built: &Built,
) -> Result<Option<Rederived>, Failure> {
    let known = read_models::all();
    let mut progress = Progress::new("derived", source.log().length(), global.quiet);
    let compared =
        rederive(source.log(), &known, (store, &built.build), |done| progress.at(done)).await;
    progress.end();
    match compared {
        Ok(found) => Ok(Some(found)),
        Err(RederiveError::Unknown(_)) => Ok(None),
        Err(error @ RederiveError::OtherLog { .. }) => Err(Failure::Integrity(error.to_string())),
        Err(
            error @ (RederiveError::NoSuchBuild(_)
            | RederiveError::Follow(_)
            | RederiveError::Store(_)),
        ) => Err(Failure::Runtime(anyhow::anyhow!(error))),
    }
}

fn row(built: &Built, found: &Rederived) -> Vec<Value> {
    vec![
        json!(found.build.to_string()),
        json!(built.serving),
        json!(found.next.saturating_sub(1)),
        json!(found.keys),
        json!(found.different),
        json!(found.named.join(" ")),
    ]
}
