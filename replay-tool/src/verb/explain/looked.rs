//! A look at one child's record, decided again.

use std::convert::Infallible;

use chrono::{DateTime, Utc};
use domain::{
    access::{
        self, Access, Basis, Purpose,
        brokering::{request, view},
        copy::take,
        open_record,
        override_shield::{attempt, confirm},
    },
    caller::Caller,
    child::Child,
    identity::{BrokeringId, InvestigationId, OpeningId, OverrideId},
    personal::Personal,
    policy::Policy,
    shield::Shield,
};
use uuid::Uuid;

use super::{
    again::{Again, compared},
    then::{Decider, States, child_of},
};
use crate::outcome::Failure;

/// Decides again about a look at one child's record.
pub(super) async fn again(
    states: &States<'_>,
    decider: &Decider,
    event: &access::Event,
) -> Result<Again, Failure> {
    use access::Event as E;
    let id = child_of(states)?;
    let (child, shield) = (states.child(id).await?, states.shield(id).await?);
    let (access, policy) = (states.access().await?, states.policy().await?);
    let look = Look {
        at: states.stamp.at,
        child: &child,
        shield: &shield,
        access: &access,
        policy: &policy,
        caller: decider.caller(),
    };
    // Where the event does not say which, any handle that is not taken decides the same.
    let unnamed = Uuid::nil();
    Ok(match event {
        E::RecordOpened { opening, purpose, .. } => look.open(event, *opening, purpose),
        E::AccessRefused { purpose, sought: Basis::Override, .. } => {
            look.attempt(event, OverrideId::new(unnamed), OpeningId::new(unnamed), purpose)
        }
        E::AccessRefused { purpose, sought, .. } => look.refused(event, *sought, purpose),
        E::ShieldOverrideAttempted { procedure, opening, purpose } => {
            look.attempt(event, *procedure, *opening, purpose)
        }
        E::ShieldOverrideConfirmed { procedure, .. } => look.confirm(event, *procedure),
        E::DisclosureCopied { copy, opening, form, holder, purpose, .. } => {
            let (copy, opening, form) = (*copy, *opening, *form);
            let (holder, purpose) = (holder.clone(), purpose.clone());
            let at = look.at;
            look.copy(event, &take::TakeCopy { at, copy, opening, form, holder, purpose })
        }
        E::BrokeredContactRequested { brokering, opening, purpose, concern, reach } => {
            let (at, brokering, opening) = (look.at, *brokering, *opening);
            let (purpose, concern, reach) = (purpose.clone(), concern.clone(), reach.clone());
            let command =
                request::RequestContact { at, brokering, opening, purpose, concern, reach };
            look.ask_for_contact(event, &command)
        }
        E::BrokerViewedHiddenDetails { brokering, .. } => {
            look.broker(event, &view::ViewToBroker { at: look.at, brokering: *brokering })
        }
        E::CopyDestroyed { .. } | E::ContactBrokered { .. } | E::BrokeringDeclined { .. } => {
            Again::NotRepeatable("it states a fact, on which no disclosure rests")
        }
        E::RecordClosed { .. }
        | E::DisclosureWithheld { .. }
        | E::ShieldOverrideWarned { .. }
        | E::InvestigationOpened { .. }
        | E::ShieldOverrideWithdrawn { .. }
        | E::ShieldOverrideEnded { .. } => {
            Again::NotRepeatable("it follows from an event before it in the same stream")
        }
    })
}

/// What a look was decided on.
struct Look<'a> {
    at: DateTime<Utc>,
    child: &'a Child,
    shield: &'a Shield,
    access: &'a Access,
    policy: &'a Policy,
    caller: Caller<'a>,
}

impl Look<'_> {
    /// The event does not say which door was tried: refused is refused alike at each that leads here.
    fn refused(&self, was: &access::Event, sought: Basis, purpose: &Purpose) -> Again {
        let opened = self.open(was, OpeningId::new(Uuid::nil()), purpose);
        let asked = || request::RequestContact {
            at: self.at,
            brokering: BrokeringId::new(Uuid::nil()),
            opening: OpeningId::new(Uuid::nil()),
            purpose: purpose.clone(),
            concern: Personal::Erased,
            reach: Personal::Erased,
        };
        let to_broker = |brokering| view::ViewToBroker { at: self.at, brokering };
        let same = |again: &Again| matches!(again, Again::Same);
        let elsewhere = match sought {
            Basis::Practitioner => Some(self.ask_for_contact(was, &asked())).filter(same),
            Basis::ResponsibleTeam => {
                let waiting = self.access.brokerings().keys();
                waiting.map(|id| self.broker(was, &to_broker(*id))).find(same)
            }
            Basis::Override => None,
        };
        if same(&opened) { opened } else { elsewhere.unwrap_or(opened) }
    }

    fn open(&self, was: &access::Event, opening: OpeningId, purpose: &Purpose) -> Again {
        let Self { at, child, shield, access: _, policy, caller } = self;
        let command = open_record::OpenRecord { at: *at, opening, purpose: purpose.clone() };
        let now = open_record::decide(child, shield, policy, caller, &command);
        compared(was, Ok::<_, Infallible>(now.events))
    }

    fn attempt(
        &self,
        was: &access::Event,
        procedure: OverrideId,
        opening: OpeningId,
        purpose: &Purpose,
    ) -> Again {
        let Self { at, child, shield, access, policy, caller } = self;
        let purpose = purpose.clone();
        let command = attempt::AttemptOverride { at: *at, procedure, opening, purpose };
        let now = attempt::decide(access, child, shield, policy, caller, &command);
        compared(was, now.map(|decided| decided.events))
    }

    fn confirm(&self, was: &access::Event, procedure: OverrideId) -> Again {
        let Self { at, child, shield, access, policy, caller } = self;
        let investigation = InvestigationId::new(Uuid::nil());
        let command = confirm::ConfirmOverride { at: *at, procedure, investigation };
        let now = confirm::decide(access, child, shield, policy, caller, &command);
        compared(was, now.map(|decided| decided.events))
    }

    fn copy(&self, was: &access::Event, command: &take::TakeCopy) -> Again {
        let Self { at: _, child, shield, access, policy, caller } = self;
        let now = take::decide(access, child, shield, policy, caller, command);
        compared(was, now.map(|decided| decided.events))
    }

    fn ask_for_contact(&self, was: &access::Event, command: &request::RequestContact) -> Again {
        let Self { at: _, child, shield: _, access, policy, caller } = self;
        let now = request::decide(access, child, policy, caller, command);
        compared(was, now.map(|decided| decided.events))
    }

    fn broker(&self, was: &access::Event, command: &view::ViewToBroker) -> Again {
        let Self { at: _, child, shield, access, policy, caller } = self;
        let now = view::decide(access, child, shield, policy, caller, command);
        compared(was, now.map(|decided| decided.events))
    }
}
