//! Which keys a build may have touched since its beginning: whatever is not among them needs not be looked for.

use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;

/// How many words: 16 MiB, given out as they are written to. Of eight million keys, a hundredth of the others seems to be
/// among them; of thirty million a quarter.
const WORDS: usize = 1 << 21;

/// Where in its hash stands which bits stand for a key, all of them in one word.
const BITS: [u32; 4] = [0, 6, 12, 18];

/// Keys that were touched. It never denies one, and rarely takes another for one: that is looked for in vain, as
/// everything would be without this.
pub(super) struct Touched(Vec<u64>);

/// What stands for a key here.
#[derive(Clone, Copy)]
pub(super) struct Trace {
    word: usize,
    bits: u64,
}

impl Trace {
    pub(super) fn of(key: &str) -> Self {
        let hash = FxBuildHasher.hash_one(key);
        // The hash of a few bytes is good at its upper end; this makes it so throughout.
        let hash = (hash ^ (hash >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let hash = hash ^ (hash >> 29);
        let bit = |from: u32| 1_u64 << ((hash >> from) & 63);
        let bits = BITS.into_iter().fold(0, |bits, from| bits | bit(from));
        let word = usize::try_from(hash >> 40).unwrap_or_default() & (WORDS - 1);
        Self { word, bits }
    }
}

impl Touched {
    /// None yet.
    pub(super) fn none() -> Self {
        Self(vec![0; WORDS])
    }

    /// Whether it may have been.
    pub(super) fn may_be(&self, trace: Trace) -> bool {
        self.0.get(trace.word).is_none_or(|word| word & trace.bits == trace.bits)
    }

    /// It is from now on.
    pub(super) fn note(&mut self, trace: Trace) {
        if let Some(word) = self.0.get_mut(trace.word) {
            *word |= trace.bits;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Touched, Trace};

    #[test]
    fn what_was_touched_is_never_denied_and_hardly_anything_else_taken_for_it() {
        let mut touched = Touched::none();
        let key = |number: u32| Trace::of(&format!("o/------------------{number:04x}"));
        assert!(!touched.may_be(key(0)));
        (0..200_000).for_each(|number| touched.note(key(number)));
        assert!((0..200_000).all(|number| touched.may_be(key(number))));
        let wrong = (200_000..400_000).filter(|number| touched.may_be(key(*number))).count();
        assert!(wrong < 200, "{wrong} of two hundred thousand");
    }
}
