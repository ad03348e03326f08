//! How far a verification came, in a text that it can go on from.
//!
//! Only what was found good is kept: whoever has found something has no need to go on. The text holds
//! what the verification must remember of each stream, so it grows with the number of streams.

use serde::{Deserialize, Serialize};

use super::{Audit, checkpoints::Good};
use crate::{
    transparency::tree::Edge,
    verify::{Check, Remembered},
};

const FORMAT: &str = "contactpoint verification 2";

/// The text is not one to go on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {0} is not that of a verification that was interrupted")]
pub struct NotSaved(pub usize);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: String,
    signed: Good,
    next: u64,
    unfinished: Vec<Vec<String>>,
    lines: usize,
}

impl Audit {
    /// How far it came; none if something was found.
    pub fn save(&self) -> Option<String> {
        if !self.found.is_empty() || self.tiles.differs_at().is_some() || !self.whole {
            return None;
        }
        let Remembered(lines) = self.check.remembered()?;
        let head = Head {
            format: FORMAT.to_owned(),
            signed: self.kept.good(),
            next: self.next(),
            unfinished: self.edge.to_hex(),
            lines: lines.len(),
        };
        let mut text = serde_json::to_string(&head).ok()?;
        for line in lines {
            text.push('\n');
            text.push_str(&line);
        }
        text.push('\n');
        Some(text)
    }

    /// Goes on from there. That the entries before it are still the same is not looked at again, nor who signed the
    /// checkpoints before it.
    ///
    /// # Errors
    /// When it is not such a text: it names the line.
    pub fn resume(&mut self, text: &str) -> Result<(), NotSaved> {
        let mut lines = text.lines();
        let head = lines.next().and_then(|line| serde_json::from_str::<Head>(line).ok());
        let head = head.filter(|head| head.format == FORMAT).ok_or(NotSaved(1))?;
        let edge = Edge::from_hex(head.next, &head.unfinished).ok_or(NotSaved(1))?;
        let remembered = Remembered(lines.map(str::to_owned).collect());
        if remembered.0.len() != head.lines {
            return Err(NotSaved(remembered.0.len().saturating_add(2)));
        }
        self.check = Check::going_on(head.next, &remembered)
            .map_err(|line| NotSaved(line.saturating_add(2)))?;
        self.kept.are_good(head.signed);
        self.edge = edge;
        Ok(())
    }
}
