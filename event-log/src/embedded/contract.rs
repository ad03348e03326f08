//! The contract of a store of the log, as the log in a file keeps it.

use std::sync::Arc;

use domain::stream::Stream;
use tokio::sync::watch;

use super::{Embedded, reading};
use crate::{
    append::{Append, AppendError, Appended},
    backend::{Answer, Backend, Head, Leaf, Look, ReadError, Stored},
};

impl Backend for Embedded {
    fn append(&self, append: Append) -> Answer<'_, Result<Appended, AppendError>> {
        Box::pin(self.put(Arc::new(append)))
    }

    fn append_kept(&self, append: &Arc<Append>) -> Answer<'_, Result<Appended, AppendError>> {
        Box::pin(self.put(Arc::clone(append)))
    }

    fn append_in_order(
        &self,
        appends: Vec<Append>,
    ) -> Answer<'_, Result<u64, (usize, AppendError)>> {
        Box::pin(self.put_in_order(appends))
    }

    fn head(&self, stream: Stream) -> Answer<'_, Result<Option<Head>, ReadError>> {
        Box::pin(async move { reading::head(&self.shared.heads, stream) })
    }

    fn read_stream(
        &self,
        stream: Stream,
        first: u64,
        last: Option<u64>,
    ) -> Answer<'_, Result<Vec<Stored>, ReadError>> {
        Box::pin(reading::stream(&self.pool, &self.shared.heads, stream, first, last))
    }

    fn read_all(&self, from: u64, limit: usize) -> Answer<'_, Result<Vec<Stored>, ReadError>> {
        Box::pin(reading::all(&self.pool, self.shared.heads.length(), from, limit))
    }

    fn lend_all<'a>(
        &'a self,
        from: u64,
        limit: usize,
        look: &'a mut Look<'_>,
    ) -> Answer<'a, Result<(), ReadError>> {
        Box::pin(reading::lend(&self.pool, self.shared.heads.length(), from, limit, look))
    }

    fn read_at<'a>(
        &'a self,
        positions: &'a [u64],
    ) -> Answer<'a, Result<Vec<Option<Stored>>, ReadError>> {
        Box::pin(reading::at(&self.pool, self.shared.heads.length(), positions))
    }

    fn read_leaves(
        &self,
        from: u64,
        limit: usize,
    ) -> Answer<'_, Result<Vec<(u64, Leaf)>, ReadError>> {
        Box::pin(reading::leaves(&self.pool, self.shared.heads.length(), from, limit))
    }

    fn erase_sealed(&self, stream: Stream) -> Answer<'_, Result<u64, AppendError>> {
        Box::pin(self.erase(stream))
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.shared.length.subscribe()
    }
}
