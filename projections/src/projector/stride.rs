//! How many events are taken in at once: fewer where that takes long, measured by the lease.

use std::time::Duration;

/// How far a projector goes in one step. What takes long is lost when the process dies, and keeps the
/// lease in danger when the store cannot be reached to renew it; so a stretch that took half the lease
/// is followed by one of half its length, and a quick one by a longer one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stride {
    at_most: Option<usize>,
}

impl Stride {
    /// How many events at once, where usually so many are.
    pub(super) fn of(self, usual: usize) -> usize {
        self.at_most.map_or(usual, |at_most| usual.min(at_most)).max(1)
    }

    /// So many events were folded, and then not written for want of the lease.
    pub(super) const fn stumbled(&mut self, over: usize) {
        self.at_most = Some(over.div_ceil(2));
    }

    /// So many events were taken in within some time, where usually so many are.
    pub(super) fn went(
        &mut self,
        (events, usual): (usize, usize),
        took: Duration,
        lease: Duration,
    ) {
        if took > lease.mul_f64(0.5) {
            self.stumbled(events);
        } else if took < lease.mul_f64(0.125) {
            let longer = self.at_most.map(|at_most| at_most.saturating_mul(2));
            self.at_most = longer.filter(|at_most| *at_most < usual);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEASE: Duration = Duration::from_secs(8);

    #[test]
    fn a_stretch_is_halved_until_one_event_is_left() {
        let mut stride = Stride::default();
        let mut lengths = Vec::new();
        for _ in 0..5 {
            lengths.push(stride.of(8));
            stride.stumbled(stride.of(8));
        }
        assert_eq!(lengths, [8, 4, 2, 1, 1]);
    }

    #[test]
    fn one_that_was_short_for_want_of_events_is_halved_as_it_was() {
        let mut stride = Stride::default();
        stride.stumbled(10);
        assert_eq!(stride.of(16_384), 5);
    }

    #[test]
    fn what_took_more_than_half_the_lease_is_halved_and_what_took_less_than_an_eighth_doubled() {
        let after = |milliseconds| {
            let mut stride = Stride { at_most: Some(100) };
            stride.went((100, 1_000), Duration::from_millis(milliseconds), LEASE);
            stride.of(1_000)
        };
        assert_eq!([after(4_001), after(4_000), after(1_000), after(999)], [50, 100, 100, 200]);
    }

    #[test]
    fn it_is_as_long_as_usual_again_in_the_end() {
        let mut stride = Stride { at_most: Some(300) };
        for _ in 0..2 {
            stride.went((300, 1_000), Duration::ZERO, LEASE);
        }
        assert_eq!(stride, Stride::default());
    }
}
