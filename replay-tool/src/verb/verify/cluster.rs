//! A log on a cluster: its entries by themselves. Its tree and checkpoints lie in the data folder of the service.

use event_log::{
    audit::Report,
    transparency::{leaf, tree::Edge},
    verify::Check,
};

use super::data;
use crate::{
    cli::Global,
    outcome::{Answer, Failure},
    progress::Progress,
    scan::scan,
    source::Source,
};

pub(super) async fn run(global: &Global) -> Result<Answer, Failure> {
    let source = Source::open(global)?;
    let end = source.log().length();
    let mut progress = Progress::new("verified", end, global.quiet);
    let mut check = Check::new(source.log().clone());
    let mut edge = Edge::default();
    if let Some(last) = end.checked_sub(1) {
        scan(source.log(), 0, last, &mut progress, |stored| {
            check.take(stored);
            edge.push(leaf(&stored.entry), |_| ());
            Ok(())
        })
        .await?;
    }
    let report = Report { log: check.finish(), root: edge.root(), ..Report::default() };
    data::conclude(global, &report, &report.all(), None)
}
