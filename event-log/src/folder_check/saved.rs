//! How far the check of a folder came, in a text that it can go on from.

use serde::{Deserialize, Serialize};

use super::FolderCheck;
use crate::transparency::tree::Edge;

const FORMAT: &str = "contactpoint folder check 2";

/// The text is not one to go on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the state of an interrupted check of this folder")]
pub struct NotSaved;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    format: String,
    /// The root under which the folder stands: of another folder nothing is carried over.
    root: String,
    /// Of how many of the older checkpoints, in the order of their names, the signatures were checked.
    signed: u64,
    next: u64,
    unfinished: Vec<Vec<String>>,
}

impl FolderCheck<'_> {
    /// How far it came. What does not fit ends a check, so nothing was found before this place.
    pub fn save(&self) -> String {
        serde_json::json!(Saved {
            format: FORMAT.to_owned(),
            root: hex::encode(self.report.checkpoint.root),
            signed: self.signed(),
            next: self.next(),
            unfinished: self.tree.edge.to_hex(),
        })
        .to_string()
    }

    /// Goes on from there, before anything else was checked. That the files before it are still the same is not
    /// looked at again.
    ///
    /// # Errors
    /// When it is not such a text, or one of another folder; nothing is changed then.
    pub fn resume(&mut self, text: &str) -> Result<(), NotSaved> {
        let saved: Saved = serde_json::from_str(text).map_err(|_| NotSaved)?;
        let same = saved.format == FORMAT
            && saved.root == hex::encode(self.report.checkpoint.root)
            && saved.signed <= self.older()
            && saved.next <= self.size()
            // Entries come after the last checkpoint.
            && (saved.next == 0 || saved.signed == self.older());
        let edge = Edge::from_hex(saved.next, &saved.unfinished);
        let edge = edge.filter(|_| same).ok_or(NotSaved)?;
        self.signatures.are_good(usize::try_from(saved.signed).map_err(|_| NotSaved)?);
        self.tree.edge = edge;
        Ok(())
    }
}
