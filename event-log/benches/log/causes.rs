//! Where the time of slow answers and slow commits went.

use std::{
    collections::BTreeMap,
    ops::AddAssign,
    time::{Duration, Instant},
};

use event_log::embedded::spells::{Doing, Spell};

use crate::load::Answered;

/// An answer is slow beyond this, and a group of commits beyond that.
const SLOW: Duration = Duration::from_millis(20);
const SLOW_COMMIT: Duration = Duration::from_millis(10);

/// Milliseconds of a thread's time.
#[derive(Clone, Copy, Default)]
struct Time {
    on_core: f64,
    without_core: f64,
    /// For the disk or for a lock.
    waiting: f64,
}

impl Time {
    fn of(spell: &Spell, part: f64) -> Self {
        let (all, on_core) = (millis(spell.ended - spell.begun), millis(spell.on_core));
        let without_core = millis(spell.without_core);
        let waiting = (all - on_core - without_core).max(0.0);
        Self { on_core: on_core * part, without_core: without_core * part, waiting: waiting * part }
    }

    const fn all(self) -> f64 {
        self.on_core + self.without_core + self.waiting
    }
}

impl AddAssign for Time {
    fn add_assign(&mut self, other: Self) {
        self.on_core += other.on_core;
        self.without_core += other.without_core;
        self.waiting += other.waiting;
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// The spells of some kinds, in order.
struct Line(Vec<Spell>);

impl Line {
    fn of(spells: &[Spell], wanted: &[Doing]) -> Self {
        let mut line: Vec<Spell> =
            spells.iter().filter(|spell| wanted.contains(&spell.doing)).copied().collect();
        line.sort_by_key(|spell| spell.begun);
        Self(line)
    }

    /// Those that were under way at some moment between these two; each thread does one thing at a time.
    fn between(&self, from: Instant, to: Instant) -> impl Iterator<Item = &Spell> {
        let first = self.0.partition_point(|spell| spell.ended <= from);
        self.0[first..].iter().take_while(move |spell| spell.begun < to)
    }

    fn is_between(&self, from: Instant, to: Instant) -> bool {
        self.between(from, to).next().is_some()
    }
}

/// Prints, for the answers slower than 20 ms and for the commits slower than 10 ms, where the time went.
pub(crate) fn print(what: &str, answers: &[Answered], spells: &[Spell]) {
    let writer = [Doing::Filling, Doing::Committing, Doing::Answering, Doing::Restarting];
    let writer = Line::of(spells, &writer);
    let moving = Line::of(spells, &[Doing::Moving]);
    let restarts = Line::of(spells, &[Doing::Restarting]);
    let heads = Line::of(spells, &[Doing::StoringHeads]);
    println!("  Write-ahead log {what}:");
    commits(spells, &moving, &heads);
    for (name, line) in [("parts moved", &moving), ("begun anew", &restarts), ("heads", &heads)] {
        let took = line.0.iter().map(|spell| millis(spell.ended - spell.begun));
        say_spread(&format!("    {name}"), took.collect());
    }
    let slow: Vec<&Answered> = answers.iter().filter(|answer| answer.took > SLOW).collect();
    println!("    answers slower than {SLOW:?}: {} of {}", slow.len(), answers.len());
    if slow.is_empty() {
        return;
    }
    let mut causes: BTreeMap<Doing, Time> = BTreeMap::new();
    let (mut all, mut in_writer, mut beside) = (0.0, 0.0, [0_usize; 3]);
    for answer in &slow {
        let (from, to) = (answer.asked, answer.asked + answer.took);
        all += millis(answer.took);
        for spell in writer.between(from, to) {
            let overlap = spell.ended.min(to) - spell.begun.max(from);
            let part = millis(overlap) / millis(spell.ended - spell.begun).max(1e-6);
            let time = Time::of(spell, part);
            in_writer += millis(overlap);
            *causes.entry(spell.doing).or_default() += time;
        }
        for (count, line) in beside.iter_mut().zip([&moving, &restarts, &heads]) {
            *count += usize::from(line.is_between(from, to));
        }
    }
    let each = |sum: f64| sum / slow.len() as f64;
    println!(
        "      {:.1} ms each on average, of which {:.1} outside the writer",
        each(all),
        each(all - in_writer)
    );
    for (doing, time) in causes {
        let name = format!("the writer {}", format!("{doing:?}").to_lowercase());
        println!(
            "      {name:<28}{:>8.1} = on a core {:.1} + without a core {:.1} + waiting for disk or lock {:.1}",
            each(time.all()),
            each(time.on_core),
            each(time.without_core),
            each(time.waiting)
        );
    }
    let [moving, restarts, heads] = beside;
    println!(
        "      beside a part being moved {moving}, beside beginning anew {restarts}, beside heads {heads}"
    );
}

/// The commits of groups, apart by what else was done to the disk meanwhile.
fn commits(spells: &[Spell], moving: &Line, heads: &Line) {
    let commits = spells.iter().filter(|spell| spell.doing == Doing::Committing);
    let mut apart: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut slow = (0_usize, Time::default());
    for spell in commits {
        let beside = if moving.is_between(spell.begun, spell.ended) {
            "beside a part being moved"
        } else if heads.is_between(spell.begun, spell.ended) {
            "beside heads"
        } else {
            "alone"
        };
        apart.entry(beside).or_default().push(millis(spell.ended - spell.begun));
        if spell.ended - spell.begun > SLOW_COMMIT {
            slow.0 += 1;
            slow.1 += Time::of(spell, 1.0);
        }
    }
    for (beside, took) in apart {
        say_spread(&format!("    commits {beside}"), took);
    }
    let each = |sum: f64| sum / slow.0.max(1) as f64;
    println!(
        "    commits slower than {SLOW_COMMIT:?}: {}, each on a core {:.1} + without a core {:.1} + waiting {:.1} ms",
        slow.0,
        each(slow.1.on_core),
        each(slow.1.without_core),
        each(slow.1.waiting)
    );
}

fn say_spread(name: &str, mut millis: Vec<f64>) {
    millis.sort_unstable_by(f64::total_cmp);
    let at = |part: f64| {
        let place = (millis.len().saturating_sub(1) as f64 * part) as usize;
        millis.get(place).copied().unwrap_or_default()
    };
    println!(
        "{name:<38}{:>7}; ms: p50 {:.2}, p90 {:.2}, p99 {:.2}, p99.9 {:.2}, most {:.2}",
        millis.len(),
        at(0.5),
        at(0.9),
        at(0.99),
        at(0.999),
        at(1.0)
    );
}
