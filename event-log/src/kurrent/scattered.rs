//! Events by their positions, of which many are wanted: read in runs, several runs at once.

use std::{collections::BTreeMap, ops::RangeInclusive, sync::Arc};

use tokio::task::JoinSet;

use super::Inner;
use crate::backend::{ReadError, Stored};

/// Positions that are no further apart are read together: so many events more cost less than a call.
const NEAR: u64 = 32;

/// How many events a run has at most.
const LONGEST: u64 = 1_000;

/// How many runs are asked for at once.
const AT_ONCE: usize = 16;

/// The events at these positions, in the order asked; none at and beyond the end.
pub(super) async fn at(
    inner: &Arc<Inner>,
    positions: &[u64],
) -> Result<Vec<Option<Stored>>, ReadError> {
    let length = *inner.length.borrow();
    let mut below: Vec<u64> = positions.iter().copied().filter(|at| *at < length).collect();
    below.sort_unstable();
    below.dedup();
    let mut runs = runs(&below).into_iter();
    let (mut reading, mut found) = (JoinSet::new(), BTreeMap::new());
    loop {
        while reading.len() < AT_ONCE
            && let Some(run) = runs.next()
        {
            let inner = Arc::clone(inner);
            reading.spawn(async move { read(&inner, run).await });
        }
        let Some(read) = reading.join_next().await else { break };
        let read = read.map_err(|ended| ReadError::Unavailable {
            doing: "reading events by their positions".to_owned(),
            cause: ended.into(),
        })??;
        let wanted = read.into_iter().filter(|event| below.binary_search(&event.position).is_ok());
        found.extend(wanted.map(|event| (event.position, event)));
    }
    Ok(positions.iter().map(|at| found.get(at).cloned()).collect())
}

/// Every event of a run.
async fn read(inner: &Inner, run: RangeInclusive<u64>) -> Result<Vec<Stored>, ReadError> {
    let (first, last) = run.into_inner();
    let length = last.saturating_sub(first).saturating_add(1);
    let read = inner.all(first, usize::try_from(length).unwrap_or(usize::MAX)).await?;
    let standing = read.iter().map(|event| event.position);
    match (first..=last)
        .zip(standing.map(Some).chain(std::iter::repeat(None)))
        .find(|(at, stands)| *stands != Some(*at))
    {
        Some((position, _)) => {
            Err(ReadError::Corrupt { position, finding: "it is missing".to_owned() })
        }
        None => Ok(read),
    }
}

/// Positions in order, in runs of such as are near each other.
fn runs(positions: &[u64]) -> Vec<RangeInclusive<u64>> {
    let mut runs: Vec<RangeInclusive<u64>> = Vec::new();
    for &position in positions {
        match runs.last_mut() {
            Some(run)
                if position.saturating_sub(*run.end()) <= NEAR
                    && position.saturating_sub(*run.start()) < LONGEST =>
            {
                *run = *run.start()..=position;
            }
            _ => runs.push(position..=position),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LONGEST, NEAR, runs};

    proptest! {
        #[test]
        fn every_position_is_in_one_run_and_no_run_is_longer_than_it_may_be(
            mut positions in proptest::collection::vec(0_u64..20_000, 0..3_000),
        ) {
            positions.sort_unstable();
            positions.dedup();
            let runs = runs(&positions);
            for position in &positions {
                prop_assert_eq!(runs.iter().filter(|run| run.contains(position)).count(), 1);
            }
            for run in &runs {
                prop_assert!(run.end().saturating_sub(*run.start()) < LONGEST);
                prop_assert!(positions.contains(run.start()) && positions.contains(run.end()));
            }
        }
    }

    #[test]
    fn positions_that_are_near_are_read_together() {
        assert_eq!(runs(&[]), []);
        assert_eq!(runs(&[5, 5 + NEAR]), [5..=5 + NEAR]);
        assert_eq!(runs(&[5, 6 + NEAR]), [5..=5, 6 + NEAR..=6 + NEAR]);
    }
}
