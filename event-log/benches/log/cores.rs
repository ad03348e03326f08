//! How long each kind of thread was on a core: what other work on the machine does not change much.

use std::{collections::BTreeMap, fs};

/// Nanoseconds on a core so far, by the name of the thread. The system says it only of threads that live.
#[derive(Clone, Default)]
pub(crate) struct Cores {
    threads: BTreeMap<String, u64>,
    taken: u64,
}

/// Seconds on a core of all threads so far, also of those that have ended; in hundredths.
pub(crate) fn seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name, which may hold anything: user and system time are the 12th and 13th.
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let times = after.split_ascii_whitespace().skip(11).take(2);
    times.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Nanoseconds of all cores that the host of a virtual machine gave to others although there was work; in hundredths of
/// a second. Whoever uses more than the host allows is stopped for some tens of milliseconds, its disk as well.
fn taken() -> u64 {
    let stat = fs::read_to_string("/proc/stat").unwrap_or_default();
    let ticks = stat.lines().next().and_then(|all| all.split_ascii_whitespace().nth(8));
    ticks.and_then(|ticks| ticks.parse::<u64>().ok()).unwrap_or_default() * 10_000_000
}

impl Cores {
    /// Of this process.
    pub(crate) fn now() -> Self {
        Self::of("self")
    }

    /// Of a process, by its number.
    pub(crate) fn of(process: &str) -> Self {
        let mut by_name = BTreeMap::new();
        let threads = fs::read_dir(format!("/proc/{process}/task"));
        for thread in threads.into_iter().flatten().flatten() {
            let read = |name: &str| fs::read_to_string(thread.path().join(name)).ok();
            let (Some(name), Some(times)) = (read("comm"), read("schedstat")) else { continue };
            let nanos = times.split(' ').next().and_then(|first| first.parse::<u64>().ok());
            *by_name.entry(name.trim().to_owned()).or_default() += nanos.unwrap_or_default();
        }
        Self { threads: by_name, taken: taken() }
    }

    /// Since then.
    pub(crate) fn since(&self, then: &Self) -> Self {
        let before = |name: &String| then.threads.get(name).copied().unwrap_or_default();
        let since = |(name, now): (&String, &u64)| (name.clone(), now.saturating_sub(before(name)));
        Self {
            threads: self.threads.iter().map(since).collect(),
            taken: self.taken.saturating_sub(then.taken),
        }
    }

    pub(crate) fn nanos(&self) -> u64 {
        self.threads.values().sum()
    }

    /// In microseconds an event, the longest first, and how much of the cores the host took away meanwhile.
    pub(crate) fn an_event(&self, events: f64) -> String {
        let mut all: Vec<_> =
            self.threads.iter().map(|(name, nanos)| (*nanos, name.as_str())).collect();
        all.sort_unstable_by(|left, right| right.cmp(left));
        let each = |nanos: u64| nanos as f64 / 1e3 / events.max(1.0);
        let parts: Vec<String> = all
            .iter()
            .filter(|(nanos, _)| each(*nanos) >= 0.05)
            .map(|(nanos, name)| format!("{name} {:.1}", each(*nanos)))
            .collect();
        let taken = each(self.taken);
        format!("{:.1} = {}; the host took {taken:.1}", each(self.nanos()), parts.join(" + "))
    }
}
