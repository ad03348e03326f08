//! `replay shielding`: how a shield came to be, step by step, as each was decided.

use clap::Args;
use domain::{
    event::Event,
    fold::Fold,
    identity::ChildRef,
    recorded::Recorded,
    shield::{
        self, View,
        history::{Decision, ShieldingHistory},
    },
    stream::Stream,
};
use event_log::{AsOf, EventLog};
use serde_json::{Map, Value, json};

use crate::{
    cells::{codes, instant, plain, role, who, words},
    cli::Global,
    erased::{Erased, marked},
    outcome::{Answer, Failure},
    print::Sheet,
    sealed,
    source::Source,
};

const COLUMNS: &[&str] = &[
    "position",
    "at",
    "step",
    "by",
    "role",
    "authority",
    "grounds",
    "threat",
    "rationale",
    "views",
    "before",
    "after",
    "next-due",
    "overdue",
    "policy",
    "event",
    "of-decision",
];

/// Steps are shown in order; views stand with the decision they served.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The handle of the child's record.
    child: ChildRef,
    #[command(flatten)]
    then: super::at::Then,
}

pub(crate) async fn run(global: &Global, arguments: &Arguments) -> Result<Answer, Failure> {
    let source = Source::open(global)?;
    let stream = Stream::Shield(arguments.child);
    let as_of = arguments.then.as_of();
    let all = source.log().history(stream, as_of).await?;
    let events = all.iter().map(|recorded| &recorded.stamp).collect();
    let log = source.opened_for(&events).await?;
    let history = folded(&log, stream, as_of).await?;
    let mut sheet = Sheet::new(global.format(), COLUMNS);
    let erased = Erased::default().of(&log, stream).await?;
    for decision in history.decisions() {
        sheet.row(row(decision).into_iter().map(|cell| marked(cell, erased.as_deref())))?;
    }
    let rows = sheet.rows();
    sealed::explain(global, sheet.sealed());
    sheet.finish(&json!({ "stream": stream, "as_of": arguments.then.to_string() }))?;
    let now = json!(history.shield().state());
    global.remark(&format!(
        "{rows} steps; as of {} the record is {}",
        arguments.then,
        now.as_str().unwrap_or_default()
    ));
    Ok(if rows == 0 { Answer::Nothing } else { Answer::Found })
}

async fn folded(log: &EventLog, stream: Stream, as_of: AsOf) -> Result<ShieldingHistory, Failure> {
    let mut history = ShieldingHistory::default();
    for Recorded { stamp, event } in log.history(stream, as_of).await? {
        if let Event::Shield(event) = event {
            history.evolve(&Recorded::<shield::Event> { stamp, event });
        }
    }
    Ok(history)
}

fn row(decision: &Decision) -> Vec<Value> {
    let grounds = decision.grounds.as_ref().map_or_else(Vec::new, |grounds| {
        let mut stated: Vec<Value> = grounds.stated().iter().map(|ground| json!(ground)).collect();
        stated.extend(grounds.other().map(|other| json!({ "other": words(other) })));
        stated
    });
    let views: Map<String, Value> = decision
        .views
        .iter()
        .map(|(party, view)| {
            let name = plain(party).as_str().unwrap_or_default().to_owned();
            let said = match view {
                View::Expressed(text) | View::NotAppropriate(text) => words(text),
                View::NoneExpressed => Value::Null,
            };
            (name, json!({ "kind": view.kind(), "text": said }))
        })
        .collect();
    vec![
        json!(decision.position),
        instant(decision.at),
        json!(decision.step),
        who(decision.by),
        role(decision.by),
        json!(decision.authority),
        codes(grounds),
        json!(decision.threat_level),
        words(&decision.rationale),
        Value::Object(views),
        json!(decision.before),
        json!(decision.after),
        json!(decision.next_due),
        json!(decision.overdue),
        json!(decision.policy),
        json!(decision.event),
        json!(decision.challenge.map(|it| it.decision).or(decision.upholds)),
    ]
}
