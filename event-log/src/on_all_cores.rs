//! The same work on each of many things, on every core there is.

use std::{num::NonZero, panic::resume_unwind, thread};

/// Does it, and answers in the order of the things. So many of them at least are worth a thread.
pub(crate) fn on_all_cores<'a, T: Sync, R: Send>(
    things: &'a [T],
    worth_a_thread: usize,
    work: impl Fn(&'a T) -> R + Sync,
) -> Vec<R> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let piece = things.len().div_ceil(cores).max(worth_a_thread.max(1));
    let each = |things: &'a [T]| things.iter().map(&work).collect::<Vec<_>>();
    let mut pieces = things.chunks(piece);
    let first = pieces.next().unwrap_or_default();
    thread::scope(|scope| {
        let each = &each;
        let others: Vec<_> = pieces.map(|piece| scope.spawn(move || each(piece))).collect();
        let mut done = each(first);
        done.reserve_exact(things.len().saturating_sub(done.len()));
        for other in others {
            done.extend(other.join().unwrap_or_else(|panicked| resume_unwind(panicked)));
        }
        done
    })
}

#[cfg(test)]
mod tests {
    use super::on_all_cores;

    #[test]
    fn the_answers_stand_in_the_order_of_the_things() {
        for number in [0, 1, 2, 3, 7, 100, 1_001] {
            let things: Vec<usize> = (0..number).collect();
            let expected: Vec<usize> = things.iter().map(|thing| thing * 3).collect();
            for worth_a_thread in [0, 1, 16, 5_000] {
                assert_eq!(on_all_cores(&things, worth_a_thread, |thing| thing * 3), expected);
            }
        }
    }
}
