//! Where an interrupted verification goes on.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Context;
use event_log::audit::Audit;

use crate::outcome::Failure;

/// How often it is noted how far it came.
const EVERY: Duration = Duration::from_secs(60);

/// The file that says where to go on.
pub(super) struct Resuming {
    file: Option<PathBuf>,
    noted: Instant,
}

impl Resuming {
    /// Begins, or goes on where the file says.
    pub(super) fn begin(file: Option<&Path>, audit: &mut Audit) -> Result<Self, Failure> {
        if let Some(path) = file {
            match fs::read_to_string(path) {
                Ok(text) => audit
                    .resume(&text)
                    .map_err(|why| Failure::Usage(format!("{}: {why}", path.display())))?,
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
                Err(cause) => return Err(cause.into()),
            }
        }
        Ok(Self { file: file.map(Path::to_owned), noted: Instant::now() })
    }

    /// Notes how far it came, when that is due.
    pub(super) fn perhaps_note(&mut self, audit: &Audit) -> Result<(), Failure> {
        if self.noted.elapsed() >= EVERY {
            self.note(audit)?;
            self.noted = Instant::now();
        }
        Ok(())
    }

    /// Notes how far it came, if nothing was found so far; answers whether it can go on there.
    pub(super) fn note(&self, audit: &Audit) -> Result<bool, Failure> {
        let Some(file) = &self.file else { return Ok(false) };
        let Some(text) = audit.save() else { return Ok(false) };
        let mut unfinished = file.clone().into_os_string();
        unfinished.push(".unfinished");
        fs::write(&unfinished, text)
            .and_then(|()| fs::rename(&unfinished, file))
            .with_context(|| format!("{} could not be written", file.display()))?;
        Ok(true)
    }

    /// It is over: the next verification begins at the beginning.
    pub(super) fn end(&self) -> Result<(), Failure> {
        match self.file.as_ref().map(fs::remove_file) {
            Some(Err(cause)) if cause.kind() != io::ErrorKind::NotFound => Err(cause.into()),
            Some(_) | None => Ok(()),
        }
    }
}
