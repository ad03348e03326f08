//! Where an interrupted verification goes on.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Context;
use event_log::{audit::Audit, folder_check::FolderCheck};

use crate::outcome::Failure;

/// How often it is noted how far it came.
const EVERY: Duration = Duration::from_secs(60);

/// A verification under way that can be put down as a text, and go on from one.
pub(super) trait Resumable {
    /// How far it came; none if there is no going on, because something was found.
    fn save(&self) -> Option<String>;

    /// Goes on there, or says why that is no text to go on from.
    fn resume(&mut self, text: &str) -> Result<(), String>;
}

impl Resumable for Audit {
    fn save(&self) -> Option<String> {
        self.save()
    }

    fn resume(&mut self, text: &str) -> Result<(), String> {
        self.resume(text).map_err(|why| why.to_string())
    }
}

impl Resumable for FolderCheck<'_> {
    fn save(&self) -> Option<String> {
        Some(self.save())
    }

    fn resume(&mut self, text: &str) -> Result<(), String> {
        self.resume(text).map_err(|why| why.to_string())
    }
}

/// The file that says where to go on.
pub(super) struct Resuming {
    file: Option<PathBuf>,
    noted: Instant,
}

impl Resuming {
    /// Begins, or goes on where the file says.
    pub(super) fn begin(file: Option<&Path>, check: &mut impl Resumable) -> Result<Self, Failure> {
        if let Some(path) = file {
            match fs::read_to_string(path) {
                Ok(text) => check
                    .resume(&text)
                    .map_err(|why| Failure::Usage(format!("{}: {why}", path.display())))?,
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
                Err(cause) => return Err(cause.into()),
            }
        }
        Ok(Self { file: file.map(Path::to_owned), noted: Instant::now() })
    }

    /// Notes how far it came, when that is due.
    pub(super) fn perhaps_note(&mut self, check: &impl Resumable) -> Result<(), Failure> {
        if self.noted.elapsed() >= EVERY {
            self.note(check)?;
            self.noted = Instant::now();
        }
        Ok(())
    }

    /// Notes how far it came, if nothing was found so far; answers whether it can go on there.
    fn note(&self, check: &impl Resumable) -> Result<bool, Failure> {
        let Some(file) = &self.file else { return Ok(false) };
        let Some(text) = check.save() else { return Ok(false) };
        let mut unfinished = file.clone().into_os_string();
        unfinished.push(".unfinished");
        fs::write(&unfinished, text)
            .and_then(|()| fs::rename(&unfinished, file))
            .with_context(|| format!("{} could not be written", file.display()))?;
        Ok(true)
    }

    /// It was interrupted: notes how far it came, and says what the same command will do.
    pub(super) fn interrupted(
        &self,
        check: &impl Resumable,
        place: &str,
    ) -> Result<Failure, Failure> {
        let how = if self.note(check)? { ". The same command goes on there." } else { "" };
        Ok(Failure::Interrupted(format!("interrupted {place}{how}")))
    }

    /// It is over: the next verification begins at the beginning.
    pub(super) fn end(&self) -> Result<(), Failure> {
        match self.file.as_ref().map(fs::remove_file) {
            Some(Err(cause)) if cause.kind() != io::ErrorKind::NotFound => Err(cause.into()),
            Some(_) | None => Ok(()),
        }
    }
}
