//! Goes through the log as an investigator would, and judges every disclosure where it stands.

use std::collections::{HashMap, HashSet};

use domain::{
    access::{self, Answer, ShieldState, open_record},
    caller::Caller,
    child::Child,
    event::Event,
    fold::Fold,
    identity::EventId,
    organisation::Organisation,
    policy::Policy,
    practitioner::Practitioner,
    recorded::{Recorded, ReliedOn},
    shield::Shield,
    stream::Stream,
};
use event_log::EventLog;

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) granted: usize,
    pub(crate) refused: usize,
    pub(crate) shielded: usize,
    pub(crate) unshielded: usize,
    /// Disclosures directly behind a change of what disclosures rest on.
    pub(crate) right_after_a_change: usize,
    /// Written where they could not stand, and therefore not released: on record as such.
    pub(crate) withheld: usize,
    /// Refusals that were written when what they rest on had moved: answered as too much movement.
    pub(crate) overtaken: usize,
}

/// When the store looks at the guards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guards {
    /// Before it writes: what does not hold is not written.
    BeforeWriting,
    /// After it wrote as well: what did not hold is withheld.
    #[cfg(feature = "kurrentdb")]
    AfterWriting,
}

/// Everything as it stood after the events so far.
#[derive(Default)]
struct Then {
    policy: Policy,
    children: HashMap<Stream, Child>,
    shields: HashMap<Stream, Shield>,
    people: HashMap<Stream, Practitioner>,
    organisations: HashMap<Stream, Organisation>,
    heads: HashMap<Stream, u64>,
    just_changed: bool,
}

fn evolve<S: Fold<Event: TryFrom<Event>>>(state: &mut S, recorded: &Recorded<Event>) {
    let Ok(event) = S::Event::try_from(recorded.event.clone()) else { panic!("another subject") };
    state.evolve(&Recorded { stamp: recorded.stamp.clone(), event });
}

impl Then {
    fn take(&mut self, recorded: &Recorded<Event>) {
        let stream = recorded.stamp.stream;
        self.just_changed = matches!(stream, Stream::Shield(_) | Stream::Practitioner(_));
        match stream {
            Stream::Policy => evolve(&mut self.policy, recorded),
            Stream::Child(_) => evolve(self.children.entry(stream).or_default(), recorded),
            Stream::Shield(_) => evolve(self.shields.entry(stream).or_default(), recorded),
            Stream::Practitioner(_) => evolve(self.people.entry(stream).or_default(), recorded),
            Stream::Organisation(_) => {
                evolve(self.organisations.entry(stream).or_default(), recorded);
            }
            Stream::Activity(_)
            | Stream::Access(_)
            | Stream::Investigation(_)
            | Stream::Audit(_)
            | Stream::Key(_)
            | Stream::Erasure(_) => {}
        }
        self.heads.insert(stream, recorded.stamp.revision);
    }

    /// The stream that had moved when this was written, if one had.
    fn moved(&self, recorded: &Recorded<Event>) -> Option<Stream> {
        let mut others =
            recorded.stamp.relied_on.iter().filter(|one| one.stream != recorded.stamp.stream);
        let moved = |one: &&ReliedOn| self.heads.get(&one.stream).copied() != one.revision;
        others.find(moved).map(|one| one.stream)
    }

    /// Takes the decision again, on everything as it stood directly before the event.
    fn judge(&self, recorded: &Recorded<Event>, event: &access::Event) {
        let Stream::Access(child) = recorded.stamp.stream else { panic!("not an access stream") };
        let access::Event::RecordOpened { opening, purpose, .. } = event else { return };
        let by = recorded.stamp.by;
        let (id, organisation_id) = (by.id.unwrap(), by.organisation.unwrap());
        let caller = Caller {
            id,
            role: by.role,
            standing: &self.people[&Stream::Practitioner(id)],
            organisation: &self.organisations[&Stream::Organisation(organisation_id)],
            organisation_id,
        };
        let unshielded = Shield::default();
        let shield = self.shields.get(&Stream::Shield(child)).unwrap_or(&unshielded);
        let command = open_record::OpenRecord {
            at: recorded.stamp.at,
            opening: *opening,
            purpose: purpose.clone(),
        };
        let decided = open_record::decide(
            &self.children[&Stream::Child(child)],
            shield,
            &self.policy,
            &caller,
            &command,
        );
        assert_eq!(decided.answer, Answer::Granted, "forbidden at {}", recorded.stamp.position);
        assert_eq!(
            decided.events,
            std::slice::from_ref(event),
            "shown at {}",
            recorded.stamp.position
        );
    }
}

/// Judges every disclosure in the log.
pub(crate) async fn check(log: &EventLog, guards: Guards) -> Found {
    let events = log.read_all(0, usize::MAX).await.unwrap();
    let withheld: HashSet<EventId> = events
        .iter()
        .filter_map(|recorded| {
            let Event::Access(access::Event::DisclosureWithheld { disclosure }) = recorded.event
            else {
                return None;
            };
            Some(disclosure)
        })
        .collect();
    let (mut found, mut then) = (Found::default(), Then::default());
    for recorded in &events {
        if let Event::Access(event) = &recorded.event {
            let moved = then.moved(recorded);
            if guards == Guards::BeforeWriting {
                assert_eq!(moved, None, "at {}", recorded.stamp.position);
            }
            let refused = matches!(event, access::Event::AccessRefused { .. });
            if matches!(event, access::Event::DisclosureWithheld { .. }) {
                assert_ne!(guards, Guards::BeforeWriting, "nothing has to be withheld");
            } else if withheld.contains(&recorded.stamp.id) {
                found.withheld += 1;
            } else if refused && moved.is_some() {
                found.overtaken += 1;
            } else {
                assert_eq!(moved, None, "released, at {}", recorded.stamp.position);
                then.judge(recorded, event);
                count(&mut found, event, then.just_changed);
            }
        }
        then.take(recorded);
    }
    assert_eq!(found.withheld, withheld.len());
    found
}

fn count(found: &mut Found, event: &access::Event, just_changed: bool) {
    match event {
        access::Event::RecordOpened { shield, .. } => {
            found.granted += 1;
            found.right_after_a_change += usize::from(just_changed);
            if *shield == ShieldState::Unshielded {
                found.unshielded += 1;
            } else {
                found.shielded += 1;
            }
        }
        access::Event::AccessRefused { .. } => found.refused += 1,
        access::Event::RecordClosed { .. }
        | access::Event::DisclosureWithheld { .. }
        | access::Event::ShieldOverrideAttempted { .. }
        | access::Event::ShieldOverrideWarned { .. }
        | access::Event::ShieldOverrideConfirmed { .. }
        | access::Event::InvestigationOpened { .. }
        | access::Event::ShieldOverrideWithdrawn { .. }
        | access::Event::ShieldOverrideEnded { .. }
        | access::Event::DisclosureCopied { .. }
        | access::Event::BrokerViewedHiddenDetails { .. }
        | access::Event::CopyDestroyed { .. }
        | access::Event::BrokeredContactRequested { .. }
        | access::Event::ContactBrokered { .. }
        | access::Event::BrokeringDeclined { .. } => panic!("{event:?} was not raced for"),
    }
}
