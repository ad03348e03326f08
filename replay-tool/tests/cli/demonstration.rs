//! The demonstration, told once for all tests into a folder, and served from it.

use std::{
    path::Path,
    process::{Command, Output},
    sync::{OnceLock, mpsc},
    thread,
};

use actix_web::web::Data;
use api::{
    configuration::ClockKind,
    demonstration,
    directory::{Directory, Keeping},
    identity::{self, TokenRequest, TrustedKeys},
    startup,
};
use domain::{
    actor::Role,
    identity::{OrganisationId, PractitionerId},
};
use event_log::{EventLog, event_log::Options};
use fixtures::demonstration::{AUDITOR, member, person};
use serde_json::Value;
use tempfile::TempDir;

/// The demonstration with its server. It ends with the tests.
pub(crate) struct Told {
    pub(crate) folder: TempDir,
    pub(crate) url: String,
}

/// What a run of the tool came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) said: String,
}

static TOLD: OnceLock<Told> = OnceLock::new();

pub(crate) fn told() -> &'static Told {
    TOLD.get_or_init(Told::tell)
}

impl Told {
    /// Tells it to a folder of its own, and serves that.
    pub(crate) fn tell() -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().to_owned();
        let (send, receive) = mpsc::channel();
        thread::spawn(move || {
            actix_web::rt::System::new().block_on(async {
                let options = Options { origin: "demonstration.example/audit".to_owned() };
                let log = EventLog::open(&path, &options).unwrap();
                let teller = Directory::over(log.clone(), ClockKind::Demonstration).await.unwrap();
                demonstration::load(&teller).await.unwrap();
                // Its clock goes on after the last event of the log as it is now.
                let (clock, keeping) = (ClockKind::Demonstration, Keeping::default());
                let directory = Directory::on(log, &path, clock, &keeping).await.unwrap();
                identity::open_or_create(&path).unwrap();
                let mut trusted = TrustedKeys::none(None);
                trusted.trust(&identity::published_keys(&path).unwrap());
                let address = "127.0.0.1:0".parse().unwrap();
                let (running, server) =
                    startup::listen(Data::new(directory), trusted, address).unwrap();
                send.send(format!("http://{}", running.address)).unwrap();
                server.await.unwrap();
            });
        });
        Self { folder, url: receive.recv().unwrap() }
    }

    /// A sign-in token for somebody of the cast.
    pub(crate) fn token(
        &self,
        who: PractitionerId,
        role: Role,
        organisation: OrganisationId,
    ) -> String {
        let request = TokenRequest {
            person: who,
            role,
            organisation,
            on_behalf_of: None,
            audience: None,
            seconds: 600,
            second_factor: true,
        };
        identity::issue(self.folder.path(), &request).unwrap()
    }

    /// A sign-in token for the department's auditor.
    pub(crate) fn auditor(&self) -> String {
        self.token(person(AUDITOR.number), Role::Auditor, OrganisationId::DEPARTMENT)
    }

    /// A sign-in token for a member of staff, in their own office.
    pub(crate) fn staff(&self, number: u128, role: Role) -> String {
        let organisation = member(number).unwrap().organisation;
        self.token(person(number), role, fixtures::demonstration::organisation(organisation))
    }

    /// Runs the tool on the folder.
    pub(crate) fn replay(&self, arguments: &[&str]) -> Ran {
        replay(self.folder.path(), arguments)
    }

    /// Runs the tool, and asks the server for keys as the auditor.
    pub(crate) fn unsealed(&self, arguments: &[&str]) -> Ran {
        let token = self.auditor();
        let asking =
            ["--unseal-via", &self.url, "--token", &token, "--reason", "Case 17, court order."];
        self.replay(&[arguments, &asking].concat())
    }
}

/// Runs the tool on a folder.
pub(crate) fn replay(folder: &Path, arguments: &[&str]) -> Ran {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_replay"))
        .arg("--data")
        .arg(folder)
        .args(arguments)
        .env_remove("CONTACTPOINT_TOKEN")
        .output()
        .unwrap();
    Ran {
        code: status.code().unwrap(),
        out: String::from_utf8(stdout).unwrap(),
        said: String::from_utf8(stderr).unwrap(),
    }
}

impl Ran {
    /// As asked, exit code 0.
    #[track_caller]
    pub(crate) fn good(self) -> Self {
        assert_eq!(self.code, 0, "{}\n{}", self.out, self.said);
        self
    }

    /// The rows of a JSON answer.
    #[track_caller]
    pub(crate) fn rows(&self) -> Vec<Value> {
        let document: Value = serde_json::from_str(&self.out).unwrap();
        document["rows"].as_array().unwrap().clone()
    }

    /// The rows of a JSON answer, cut down to these columns.
    #[track_caller]
    pub(crate) fn columns<const N: usize>(&self, names: [&str; N]) -> Vec<[String; N]> {
        let cell = |row: &Value, name: &str| match &row[name] {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                row[name].to_string()
            }
        };
        self.rows().iter().map(|row| names.map(|name| cell(row, name))).collect()
    }
}

impl Ran {
    /// How many rows a JSON answer has; none when nothing matched.
    pub(crate) fn rows_or_none(&self) -> usize {
        if self.code == 3 { 0 } else { self.rows().len() }
    }
}
