//! How far the check of a folder came, in a text that it can go on from.

use serde::{Deserialize, Serialize};

use super::FolderCheck;
use crate::transparency::tree::Edge;

const FORMAT: &str = "contactpoint folder check 1";

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
    next: u64,
    unfinished: Vec<Vec<String>>,
}

impl FolderCheck<'_> {
    /// How far it came. What does not fit ends a check, so nothing was found before this place.
    pub fn save(&self) -> String {
        serde_json::json!(Saved {
            format: FORMAT.to_owned(),
            root: hex::encode(self.report.checkpoint.root),
            next: self.next(),
            unfinished: self.tree.edge.to_hex(),
        })
        .to_string()
    }

    /// Goes on from there. That the files before it are still the same is not looked at again.
    ///
    /// # Errors
    /// When it is not such a text, or one of another folder; nothing is changed then.
    pub fn resume(&mut self, text: &str) -> Result<(), NotSaved> {
        let saved: Saved = serde_json::from_str(text).map_err(|_| NotSaved)?;
        let same = saved.format == FORMAT
            && saved.root == hex::encode(self.report.checkpoint.root)
            && saved.next <= self.size();
        let edge = Edge::from_hex(saved.next, &saved.unfinished);
        let edge = edge.filter(|_| same).ok_or(NotSaved)?;
        self.compared = self.checkpoints.iter().take_while(|(_, c)| c.size < edge.size()).count();
        self.tree.edge = edge;
        self.compare_roots().map_err(|_| NotSaved)
    }
}
