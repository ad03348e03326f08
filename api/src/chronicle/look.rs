//! Looking: searching, opening, overriding, leaving; and what follows from it.

use std::{convert::Infallible, sync::Arc};

use domain::{
    access::{
        Access, Event as Accessed, Purpose, close_record, open_record,
        override_shield::{attempt, confirm, withdraw},
    },
    activity::{Event as Searched, SearchOutcome, Terms, search},
    child::{Child, DateOfBirth, Name, nearly_matches},
    event::Event,
    identity::{ChildRef, InvestigationId, OpeningId, OverrideId, PractitionerId},
    investigation::{Finding, Investigation, assign, conclude},
    personal::Personal,
    practitioner::Practitioner,
    reason::Text,
    recorded::Recorded,
    shield::Shield,
    stream::Stream,
};
use projections::read_models::search::SearchError;

use super::{Halt, Line};
use crate::commands;

type Record = (Arc<Child>, Arc<Shield>);
type All = (Arc<Access>, Arc<Child>, Arc<Shield>);

/// An investigation, whose conduct it is about and who is to investigate, and where it was opened.
type Opened = (Arc<Investigation>, (Arc<Practitioner>, Arc<Practitioner>), Vec<Arc<Access>>);

/// What came of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Search {
    /// These records were listed.
    Listed(Vec<ChildRef>),
    /// Too many matched, so none was.
    TooMany,
    /// It was refused.
    Refused,
}

const fn record(child: ChildRef) -> (Stream, Stream) {
    (Stream::Child(child), Stream::Shield(child))
}

impl Line<'_> {
    /// Who acts searches.
    pub(crate) async fn search(&mut self, terms: &Terms, why: &Purpose) -> Result<Search, Halt> {
        let Some(who) = self.actor().id else {
            return Err(Halt::Otherwise("a search by nobody"));
        };
        let context = self.next();
        let at = context.at;
        let command = search::Search { at, purpose: why.clone(), terms: terms.clone() };
        let recorded = commands::search(self.directory(), &context, who, &command)
            .await
            .map_err(|problem| Halt::Failed { stream: Stream::Activity(who), at, problem })?
            .recorded;
        match recorded.first().map(|first| &first.event) {
            Some(Event::Activity(Searched::SearchPerformed { outcome, .. })) => match outcome {
                SearchOutcome::Shown(rows) => {
                    Ok(Search::Listed(rows.iter().map(|row| row.child).collect()))
                }
                SearchOutcome::TooMany => Ok(Search::TooMany),
            },
            Some(Event::Activity(Searched::SearchRefused { .. })) => Ok(Search::Refused),
            _ => Err(Halt::Otherwise("a search")),
        }
    }

    /// The records that a new one of this name and date of birth nearly matches.
    pub(crate) async fn near_matches(
        &self,
        name: &Name,
        born: DateOfBirth,
    ) -> Result<std::collections::BTreeSet<ChildRef>, Halt> {
        let terms = Terms {
            given: Some(name.expose_given().to_owned()),
            surname: Some(name.expose_surname().to_owned()),
            date_of_birth: Some(born.expose()),
            ..Terms::default()
        };
        let mut matches = std::collections::BTreeSet::new();
        let seeker = self.directory().read_models().seeker();
        for candidate in seeker.candidates(&terms, usize::MAX).await?.children {
            let log = self.directory().log();
            let stream = Stream::Child(candidate);
            let existing: Arc<Child> =
                log.fold_at(stream, event_log::AsOf::Now).await.map_err(SearchError::from)?;
            if nearly_matches(name, born, &existing) {
                matches.insert(candidate);
            }
        }
        Ok(matches)
    }

    /// Who acts opens a record. None when that was refused, and recorded.
    pub(crate) async fn open(
        &mut self,
        child: ChildRef,
        opening: OpeningId,
        why: &Purpose,
    ) -> Result<Option<Recorded<Event>>, Halt> {
        let recorded = self
            .decide(
                Stream::Access(child),
                record(child),
                |(child, shield): &Record, policy, caller, at| {
                    let command = open_record::OpenRecord { at, opening, purpose: why.clone() };
                    let decided = open_record::decide(child, shield, policy, caller, &command);
                    Ok::<_, Infallible>(decided.events)
                },
            )
            .await?;
        Ok(recorded
            .into_iter()
            .find(|one| matches!(one.event, Event::Access(Accessed::RecordOpened { .. }))))
    }

    /// Who acts leaves a record.
    pub(crate) async fn close(&mut self, child: ChildRef, opening: OpeningId) -> Result<(), Halt> {
        let stream = Stream::Access(child);
        self.decide(stream, stream, |access: &Arc<Access>, _, caller, at| {
            close_record::decide(access, caller, &close_record::CloseRecord { at, opening })
        })
        .await?;
        Ok(())
    }

    /// Who acts asks to see behind the shield and is warned. False when that was refused.
    pub(crate) async fn attempt_override(
        &mut self,
        child: ChildRef,
        opening: OpeningId,
        procedure: OverrideId,
        why: &Purpose,
    ) -> Result<bool, Halt> {
        let recorded = self
            .decide(
                Stream::Access(child),
                (Stream::Access(child), Stream::Child(child), Stream::Shield(child)),
                |(access, child, shield): &All, policy, caller, at| {
                    let purpose = why.clone();
                    let command = attempt::AttemptOverride { at, procedure, opening, purpose };
                    attempt::decide(access, child, shield, policy, caller, &command)
                        .map(|decided| decided.events)
                },
            )
            .await?;
        Ok(recorded.iter().any(|one| {
            matches!(one.event, Event::Access(Accessed::ShieldOverrideAttempted { .. }))
        }))
    }

    /// Who acts goes on; an investigation opens.
    pub(crate) async fn confirm_override(
        &mut self,
        child: ChildRef,
        procedure: OverrideId,
        investigation: InvestigationId,
    ) -> Result<(), Halt> {
        self.decide(
            Stream::Access(child),
            (Stream::Access(child), Stream::Child(child), Stream::Shield(child)),
            |(access, child, shield): &All, policy, caller, at| {
                let command = confirm::ConfirmOverride { at, procedure, investigation };
                confirm::decide(access, child, shield, policy, caller, &command)
                    .map(|decided| decided.events)
            },
        )
        .await?;
        Ok(())
    }

    /// Who acts steps back.
    pub(crate) async fn withdraw_override(
        &mut self,
        child: ChildRef,
        procedure: OverrideId,
    ) -> Result<(), Halt> {
        let stream = Stream::Access(child);
        self.decide(stream, stream, |access: &Arc<Access>, _, caller, at| {
            withdraw::decide(access, caller, &withdraw::WithdrawOverride { at, procedure })
        })
        .await?;
        Ok(())
    }

    /// Somebody is given an investigation: of an override of this child's shield, or of a suspicion.
    pub(crate) async fn assign(
        &mut self,
        investigation: InvestigationId,
        overridden: Option<ChildRef>,
        subject: PractitionerId,
        investigator: PractitionerId,
    ) -> Result<(), Halt> {
        let people = (Stream::Practitioner(subject), Stream::Practitioner(investigator));
        let access = overridden.map(Stream::Access).into_iter().collect();
        self.decide(
            Stream::Investigation(investigation),
            (Stream::Investigation(investigation), people, access),
            |(state, (subject, investigator), access): &Opened, policy, caller, at| {
                let opened = match (overridden, access.first()) {
                    (Some(child), Some(access)) => assign::Opened::Override { child, access },
                    _ => assign::Opened::Suspicion,
                };
                let command = assign::Assign { at, investigation };
                assign::decide(state, opened, subject, investigator, policy, caller, &command)
            },
        )
        .await?;
        Ok(())
    }

    /// It is concluded.
    pub(crate) async fn conclude(
        &mut self,
        investigation: InvestigationId,
        subject: PractitionerId,
        finding: Finding,
        report: &Text,
    ) -> Result<(), Halt> {
        let stream = Stream::Investigation(investigation);
        self.decide(
            stream,
            (stream, Stream::Practitioner(subject)),
            |(state, subject): &(Arc<Investigation>, Arc<Practitioner>), policy, caller, at| {
                let report = Personal::Known(report.clone());
                let command = conclude::Conclude { at, finding, report };
                conclude::decide(state, subject, policy, caller, &command)
            },
        )
        .await?;
        Ok(())
    }
}
