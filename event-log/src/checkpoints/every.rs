//! Every checkpoint there is, one after the other, whether it lies in a file of its own or in a pack.

use std::{collections::VecDeque, fs, io, vec};

use super::{Checkpoints, CheckpointsError, failed, pack::Pack, size_of_file};

/// The file of a checkpoint as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The pack it lies in, if it lies in one: its path below the folder of checkpoints.
    pub pack: Option<String>,
    /// The name of the file.
    pub name: String,
    /// What stands in it.
    pub bytes: Vec<u8>,
}

impl Kept {
    /// Where it lies, below the folder of checkpoints.
    pub fn place(&self) -> String {
        match &self.pack {
            Some(pack) => format!("{pack}/{}", self.name),
            None => self.name.clone(),
        }
    }
}

/// The files one after the other: those in packs first, the smallest sizes first. Not more than one pack is in
/// memory.
#[derive(Debug)]
pub struct Every {
    checkpoints: Checkpoints,
    packs: VecDeque<Pack>,
    /// What is left of a pack, and its name.
    open: (String, vec::IntoIter<(String, Vec<u8>)>),
    /// What lies in files of their own.
    loose: vec::IntoIter<String>,
}

impl Checkpoints {
    /// Everything in the folder, in packs and in files of their own, also what is no checkpoint. A checkpoint that is in
    /// both (whoever packed was killed) comes twice.
    ///
    /// # Errors
    /// When the folder cannot be read. What cannot be read in it is said in its place.
    pub fn every(&self) -> Result<Every, CheckpointsError> {
        // First what is loose: what is packed meanwhile is then found in both, not in neither.
        let loose = self.loose()?;
        Ok(Every {
            checkpoints: self.clone(),
            packs: self.packs()?.into(),
            open: Default::default(),
            loose: loose.into_iter(),
        })
    }

    /// The names of what lies in files of their own, by size; what has none comes last.
    pub(super) fn loose(&self) -> Result<Vec<String>, CheckpointsError> {
        let unlisted = |cause| failed("list", &self.folder, cause);
        let files = match fs::read_dir(&self.folder) {
            Ok(files) => files,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => return Err(unlisted(cause)),
        };
        let mut names = Vec::new();
        for file in files {
            let name = file.map_err(unlisted)?.file_name().to_string_lossy().into_owned();
            // What a process that died was writing never bore its name.
            if name != super::PACKS && !name.ends_with(".unfinished") {
                names.push(name);
            }
        }
        names.sort_by_cached_key(|name| (size_of_file(name).unwrap_or(u64::MAX), name.clone()));
        Ok(names)
    }
}

impl Iterator for Every {
    type Item = Result<Kept, CheckpointsError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((name, bytes)) = self.open.1.next() {
                return Some(Ok(Kept { pack: Some(self.open.0.clone()), name, bytes }));
            }
            if let Some(pack) = self.packs.pop_front() {
                match pack.files() {
                    Ok(files) => {
                        self.open =
                            (format!("{}/{}", super::PACKS, pack.name()), files.into_iter());
                    }
                    Err(error) => return Some(Err(error)),
                }
                continue;
            }
            let name = self.loose.next()?;
            match self.checkpoints.bytes(&name) {
                // It was packed or replaced since it was listed, and has come or comes from there.
                Ok(None) => {}
                Ok(Some(bytes)) => return Some(Ok(Kept { pack: None, name, bytes })),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
