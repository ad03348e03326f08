//! Rule S8: whoever may ask for a shield may challenge the decision that was taken, applied or refused, in
//! their own words.
//!
//! Source: whether there was a route of appeal was asked in January 2009 and is not established, S9e;
//! the guidance has a complaints procedure, S25.
//! Reading: the procedure is ours. The one who challenges names the decision by its event, as the
//! authority told them when it decided. Whoever names another one is answered alike, whether there is a
//! decision or none, so that challenging does not show a shield. A challenge changes nothing about
//! what is hidden: an applied or provisional shield stays, and a refusal does not become a shield. Several may
//! challenge one decision, and are answered together. What has been upheld (rule S9) is not challenged again;
//! new circumstances are a new request (rule S1).

use chrono::{DateTime, Utc};

use super::{
    Contest, Event, Shield,
    request::{self, Asker},
};
use crate::{
    caller::Caller, child::Child, identity::EventId, personal::Personal, policy::Policy,
    reason::Text,
};

/// Challenges a decision about a shield.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChallengeDecision {
    /// When.
    pub at: DateTime<Utc>,
    /// Which decision: the event that recorded it.
    pub decision: EventId,
    /// Who challenges, and whether their identity was checked.
    pub challenger: Asker,
    /// Why it is thought to be wrong.
    pub words: Text,
}

/// Why no challenge is recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The caller may not ask for a shield, or not for this challenger.
    #[error(transparent)]
    MayNotAsk(#[from] request::Rejection),
    /// No such decision stands: there is none, or another one.
    #[error("no such decision about a shield of this record stands")]
    NoSuchDecision,
    /// It was challenged before, and upheld.
    #[error("this decision was challenged and upheld; new circumstances are a new request")]
    UpheldAlready,
}

/// Decides.
///
/// # Errors
/// Names what stands in the way.
pub fn decide(
    child: &Child,
    shield: &Shield,
    policy: &Policy,
    caller: &Caller<'_>,
    command: &ChallengeDecision,
) -> Result<Vec<Event>, Rejection> {
    let Asker { requester, identity_checked } = command.challenger;
    request::may_ask(child, policy, caller, command.at, command.challenger)?;
    match shield.decision().filter(|decided| decided.event == command.decision) {
        None => return Err(Rejection::NoSuchDecision),
        Some(decided) => match decided.contest {
            Contest::Upheld => return Err(Rejection::UpheldAlready),
            Contest::Unchallenged | Contest::Challenged { .. } => {}
        },
    }
    Ok(vec![Event::DecisionChallenged {
        decision: command.decision,
        challenger: requester,
        identity_checked,
        words: Personal::Known(command.words.clone()),
    }])
}
