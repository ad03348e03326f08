//! A certificate as a page to print: what it states, and each claim with its proof.

use std::fmt::{self, Write as _};

use serde::Serialize;

use super::{Certificate, Statement};

const STYLE: &str = "body{font:11pt/1.4 serif;max-width:46em;margin:2em auto;color:#000}\
table{border-collapse:collapse}td,th{text-align:left;vertical-align:top;padding:.2em 1em .2em 0}\
pre{font:8pt/1.3 monospace;white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid #999;padding:.5em}\
h2{font-size:12pt;margin-top:1.5em}section{break-inside:avoid}";

impl Certificate {
    /// The certificate as an HTML page that loads nothing from elsewhere.
    pub fn to_page(&self) -> String {
        let mut page = String::new();
        // Writing into a string does not fail.
        self.write_page(&mut page).ok();
        page
    }

    fn write_page(&self, page: &mut String) -> fmt::Result {
        let says = &self.statement;
        write!(
            page,
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <title>Certificate of erasure {subject}</title><style>{STYLE}</style></head><body>\n\
             <h1>Certificate of erasure</h1>\n\
             <p>The personal values of subject <b>{subject}</b> were erased on <b>{day}</b> under \
             <b>{grounds}</b>. Everything stated here is an entry of the audit log named in the checkpoint \
             below, with its proof. Nothing on this page is personal.</p>\n<table>\n",
            subject = self.subject,
            day = says.erased_at.date_naive(),
            grounds = text(&says.grounds_in_words()),
        )?;
        for (what, value) in rows(says) {
            writeln!(page, "<tr><th>{what}</th><td>{}</td></tr>", text(&value))?;
        }
        write!(page, "</table>\n<h2>Checkpoint</h2>\n<pre>{}</pre>\n", text(&self.checkpoint))?;
        writeln!(page, "<h2>Claims and proofs</h2>\n<p>{HOW_TO_CHECK}</p>")?;
        for claim in &self.claims {
            writeln!(
                page,
                "<section><h2>Position {}</h2>\n<pre>{}</pre>\n<pre>{}</pre></section>",
                claim.position,
                text(&claim.entry),
                text(&claim.proof),
            )?;
        }
        page.write_str("</body></html>\n")
    }
}

const HOW_TO_CHECK: &str = "Each claim is the exact entry of the log, followed by a C2SP tlog-proof of it. \
The leaf hash is SHA-256 of a zero byte and the entry; the proof leads from it to the root in the \
checkpoint, which the log has signed. The log's public keys must be had from elsewhere.";

impl Statement {
    /// The grounds, with the rule that demanded it.
    pub fn grounds_in_words(&self) -> String {
        match self.rule {
            Some(rule) => format!("{} (rule {})", code(&self.grounds), code(&rule)),
            None => code(&self.grounds),
        }
    }
}

fn rows(says: &Statement) -> Vec<(&'static str, String)> {
    let mut rows = vec![
        ("Proposed by officer", says.proposed_by.to_string()),
        ("Authorised by officer", says.authorised_by.to_string()),
        ("Begun", says.begun_at.to_rfc3339()),
        ("Key destroyed", says.key_destroyed_at.to_rfc3339()),
        (
            "Commitment to the key",
            says.key_commitment.clone().unwrap_or_else(|| "none was made".into()),
        ),
        ("Epoch of the wrapping key destroyed", says.epoch_destroyed.to_string()),
        ("Sealed sections", says.sections.to_string()),
        ("Still stored, unreadable", says.sections_left.to_string()),
    ];
    for (holder, (method, count)) in &says.holders {
        rows.push(("Acknowledged", format!("{holder}: {}, {count}", code(method))));
    }
    rows.push(("Completed", says.erased_at.to_rfc3339()));
    rows.push(("Backups of keys gone by", says.beyond_use_until.to_string()));
    rows.push(("Events that came too late", says.late_events.to_string()));
    rows
}

fn code<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|json| json.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn text(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
