//! `replay verify`: whether the log is what it claims to be.

use clap::Args;
use event_log::transparency::{leaf, tree::Edge};
use event_log::verify::{Check, Report};
use serde_json::json;

use crate::{
    cli::Global,
    outcome::{Answer, Failure},
    print::{Format, Sheet, line, say},
    progress::Progress,
    scan::scan,
    source::Source,
};

/// Positions without gap, revisions and back-pointers of every stream, every entry readable, every
/// sealed section as its entry names it, every key announced before its use. Needs no keys.
#[derive(Debug, Args)]
pub(crate) struct Arguments {}

pub(crate) async fn run(global: &Global, _arguments: &Arguments) -> Result<Answer, Failure> {
    let source = Source::open(global)?;
    let end = source.log().length();
    let mut progress = Progress::new("verified", end, global.quiet);
    let began = std::time::Instant::now();
    let mut check = Check::new(source.log().without_keys());
    let mut edge = Edge::default();
    if let Some(last) = end.checked_sub(1) {
        scan(source.log(), 0, last, &mut progress, |stored| {
            check.take(stored);
            edge.push(leaf(&stored.entry), |_| ());
            Ok(())
        })
        .await?;
    }
    let report = check.finish();
    show(global, &report, &edge)?;
    let seconds = began.elapsed().as_secs_f64();
    global.remark(&format!("{} events in {seconds:.1} s", report.events));
    let Some(first) = report.findings.first() else { return Ok(Answer::Found) };
    Err(Failure::Integrity(format!(
        "{first}. {} earlier events are as claimed. Nothing was changed.",
        first.position
    )))
}

fn show(global: &Global, report: &Report, edge: &Edge) -> Result<(), Failure> {
    let root = hex::encode(edge.root());
    let findings = report.findings.iter();
    match global.format() {
        Format::Json | Format::Jsonl => {
            let findings: Vec<_> = findings
                .map(|finding| json!({ "position": finding.position, "finding": finding.to_string() }))
                .collect();
            line(
                &json!({
                    "events": report.events, "streams": report.streams, "sealed": report.sealed,
                    "erased": report.taken_away, "root": root, "findings": findings,
                    "further_findings": report.more,
                })
                .to_string(),
            )?;
        }
        Format::Table | Format::Csv => {
            let mut sheet = Sheet::new(global.format(), &["what", "value"]);
            for (what, value) in [
                ("events", json!(report.events)),
                ("streams", json!(report.streams)),
                ("sealed sections", json!(report.sealed)),
                ("sealed sections taken away", json!(report.taken_away)),
                ("root of the tree", json!(root)),
                ("findings", json!(report.findings.len())),
            ] {
                sheet.row([json!(what), value])?;
            }
            sheet.finish(&json!(null))?;
            for finding in findings {
                say(&finding.to_string());
            }
            if report.more > 0 {
                say(&format!("and {} more", report.more));
            }
        }
    }
    Ok(())
}
