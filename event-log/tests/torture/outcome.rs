//! What came of the runs: counted by call and fault, and printed as a table.

use std::collections::BTreeMap;

use crate::strace::{Call, Fault, Run};

/// The runs of one operation.
#[derive(Default)]
pub(crate) struct Tally {
    /// By call and fault: what the process said of it, and how often.
    rows: BTreeMap<(String, Fault), BTreeMap<String, usize>>,
    pub(crate) runs: usize,
    pub(crate) unreached: usize,
    pub(crate) broken: Vec<String>,
}

impl Tally {
    pub(crate) fn take(&mut self, call: &Call, fault: Fault, run: &Run) {
        self.runs += 1;
        if !run.reached(fault) {
            self.unreached += 1;
        }
        let row = self.rows.entry((call.name.clone(), fault)).or_default();
        *row.entry(summary(fault, run)).or_default() += 1;
    }

    /// As rows of a table in Markdown.
    pub(crate) fn print(&self, operation: &str) {
        println!("| {operation} | fault | runs | what the process answered |");
        println!("| --- | --- | --- | --- |");
        for ((name, fault), outcomes) in &self.rows {
            let runs: usize = outcomes.values().sum();
            let texts: Vec<String> =
                outcomes.iter().map(|(text, number)| format!("{text} ({number})")).collect();
            println!("| {name} | {} | {runs} | {} |", fault.name(), texts.join("; "));
        }
    }
}

/// What a process said of a fault, without what differs from run to run.
fn summary(fault: Fault, run: &Run) -> String {
    if !run.reached(fault) {
        return "not reached".to_owned();
    }
    if fault == Fault::Kill {
        return "ended there".to_owned();
    }
    if run.said.iter().any(|line| line.starts_with("refused ")) {
        return "did not open, by name".to_owned();
    }
    let answers = run.said.iter().filter_map(|line| line.strip_prefix("answer "));
    let mut words: Vec<&str> =
        answers.map(|answer| answer.split(':').next().unwrap_or(answer)).collect();
    words.dedup();
    match words.as_slice() {
        [] => "all done".to_owned(),
        several => several.join(", then "),
    }
}
