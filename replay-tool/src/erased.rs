//! What stands for the values of somebody who has been erased: when, and on what grounds.

use std::collections::HashMap;

use domain::{
    erasure::{Erasure, Stage},
    stream::Stream,
};
use event_log::{AsOf, EventLog, backend::ReadError};
use serde_json::Value;
use uuid::Uuid;

use crate::cells::SEALED;

/// What is known of the erasure of each subject that was asked about.
#[derive(Default)]
pub(crate) struct Erased(HashMap<Uuid, Option<String>>);

impl Erased {
    /// `(erased on … under …)`; nothing for somebody who has not been erased, or for a stream about nobody.
    pub(crate) async fn of(
        &mut self,
        log: &EventLog,
        stream: Stream,
    ) -> Result<Option<String>, ReadError> {
        let Some(subject) = stream.subject() else { return Ok(None) };
        if let Some(known) = self.0.get(&subject) {
            return Ok(known.clone());
        }
        let state = log.fold_at::<Erasure>(Stream::Erasure(subject), AsOf::Now).await?;
        let said = said(&state);
        self.0.insert(subject, said.clone());
        Ok(said)
    }
}

fn said(state: &Erasure) -> Option<String> {
    let progress = state.progress()?;
    let day = match state.stage() {
        Stage::Erased { at, .. } => at.date_naive(),
        Stage::NotProposed | Stage::Proposed(_) | Stage::Authorised { .. } | Stage::Begun(_) => {
            progress.key()?.at.date_naive()
        }
    };
    let code = |value: Value| value.as_str().unwrap_or_default().to_owned();
    let grounds = code(serde_json::json!(progress.begun().grounds));
    Some(match progress.begun().rule {
        Some(rule) => {
            let rule = code(serde_json::json!(rule));
            format!("(erased on {day} under {grounds}, {rule})")
        }
        None => format!("(erased on {day} under {grounds})"),
    })
}

/// Says so wherever a value was not opened.
pub(crate) fn marked(value: Value, erased: Option<&str>) -> Value {
    let Some(said) = erased else { return value };
    match value {
        Value::String(text) if text == SEALED => Value::String(said.to_owned()),
        Value::Array(items) => {
            Value::Array(items.into_iter().map(|item| marked(item, erased)).collect())
        }
        Value::Object(members) => Value::Object(
            members.into_iter().map(|(name, value)| (name, marked(value, erased))).collect(),
        ),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => other,
    }
}
