//! Organisations: accreditation, the training programme, and how the public was informed.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::{
    event::Event,
    identity::OrganisationId,
    organisation::{
        self, Channel, Organisation, OrganisationKind, Phase,
        programme::{PhaseAnswer, when_is_phase_expected_to_complete},
        publicity::{
            Figure, Mailing, Reach, how_many_at_what_cost, how_many_notices,
            is_direct_mailing_nationwide,
        },
    },
    recorded::Recorded,
    stream::Stream,
};

use crate::{
    dated::{Chronicle, KnownBy},
    projection::{Entry, Evolved, Projection, Refused},
    reader::{QueryError, Reader, Spoken},
    store::{Range, between},
};

/// Every organisation, under its handle.
#[derive(Debug)]
pub struct Organisations;

/// What happened to one organisation.
pub type Document = Chronicle<organisation::Event>;

/// By the first day on which the accreditation no longer holds.
pub const ACCREDITED_UNTIL: &str = "accredited-until";

impl Projection for Organisations {
    const NAME: &'static str = "organisations";
    const VERSION: u32 = 1;
    type Document = Document;

    fn concerns(stream: Stream) -> bool {
        matches!(stream, Stream::Organisation(_))
    }

    fn keys(recorded: &Recorded<Event>) -> Vec<String> {
        match (&recorded.event, recorded.stamp.stream) {
            (Event::Organisation(_), Stream::Organisation(id)) => vec![id.to_string()],
            _ => Vec::new(),
        }
    }

    fn evolve(
        _: &str,
        document: Option<Document>,
        recorded: &Recorded<Event>,
    ) -> Evolved<Document> {
        let Event::Organisation(event) = &recorded.event else {
            return Err(Refused { reason: "not about an organisation", document });
        };
        Ok(Some(Chronicle::and(document, &recorded.stamp, event)))
    }

    fn entries(_: &str, document: &Document) -> Vec<Entry> {
        let state: Organisation = document.state(KnownBy::Now);
        let until = state.accredited_until();
        until.map(|day| Entry::new(ACCREDITED_UNTIL, &[&day.to_string()])).into_iter().collect()
    }

    fn as_of(document: Document, known_by: KnownBy) -> Option<Document> {
        document.as_of(known_by)
    }
}

/// More than there will ever be: some 150 authorities, and partners.
const ALL: usize = 100_000;

/// Every organisation as it was known by then.
#[derive(Clone, Debug)]
pub struct Bodies(Vec<(OrganisationId, Organisation)>);

/// Reads every organisation as it was known by then.
///
/// # Errors
/// See [`QueryError`].
pub async fn bodies(
    reader: &Reader<Organisations>,
    known_by: KnownBy,
) -> Result<Spoken<Bodies>, QueryError> {
    let spoken = reader.find(vec![Range::documents(ALL)]).await?;
    Ok(spoken.map(|found| {
        let states = found.iter().map(|found| found.document.state::<Organisation>(known_by));
        Bodies(states.filter_map(|state| Some((state.id()?, state))).collect())
    }))
}

/// The organisations whose accreditation ends within days, the first exclusive and the last inclusive, as
/// known at a position: none, when so much has happened since that the index of now does not lead to all.
///
/// # Errors
/// See [`QueryError`].
pub async fn expiring(
    reader: &Reader<Organisations>,
    after: NaiveDate,
    last: NaiveDate,
    position: u64,
) -> Result<Option<Vec<OrganisationId>>, QueryError> {
    let to = format!("{last}~");
    let range = between(ACCREDITED_UNTIL, &format!("{after}~"), &to, ALL);
    let found = reader.find(vec![range]).await?.value;
    let since = reader.touched_after(position).await?;
    let documents = found.iter().chain(&since.documents).map(|found| &found.document);
    let states = documents.map(|it| it.state::<Organisation>(KnownBy::Position(position)));
    let within = |day: &NaiveDate| after < *day && *day <= last;
    let ending = states.filter(|state| state.accredited_until().as_ref().is_some_and(within));
    let ending: BTreeSet<OrganisationId> = ending.filter_map(|state| state.id()).collect();
    Ok(since.all.then(|| ending.into_iter().collect()))
}

impl Bodies {
    /// Each organisation with its state.
    pub fn states(&self) -> &[(OrganisationId, Organisation)] {
        &self.0
    }

    fn borrowed(&self) -> Vec<(OrganisationId, &Organisation)> {
        self.0.iter().map(|(id, state)| (*id, state)).collect()
    }

    /// When a phase of the training programme was or is completed (rule T6).
    pub fn phase(&self, phase: Phase) -> PhaseAnswer {
        let nobody = Organisation::default();
        let department = self.0.iter().find(|(id, _)| *id == OrganisationId::DEPARTMENT);
        let department = department.map_or(&nobody, |(_, state)| state);
        when_is_phase_expected_to_complete(phase, department, &self.borrowed())
    }

    /// How many households, at what cost (rule P2).
    pub fn reach(&self, channel: Channel) -> Reach {
        how_many_at_what_cost(channel, &self.borrowed())
    }

    /// How many fair-processing notices the schools issued (rule P4).
    pub fn notices(&self) -> Figure {
        how_many_notices(&self.borrowed())
    }

    /// How far the direct mailing extends (rule P3).
    pub fn mailing(&self) -> Mailing {
        is_direct_mailing_nationwide(&self.borrowed())
    }

    /// How many bodies of a kind were accredited on a day.
    pub fn accredited(&self, kind: OrganisationKind, day: NaiveDate) -> usize {
        let counts = |state: &Organisation| {
            state.accredited_on(day) && state.registration().is_some_and(|it| it.kind == kind)
        };
        self.0.iter().filter(|(_, state)| counts(state)).count()
    }
}
