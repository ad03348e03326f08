//! One part of a stretch at one desk: what it needs there, and its folding.

use std::collections::HashSet;

use rustc_hash::FxBuildHasher;

use super::{
    stretch::{Stretch, Taken},
    touched::{Touched, Trace},
};
use crate::folding::{Desk, Folding};

/// The documents that a part needs.
pub(super) struct Needed {
    /// The keys that each event touches.
    pub(super) keys: Vec<Vec<String>>,
    /// Those that may be stored, and are not here.
    pub(super) missing: Vec<String>,
}

fn part_of(stretch: &Stretch, number: usize) -> &[Taken] {
    let part = stretch.parts.get(number);
    part.and_then(|part| stretch.events.get(part.events.clone())).unwrap_or_default()
}

/// What a part needs. What it touches first is noted as touched, once it is known what of it may be stored.
pub(super) fn needed(
    folding: &dyn Folding,
    desk: &mut dyn Desk,
    (stretch, number): (&Stretch, usize),
    mut touched: Option<&mut Touched>,
) -> Needed {
    let from = stretch.parts.get(number).map_or(0, |part| part.from);
    let mut missing: HashSet<String, FxBuildHasher> = HashSet::default();
    let mut new = Vec::new();
    let may_be = |trace| touched.as_deref().is_none_or(|touched| touched.may_be(trace));
    let keys = part_of(stretch, number)
        .iter()
        .map(|taken| match taken {
            Taken::Event(noted) if folding.concerns(noted.recorded.stamp.stream) => {
                let keys = folding.keys(noted);
                for key in &keys {
                    let begins = folding.begins(key, noted, from);
                    if !begins && desk.has(key) {
                        continue;
                    }
                    let trace = Trace::of(key);
                    new.push(trace);
                    if !begins && may_be(trace) && !missing.contains(key) {
                        missing.insert(key.clone());
                    }
                }
                let consulted = folding.consults(noted).into_iter();
                missing.extend(consulted.filter(|key| !desk.has(key) && may_be(Trace::of(key))));
                keys
            }
            Taken::Event(_) | Taken::OfNoConcern | Taken::Unreadable { .. } => Vec::new(),
        })
        .collect();
    if let Some(touched) = &mut touched {
        for trace in new {
            touched.note(trace);
        }
    }
    let mut missing: Vec<String> = missing.into_iter().collect();
    missing.sort_unstable();
    Needed { keys, missing }
}

/// Folds a part, or skips what of it could not be read.
pub(super) fn fold(
    folding: &dyn Folding,
    desk: &mut dyn Desk,
    stretch: &Stretch,
    number: usize,
    keys: Vec<Vec<String>>,
) {
    for (taken, keys) in part_of(stretch, number).iter().zip(keys) {
        match taken {
            Taken::Event(noted) if !keys.is_empty() => desk.fold(noted, keys),
            Taken::Unreadable { stream, name, position, reason }
                if folding.concerns(*stream) && !folding.passes_by(name) =>
            {
                desk.skip(*position, reason);
            }
            Taken::Event(_) | Taken::OfNoConcern | Taken::Unreadable { .. } => {}
        }
    }
}
