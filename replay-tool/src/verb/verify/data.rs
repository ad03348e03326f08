//! A data folder, or a copy of one; or a log on a cluster, with the data folder of a server if there is one.

use std::path::Path;

use anyhow::anyhow;
use event_log::{
    audit::{Audit, AuditError, Brought, Came, Found, Place, Report},
    checkpoints::Checkpoints,
    event_log::OpenError,
    keys::Keys,
    last_signed::{LastSigned, LastSignedError},
    transparency::{Checkpoint, Policy},
};
use serde_json::{Value, json};

use super::{Arguments, policy, resuming::Resuming, time_stamps::Stamped};
use crate::{
    cli::Global,
    interrupt,
    outcome::{Answer, Failure},
    print::{Format, Sheet, line, say},
    progress::Progress,
    source,
};

/// How many findings are written; further ones are counted.
const MOST_FINDINGS: usize = 1_000;

pub(super) async fn run(global: &Global, arguments: &Arguments) -> Result<Answer, Failure> {
    // Of a log on a cluster, nothing else need be at hand.
    let folder = match &global.log {
        Some(_) => global.data.as_deref(),
        None => Some(source::folder(global)?),
    };
    let (policy, own) = match (&arguments.policy, folder) {
        (Some(path), _) => (policy::read(path)?, false),
        (None, Some(folder)) => (Policy::of_log(policy::keys_beside(folder)?), true),
        (None, None) => (Policy::of_log([]), true),
    };
    let keys: Vec<_> = policy.logs().iter().map(|log| log.key.clone()).collect();
    let last_signed = folder.map(last_signed).transpose()?.flatten();
    let kept = arguments.compare.iter().map(|file| policy::said(file, &policy));
    let kept = kept.collect::<Result<Vec<_>, _>>()?;
    let unsealing = source::keys_of(global)?;
    let (last_signed, keys, kept) = (last_signed.as_ref(), &keys[..], &kept[..]);
    let audit = begin(global, folder, Brought { keys, last_signed, kept, unsealing })?;
    let began = std::time::Instant::now();
    let report = go_through(global, arguments, audit).await?;
    let mut found = report.all();
    let vouched = folder.and_then(|folder| vouched(folder, &policy));
    if let Some(Err(why)) = &vouched {
        found.push(Found { place: Place::Checkpoint("checkpoint".to_owned()), says: why.clone() });
    }
    let vouched = vouched.and_then(Result::ok);
    let authority = arguments.time_stamp_authority.as_deref();
    let stamped = folder.map(|folder| Stamped::look_at(global, folder, authority)).transpose()?;
    let mut stamped = stamped.unwrap_or_default();
    found.append(&mut stamped.found);
    remarks(global, &report, own);
    global.remark(&format!(
        "{} events in {:.1} s",
        report.log.events,
        began.elapsed().as_secs_f64()
    ));
    conclude(global, &report, &found, (vouched, &stamped))
}

fn begin(global: &Global, folder: Option<&Path>, brought: Brought<'_>) -> Result<Audit, Failure> {
    let Some(address) = &global.log else {
        return Ok(Audit::begin(source::folder(global)?, brought)?);
    };
    let log = source::on_cluster(address, &global.origin, Keys::Absent)?;
    Ok(Audit::over(&log, &global.origin, folder, brought))
}

/// Shows what the verification came to, and says so by how it ends.
fn conclude(
    global: &Global,
    report: &Report,
    found: &[Found],
    beside: (Option<(usize, usize)>, &Stamped),
) -> Result<Answer, Failure> {
    show(global, report, found, beside)?;
    match found.first() {
        None => Ok(Answer::Found),
        Some(first) => Err(Failure::Integrity(format!("{first}. Nothing was changed."))),
    }
}

async fn go_through(
    global: &Global,
    arguments: &Arguments,
    mut audit: Audit,
) -> Result<Report, Failure> {
    let mut resuming = Resuming::begin(arguments.resume.as_deref(), &mut audit)?;
    if audit.next().max(audit.checkpoints()) > 0 {
        global.remark(&format!("going on {}", came_to(&audit)));
    }
    interrupt::listen()?;
    let from = audit.next();
    let checkpoints = "looked at checkpoints up to that of";
    let mut checkpoints = Progress::of(checkpoints, "events", audit.length(), global.quiet);
    checkpoints.from(audit.checkpoints());
    let mut entries = None;
    while let Some(came) = audit.advance().await? {
        match came {
            Came::Checkpoints(size) => checkpoints.at(size),
            Came::Entries(next) => entries
                .get_or_insert_with(|| {
                    checkpoints.end();
                    let mut entries = Progress::new("verified", audit.length(), global.quiet);
                    entries.from(from);
                    entries
                })
                .at(next),
        }
        resuming.perhaps_note(&audit)?;
        if interrupt::asked() {
            entries.as_ref().unwrap_or(&checkpoints).end();
            return Err(resuming.interrupted(&audit, &came_to(&audit))?);
        }
    }
    entries.as_ref().unwrap_or(&checkpoints).end();
    resuming.end()?;
    Ok(audit.finish().await?)
}

fn came_to(audit: &Audit) -> String {
    match audit.next() {
        0 => format!("at the checkpoints of {} events", audit.checkpoints()),
        next => format!("at position {next}"),
    }
}

impl From<AuditError> for Failure {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Open(error) => OpenError::from(error).into(),
            AuditError::Read(error) => error.into(),
        }
    }
}

/// How many keys of the log signed the current checkpoint, and how many witnesses cosigned it; or why it is not
/// accepted. None if there is none that can be read: the audit says so.
fn vouched(folder: &Path, policy: &Policy) -> Option<Result<(usize, usize), String>> {
    let signed = Checkpoints::at(folder.join("checkpoints")).current().ok()??;
    if policy.logs().is_empty() {
        return None;
    }
    let accepted = policy.accept(&signed);
    Some(match accepted {
        Ok(accepted) => Ok((accepted.logs.len(), accepted.witnesses.len())),
        Err(why) => Err(format!("it is forged or not vouched for: {why}")),
    })
}

/// What was last signed, where it lies beside the log.
fn last_signed(folder: &Path) -> Result<Option<Checkpoint>, Failure> {
    match LastSigned::at(folder.join("keys/log-signing.last")).read() {
        Ok(checkpoint) => Ok(Some(checkpoint)),
        Err(LastSignedError::Missing(_)) => Ok(None),
        Err(error @ LastSignedError::Damaged(_)) => Err(Failure::Integrity(error.to_string())),
        Err(error @ (LastSignedError::File { .. } | LastSignedError::Moved(_))) => {
            Err(Failure::Runtime(anyhow!(error)))
        }
    }
}

fn remarks(global: &Global, report: &Report, own: bool) {
    if report.checkpoints == 0 {
        global
            .remark("No checkpoint was ever published: nothing but the log itself speaks for it.");
    } else if own {
        global.remark(
            "The keys were those in the data folder itself. Give --policy FILE with keys that were had from elsewhere.",
        );
    }
    if report.tree == 0 {
        global.remark("There is no kept tree to compare with.");
    }
}

fn show(
    global: &Global,
    report: &Report,
    found: &[Found],
    (vouched, stamped): (Option<(usize, usize)>, &Stamped),
) -> Result<(), Failure> {
    let log = &report.log;
    let (signatures, witnesses) = vouched.unwrap_or_default();
    let rows: [(&str, &'static str, Value); 10] = [
        ("events", "events", json!(log.events)),
        ("streams", "streams", json!(log.streams)),
        ("sealed", "sealed sections", json!(log.sealed)),
        ("erased", "sealed sections taken away", json!(log.taken_away)),
        ("opened", "sealed sections opened", json!(log.opened)),
        ("root", "root of the tree", json!(hex::encode(report.root))),
        ("tree", "events in the kept tree", json!(report.tree)),
        ("checkpoints", "checkpoints", json!(report.checkpoints)),
        ("log_signatures", "signatures of the log", json!(signatures)),
        ("witnesses", "cosignatures of witnesses", json!(witnesses)),
    ];
    let rows = rows.into_iter().chain(stamped.rows());
    let more = u64::try_from(found.len().saturating_sub(MOST_FINDINGS)).unwrap_or(u64::MAX);
    let more = more.saturating_add(log.more);
    let found = found.iter().take(MOST_FINDINGS);
    match global.format() {
        Format::Json | Format::Jsonl => {
            let findings: Vec<_> = found.map(described).collect();
            let mut document: serde_json::Map<String, Value> =
                rows.map(|(name, _, value)| (name.to_owned(), value)).collect();
            document.insert("findings".to_owned(), json!(findings));
            document.insert("further_findings".to_owned(), json!(more));
            line(&Value::Object(document).to_string())?;
        }
        Format::Table | Format::Csv => {
            let mut sheet = Sheet::new(global.format(), &["what", "value"]);
            for (_, what, value) in rows {
                sheet.row([json!(what), value])?;
            }
            sheet.row([json!("findings"), json!(found.len())])?;
            sheet.finish(&json!(null))?;
            found.for_each(|found| say(&found.to_string()));
            if more > 0 {
                say(&format!("and {more} more"));
            }
        }
    }
    Ok(())
}

fn described(found: &Found) -> Value {
    let position = match found.place {
        Place::Position(position) => Some(position),
        Place::Checkpoint(_)
        | Place::TimeStamp(_)
        | Place::LastSigned
        | Place::Kept(_)
        | Place::Tiles
        | Place::Store => None,
    };
    json!({ "position": position, "place": found.place.to_string(), "finding": found.to_string() })
}
