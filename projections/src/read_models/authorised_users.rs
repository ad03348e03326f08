//! Who may use the directory, and who will lapse: the facts of every standing, judged by the day.
//!
//! Whether somebody is authorised is never stored. It is judged when it is asked, by the domain's own
//! rule, from these facts, the organisation's state and the policy of the day in question.

use std::collections::HashMap;

use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use domain::{
    event::Event,
    identity::{OrganisationId, PractitionerId},
    organisation::Organisation,
    policy::Policy,
    practitioner::{self, Account, AccountRole, CrbCheck, Practitioner, Standing, assess},
    recorded::Recorded,
    stream::Stream,
};
use event_log::{AsOf, EventLog, backend::ReadError};

use crate::{
    counting::{Counted, count},
    dated::{Chronicle, KnownBy, Moment, after, instant, place},
    projection::{Entry, Evolved, Projection, Refused},
    reader::{Found, QueryError, Reader, Spoken},
    store::{Range, beginning_with, between},
};

/// The standing of every user, under the user's handle.
#[derive(Debug)]
pub struct AuthorisedUsers;

/// What happened to one standing.
pub type Document = Chronicle<practitioner::Event>;

/// By the organisation that nominated: organisation, user.
pub const ORGANISATION: &str = "organisation";
/// By the day on which the newest check was issued, while it is held and the account is open.
pub const CHECK_ISSUED: &str = "check-issued";
/// Every instant from which an account could be used, as far as the account itself goes.
pub const ACCOUNT_BEGAN: &str = "account-began";
/// Every instant from which an account could no longer be used: suspended or closed.
pub const ACCOUNT_ENDED: &str = "account-ended";
/// By the instant of a suspension in force.
pub const SUSPENDED: &str = "suspended";

impl Projection for AuthorisedUsers {
    const NAME: &'static str = "authorised-users";
    const VERSION: u32 = 1;
    type Document = Document;

    fn concerns(stream: Stream) -> bool {
        matches!(stream, Stream::Practitioner(_))
    }

    fn keys(recorded: &Recorded<Event>) -> Vec<String> {
        match (&recorded.event, recorded.stamp.stream) {
            (Event::Practitioner(_), Stream::Practitioner(id)) => vec![id.to_string()],
            _ => Vec::new(),
        }
    }

    fn evolve(
        _: &str,
        document: Option<Document>,
        recorded: &Recorded<Event>,
    ) -> Evolved<Document> {
        let Event::Practitioner(event) = &recorded.event else {
            return Err(Refused { reason: "not about a standing", document });
        };
        Ok(Some(Chronicle::and(document, &recorded.stamp, event)))
    }

    fn entries(key: &str, document: &Document) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut usable = false;
        document.each::<Practitioner>(|person, recorded| {
            let now = matches!(person.account(), Account::Authorised(_));
            if now != usable {
                let index = if now { ACCOUNT_BEGAN } else { ACCOUNT_ENDED };
                let (at, place) = (instant(recorded.stamp.at), place(recorded.stamp.position));
                entries.push(Entry::new(index, &[&at, &place]));
            }
            usable = now;
        });
        let person: Practitioner = document.state(KnownBy::Now);
        if let Some(nomination) = person.nomination() {
            entries.push(Entry::new(ORGANISATION, &[&nomination.organisation.to_string(), key]));
        }
        if let (CrbCheck::Held { issued_on }, false) = (person.crb_check(), person.is_closed()) {
            entries.push(Entry::new(CHECK_ISSUED, &[&issued_on.to_string()]));
        }
        if let Some(suspension) = person.account().suspension() {
            entries.push(Entry::new(SUSPENDED, &[&instant(suspension.at)]));
        }
        entries
    }

    fn as_of(document: Document, known_by: KnownBy) -> Option<Document> {
        document.as_of(known_by)
    }
}

/// A user, as judged.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Judged {
    /// Who.
    pub practitioner: PractitionerId,
    /// Of which organisation.
    pub organisation: OrganisationId,
    /// For which kind of account.
    pub role: AccountRole,
    /// What was found.
    pub standing: Standing,
}

/// What a judgement rests on besides the standing: the policy and the organisations, as known by then.
#[derive(Clone, Debug)]
pub struct Bench {
    log: EventLog,
    as_of: AsOf,
    policy: Policy,
    organisations: HashMap<OrganisationId, Organisation>,
}

impl Bench {
    /// The policy as known by then; organisations are folded when the first of their users is judged.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn of(log: &EventLog, as_of: AsOf) -> Result<Self, ReadError> {
        let log = log.without_keys();
        let policy = log.fold_at::<Policy>(Stream::Policy, as_of).await?;
        Ok(Self { log, as_of, policy: Policy::clone(&policy), organisations: HashMap::new() })
    }

    /// The policy.
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Judges somebody at an instant, from what was known by then. None for those who hold no account
    /// of an organisation: nobody nominated them.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn judge(
        &mut self,
        document: &Document,
        known_by: KnownBy,
        at: DateTime<Utc>,
    ) -> Result<Option<Judged>, ReadError> {
        let person: Practitioner = document.state(known_by);
        let (Some(practitioner), Some(nomination)) = (person.id(), person.nomination()) else {
            return Ok(None);
        };
        let (organisation, role) = (nomination.organisation, nomination.role);
        if !self.organisations.contains_key(&organisation) {
            let stream = Stream::Organisation(organisation);
            let state = self.log.fold_at::<Organisation>(stream, self.as_of).await?;
            self.organisations.insert(organisation, Organisation::clone(&state));
        }
        let Some(body) = self.organisations.get(&organisation) else { return Ok(None) };
        let standing = assess(&person, body, &self.policy, role, None, at);
        Ok(Some(Judged { practitioner, organisation, role, standing }))
    }
}

/// Why users could not be listed.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The read model did not answer.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The log cannot be read.
    #[error("the log could not be read")]
    Log(#[from] ReadError),
}

/// Where a document stands that was read last, and what was found up to there.
type Page = Spoken<Vec<Found<Document>>>;

/// How many documents are judged at once.
const PAGE: usize = 1_024;

/// Everybody in a range who is authorised at an instant, as known by then.
///
/// # Errors
/// See [`ListError`].
pub async fn authorised(
    reader: &Reader<AuthorisedUsers>,
    bench: &mut Bench,
    range: Range,
    known_by: KnownBy,
    at: DateTime<Utc>,
) -> Result<Spoken<Vec<Judged>>, ListError> {
    let mut listed = Vec::new();
    let mut range = range;
    loop {
        let page: Page = reader.find(vec![Range { limit: PAGE, ..range.clone() }]).await?;
        for found in &page.value {
            let judged = bench.judge(&found.document, known_by, at).await?;
            listed.extend(judged.filter(|judged| judged.standing.authorised()));
        }
        match page.value.last() {
            Some(last) if page.value.len() == PAGE => range = range.after(&last.key),
            Some(_) | None => return Ok(page.map(|_| listed)),
        }
    }
}

/// Everybody who is authorised on a day and, if nothing else happens, lapses within so many days: the
/// check becomes too old, the accreditation of an organisation in `expiring` ends, or a policy already
/// adopted asks for more. `expiring` are those whose accreditation ends by then. As known at a position:
/// none, when so much has happened since that the indexes of now do not lead to everybody.
///
/// # Errors
/// See [`ListError`].
pub async fn lapsing_within(
    reader: &Reader<AuthorisedUsers>,
    bench: &mut Bench,
    expiring: &[OrganisationId],
    (at, days): (DateTime<Utc>, u64),
    position: u64,
) -> Result<Option<Vec<Judged>>, ListError> {
    let (today, last) = (at.date_naive(), at.date_naive().checked_add_days(Days::new(days)));
    let last = last.unwrap_or(NaiveDate::MAX);
    let ranges = match checks_lapsing(bench.policy(), today, last) {
        Some(checks) => {
            let users = expiring.iter().map(|organisation| of_organisation(*organisation));
            std::iter::once(checks).chain(users).collect()
        }
        None => vec![Range::documents(PAGE)],
    };
    let known_by = KnownBy::Position(position);
    let mut all = Vec::new();
    for range in ranges {
        all.extend(authorised(reader, bench, range, known_by, at).await?.value);
    }
    let since = reader.touched_after(position).await?;
    if !since.all {
        return Ok(None);
    }
    for found in &since.documents {
        let judged = bench.judge(&found.document, known_by, at).await?;
        all.extend(judged.filter(|judged| judged.standing.authorised()));
    }
    all.retain(|judged| judged.standing.lapses_on.is_some_and(|day| day <= last));
    all.sort_by_key(|judged| (judged.standing.lapses_on, judged.practitioner));
    all.dedup_by_key(|judged| judged.practitioner);
    Ok(Some(all))
}

/// The checks that may lapse by then; none when the policy itself changes by then, which may concern
/// everybody.
fn checks_lapsing(policy: &Policy, today: NaiveDate, last: NaiveDate) -> Option<Range> {
    let turns = |day: &NaiveDate| today < *day && *day <= last;
    let (_, now) = policy.on(today);
    let adopted = || policy.adopted().iter();
    let changes = adopted().any(|set| turns(&set.effective_from))
        || adopted().any(|set| set.values.isa_in_force_from.as_ref().is_some_and(turns));
    if changes {
        return None;
    }
    let held = Months::new(now.crb_valid_months);
    // A month has 28 days or 31, so the bounds are a few days wide; the judgement is exact.
    let from = today.checked_sub_months(held)?.checked_sub_days(Days::new(4))?;
    let to = last.checked_sub_months(held)?.checked_add_days(Days::new(5))?;
    Some(between(CHECK_ISSUED, &from.to_string(), &to.to_string(), PAGE))
}

/// How many accounts could be used at an instant as far as the accounts themselves go: authorised,
/// neither suspended nor closed, as known at an event. Two counts in an index, however many users there are.
///
/// # Errors
/// See [`QueryError`].
pub async fn accounts_at(
    reader: &Reader<AuthorisedUsers>,
    at: DateTime<Utc>,
    known: Moment,
) -> Result<Spoken<u64>, QueryError> {
    let until = |index| Counted { index, within: "", from: DateTime::UNIX_EPOCH, to: after(at) };
    let counts = count(reader, &[until(ACCOUNT_BEGAN), until(ACCOUNT_ENDED)], known).await?;
    Ok(counts.map(|counts| match counts.as_slice() {
        [began, ended] => began.saturating_sub(*ended),
        _ => 0,
    }))
}

/// The users of one organisation.
pub fn of_organisation(organisation: OrganisationId) -> Range {
    beginning_with(ORGANISATION, &format!("{organisation}/"), PAGE)
}
