//! A directory to be served: a generated log, people who look, auditors who ask.

use std::{
    fs,
    path::{Path, PathBuf},
};

use api::identity::{self, TokenRequest};
use domain::{
    actor::{Actor, Role},
    identity::{OrganisationId, PractitionerId},
    policy::PolicyVersion,
    practitioner::{self, Office},
    stream::Stream,
};
use event_log::{Commit, Context, EventLog, Options, log_keys::LogKeys};
use fixtures::{
    england::England,
    people::text,
    scenario::{id, on},
};
use tempfile::TempDir;

use crate::{client, generated};

pub(crate) const ORIGIN: &str = "contactpoint.example/bench";

/// How many practitioners look.
const LOOKING: u64 = 64;

/// A question that auditors ask.
#[derive(Clone, Copy)]
pub(crate) struct Question {
    pub(crate) what: &'static str,
    about: About,
}

#[derive(Clone, Copy)]
enum About {
    WhoSawThisChild,
    WhatThisPractitionerSaw,
    RecordAsOf,
}

pub(crate) const QUESTIONS: [Question; 3] = [
    Question { what: "who saw this child", about: About::WhoSawThisChild },
    Question { what: "what this practitioner saw", about: About::WhatThisPractitionerSaw },
    Question { what: "a record as of a past instant", about: About::RecordAsOf },
];

/// Logs from so many events on are not copied for each run, but served where they are kept, and grow by what is
/// measured: a copy of ten million would take 20 GB more, and read models as long to build as to measure.
const TOO_LARGE_TO_COPY: u64 = 5_000_000;

/// A data folder, and who asks what of it.
pub(crate) struct Prepared {
    pub(crate) folder: PathBuf,
    /// A copy goes with this.
    _copy: Option<TempDir>,
    england: England,
    people: u64,
    looking: Vec<String>,
    auditors: Vec<String>,
}

impl Prepared {
    /// Takes a log of so many events, or a copy of it. It is generated if it is not there yet.
    pub(crate) async fn of(logs: &Path, events: u64, auditors: u64) -> Self {
        let (folder, copy) = folder(logs, events).await;
        let log = EventLog::open(&folder, &Options { origin: ORIGIN.to_owned() }).unwrap();
        for number in 0..auditors {
            appoint(&log, auditor(number)).await;
        }
        drop(log);
        let keys = folder.join("keys");
        if !keys.join("log-signing.pub").try_exists().unwrap() {
            LogKeys::init(&keys, ORIGIN).unwrap();
        }
        identity::open_or_create(&folder).unwrap();
        let token = |person, role, organisation| {
            let request = TokenRequest {
                person,
                role,
                organisation,
                on_behalf_of: None,
                audience: None,
                seconds: 7_200,
                second_factor: true,
            };
            identity::issue(&folder, &request).unwrap()
        };
        let looking = (0..LOOKING).map(|number| {
            let of = generated::body(number % generated::BODIES);
            token(generated::person(number), Role::Practitioner, of)
        });
        let department = OrganisationId::DEPARTMENT;
        let asking = (0..auditors).map(|number| token(auditor(number), Role::Auditor, department));
        Self {
            england: England::new(2_009, (events / 40).max(500), on("2009-06-22")),
            people: (events / 200).max(200),
            looking: looking.collect(),
            auditors: asking.collect(),
            folder,
            _copy: copy,
        }
    }

    /// Somebody opens a record.
    pub(crate) fn opening(&self, who: u64, turn: u64) -> Vec<u8> {
        let token = &self.looking[(who % LOOKING) as usize];
        let body =
            r#"{"reason":{"code":"direct-contact-with-child","text":"Seen in clinic today."}}"#;
        client::post(&format!("/children/{}/openings", self.child(turn)), token, body)
    }

    /// An auditor asks.
    pub(crate) fn question(&self, question: Question, who: u64, turn: u64) -> Vec<u8> {
        let token = &self.auditors[who as usize];
        let body = r#"{"reason":{"code":"audit","text":"Complaint 17."}}"#;
        let path = match question.about {
            About::WhoSawThisChild => format!("/children/{}/accesses/queries", self.child(turn)),
            About::WhatThisPractitionerSaw => {
                let person = generated::person(turn * 7 % self.people);
                format!("/practitioners/{person}/sights/queries")
            }
            About::RecordAsOf => {
                let child = self.child(turn);
                format!("/children/{child}/record/queries?as_of=2009-03-31T00:00:00Z")
            }
        };
        client::post(&path, token, body)
    }

    fn child(&self, turn: u64) -> domain::identity::ChildRef {
        self.england.child(turn * 7_919 % self.england.how_many_children()).reference
    }
}

/// The folder to be served, and what makes it go away if it is a copy.
async fn folder(logs: &Path, events: u64) -> (PathBuf, Option<TempDir>) {
    let name = format!("contactpoint-bench-3-{events}");
    if events >= TOO_LARGE_TO_COPY {
        // Of its own: others count on the length of those they keep.
        let served = logs.join("served");
        drop(generated::log(&served, events).await);
        return (served.join(name), None);
    }
    // Opened, so that it is there; closed, so that it can be copied.
    drop(generated::log(logs, events).await);
    let folder = tempfile::tempdir_in(logs).unwrap();
    copy(&logs.join(name), folder.path());
    (folder.path().to_owned(), Some(folder))
}

fn auditor(number: u64) -> PractitionerId {
    PractitionerId::new(id((1 << 100) + u128::from(number)))
}

async fn appoint(log: &EventLog, who: PractitionerId) {
    let stream = Stream::Practitioner(who);
    if log.backend().head(stream).await.unwrap().is_some() {
        return;
    }
    let context = |command| Context {
        command,
        // After everything that was generated: the clock of the server goes on from here.
        at: generated::instant(generated::LAST_DAY),
        by: Actor::SYSTEM,
        policy: PolicyVersion(1),
        correlation: None,
        causation: None,
        request_digest: None,
    };
    log.create_subjects(&[who.uuid()], context).await.unwrap();
    let name = text("Sam Example");
    let appointed = practitioner::Event::AppointedToDepartment { office: Office::Auditor, name };
    let events = vec![appointed.into()];
    let context = context(uuid::Uuid::new_v5(&who.uuid(), b"appointed"));
    log.commit(Commit { stream, events, reading: log.reading(), context }).await.unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}
