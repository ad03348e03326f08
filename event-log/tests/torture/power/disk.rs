//! A disk that keeps what was synced, and of the rest what luck will have.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
};

use super::record::Event;

/// What becomes of that which was not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Luck {
    /// All of it is lost.
    None,
    /// Any write may be there, and any other not.
    Some,
    /// The same, sector by sector.
    Torn,
}

impl Luck {
    pub(super) const ALL: [Self; 3] = [Self::None, Self::Some, Self::Torn];
}

const SECTOR: usize = 512;

/// A change to what a file holds.
struct Change {
    what: What,
    ended: usize,
    synced: bool,
}

enum What {
    Bytes(usize, Vec<u8>),
    Length(usize),
}

/// A file: what it held at first, and what was done to it.
#[derive(Default)]
struct File {
    first: Vec<u8>,
    changes: Vec<Change>,
    /// Where a handle writes on.
    after: HashMap<u64, usize>,
}

/// A change to the names in a folder.
#[derive(Clone)]
enum Names {
    Put(String, usize),
    Take(String),
    Move(String, String),
}

/// The changes to one folder, and how many of them are durable.
#[derive(Default)]
struct Folder {
    changes: Vec<Names>,
    synced: usize,
}

/// What was done to the files of a folder.
#[derive(Default)]
pub(super) struct Disk {
    files: Vec<File>,
    /// The names at first, and as they are now.
    first: BTreeMap<String, usize>,
    now: BTreeMap<String, usize>,
    folders: HashMap<String, Folder>,
    /// Which file, or which folder, is behind a handle.
    handles: HashMap<u64, Result<usize, String>>,
}

impl Disk {
    /// Everything in a folder is durable.
    pub(super) fn of(dir: &Path) -> Self {
        let mut disk = Self::default();
        let mut waiting = vec![String::new()];
        while let Some(below) = waiting.pop() {
            for entry in fs::read_dir(dir.join(&below)).unwrap() {
                let entry = entry.unwrap();
                let name = entry.file_name().into_string().unwrap();
                let path = if below.is_empty() { name } else { format!("{below}/{name}") };
                if entry.file_type().unwrap().is_dir() {
                    waiting.push(path);
                } else if !path.ends_with("-shm") {
                    let first = fs::read(entry.path()).unwrap();
                    disk.first.insert(path, disk.files.len());
                    disk.files.push(File { first, ..File::default() });
                }
            }
        }
        disk.now.clone_from(&disk.first);
        disk
    }

    pub(super) fn take(&mut self, event: &Event) {
        match event {
            Event::Open { file, handle, make, empty } => self.open(file, *handle, *make, *empty),
            Event::Write { handle, at, bytes, ended } => {
                let Some(Ok(file)) = self.handles.get(handle) else { return };
                let file = &mut self.files[*file];
                let after = file.after.get(handle).copied().unwrap_or_default();
                let at = at.map_or(after, |at| usize::try_from(at).unwrap());
                file.after.insert(*handle, at + bytes.len());
                let what = What::Bytes(at, bytes.clone());
                file.changes.push(Change { what, ended: *ended, synced: false });
            }
            Event::Truncate { handle, length, ended } => {
                let Some(Ok(file)) = self.handles.get(handle) else { return };
                let what = What::Length(usize::try_from(*length).unwrap());
                self.files[*file].changes.push(Change { what, ended: *ended, synced: false });
            }
            Event::Sync { handle, began } => match self.handles.get(handle) {
                Some(Ok(file)) => {
                    let changes = self.files[*file].changes.iter_mut();
                    changes.filter(|change| change.ended < *began).for_each(|c| c.synced = true);
                }
                Some(Err(folder)) => {
                    let folder = self.folders.entry(folder.clone()).or_default();
                    folder.synced = folder.changes.len();
                }
                None => {}
            },
            Event::Rename { from, to } => {
                if let Some(file) = self.now.remove(from) {
                    self.now.insert(to.clone(), file);
                    self.name(from, Names::Move(from.clone(), to.clone()));
                }
            }
            Event::Remove { file } => {
                self.now.remove(file);
                self.name(file, Names::Take(file.clone()));
            }
            Event::Folder { .. } | Event::Said(_) => {}
        }
    }

    fn open(&mut self, name: &str, handle: u64, make: bool, empty: bool) {
        let known = self.now.get(name).copied();
        let file = match known {
            Some(file) => file,
            None if make => {
                self.files.push(File::default());
                let file = self.files.len() - 1;
                self.now.insert(name.to_owned(), file);
                self.name(name, Names::Put(name.to_owned(), file));
                file
            }
            None => {
                // What is opened, and is no file, is a folder.
                self.handles.insert(handle, Err(name.to_owned()));
                return;
            }
        };
        if empty {
            let change = Change { what: What::Length(0), ended: 0, synced: false };
            self.files[file].changes.push(change);
        }
        self.handles.insert(handle, Ok(file));
    }

    fn name(&mut self, path: &str, change: Names) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.folders.entry(folder.to_owned()).or_default().changes.push(change);
    }

    /// Writes what is found when the power is back; answers how many changes were lost.
    pub(super) fn write_after_cut(&self, to: &Path, luck: Luck, seed: u64) -> usize {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let mut lost = 0;
        let mut names = self.first.clone();
        let mut folders: Vec<_> = self.folders.iter().collect();
        folders.sort_by_key(|(name, _)| *name);
        for (_, folder) in folders {
            let open = folder.changes.len() - folder.synced;
            let further = if luck == Luck::None { 0 } else { dice.below(open + 1) };
            lost += open - further;
            for change in &folder.changes[..folder.synced + further] {
                match change {
                    Names::Put(name, file) => drop(names.insert(name.clone(), *file)),
                    Names::Take(name) => drop(names.remove(name)),
                    Names::Move(from, to) => {
                        if let Some(file) = names.remove(from) {
                            names.insert(to.clone(), file);
                        }
                    }
                }
            }
        }
        for (name, file) in names {
            let path = to.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, self.files[file].after_cut(luck, &mut dice, &mut lost)).unwrap();
        }
        lost
    }
}

impl File {
    fn after_cut(&self, luck: Luck, dice: &mut Dice, lost: &mut usize) -> Vec<u8> {
        let mut held = self.first.clone();
        for change in &self.changes {
            let kept = change.synced || (luck != Luck::None && dice.below(2) == 0);
            *lost += usize::from(!kept);
            match &change.what {
                What::Length(length) if kept => held.resize(*length, 0),
                What::Bytes(at, bytes) if kept => {
                    let torn = luck == Luck::Torn && !change.synced;
                    write(&mut held, *at, bytes, |_| !torn || dice.below(2) == 0);
                }
                What::Length(_) | What::Bytes(..) => {}
            }
        }
        held
    }
}

/// Writes those sectors that are kept. What lies between is zero.
fn write(held: &mut Vec<u8>, at: usize, bytes: &[u8], mut kept: impl FnMut(usize) -> bool) {
    let mut from = 0;
    while from < bytes.len() {
        let to = bytes.len().min(((at + from) / SECTOR + 1) * SECTOR - at);
        if kept(from) {
            if held.len() < at + to {
                held.resize(at + to, 0);
            }
            held[at + from..at + to].copy_from_slice(&bytes[from..to]);
        }
        from = to;
    }
}

/// A plain generator of numbers, so that a failure can be had again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 20).unwrap() % bound
    }
}
