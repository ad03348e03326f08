//! Reading a log without any right to write: beside a running server, or from a copy.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use domain::stream::Stream;
use tokio::sync::watch;

use super::{
    connections::{Access, KEPT, Pool, is_there, open_reading},
    files::Files,
    heads::Heads,
    heads_file::HeadsFile,
    reader::Trouble,
    reading, recover,
    refusal::OpenError,
    schema::{self, About},
};
use crate::{
    append::{Append, AppendError, Appended},
    backend::{Answer, Backend, Head, Leaf, Look, ReadError, Stored},
};

/// A log opened for reading only. It takes no lock, and creates and changes no file.
///
/// What a server beside it appends is seen at the next read; [`Backend::watch`] announces it
/// then, and not before.
#[derive(Debug)]
pub struct ReadOnly {
    about: About,
    heads: Heads,
    pool: Pool,
    length: watch::Sender<u64>,
    /// One at a time reads on from where the log was last seen to end.
    catching_up: Mutex<()>,
}

/// Appending was asked of a log opened for reading only.
#[derive(Debug, thiserror::Error)]
#[error("the log is open for reading only")]
struct ForReadingOnly;

impl ReadOnly {
    /// Opens the log in `dir` for reading.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        let files = Files::of(dir);
        let path = files.events();
        if !is_there(&path)? {
            return Err(OpenError::Absent { path });
        }
        let access = Access::now(&path)?;
        let db = open_reading(&path, access).map_err(|cause| OpenError::Engine {
            doing: "open",
            path: path.clone(),
            cause,
        })?;
        let about = schema::verify(&db, &path)?;
        // The file of heads saves time. Where it cannot be read as it is, the log is read whole.
        let (file, known) = HeadsFile::foreign(&files, &about.log);
        let recent = recover::recover(&db, &files, &known, None, u64::MAX)?;
        Ok(Self::over(about, Heads::new(recent, file, u64::MAX), Pool::foreign(path).keeping(KEPT)))
    }

    pub(super) fn over(about: About, heads: Heads, pool: Pool) -> Self {
        let length = watch::Sender::new(heads.length());
        Self { about, heads, pool, length, catching_up: Mutex::default() }
    }

    /// The name the log was created with.
    pub fn origin(&self) -> &str {
        &self.about.origin
    }

    /// How many events there are at this moment.
    pub(super) fn caught_up(&self) -> Result<u64, ReadError> {
        self.catch_up()?;
        Ok(self.heads.length())
    }

    /// Takes in what has been appended since the last read.
    fn catch_up(&self) -> Result<(), ReadError> {
        let _one_at_a_time = self.catching_up.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.heads.length();
        let caught_up = self.pool.with(|db| -> Result<_, Trouble> {
            let length = schema::length(db)?;
            let mut gathered = std::collections::HashMap::new();
            if known < length {
                recover::gather(db, known, length, &mut gathered)?;
            }
            Ok((gathered, length))
        });
        let (gathered, length) =
            caught_up.map_err(|trouble| trouble.when(|| "the end of the log".to_owned()))?;
        if known < length {
            self.heads.moved(gathered.into_iter(), length);
            self.length.send_replace(length);
        } else if length < known {
            let finding = "it was there, and is not any more".to_owned();
            return Err(ReadError::Corrupt { position: length, finding });
        }
        Ok(())
    }
}

impl Backend for ReadOnly {
    fn append(&self, _append: Append) -> Answer<'_, Result<Appended, AppendError>> {
        Box::pin(async { Err(AppendError::Unavailable(Box::new(ForReadingOnly))) })
    }

    fn head(&self, stream: Stream) -> Answer<'_, Result<Option<Head>, ReadError>> {
        Box::pin(async move {
            self.catch_up()?;
            reading::head(&self.heads, stream)
        })
    }

    fn read_stream(
        &self,
        stream: Stream,
        first: u64,
        last: Option<u64>,
    ) -> Answer<'_, Result<Vec<Stored>, ReadError>> {
        Box::pin(async move {
            self.catch_up()?;
            reading::stream(&self.pool, &self.heads, stream, first, last).await
        })
    }

    fn read_all(&self, from: u64, limit: usize) -> Answer<'_, Result<Vec<Stored>, ReadError>> {
        Box::pin(async move {
            self.catch_up()?;
            reading::all(&self.pool, self.heads.length(), from, limit).await
        })
    }

    fn lend_all<'a>(
        &'a self,
        from: u64,
        limit: usize,
        look: &'a mut Look<'_>,
    ) -> Answer<'a, Result<(), ReadError>> {
        Box::pin(async move {
            self.catch_up()?;
            reading::lend(&self.pool, self.heads.length(), from, limit, look).await
        })
    }

    fn read_at<'a>(
        &'a self,
        positions: &'a [u64],
    ) -> Answer<'a, Result<Vec<Option<Stored>>, ReadError>> {
        Box::pin(async move {
            self.catch_up()?;
            reading::at(&self.pool, self.heads.length(), positions).await
        })
    }

    fn read_leaves(
        &self,
        from: u64,
        limit: usize,
    ) -> Answer<'_, Result<Vec<(u64, Leaf)>, ReadError>> {
        Box::pin(async move {
            self.catch_up()?;
            reading::leaves(&self.pool, self.heads.length(), from, limit).await
        })
    }

    fn erase_sealed(&self, _stream: Stream) -> Answer<'_, Result<u64, AppendError>> {
        Box::pin(async { Err(AppendError::Unavailable(Box::new(ForReadingOnly))) })
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.length.subscribe()
    }
}
