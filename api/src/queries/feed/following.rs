//! One subscriber: what is sent to them, piece by piece, and when it ends.
//!
//! Nothing is kept for a subscriber but the few events that were read last: the log is read on when
//! they have taken what was sent.

use std::{
    collections::VecDeque,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use actix_web::web::{Bytes, Data};
use domain::{
    caller::{Caller, Needs, require},
    event::Event,
    organisation::Organisation,
    policy::Policy,
    practitioner::Practitioner,
    recorded::Recorded,
    stream::Stream,
};
use event_log::{Subscription, backend::ReadError};
use futures_util::stream::{Stream as Pieces, unfold};
use tokio::{sync::watch, time::Instant};

use super::{Piece, audience::Audience, cloud_event};
use crate::{caller::Person, directory::Directory, problem::Problem};

/// How many events are read at once, and the most that wait for a subscriber.
const AT_ONCE: usize = 32;

/// How often something is sent when nothing happens, so that both sides notice a broken connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What is sent first: how soon to come back after a broken connection, in milliseconds.
const RETRY: &str = "retry: 2000\n\n";

/// One subscriber.
pub(super) struct Following {
    directory: Data<Directory>,
    person: Person,
    audience: Audience,
    subscription: Subscription,
    closing: watch::Receiver<bool>,
    expires: Instant,
    waiting: VecDeque<String>,
    ended: bool,
}

enum Happened {
    Events(Result<Vec<Recorded<Event>>, ReadError>),
    Nothing,
    TokenExpired,
    ServiceStops,
}

impl Following {
    /// Everything from a position on, for somebody whose question was recorded.
    pub(super) fn begin(
        directory: Data<Directory>,
        person: Person,
        audience: Audience,
        from: u64,
    ) -> Self {
        let subscription = directory.log().without_keys().subscribe(from);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let left = Duration::from_secs(person.until).saturating_sub(now);
        // A token that holds for ever is no reason for an instant that cannot be told.
        let expires = Instant::now().checked_add(left.min(Duration::from_secs(30 * 86_400)));
        Self {
            closing: directory.closing(),
            directory,
            person,
            audience,
            subscription,
            expires: expires.unwrap_or_else(Instant::now),
            waiting: VecDeque::from([RETRY.to_owned()]),
            ended: false,
        }
    }

    /// What is sent.
    pub(super) fn stream(self) -> impl Pieces<Item = Piece> {
        unfold(self, async |mut following| {
            let piece = following.next().await?;
            Some((Ok(Bytes::from(piece)), following))
        })
    }

    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(piece) = self.waiting.pop_front() {
                return Some(piece);
            }
            if self.ended {
                return None;
            }
            match self.wait().await {
                Happened::Events(Ok(events)) => {
                    if self.send(events).await.is_err() {
                        self.end("service-unavailable");
                    }
                }
                Happened::Events(Err(error)) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "A feed was cut off");
                    self.end("service-unavailable");
                }
                Happened::Nothing => match self.still_entitled().await {
                    Ok(true) => self.waiting.push_back(self.keep_alive()),
                    Ok(false) => self.end("not-entitled-any-more"),
                    Err(_) => self.end("service-unavailable"),
                },
                Happened::TokenExpired => self.end("token-expired"),
                Happened::ServiceStops => self.end("service-stops"),
            }
        }
    }

    async fn wait(&mut self) -> Happened {
        let keep_alive = tokio::time::sleep(KEEP_ALIVE);
        tokio::select! {
            biased;
            _ = self.closing.wait_for(|closing| *closing) => Happened::ServiceStops,
            () = tokio::time::sleep_until(self.expires) => Happened::TokenExpired,
            events = self.subscription.next_chunk(AT_ONCE) => Happened::Events(events),
            () = keep_alive => Happened::Nothing,
        }
    }

    /// Sends what the subscriber may see. Whether they still may is looked at first: the events at hand
    /// may be what took it from them.
    async fn send(&mut self, events: Vec<Recorded<Event>>) -> Result<(), Problem> {
        if !self.still_entitled().await? {
            self.end("not-entitled-any-more");
            return Ok(());
        }
        for recorded in events {
            let position = recorded.stamp.position;
            if let Some(sent) = self.audience.sees(&self.directory, recorded).await? {
                let event = cloud_event::write(&sent.recorded, sent.notice);
                self.waiting.push_back(format!("id: {position}\ndata: {event}\n\n"));
            }
        }
        Ok(())
    }

    /// Tells a client up to where it has seen everything that it may see.
    fn keep_alive(&self) -> String {
        match self.subscription.position().checked_sub(1) {
            Some(position) => format!(": nothing happened\nid: {position}\n\n"),
            None => ": nothing happened\n\n".to_owned(),
        }
    }

    fn end(&mut self, why: &str) {
        self.waiting.push_back(format!("event: end\ndata: {{\"reason\":\"{why}\"}}\n\n"));
        self.ended = true;
    }

    /// Whether they may still ask the trail, by their own streams at this instant.
    async fn still_entitled(&self) -> Result<bool, Problem> {
        let (directory, person) = (&self.directory, &self.person);
        let standing = directory.state::<Practitioner>(Stream::Practitioner(person.id)).await?;
        let stream = Stream::Organisation(person.organisation);
        let organisation = directory.state::<Organisation>(stream).await?;
        let policy = directory.state::<Policy>(Stream::Policy).await?;
        let caller = Caller {
            id: person.id,
            role: person.role,
            standing: &standing,
            organisation: &organisation,
            organisation_id: person.organisation,
        };
        let needs = [Needs::Auditor, Needs::Official, Needs::ManagementTeam];
        let now = directory.clock().now();
        Ok(require(&caller, &policy, now, Needs::AnyOf(&needs)).is_ok())
    }
}
