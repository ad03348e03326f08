//! The builds there are, as a table or as JSON.

use std::io::Write;

use projections::store::{Built, Stage};
use serde_json::json;

use super::{Bench, Failure, say};

pub(super) async fn list(bench: &Bench, as_json: bool) -> Result<(), Failure> {
    let head = bench.length().await?;
    let builds = bench.oversight().list().await?;
    if as_json {
        let builds: Vec<_> = builds
            .iter()
            .map(|built| {
                json!({
                    "build": built.build.to_string(),
                    "stage": stage(built),
                    "answers": built.serving,
                    "taken_in": built.checkpoint.next,
                    "behind": head.saturating_sub(built.checkpoint.next),
                })
            })
            .collect();
        return say(&json!({"events": head, "builds": builds}).to_string());
    }
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{:<26} {:<9} {:<8} {:>14} {:>10}",
        "build", "stage", "answers", "taken in", "behind"
    )?;
    for built in &builds {
        writeln!(
            out,
            "{:<26} {:<9} {:<8} {:>14} {:>10}",
            built.build.to_string(),
            stage(built),
            if built.serving { "yes" } else { "no" },
            built.checkpoint.next,
            head.saturating_sub(built.checkpoint.next),
        )?;
    }
    writeln!(out, "{head} events in the log")?;
    Ok(())
}

fn stage(built: &Built) -> &'static str {
    match built.stage {
        Stage::Building => "building",
        Stage::Complete => "built",
    }
}
