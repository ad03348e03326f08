//! What acts on the world when something happens: a notification, a letter, a call.
//!
//! A rebuild takes in the whole past again, and must not send a letter for any of it. So this is a type
//! of its own: a projector takes [`crate::known::Known`], in which there is no room for it.
//!
//! ```compile_fail
//! use projections::{known::Known, reaction::Reaction};
//! # struct Letters;
//! # impl Reaction for Letters {
//! #     const NAME: &'static str = "letters";
//! #     type Error = std::convert::Infallible;
//! #     async fn react(&self, _: &domain::recorded::Recorded<domain::event::Event>)
//! #         -> Result<(), Self::Error> { Ok(()) }
//! # }
//! let known = Known::none().and::<Letters>(); // the trait bound `Letters: Projection` is not satisfied
//! ```

use domain::{event::Event, recorded::Recorded};
use event_log::{EventLog, Subscription, backend::ReadError};

/// Something to be done about what happens, once it is durable.
pub trait Reaction: Send + Sync {
    /// Its name, by which whoever runs it remembers how far it has come.
    const NAME: &'static str;
    /// Why it could not be done.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Does it. May be asked again for an event it has seen, if the process died in between: what it
    /// sends carries the event's identity, so that the receiver can tell.
    fn react(
        &self,
        recorded: &Recorded<Event>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// Why a reaction was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ReactError<E: std::error::Error + 'static> {
    /// The log cannot be read.
    #[error("the log could not be followed")]
    Log(#[from] ReadError),
    /// It was tried, and failed. The next attempt is at the same event.
    #[error("reacting to the event at {position} failed")]
    Reaction {
        /// Where.
        position: u64,
        /// Why.
        #[source]
        cause: E,
    },
}

/// Carries out a reaction, event by event.
#[derive(Debug)]
pub struct Reactor<R> {
    reaction: R,
    subscription: Subscription,
    pending: Option<Box<Recorded<Event>>>,
}

impl<R: Reaction> Reactor<R> {
    /// Reacts to every event from a position on. Whoever runs it keeps the position that
    /// [`Reactor::next`] answers somewhere that is never thrown away, and not with the read models.
    pub fn new(log: &EventLog, from: u64, reaction: R) -> Self {
        Self { reaction, subscription: log.without_keys().subscribe(from), pending: None }
    }

    /// Waits for the next event, reacts to it, and answers from which position to go on.
    ///
    /// # Errors
    /// See [`ReactError`]. Asked again, it tries the same event again.
    pub async fn next(&mut self) -> Result<u64, ReactError<R::Error>> {
        let recorded = match self.pending.take() {
            Some(recorded) => recorded,
            None => Box::new(self.subscription.next().await?),
        };
        let position = recorded.stamp.position;
        match self.reaction.react(&recorded).await {
            Ok(()) => Ok(position.saturating_add(1)),
            Err(cause) => {
                self.pending = Some(recorded);
                Err(ReactError::Reaction { position, cause })
            }
        }
    }
}
