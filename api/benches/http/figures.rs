//! Rates and latencies, printed beside what they are compared with.

use std::time::Duration;

/// What was measured.
pub(crate) struct Figures {
    pub(crate) per_second: f64,
    /// From asking to the whole answer, sorted.
    times: Vec<Duration>,
}

impl Figures {
    pub(crate) fn of(mut times: Vec<Duration>, took: Duration) -> Self {
        times.sort_unstable();
        Self { per_second: times.len() as f64 / took.as_secs_f64(), times }
    }

    /// The time within which this part of the answers came, in milliseconds.
    pub(crate) fn millis(&self, part: f64) -> f64 {
        let place = ((self.times.len() - 1) as f64 * part) as usize;
        self.times[place].as_secs_f64() * 1e3
    }

    pub(crate) fn print(&self, what: &str, baseline: &Self) {
        let [p50, p99, p999] = [0.5, 0.99, 0.999].map(|part| self.millis(part));
        let (rate, ratio) = (self.per_second, self.per_second / baseline.per_second);
        let slower = p99 / baseline.millis(0.99);
        println!(
            "  {what:32} {rate:>8.0} a second, {ratio:.2} of live; \
             p50 {p50:.2} ms, p99 {p99:.2} ms ({slower:.1} x live), p99.9 {p999:.2} ms"
        );
    }
}

/// Says whether at least so much was reached.
pub(crate) fn goal(what: &str, reached: f64, wanted: f64) {
    said(what, reached, wanted, reached >= wanted);
}

/// Says whether it stayed at or below.
pub(crate) fn limit(what: &str, reached: f64, wanted: f64) {
    said(what, reached, wanted, reached <= wanted);
}

fn said(what: &str, reached: f64, wanted: f64, good: bool) {
    let word = if good { "reached" } else { "MISSED" };
    println!("    {what}: {reached:.1}, to reach {wanted:.0}: {word}");
}
