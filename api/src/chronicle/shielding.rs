//! How a record comes to be shielded, or not.

use std::sync::Arc;

use domain::{
    child::Child,
    identity::{ChildRef, ShieldRequestId},
    reason::Text,
    shield::{
        Grounds, Party, Requester, RestsOn, ReviewOutcome, Shield, ThreatLevel, View,
        apply_provisionally, determine, lift, record_view, request, review,
    },
    stream::Stream,
};

use super::{Halt, Line};

/// Somebody asks for a shield.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) id: ShieldRequestId,
    pub(crate) requester: Requester,
    pub(crate) grounds: Grounds,
    pub(crate) circumstances: Text,
}

/// What an authority decides.
#[derive(Clone, Debug)]
pub(crate) struct Decision {
    pub(crate) level: ThreatLevel,
    pub(crate) rationale: Text,
    /// The grounds, if it shields.
    pub(crate) grounds: Option<Grounds>,
}

type Both = (Arc<Child>, Arc<Shield>);

const fn of(child: ChildRef) -> (Stream, Stream) {
    (Stream::Child(child), Stream::Shield(child))
}

impl Line<'_> {
    /// A shield is asked for.
    pub(crate) async fn request(&mut self, whose: ChildRef, asked: &Request) -> Result<(), Halt> {
        let about = of(whose);
        self.decide(about.1, about, |(child, shield): &Both, policy, caller, at| {
            let command = request::RequestShield {
                at,
                request: asked.id,
                requester: asked.requester,
                identity_checked: true,
                grounds: asked.grounds.clone(),
                circumstances: asked.circumstances.clone(),
            };
            request::decide(child, shield, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// The record is shielded at once, until it is decided.
    pub(crate) async fn shield_at_once(
        &mut self,
        whose: ChildRef,
        grounds: &Grounds,
        rationale: &Text,
    ) -> Result<(), Halt> {
        let about = of(whose);
        self.decide(about.1, about, |(child, shield): &Both, policy, caller, at| {
            let command = apply_provisionally::ApplyProvisionally {
                at,
                grounds: grounds.clone(),
                rests_on: RestsOn::ThreatInThisCase,
                rationale: rationale.clone(),
            };
            apply_provisionally::decide(child, shield, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// The views of child, carers and practitioners, in this order.
    pub(crate) async fn views(&mut self, whose: ChildRef, views: [View; 3]) -> Result<(), Halt> {
        let about = of(whose);
        let parties = [Party::Child, Party::Carer, Party::Practitioner];
        for (party, view) in parties.into_iter().zip(views) {
            self.decide(about.1, about, |(child, shield): &Both, policy, caller, at| {
                let command = record_view::RecordView { at, party, view: view.clone() };
                record_view::decide(child, shield, policy, caller, &command)
            })
            .await?;
        }
        Ok(())
    }

    /// The authority decides.
    pub(crate) async fn determine(
        &mut self,
        whose: ChildRef,
        decision: &Decision,
    ) -> Result<(), Halt> {
        let about = of(whose);
        self.decide(about.1, about, |(child, shield): &Both, policy, caller, at| {
            let finding = match decision.grounds.clone() {
                Some(grounds) => {
                    determine::Finding::Apply { grounds, rests_on: RestsOn::ThreatInThisCase }
                }
                None => determine::Finding::Refuse,
            };
            let command = determine::DetermineShield {
                at,
                threat_level: decision.level,
                threat_rationale: decision.rationale.clone(),
                finding,
            };
            determine::decide(child, shield, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// The authority reviews.
    pub(crate) async fn review(
        &mut self,
        whose: ChildRef,
        outcome: ReviewOutcome,
        reasons: &Text,
    ) -> Result<(), Halt> {
        let about = of(whose);
        self.decide(about.1, about, |(child, shield): &Both, policy, caller, at| {
            let command = review::ReviewShield { at, outcome, reasons: reasons.clone() };
            review::decide(child, shield, policy, caller, &command)
        })
        .await?;
        Ok(())
    }

    /// The authority lifts.
    pub(crate) async fn lift(&mut self, whose: ChildRef, reasons: &Text) -> Result<(), Halt> {
        let about = of(whose);
        self.decide(about.1, about, |(child, shield): &Both, policy, caller, at| {
            let command = lift::LiftShield { at, reasons: reasons.clone() };
            lift::decide(child, shield, policy, caller, &command)
        })
        .await?;
        Ok(())
    }
}
