//! What a process did to the files of a folder, in order, as `strace` saw it.

use std::{collections::HashMap, fs, path::Path, process::Command};

use crate::{victim::Operation, world::folder};

const CALLS: &str =
    "?openat,?close,?write,?pwrite64,?fsync,?fdatasync,?ftruncate,?rename,?unlink,?mkdir,?rmdir";

/// Something a process did. Names are paths below the folder, without a slash before them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// Opened a file; made it, if it was not there and that was asked for; emptied it, if asked.
    Open { file: String, handle: u64, make: bool, empty: bool },
    /// Wrote bytes, at a place or after what it wrote last.
    Write { handle: u64, at: Option<u64>, bytes: Vec<u8>, ended: usize },
    /// Cut or extended a file.
    Truncate { handle: u64, length: u64, ended: usize },
    /// Made a file, or which names are in a folder, durable. What ended before it began is covered.
    Sync { handle: u64, began: usize },
    /// Gave a file another name.
    Rename { from: String, to: String },
    /// Took a name away.
    Remove { file: String },
    /// Made a folder.
    Folder { file: String },
    /// Said something.
    Said(Vec<u8>),
}

impl Event {
    /// The line that was said, if something was.
    pub(super) fn said(&self) -> Option<String> {
        let Self::Said(bytes) = self else { return None };
        let text = String::from_utf8_lossy(bytes);
        text.trim().strip_prefix("said: ").map(str::to_owned)
    }
}

/// Runs an operation undisturbed, and answers what it did.
pub(super) fn record(operation: Operation, dir: &Path) -> Vec<Event> {
    let beside = folder();
    let (says, output) = (beside.path().join("said"), beside.path().join("trace"));
    let mut command = Command::new("strace");
    command.args([
        "-f",
        "-qq",
        "-y",
        "-xx",
        "-s",
        "4000000",
        "-e",
        &format!("trace={CALLS}"),
        "-o",
    ]);
    command.arg(&output).arg("--").args(operation.victim().program());
    operation.victim().instruct(&mut command, dir, &says);
    assert!(command.status().unwrap().success());
    let trace = fs::read_to_string(&output).unwrap();
    let mut reader = Reader {
        below: format!("{}/", dir.display()),
        says: says.to_str().unwrap().to_owned(),
        open: HashMap::new(),
        handles: 0,
    };
    let mut unfinished: HashMap<&str, (usize, &str)> = HashMap::new();
    let mut events = Vec::new();
    for (number, line) in trace.lines().enumerate() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        if let Some(first) = rest.strip_suffix("<unfinished ...>") {
            unfinished.insert(thread, (number, first));
        } else if let Some((_, last)) = rest.split_once(" resumed>") {
            let Some((began, first)) = unfinished.remove(thread) else { continue };
            events.extend(reader.event(&format!("{first}{last}"), began, number));
        } else {
            events.extend(reader.event(rest, number, number));
        }
    }
    assert!(events.len() > 20, "hardly anything was recorded");
    events
}

struct Reader {
    below: String,
    says: String,
    /// The handle of each descriptor that is open on something in the folder.
    open: HashMap<u64, u64>,
    handles: u64,
}

impl Reader {
    fn event(&mut self, call: &str, began: usize, ended: usize) -> Option<Event> {
        let (name, rest) = call.split_once('(')?;
        let (arguments, answer) = rest.rsplit_once(" = ")?;
        if answer.starts_with('-') {
            return None;
        }
        let answer: u64 = answer.split(['<', ' ']).next()?.parse().ok()?;
        let texts = texts(arguments);
        let number = |place: usize| -> Option<u64> {
            let last = arguments.trim_end().trim_end_matches(')').rsplit(", ").nth(place)?;
            last.trim().parse().ok()
        };
        let descriptor = arguments.split('<').next()?.parse::<u64>().ok();
        let handle = descriptor.and_then(|descriptor| self.open.get(&descriptor).copied());
        match name {
            "openat" => {
                let file = self.inside(&texts[1])?;
                self.handles += 1;
                self.open.insert(answer, self.handles);
                let (make, empty) = (arguments.contains("O_CREAT"), arguments.contains("O_TRUNC"));
                Some(Event::Open { file, handle: self.handles, make, empty })
            }
            "close" => {
                self.open.remove(&descriptor?);
                None
            }
            "write" if texts.first().is_some_and(|path| path == self.says.as_bytes()) => {
                Some(Event::Said(texts.get(1)?.clone()))
            }
            "write" => Some(Event::Write {
                handle: handle?,
                at: None,
                bytes: texts.get(1)?.clone(),
                ended,
            }),
            "pwrite64" => {
                let at = number(0);
                Some(Event::Write { handle: handle?, at, bytes: texts.get(1)?.clone(), ended })
            }
            "ftruncate" => Some(Event::Truncate { handle: handle?, length: number(0)?, ended }),
            "fsync" | "fdatasync" => Some(Event::Sync { handle: handle?, began }),
            "rename" => {
                Some(Event::Rename { from: self.inside(&texts[0])?, to: self.inside(&texts[1])? })
            }
            "unlink" | "rmdir" => Some(Event::Remove { file: self.inside(&texts[0])? }),
            "mkdir" => Some(Event::Folder { file: self.inside(&texts[0])? }),
            _ => None,
        }
    }

    /// The path below the folder; none of what the system makes again by itself.
    fn inside(&self, path: &[u8]) -> Option<String> {
        let path = std::str::from_utf8(path).ok()?;
        if path.ends_with("-shm") {
            return None;
        }
        if format!("{path}/") == self.below {
            return Some(String::new());
        }
        path.strip_prefix(&self.below).map(str::to_owned)
    }
}

/// Everything in quotes or angle brackets, which is written byte by byte as `\xNN`.
fn texts(arguments: &str) -> Vec<Vec<u8>> {
    let mut texts = Vec::new();
    let mut rest = arguments;
    while let Some(at) = rest.find(['"', '<']) {
        let close = if rest[at..].starts_with('"') { '"' } else { '>' };
        rest = &rest[at + 1..];
        let Some(end) = rest.find(close) else { break };
        let digits: Vec<u8> = rest[..end].bytes().filter(|byte| !b"\\x".contains(byte)).collect();
        texts.push(hex::decode(digits).unwrap_or_default());
        rest = &rest[end + 1..];
    }
    texts
}
