//! One page of a listing, cut from a scan of the store or from a list that is at hand.

use projections::{
    projection::ReadModel,
    reader::{Found, QueryError, Reader},
    store::Range,
};
use serde_json::Value;

use super::{cursor::elsewhere, facets::Row, failure};
use crate::problem::Problem;

/// How many rows are looked at for the facets of a listing that is not at hand as a whole.
pub(super) const COUNTED: usize = 1_000;

/// Which page is wanted.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// At most so many rows.
    pub(super) limit: usize,
    /// Next to the row with this key, if it is not the first page.
    pub(super) beside: Option<String>,
    /// Before it, not after it.
    pub(super) backwards: bool,
    /// Whether facets are to be counted.
    pub(super) facets: bool,
}

impl Wanted {
    /// Every row there is.
    pub(super) const fn everything() -> Self {
        Self { limit: usize::MAX, beside: None, backwards: false, facets: false }
    }
}

/// A row under its place in the listing.
#[derive(Clone, Debug)]
pub(super) struct Placed<R = Value> {
    pub(super) key: String,
    pub(super) row: R,
}

/// A page.
#[derive(Clone, Debug)]
pub(super) struct Page<R = Value> {
    /// Its rows, in the order of the listing.
    pub(super) rows: Vec<Placed<R>>,
    /// Whether there are rows before it.
    pub(super) before: bool,
    /// Whether there are rows after it.
    pub(super) after: bool,
    /// What else the facets count, if they are wanted. Only with the first page.
    pub(super) beyond: Option<Beyond<R>>,
}

/// The rows after a first page that are counted with it.
#[derive(Clone, Debug)]
pub(super) struct Beyond<R = Value> {
    pub(super) rows: Vec<R>,
    /// Whether these are all.
    pub(super) complete: bool,
}

/// Scans a range of the store, in which each document becomes a row or is left out. `rows_of` is given some
/// documents at a time, and answers for each of them in its turn.
pub(super) async fn scan<P: ReadModel>(
    reader: &Reader<P>,
    range: Range,
    wanted: &Wanted,
    rows_of: impl AsyncFnMut(Vec<Found<P::Document>>) -> Result<Vec<Option<Value>>, Problem>,
) -> Result<Page, Problem> {
    let find = async |range| Ok(reader.find(vec![range]).await?.value);
    scan_found(find, range, wanted, rows_of).await
}

/// The same, of documents that are found in a way of their own, each under a key in the range.
pub(super) async fn scan_found<D, R: Row>(
    find: impl AsyncFn(Range) -> Result<Vec<Found<D>>, QueryError>,
    range: Range,
    wanted: &Wanted,
    mut rows_of: impl AsyncFnMut(Vec<Found<D>>) -> Result<Vec<Option<R>>, Problem>,
) -> Result<Page<R>, Problem> {
    let mut range = if wanted.backwards { range.backwards() } else { range };
    let first_page = wanted.beside.is_none();
    if let Some(beside) = &wanted.beside {
        // It may be a key of a version before, in which the index was laid out otherwise.
        if *beside < range.from || *beside >= range.to {
            return Err(elsewhere());
        }
        range = range.after(beside);
    }
    let enough = if first_page && wanted.facets { COUNTED.max(wanted.limit) } else { wanted.limit };
    let mut rows: Vec<Placed<R>> = Vec::new();
    let mut more = true;
    while more && rows.len() <= enough {
        let at_once = enough.saturating_add(1).clamp(32, 1_024);
        let found = find(Range { limit: at_once, ..range.clone() }).await;
        let found = found.map_err(failure::asking)?;
        more = found.len() == at_once;
        if let Some(last) = found.last() {
            range = range.after(&last.key);
        }
        let keys: Vec<String> = found.iter().map(|found| found.key.clone()).collect();
        for (key, row) in keys.into_iter().zip(rows_of(found).await?) {
            rows.extend(row.map(|row| Placed { key, row }));
        }
    }
    let complete = !more && rows.len() <= enough;
    rows.truncate(enough);
    let others = rows.split_off(wanted.limit.min(rows.len()));
    let others_follow = !complete || !others.is_empty();
    let beyond =
        (first_page && wanted.facets).then(|| Beyond { rows: only_rows(others), complete });
    if wanted.backwards {
        rows.reverse();
    }
    let (before, after) =
        if wanted.backwards { (others_follow, true) } else { (!first_page, others_follow) };
    Ok(Page { rows, before, after, beyond })
}

fn only_rows<R>(placed: Vec<Placed<R>>) -> Vec<R> {
    placed.into_iter().map(|placed| placed.row).collect()
}

/// Cuts a page from all rows there are.
pub(super) fn cut(mut all: Vec<Placed>, wanted: &Wanted) -> Page {
    all.sort_by(|one, other| one.key.cmp(&other.key));
    let first_page = wanted.beside.is_none();
    let number = all.len();
    let (from, to) = match (&wanted.beside, wanted.backwards) {
        (None, _) => (0, wanted.limit.min(number)),
        (Some(beside), false) => {
            let from = all.partition_point(|placed| placed.key <= *beside);
            (from, from.saturating_add(wanted.limit).min(number))
        }
        (Some(beside), true) => {
            let to = all.partition_point(|placed| placed.key < *beside);
            (to.saturating_sub(wanted.limit), to)
        }
    };
    let others = all.split_off(to);
    let rows = all.split_off(from);
    let beyond =
        (first_page && wanted.facets).then(|| Beyond { rows: only_rows(others), complete: true });
    Page { rows, before: from > 0, after: to < number, beyond }
}
