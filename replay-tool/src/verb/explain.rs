//! `replay explain`: why an event came out as it did.

mod again;
mod looked;
mod rules;
mod then;

use clap::Args;
use domain::{
    access::Fields,
    activity::{self, search::ROW},
    actor::Role,
    event::Event,
    organisation::Capability,
    practitioner::{AccountRole, assess},
    recorded::Recorded,
};
use serde_json::{Value, json};

use self::{
    again::{Again, decide_again},
    rules::rules,
    then::{States, records},
};
use super::{at::leaves, behind::sealed_behind, event::EventRef};
use crate::{
    cells::{codes, instant, organisation, plain, role, who},
    cli::Global,
    erased::{Erased, marked},
    outcome::{Answer, Failure},
    print::{Format, Sheet, line},
    sealed,
    source::Source,
    unseal::Wanted,
};

/// Rule, policy values, conditions of who acted, what was relied on, and the decision made again.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The event: its identity, or its position in the log.
    event: EventRef,
}

pub(crate) async fn run(global: &Global, arguments: &Arguments) -> Result<Answer, Failure> {
    let source = Source::open(global)?;
    let recorded = arguments.event.find(source.log()).await?;
    let mut wanted = vec![recorded.stamp.clone()];
    if let Event::Activity(
        activity::Event::SearchPerformed { .. } | activity::Event::SearchRefused { .. },
    ) = &recorded.event
    {
        // A search is compared with names and dates again.
        for child in records(&recorded.stamp) {
            let fields = ROW.into_iter().chain(searched(&recorded.event).iter()).collect();
            wanted.extend(sealed_behind(source.log(), &recorded, child, fields).await?);
        }
    }
    let log = source.opened_for(&wanted.iter().collect::<Wanted>()).await?;
    let recorded = log.open_event(recorded.stamp.position).await?.unwrap_or(recorded);
    let states = States { log: &log, stamp: &recorded.stamp };
    let again = decide_again(&states, &recorded).await?;
    let erased = Erased::default().of(&log, recorded.stamp.stream).await?;
    let document = marked(explained(&states, &recorded, &again).await?, erased.as_deref());
    if let Some(said) = erased {
        global.remark(&format!("The personal values are gone {said}."));
    }
    sealed::explain(global, sealed::within(&document));
    match global.format() {
        Format::Json | Format::Jsonl => line(&document.to_string())?,
        Format::Table | Format::Csv => {
            let mut sheet = Sheet::new(global.format(), &["what", "value"]);
            for (name, value) in leaves(&document) {
                sheet.row([json!(name), value])?;
            }
            sheet.finish(&Value::Null)?;
        }
    }
    match again {
        Again::Same | Again::NotRepeatable(_) => Ok(Answer::Found),
        Again::Differs(_) => Err(Failure::Integrity(
            "decided again, it comes out differently: the rules have changed since, or the log has"
                .to_owned(),
        )),
    }
}

/// The fields that a search asked about.
fn searched(event: &Event) -> Fields {
    match event {
        Event::Activity(activity::Event::SearchPerformed { fields, .. }) => *fields,
        Event::Activity(activity::Event::SearchRefused { .. })
        | Event::Policy(_)
        | Event::Organisation(_)
        | Event::Practitioner(_)
        | Event::Child(_)
        | Event::Shield(_)
        | Event::Access(_)
        | Event::Investigation(_)
        | Event::Key(_)
        | Event::Erasure(_)
        | Event::Audit(_) => Fields::NONE,
    }
}

async fn explained(
    states: &States<'_>,
    recorded: &Recorded<Event>,
    again: &Again,
) -> Result<Value, Failure> {
    let Recorded { stamp, event } = recorded;
    let policy = states.policy().await?;
    let values = policy.adopted().iter().find(|set| set.version == stamp.policy);
    let again = match again {
        Again::Same => json!("the same"),
        Again::Differs(now) => json!({ "different": now }),
        Again::NotRepeatable(why) => json!({ "not repeated": why }),
    };
    let named = match plain(event) {
        Value::Object(members) => members.into_iter().next(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            None
        }
    };
    let (name, data) = named.unwrap_or_default();
    Ok(json!({
        "event": {
            "id": stamp.id, "position": stamp.position, "stream": stamp.stream,
            "revision": stamp.revision, "at": instant(stamp.at), "type": name, "data": data,
        },
        "actor": {
            "who": who(stamp.by), "role": role(stamp.by), "organisation": organisation(stamp.by),
            "conditions": conditions(states, event).await?,
        },
        "rules": rules(event),
        "policy": { "version": stamp.policy, "values": values.map(|set| plain(&set.values)) },
        "relied on": stamp.relied_on.iter().map(|relied| match relied.revision {
            Some(revision) => format!("{}@{revision}", relied.stream),
            None => format!("{}, which had no event", relied.stream),
        }).collect::<Vec<_>>(),
        "decided again": again,
    }))
}

/// The conditions of an authorised user, judged again for who acted.
async fn conditions(states: &States<'_>, event: &Event) -> Result<Value, Failure> {
    let account = match states.stamp.by.role {
        Role::Practitioner => AccountRole::Practitioner,
        Role::ManagementTeam => AccountRole::ManagementTeam,
        Role::Trainer => AccountRole::Trainer,
        Role::Official | Role::Auditor | Role::System => {
            return Ok(json!("by office, not by account"));
        }
    };
    let Some(decider) = states.decider().await? else { return Ok(Value::Null) };
    let caller = decider.caller();
    let policy = states.policy().await?;
    let capability = match (event, account) {
        (Event::Access(_), AccountRole::Practitioner) | (Event::Activity(_), _) => {
            Some(Capability::Search)
        }
        (Event::Access(_) | Event::Shield(_), AccountRole::ManagementTeam) => {
            Some(Capability::Shield)
        }
        (
            Event::Access(_)
            | Event::Shield(_)
            | Event::Policy(_)
            | Event::Organisation(_)
            | Event::Practitioner(_)
            | Event::Child(_)
            | Event::Investigation(_)
            | Event::Key(_)
            | Event::Erasure(_)
            | Event::Audit(_),
            _,
        ) => None,
    };
    let judged =
        assess(caller.standing, caller.organisation, &policy, account, capability, states.stamp.at);
    Ok(json!({
        "judged": codes(&judged.judged),
        "not met": codes(&judged.unmet),
        "policy": judged.policy,
    }))
}
