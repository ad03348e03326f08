//! Unusual access: looks that are worth a second one, each with the rule, the events it rests on and the
//! policy values of that day.
//!
//! The rules are the domain's (L1 to L10). What they are given is kept here as working papers: what is
//! known of users and children by marks, and what somebody did lately. Whatever is found of an event is
//! found from the papers as they were just before it, so it does not depend on when it is asked.
//!
//! How much of the past a paper holds is bounded by the measures of the rules: see `after`.

mod after;
mod asking;
mod finding;
mod papers;
mod weight;
mod written;

use domain::{access, activity, event::Event, organisation, practitioner, stream::Stream};

use uuid::Uuid;

pub use self::{
    asking::{Of, standing_in, told},
    papers::{Document, Flag},
};
use self::{
    finding::Scene,
    papers::{FLAGS, POLICY, of_body, of_child, of_event, of_user},
};
use crate::{
    dated::KnownBy,
    marks::Marks,
    ordered::{handle, instant, place},
    projection::{Entry, Evolved, MarkedProjection, Noted, Others, ReadModel, Refused},
};

/// What was found, and the papers it was found from.
#[derive(Debug)]
pub struct UnusualAccess;

/// By the instant from which a finding stands, position, rule.
pub const TIME: &str = "time";
/// By rule, and then as by time.
pub const RULE: &str = "rule";
/// By who looked, and then as by time.
pub const PRACTITIONER: &str = "practitioner";
/// By the organisation of who looked, and then as by time.
pub const AUTHORITY: &str = "authority";
/// By whose record was looked at, and then as by time.
pub const CHILD: &str = "child";

impl ReadModel for UnusualAccess {
    const NAME: &'static str = "unusual-access";
    const VERSION: u32 = 3;
    type Document = Document;

    fn entries(_: &str, document: &Document) -> Vec<Entry> {
        let Document::Flags(flags) = document else { return Vec::new() };
        let mut entries = Vec::new();
        for flag in flags {
            let (at, position) = (instant(flag.stands_from), place(flag.raised.position));
            let rule = flag.finding.rule.id();
            let under = |index, whose: String| Entry::new(index, &[&whose, &at, &position, rule]);
            entries.push(Entry::new(TIME, &[&at, &position, rule]));
            entries.push(Entry::new(RULE, &[rule, &at, &position]));
            entries.extend(flag.by.id.map(|id| under(PRACTITIONER, handle(id.uuid()))));
            entries.extend(flag.by.organisation.map(|id| under(AUTHORITY, handle(id.uuid()))));
            entries.extend(flag.child.map(|id| under(CHILD, handle(id.uuid()))));
        }
        entries
    }

    /// The papers speak of the present only.
    fn as_of(document: Document, known_by: KnownBy) -> Option<Document> {
        let Document::Flags(flags) = document else { return None };
        let known = flags.into_iter().filter(|flag| known_by.reaches(flag.raised));
        let flags: Vec<Flag> = known.collect();
        (!flags.is_empty()).then_some(Document::Flags(flags))
    }
}

impl MarkedProjection for UnusualAccess {
    /// The papers of users are touched at each of their looks.
    const KEPT: bool = true;

    fn concerns(stream: Stream) -> bool {
        match stream {
            Stream::Access(_)
            | Stream::Activity(_)
            | Stream::Practitioner(_)
            | Stream::Child(_)
            | Stream::Shield(_)
            | Stream::Organisation(_)
            | Stream::Policy
            | Stream::Erasure(_) => true,
            Stream::Investigation(_) | Stream::Audit(_) | Stream::Key(_) => false,
        }
    }

    /// That a record was closed again says nothing of who looks. It is a third of what happens.
    fn passes_by(name: &str) -> bool {
        name == "access.record-closed/1"
    }

    fn keys(noted: &Noted) -> Vec<String> {
        let stamp = &noted.recorded.stamp;
        let user = stamp.by.id.map(of_user);
        match (&noted.recorded.event, stamp.stream) {
            // What is found comes before the paper that it will itself be part of.
            (
                Event::Access(
                    access::Event::RecordOpened { .. }
                    | access::Event::ShieldOverrideConfirmed { .. },
                )
                | Event::Activity(_),
                _,
            ) => user.into_iter().flat_map(|user| [of_event(stamp.position), user]).collect(),
            (
                Event::Practitioner(
                    practitioner::Event::AccountSuspended { .. }
                    | practitioner::Event::AccountClosed { .. }
                    | practitioner::Event::EnhancedCrbCheckExpired { .. },
                ),
                Stream::Practitioner(_),
            ) => vec![of_event(stamp.position)],
            (
                Event::Practitioner(
                    practitioner::Event::Nominated { .. }
                    | practitioner::Event::IdentityVerified { .. }
                    | practitioner::Event::AccountAuthorised { .. },
                ),
                Stream::Practitioner(id),
            ) => vec![of_user(id)],
            (Event::Child(_), Stream::Child(child)) | (Event::Shield(_), Stream::Shield(child)) => {
                vec![of_child(child)]
            }
            (
                Event::Organisation(organisation::Event::Registered { .. }),
                Stream::Organisation(of),
            ) => {
                vec![of_body(of)]
            }
            (Event::Policy(_), _) => vec![POLICY.to_owned()],
            (Event::Erasure(_), Stream::Erasure(subject)) if noted.marks == Marks::Erased => {
                vec![papers::erased_user(subject), papers::erased_child(subject)]
            }
            _ => Vec::new(),
        }
    }

    fn begins(key: &str, noted: &Noted, _: u64) -> bool {
        key.starts_with(FLAGS) && key == of_event(noted.recorded.stamp.position)
    }

    fn weight(document: &Document) -> usize {
        document.weight()
    }

    fn comes_back(key: &str, _: Option<&Document>) -> bool {
        !key.starts_with(FLAGS)
    }

    fn consults(noted: &Noted) -> Vec<String> {
        let stamp = &noted.recorded.stamp;
        match (&noted.recorded.event, stamp.stream) {
            (
                Event::Access(
                    access::Event::RecordOpened { .. }
                    | access::Event::ShieldOverrideConfirmed { .. },
                ),
                Stream::Access(child),
            ) => {
                let body = stamp.by.organisation.map(of_body);
                [POLICY.to_owned(), of_child(child)].into_iter().chain(body).collect()
            }
            (
                Event::Activity(
                    activity::Event::SearchPerformed { .. } | activity::Event::SearchRefused { .. },
                ),
                _,
            ) => vec![POLICY.to_owned()],
            (Event::Practitioner(_), Stream::Practitioner(id)) => {
                vec![POLICY.to_owned(), of_user(id)]
            }
            _ => Vec::new(),
        }
    }

    fn evolve(
        key: &str,
        document: Option<Document>,
        noted: &Noted,
        others: &dyn Others<Document>,
    ) -> Evolved<Document> {
        let kind = key.split_once('/').map_or(key, |(kind, _)| kind);
        let scene = Scene::of(noted, others);
        match (kind, document) {
            ("f", None) => Ok(scene.found()),
            ("u", None) => Ok(scene.user_after(None)),
            ("u", Some(Document::User(user))) => Ok(scene.user_after(Some(user))),
            ("c", None) => Ok(papers::child_after(None, noted)),
            ("c", Some(Document::Child(child))) => Ok(papers::child_after(Some(child), noted)),
            ("b", None) => Ok(papers::body(noted)),
            ("p", None) => Ok(Some(papers::policy_after(Vec::new(), noted))),
            ("p", Some(Document::Policy(sets))) => Ok(Some(papers::policy_after(sets, noted))),
            (_, document) => {
                Err(Refused { reason: "there is another paper under this key", document })
            }
        }
    }

    fn of_subject(subject: Uuid) -> Vec<String> {
        vec![papers::erased_user(subject), papers::erased_child(subject)]
    }

    fn forget(document: Document) -> Option<Document> {
        Some(match document {
            Document::User(mut user) => {
                user.forget();
                Document::User(user)
            }
            Document::Child(mut child) => {
                child.forget();
                Document::Child(child)
            }
            other @ (Document::Flags(_) | Document::Body(_) | Document::Policy(_)) => other,
        })
    }
}
