//! What is to be told, and how far it has been.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

/// What is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// From which seed.
    pub seed: u64,
    /// How many children.
    pub children: u64,
    /// How many days of looks.
    pub days: u64,
}

/// Why the plan does not fit the data folder.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// Another England has been begun there.
    #[error(
        "another England was begun in this folder: {children} children, seed {seed}. Go on with \
         these, or take another folder"
    )]
    Another {
        /// Its seed.
        seed: u64,
        /// Its children.
        children: u64,
    },
    /// Something else is there.
    #[error("the log in this folder holds {events} events of something else; take another folder")]
    NotEmpty {
        /// How many.
        events: u64,
    },
    /// The note cannot be read or written.
    #[error("could not read or write {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
}

/// The file beside the log.
const FILE: &str = "generation.json";

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Note {
    plan: Plan,
    stage: u32,
    unit: u64,
}

/// How far the telling has come: every unit before this one is in the log.
#[derive(Debug)]
pub(super) struct Noted {
    path: PathBuf,
    note: Note,
    resumed: bool,
}

impl Noted {
    /// Reads the note, or begins one for an empty log.
    pub(super) fn open(data: &Path, plan: &Plan, events: u64) -> Result<Self, PlanError> {
        let path = data.join(FILE);
        let found = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice::<Note>(&bytes).ok(),
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => None,
            Err(cause) => return Err(PlanError::File { path, cause }),
        };
        let note = match found {
            Some(Note { plan: Plan { seed, children, days: _ }, stage, unit })
                if (seed, children) == (plan.seed, plan.children) =>
            {
                Note { plan: *plan, stage, unit }
            }
            Some(Note { plan: Plan { seed, children, days: _ }, .. }) => {
                return Err(PlanError::Another { seed, children });
            }
            None if events > 0 => return Err(PlanError::NotEmpty { events }),
            None => Note { plan: *plan, stage: 0, unit: 0 },
        };
        let noted = Self { path, note, resumed: found.is_some() };
        noted.write()?;
        Ok(noted)
    }

    /// The stage and the unit with which to go on.
    pub(super) const fn place(&self) -> (u32, u64) {
        (self.note.stage, self.note.unit)
    }

    /// Whether something had been told before.
    pub(super) const fn resumed(&self) -> bool {
        self.resumed
    }

    /// Every unit before this one is in the log.
    pub(super) fn note(&mut self, stage: u32, unit: u64) -> Result<(), PlanError> {
        (self.note.stage, self.note.unit) = (stage, unit);
        self.write()
    }

    fn write(&self) -> Result<(), PlanError> {
        let file = |cause| PlanError::File { path: self.path.clone(), cause };
        let text = serde_json::to_vec(&self.note).map_err(|error| file(error.into()))?;
        replace(&self.path, &text).map_err(file)
    }
}

/// Replaces a file in one step: whoever reads it finds the old text or the new.
fn replace(path: &Path, text: &[u8]) -> std::io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = fs::File::create(&beside)?;
    file.write_all(text)?;
    file.sync_all()?;
    fs::rename(beside, path)
}
