//! The event that a look at a record leaves: 300 bytes and more of header, and a sealed reason.

use chrono::{DateTime, Duration, Utc};
use domain::{
    access::{self, Basis, Field, Purpose, ReasonCode, ShieldState},
    actor::{Actor, Role},
    event::Event,
    fold::Fold,
    identity::{ChildRef, OpeningId, OrganisationId, PractitionerId},
    personal::Personal,
    policy::PolicyVersion,
    reason::Text,
    recorded::Recorded,
    stream::Stream,
};
use event_log::Context;
use uuid::Uuid;

/// A fold that keeps nothing.
#[derive(Clone, Default)]
pub(crate) struct Nothing;

impl Fold for Nothing {
    type Event = access::Event;
    fn evolve(&mut self, _: &Recorded<access::Event>) {}
}

/// The subject with a number, spread as random handles are.
pub(crate) fn subject(number: u64) -> Uuid {
    Uuid::from_u128(u128::from(number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835))
}

pub(crate) fn stream(number: u64) -> Stream {
    Stream::Access(ChildRef::new(subject(number)))
}

pub(crate) fn opened(number: u128) -> Event {
    let text = Text::try_from("Concern raised by the school nurse about attendance.").unwrap();
    Event::Access(access::Event::RecordOpened {
        opening: OpeningId::new(Uuid::from_u128(number)),
        purpose: Purpose {
            code: ReasonCode::try_from("child-protection".to_owned()).unwrap(),
            text: Personal::Known(text),
        },
        basis: Basis::Practitioner,
        shield: ShieldState::Unshielded,
        shown: Field::ALL.into_iter().take(8).collect(),
        withheld: Field::ALL.into_iter().skip(14).take(1).collect(),
    })
}

pub(crate) fn context(number: u128) -> Context {
    let person = PractitionerId::new(Uuid::from_u128(77));
    let millis = i64::try_from(number % 1_000_000_000).unwrap();
    Context {
        command: Uuid::from_u128(number),
        at: DateTime::<Utc>::UNIX_EPOCH + Duration::milliseconds(millis),
        by: Actor::person(person, Role::Practitioner, OrganisationId::new(Uuid::from_u128(78))),
        policy: PolicyVersion(3),
        correlation: Some(Uuid::from_u128(79)),
        causation: None,
        request_digest: Some([7; 32]),
    }
}
