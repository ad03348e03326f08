//! Rates and latencies, printed beside what they are compared with.

use std::time::Duration;

use crate::cores::Cores;

/// One answer.
#[derive(Clone, Copy)]
pub(crate) struct Answered {
    /// From asking to the whole answer.
    pub(crate) after: Duration,
    /// From the beginning of the measurement.
    pub(crate) at: Duration,
}

/// For how long nobody is answered if that counts as a standstill.
const STANDSTILL: Duration = Duration::from_millis(20);

/// What was measured.
pub(crate) struct Figures {
    pub(crate) per_second: f64,
    /// From asking to the whole answer, sorted.
    times: Vec<Duration>,
    /// The times between two answers, to whomever, that were standstills; sorted.
    standstills: Vec<Duration>,
    /// For how long the server's threads, and those of whoever asked, were on a core meanwhile.
    server: Cores,
    asking: Cores,
}

impl Figures {
    pub(crate) fn of(
        answers: &[Answered],
        took: Duration,
        (server, asking): (Cores, Cores),
    ) -> Self {
        let mut times: Vec<Duration> = answers.iter().map(|answer| answer.after).collect();
        times.sort_unstable();
        let mut moments: Vec<Duration> = answers.iter().map(|answer| answer.at).collect();
        moments.sort_unstable();
        let between = moments.windows(2).map(|pair| pair[1].saturating_sub(pair[0]));
        let mut standstills: Vec<Duration> =
            between.filter(|between| *between >= STANDSTILL).collect();
        standstills.sort_unstable();
        let per_second = times.len() as f64 / took.as_secs_f64();
        Self { per_second, times, standstills, server, asking }
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
        let answers = self.times.len() as f64;
        println!("      us on a core an answer: {}", self.server.an_event(answers));
        println!("      whoever asks: {}", self.asking.an_event(answers));
        if let Some(longest) = self.standstills.last() {
            let (times, least) = (self.standstills.len(), STANDSTILL.as_millis());
            let longest = longest.as_secs_f64() * 1e3;
            println!(
                "      nobody was answered for {least} ms or longer {times} times, at most {longest:.0} ms"
            );
        }
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
