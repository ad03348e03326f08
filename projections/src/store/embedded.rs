//! Read models in a file of their own, for one process.

mod reading;
mod schema;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use tempfile::TempDir;

use self::{
    reading::reply,
    schema::{Known, connect, table},
};
use super::{Answer, ApplyError, Ask, Batch, Build, Built, Reply, Store, StoreError, Write};

/// The name of the file.
const FILE: &str = "read-models.sqlite";

/// How many connections for reading are kept.
const READERS: usize = 8;

/// Read models in `DIR/read-models.sqlite`. Cheap to clone. The file can be deleted while nobody has it
/// open; everything in it is rebuilt from the log.
#[derive(Clone)]
pub struct Embedded {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    /// Removed when the last handle goes, after the connections above.
    _folder: Option<TempDir>,
}

impl std::fmt::Debug for Embedded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Embedded").field("path", &self.inner.path).finish_non_exhaustive()
    }
}

impl Embedded {
    /// Opens the file in `dir`, or makes a new one.
    ///
    /// # Errors
    /// When the file cannot be opened, or is no such file.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        Self::at(dir.join(FILE), None)
    }

    /// Opens the file in `dir` only if there is one.
    ///
    /// # Errors
    /// When there is none, or it cannot be opened.
    pub fn open_existing(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(FILE);
        path.metadata().map_err(StoreError::when("looking for read-models.sqlite"))?;
        Self::at(path, None)
    }

    /// A file in a folder of its own, which goes with the last handle.
    ///
    /// # Errors
    /// When the folder or the file cannot be made.
    pub fn temporary() -> Result<Self, StoreError> {
        let folder = TempDir::new().map_err(StoreError::when("making a folder"))?;
        Self::at(folder.path().join(FILE), Some(folder))
    }

    fn at(path: PathBuf, folder: Option<TempDir>) -> Result<Self, StoreError> {
        let writer = connect(&path).map_err(StoreError::when("opening the file"))?;
        schema::make(&writer).map_err(StoreError::when("making its tables"))?;
        let inner = Inner {
            path,
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            _folder: folder,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Writes in one transaction, which is undone unless it answers well.
    fn write<T, E>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Answer<'_, Result<T, E>>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        Box::pin(off_the_loop(doing, move || {
            let failed = || StoreError::when(doing);
            let mut writer = inner.writer.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = writer
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(failed())?;
            let done = work(&transaction)?;
            transaction.commit().map_err(failed())?;
            Ok(done)
        }))
    }

    /// Reads one state of the file.
    fn look<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Answer<'_, Result<T, StoreError>> {
        let inner = Arc::clone(&self.inner);
        Box::pin(off_the_loop(doing, move || {
            let kept = inner.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut reader = match kept {
                Some(reader) => reader,
                None => connect(&inner.path).map_err(StoreError::when(doing))?,
            };
            let looked = reader.transaction().and_then(|state| work(&state));
            let mut readers = inner.readers.lock().unwrap_or_else(PoisonError::into_inner);
            if readers.len() < READERS {
                readers.push(reader);
            }
            looked.map_err(StoreError::when(doing))
        }))
    }
}

async fn off_the_loop<T, E>(
    doing: &'static str,
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(stopped) => Err(StoreError::when(doing)(stopped).into()),
    }
}

impl Store for Embedded {
    fn builds(&self) -> Answer<'_, Result<Vec<Built>, StoreError>> {
        self.look("listing the builds", schema::builds)
    }

    fn create<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<(), StoreError>> {
        let build = build.clone();
        self.write("making a build", move |state| {
            schema::create(state, &build).map_err(StoreError::when("making a build"))
        })
    }

    fn apply(&self, batch: Batch) -> Answer<'_, Result<(), ApplyError>> {
        self.write("applying a batch", move |state| apply(state, &batch))
    }

    fn amend<'a>(
        &'a self,
        build: &'a Build,
        at: u64,
        writes: Vec<Write>,
    ) -> Answer<'a, Result<(), ApplyError>> {
        const DOING: &str = "amending";
        let (inner, build) = (Arc::clone(&self.inner), build.clone());
        Box::pin(off_the_loop(DOING, move || {
            let mut file = inner.writer.lock().unwrap_or_else(PoisonError::into_inner);
            schema::thoroughly(&mut file, |state| {
                stands_at(state, &build, at).and_then(|known| {
                    write_all(state, known.id, &writes)
                        .map_err(|error| StoreError::when(DOING)(error).into())
                })
            })
        }))
    }

    fn read<'a>(
        &'a self,
        build: &'a Build,
        asks: Vec<Ask>,
    ) -> Answer<'a, Result<Option<Reply>, StoreError>> {
        let build = build.clone();
        self.look("reading", move |state| {
            schema::find(state, &build)?.map(|known| reply(state, &known, &asks)).transpose()
        })
    }

    fn read_serving<'a>(
        &'a self,
        name: &'a str,
        asks: Vec<Ask>,
    ) -> Answer<'a, Result<Option<(Build, Reply)>, StoreError>> {
        let name = name.to_owned();
        self.look("reading", move |state| {
            let Some((build, known)) = schema::serving(state, name)? else { return Ok(None) };
            Ok(Some((build, reply(state, &known, &asks)?)))
        })
    }

    fn complete<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<bool, StoreError>> {
        let build = build.clone();
        self.write("marking a build as built", move |state| {
            schema::complete(state, &build).map_err(StoreError::when("marking a build as built"))
        })
    }

    fn serve<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<bool, StoreError>> {
        let build = build.clone();
        self.write("switching", move |state| {
            schema::serve(state, &build).map_err(StoreError::when("switching"))
        })
    }

    fn switch<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<bool, StoreError>> {
        let build = build.clone();
        self.write("switching", move |state| {
            schema::switch(state, &build).map_err(StoreError::when("switching"))
        })
    }

    fn serving<'a>(&'a self, name: &'a str) -> Answer<'a, Result<Option<Build>, StoreError>> {
        let name = name.to_owned();
        self.look("finding what serves", move |state| {
            Ok(schema::serving(state, name)?.map(|(build, _)| build))
        })
    }

    fn drop_build<'a>(&'a self, build: &'a Build) -> Answer<'a, Result<bool, StoreError>> {
        let build = build.clone();
        self.write("dropping a build", move |state| {
            schema::drop_build(state, &build).map_err(StoreError::when("dropping a build"))
        })
    }

    fn take_lease<'a>(
        &'a self,
        holder: &'a str,
        time: Duration,
    ) -> Answer<'a, Result<bool, StoreError>> {
        let (holder, time) = (holder.to_owned(), time.as_secs_f64());
        self.write("taking the lease", move |state| {
            schema::take_lease(state, &holder, time).map_err(StoreError::when("taking the lease"))
        })
    }

    fn seize_lease<'a>(
        &'a self,
        holder: &'a str,
        time: Duration,
    ) -> Answer<'a, Result<(), StoreError>> {
        let (holder, time) = (holder.to_owned(), time.as_secs_f64());
        self.write("seizing the lease", move |state| {
            schema::seize_lease(state, &holder, time).map_err(StoreError::when("seizing the lease"))
        })
    }

    fn release_lease<'a>(&'a self, holder: &'a str) -> Answer<'a, Result<(), StoreError>> {
        let holder = holder.to_owned();
        self.write("giving the lease back", move |state| {
            state
                .execute("DELETE FROM lease WHERE holder = ?1", [&holder])
                .map(drop)
                .map_err(StoreError::when("giving the lease back"))
        })
    }
}

fn apply(state: &Transaction<'_>, batch: &Batch) -> Result<(), ApplyError> {
    const DOING: &str = "applying a batch";
    let failed = || StoreError::when::<rusqlite::Error>(DOING);
    if !schema::holds_lease(state, &batch.holder).map_err(failed())? {
        return Err(ApplyError::NotHolder);
    }
    let known = stands_at(state, &batch.build, batch.expected)?;
    schema::gather(state, &known).map_err(failed())?;
    write_all(state, known.id, &batch.writes).map_err(failed())?;
    schema::advance(state, known.id, batch.checkpoint).map_err(failed())?;
    Ok(())
}

/// A build in the file, if it stands where it is expected to.
fn stands_at(state: &Transaction<'_>, build: &Build, expected: u64) -> Result<Known, ApplyError> {
    let found = schema::find(state, build).map_err(StoreError::when("finding a build"))?;
    let Some(known) = found else { return Err(ApplyError::NoSuchBuild) };
    if known.checkpoint.next == expected {
        Ok(known)
    } else {
        Err(ApplyError::Stale { at: known.checkpoint.next, expected })
    }
}

fn write_all(state: &Transaction<'_>, id: i64, writes: &[Write]) -> rusqlite::Result<()> {
    let table = table(id);
    let mut put =
        state.prepare_cached(&format!("INSERT OR REPLACE INTO {table} VALUES (?1, ?2)"))?;
    let mut delete = state.prepare_cached(&format!("DELETE FROM {table} WHERE key = ?1"))?;
    for write in writes {
        match write {
            Write::Put { key, value } => put.execute(params![key.as_bytes(), value])?,
            Write::Delete { key } => delete.execute([key.as_bytes()])?,
        };
    }
    Ok(())
}
