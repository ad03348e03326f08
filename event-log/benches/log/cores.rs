//! How long each kind of thread was on a core: what other work on the machine does not change much.

use std::{collections::BTreeMap, fs};

/// Nanoseconds on a core so far, by the name of the thread. The system says it only of threads that live.
#[derive(Clone, Default)]
pub(crate) struct Cores(BTreeMap<String, u64>);

/// Seconds on a core of all threads so far, also of those that have ended; in hundredths.
pub(crate) fn seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name, which may hold anything: user and system time are the 12th and 13th.
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let times = after.split_ascii_whitespace().skip(11).take(2);
    times.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

impl Cores {
    /// Of this process.
    pub(crate) fn now() -> Self {
        Self::of("self")
    }

    /// Of a process, by its number.
    pub(crate) fn of(process: &str) -> Self {
        let mut cores = BTreeMap::new();
        let threads = fs::read_dir(format!("/proc/{process}/task"));
        for thread in threads.into_iter().flatten().flatten() {
            let read = |name: &str| fs::read_to_string(thread.path().join(name)).ok();
            let (Some(name), Some(times)) = (read("comm"), read("schedstat")) else { continue };
            let nanos = times.split(' ').next().and_then(|first| first.parse::<u64>().ok());
            *cores.entry(name.trim().to_owned()).or_default() += nanos.unwrap_or_default();
        }
        Self(cores)
    }

    /// Since then.
    pub(crate) fn since(&self, then: &Self) -> Self {
        let before = |name| then.0.get(name).copied().unwrap_or_default();
        Self(
            self.0
                .iter()
                .map(|(name, now)| (name.clone(), now.saturating_sub(before(name))))
                .collect(),
        )
    }

    pub(crate) fn nanos(&self) -> u64 {
        self.0.values().sum()
    }

    /// In microseconds an event, the longest first.
    pub(crate) fn an_event(&self, events: f64) -> String {
        let mut all: Vec<_> = self.0.iter().map(|(name, nanos)| (*nanos, name.as_str())).collect();
        all.sort_unstable_by(|left, right| right.cmp(left));
        let each = |nanos: u64| nanos as f64 / 1e3 / events.max(1.0);
        let parts: Vec<String> = all
            .iter()
            .filter(|(nanos, _)| each(*nanos) >= 0.05)
            .map(|(nanos, name)| format!("{name} {:.1}", each(*nanos)))
            .collect();
        format!("{:.1} = {}", each(self.nanos()), parts.join(" + "))
    }
}
