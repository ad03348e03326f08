//! The thread that writes stream heads into their file, in bulk and off the commit path.

use std::{
    collections::HashMap,
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use domain::stream::Stream;
use rusqlite::Connection;

use super::{
    heads::{Heads, Place},
    heads_file::HeadsWriter,
    reader,
};
use crate::backend::leaf;

/// Starts it. It ends when the heads are closed, after writing what has gathered by then.
pub(super) fn start(
    heads: Arc<Heads>,
    file: HeadsWriter,
    log: Connection,
) -> std::io::Result<JoinHandle<()>> {
    thread::Builder::new().name("log-heads".to_owned()).spawn(move || {
        let mut persister = Persister { heads, file, log };
        while persister.heads.wait_until_due().is_some() {
            persister.write();
        }
        persister.write();
    })
}

const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(1);

struct Persister {
    heads: Arc<Heads>,
    file: HeadsWriter,
    log: Connection,
}

impl Persister {
    /// Writes what has gathered. A failure is not the log's: the heads stay in memory, and go
    /// with the next bulk.
    fn write(&mut self) {
        let (bulk, complete) = self.heads.take_bulk();
        let written = if bulk.is_empty() { Ok(()) } else { self.write_bulk(&bulk, complete) };
        if written.is_ok() {
            self.heads.bulk_written(complete);
        } else {
            self.heads.bulk_failed();
            // A full disk does not empty itself in a moment.
            thread::sleep(PAUSE_AFTER_FAILURE);
        }
    }

    fn write_bulk(&mut self, bulk: &HashMap<Stream, Place>, complete: u64) -> rusqlite::Result<()> {
        let last = reader::entry_at(&self.log, complete.saturating_sub(1))?;
        self.file.write(bulk, complete, &leaf(&last))
    }
}
