//! Rates and latencies, printed beside what is to be reached.

use std::time::{Duration, Instant};

use crate::cores::Cores;

/// What was measured.
pub(crate) struct Figures {
    pub(crate) per_second: f64,
    /// From asking to the answer, in nanoseconds, sorted.
    nanos: Vec<u64>,
    events: u64,
    cores: Cores,
}

/// When a measurement was begun.
pub(crate) struct Begun(pub(crate) Instant, Cores);

impl Begun {
    pub(crate) fn now() -> Self {
        let cores = Cores::now();
        Self(Instant::now(), cores)
    }

    /// Ends it: so many events, and how long each answer took.
    pub(crate) fn ended(&self, events: u64, mut nanos: Vec<u64>) -> Figures {
        let took: Duration = self.0.elapsed();
        let cores = Cores::now().since(&self.1);
        nanos.sort_unstable();
        Figures { per_second: events as f64 / took.as_secs_f64(), nanos, events, cores }
    }
}

impl Figures {
    /// Of several turns that took so many seconds together, with one event for each answer.
    pub(crate) fn over(seconds: f64, mut nanos: Vec<u64>) -> Self {
        nanos.sort_unstable();
        let events = nanos.len() as u64;
        Self { per_second: events as f64 / seconds, nanos, events, cores: Cores::default() }
    }

    /// In microseconds.
    pub(crate) fn at(&self, part: f64) -> f64 {
        let place = ((self.nanos.len().max(1) - 1) as f64 * part) as usize;
        self.nanos.get(place).map_or(0.0, |nanos| *nanos as f64 / 1e3)
    }
}

pub(crate) fn head() {
    println!(
        "{:<46}{:>12}{:>10}{:>10}{:>10}{:>10}",
        "", "a second", "p50 us", "p99 us", "p99.9 us", "most us"
    );
}

pub(crate) fn print(name: &str, figures: &Figures) {
    print!("{name:<46}{:>12.0}", figures.per_second);
    if !figures.nanos.is_empty() {
        for part in [0.5, 0.99, 0.999, 1.0] {
            print!("{:>10.1}", figures.at(part));
        }
    }
    println!();
    if figures.cores.nanos() > 0 {
        println!("      us on a core an event: {}", figures.cores.an_event(figures.events as f64));
    }
}

/// Says what was reached of what is to be reached.
pub(crate) fn goal(what: &str, is: f64, at_least: f64) {
    say(what, is, is >= at_least, &format!("at least {at_least}"));
}

/// The same for what is to be small.
pub(crate) fn limit(what: &str, is: f64, at_most: f64) {
    say(what, is, is <= at_most, &format!("at most {at_most}"));
}

fn say(what: &str, is: f64, met: bool, goal: &str) {
    let mark = if met { "reached" } else { "MISSED" };
    println!("    {what:<42}{is:>12.2}   to reach: {goal}: {mark}");
}
