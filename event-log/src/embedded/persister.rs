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
    checkpointer::is_harmless, heads::Place, heads_file::HeadsWriter, reader, spells::Doing,
    writer::Shared,
};
use crate::backend::leaf;

/// Starts it. It ends when the heads are closed, after writing what has gathered by then; or when the
/// file cannot be made durable, which poisons the log.
pub(super) fn start(
    shared: Arc<Shared>,
    file: HeadsWriter,
    log: Connection,
) -> std::io::Result<JoinHandle<()>> {
    thread::Builder::new().name("log-heads".to_owned()).spawn(move || {
        let mut persister = Persister { shared, file, log };
        while persister.shared.heads.wait_until_due().is_some() {
            if persister.write().is_err() {
                return;
            }
        }
        if persister.write().is_ok() && persister.shared.poison.get().is_none() {
            persister.file.close();
        }
    })
}

const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(1);

struct Persister {
    shared: Arc<Shared>,
    file: HeadsWriter,
    log: Connection,
}

/// A write to disk failed. What the file holds is whole, and is not to be written to again.
struct Broken;

impl Persister {
    /// Writes what has gathered. With no room for it the heads stay in memory, and go with the next
    /// bulk.
    fn write(&mut self) -> Result<(), Broken> {
        let shared = Arc::clone(&self.shared);
        let (bulk, complete) = shared.heads.take_bulk();
        let mut watch = shared.spells.watch();
        let written = if bulk.is_empty() { Ok(()) } else { self.write_bulk(&bulk, complete) };
        watch.did(Doing::StoringHeads);
        let heads = &shared.heads;
        let Err(cause) = written else {
            heads.bulk_written(complete);
            return Ok(());
        };
        heads.bulk_failed();
        if !is_harmless(&cause) {
            let reason = || format!("writing stream heads failed: {cause}");
            let _first_reason = shared.poison.get_or_init(reason);
            return Err(Broken);
        }
        // A full disk does not empty itself in a moment.
        heads.pause(PAUSE_AFTER_FAILURE);
        Ok(())
    }

    fn write_bulk(&mut self, bulk: &HashMap<Stream, Place>, complete: u64) -> rusqlite::Result<()> {
        let last = reader::entry_at(&self.log, complete.saturating_sub(1))?;
        self.file.write(bulk, complete, &leaf(&last))
    }
}
