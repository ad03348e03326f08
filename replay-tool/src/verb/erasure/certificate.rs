//! The certificate: made from the log and checked, or checked by itself.

use std::{fs, path::Path};

use anyhow::{Context as _, anyhow};
use event_log::{
    erasure_certificate::{Certificate, NoCertificate, Statement, Unconvincing},
    log_keys::LogKeys,
    transparency::Policy,
    transparency_log::{Publish, TransparencyLog},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    cli::Global,
    outcome::{Answer, Failure},
    print::Sheet,
    source::Source,
};

impl From<Unconvincing> for Failure {
    fn from(error: Unconvincing) -> Self {
        Self::Integrity(format!("the certificate does not convince: {error}"))
    }
}

/// Makes the certificate of a finished erasure, checks it, and writes it where it is wanted.
pub(super) async fn of(
    global: &Global,
    source: &Source,
    subject: Uuid,
    out: Option<&Path>,
) -> Result<(), Failure> {
    let folder = source.folder()?;
    let Ok(keys) = LogKeys::verifiers_in(&folder.join("keys")) else {
        global.remark("The log publishes no checkpoints here, so nothing is proven.");
        return Ok(());
    };
    let log = TransparencyLog::open_read_only(source.log(), folder)?;
    log.step(0, Publish::Never).await?;
    let certificate = match Certificate::of(&log, subject).await {
        Err(none @ NoCertificate::NotPublished) => {
            global.remark(&format!("{none}."));
            return Ok(());
        }
        Err(NoCertificate::Unconvincing(why)) => return Err(why.into()),
        Err(NoCertificate::Tree(error)) => return Err(error.into()),
        Err(error @ (NoCertificate::NotErased(_) | NoCertificate::Read(_))) => {
            return Err(Failure::Runtime(anyhow!(error)));
        }
        Ok(certificate) => certificate,
    };
    let says = certificate.check(&Policy::of_log(keys))?;
    global.remark(&format!(
        "Erased on {} under {}: {} claims, all proven under one checkpoint.",
        says.erased_at.date_naive(),
        says.grounds_in_words(),
        certificate.claims().len()
    ));
    if let Some(out) = out {
        fs::create_dir_all(out)?;
        for (ending, text) in [("json", certificate.to_json()), ("html", certificate.to_page())] {
            let path = out.join(format!("erasure-{subject}.{ending}"));
            fs::write(&path, text)
                .with_context(|| format!("{} could not be written", path.display()))?;
            global.remark(&format!("Written: {}", path.display()));
        }
    }
    Ok(())
}

/// Checks a certificate by itself.
pub(super) fn check(global: &Global, file: &Path, policy: &Path) -> Result<Answer, Failure> {
    let read = |path: &Path| {
        fs::read(path).with_context(|| format!("{} could not be read", path.display()))
    };
    let text = String::from_utf8_lossy(&read(file)?).into_owned();
    let policy = Policy::parse(&read(policy)?)
        .map_err(|error| Failure::Usage(format!("{}: {error}", policy.display())))?;
    let certificate = Certificate::parse(&text)?;
    let says = certificate.check(&policy)?;
    let mut sheet = Sheet::new(global.format(), &["what", "value"]);
    for (what, value) in rows(&certificate, says) {
        sheet.row([json!(what), value])?;
    }
    sheet.finish(&json!({ "certificate": file }))?;
    global.remark("Everything it states is proven, and no event of the erasure is left out.");
    Ok(Answer::Found)
}

fn rows(certificate: &Certificate, says: &Statement) -> Vec<(&'static str, serde_json::Value)> {
    vec![
        ("subject", json!(certificate.subject())),
        ("grounds", json!(says.grounds_in_words())),
        ("proposed by", json!(says.proposed_by)),
        ("authorised by", json!(says.authorised_by)),
        ("key destroyed", json!(says.key_destroyed_at)),
        ("commitment to the key", json!(says.key_commitment)),
        ("sealed sections", json!(says.sections)),
        ("still stored, unreadable", json!(says.sections_left)),
        ("acknowledged by", json!(says.holders.keys().collect::<Vec<_>>())),
        ("completed", json!(says.erased_at)),
        ("beyond use until", json!(says.beyond_use_until)),
        ("claims proven", json!(certificate.claims().len())),
    ]
}
