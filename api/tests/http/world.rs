//! A directory with people in it, served on a port of its own, everything brought about over HTTP.

use std::{sync::Arc, time::Duration};

use actix_web::web::Data;
use api::{
    configuration::ClockKind,
    directory::Directory,
    identity::{self, TokenRequest, TrustedKeys},
    set_up::set_up,
    startup::{self, Running},
};
use domain::{
    actor::Role,
    identity::{OrganisationId, PractitionerId},
};
use event_log::{
    EventLog,
    log_keys::LogKeys,
    memory::Memory,
    transparency_log::{Pace, TransparencyLog},
};
use projections::store::Store;
use reqwest::{Method, StatusCode, header::HeaderMap};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

/// A person with a token.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    pub(crate) id: Uuid,
    pub(crate) token: String,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("not JSON: {}", String::from_utf8_lossy(&self.body)))
    }

    /// The problem type, after its status and media type have been looked at.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16) -> Value {
        let json = self.json();
        assert_eq!(self.status.as_u16(), status, "{json}");
        assert_eq!(self.headers["content-type"], "application/problem+json");
        json
    }

    #[track_caller]
    pub(crate) fn good(self) -> Value {
        assert!(
            self.status.is_success(),
            "{} {}",
            self.status,
            String::from_utf8_lossy(&self.body)
        );
        self.json()
    }

    #[track_caller]
    pub(crate) fn etag(&self) -> String {
        self.headers["etag"].to_str().unwrap().to_owned()
    }
}

/// A directory that is served.
pub(crate) struct World {
    pub(crate) address: String,
    pub(crate) log: EventLog,
    pub(crate) memory: Arc<Memory>,
    pub(crate) directory: Data<Directory>,
    pub(crate) official: Who,
    pub(crate) keys: TempDir,
    published: Option<(Arc<TransparencyLog>, TempDir)>,
    client: reqwest::Client,
    pub(crate) _running: Running,
}

/// An authority with a team and a practitioner, all authorised.
#[derive(Clone, Debug)]
pub(crate) struct Authority {
    pub(crate) id: Uuid,
    pub(crate) team: Who,
    pub(crate) user: Who,
}

/// What is given as a reason.
pub(crate) fn reason() -> Value {
    json!({"code": "direct-contact-with-child", "text": "Seen in clinic this morning."})
}

/// Today, as the server counts days.
pub(crate) fn today() -> String {
    chrono::Utc::now().date_naive().to_string()
}

impl World {
    /// Only the department, with its first official.
    pub(crate) async fn empty() -> Self {
        let memory = Arc::new(Memory::new());
        let log = EventLog::over_memory(Arc::clone(&memory)).unwrap();
        Self::over(log, memory).await
    }

    /// The same, with its log published, faster than a service would.
    pub(crate) async fn published() -> Self {
        let memory = Arc::new(Memory::new());
        let log = EventLog::over_memory(Arc::clone(&memory)).unwrap();
        let folder = TempDir::new().unwrap();
        let keys = LogKeys::init(&folder.path().join("keys"), "contactpoint.example/log").unwrap();
        let published = Arc::new(TransparencyLog::open(&log, folder.path(), keys).unwrap());
        publish(Arc::clone(&published));
        Self::over_published(log, memory, Some((published, folder))).await
    }

    /// The log with its tree and checkpoints.
    pub(crate) fn transparency(&self) -> &Arc<TransparencyLog> {
        &self.published.as_ref().unwrap().0
    }

    /// The same over any log. Faults can be injected only if it lies in that memory.
    pub(crate) async fn over(log: EventLog, memory: Arc<Memory>) -> Self {
        Self::over_published(log, memory, None).await
    }

    /// The same with its read models in a store of the test's.
    pub(crate) async fn keeping(log: EventLog, memory: Arc<Memory>, store: Arc<dyn Store>) -> Self {
        let directory = Directory::over_keeping(log.clone(), store, ClockKind::System);
        Self::of(directory.await.unwrap(), log, memory, None).await
    }

    async fn over_published(
        log: EventLog,
        memory: Arc<Memory>,
        published: Option<(Arc<TransparencyLog>, TempDir)>,
    ) -> Self {
        let mut directory = Directory::over(log.clone(), ClockKind::System).await.unwrap();
        if let Some((published, _)) = &published {
            directory = directory.publishing(Arc::clone(published));
        }
        Self::of(directory, log, memory, published).await
    }

    async fn of(
        directory: Directory,
        log: EventLog,
        memory: Arc<Memory>,
        published: Option<(Arc<TransparencyLog>, TempDir)>,
    ) -> Self {
        let directory = Data::new(directory);
        let official = PractitionerId::new(Uuid::now_v7());
        set_up(&directory, official, "First Official".try_into().unwrap()).await.unwrap();
        let keys = TempDir::new().unwrap();
        identity::open_or_create(keys.path()).unwrap();
        let mut trusted = TrustedKeys::none(None);
        trusted.trust(&identity::published_keys(keys.path()).unwrap());
        let (running, server) =
            startup::listen(directory.clone(), trusted, "127.0.0.1:0".parse().unwrap()).unwrap();
        tokio::spawn(server);
        let mut world = Self {
            address: format!("http://{}", running.address),
            log,
            memory,
            directory,
            official: Who { id: official.uuid(), token: String::new() },
            keys,
            published,
            client: reqwest::Client::new(),
            _running: running,
        };
        world.official.token =
            world.token(official.uuid(), Role::Official, OrganisationId::DEPARTMENT.uuid());
        world
    }

    /// With one authority whose people can look.
    pub(crate) async fn with_an_authority() -> (Self, Authority) {
        let world = Self::empty().await;
        let authority = world.authority("Leeds").await;
        (world, authority)
    }

    pub(crate) fn token(&self, person: Uuid, role: Role, organisation: Uuid) -> String {
        self.token_of(&request(person, role, organisation))
    }

    pub(crate) fn token_of(&self, request: &TokenRequest) -> String {
        identity::issue(self.keys.path(), request).unwrap()
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        Answer { status, headers, body: answer.bytes().await.unwrap().to_vec() }
    }

    pub(crate) async fn post(&self, who: &Who, path: &str, body: Value) -> Answer {
        self.post_with(who, path, &[], body).await
    }

    pub(crate) async fn post_with(
        &self,
        who: &Who,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        let bearer = format!("Bearer {}", who.token);
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend_from_slice(headers);
        self.send(Method::POST, path, &all, Some(&body)).await
    }

    pub(crate) async fn get(&self, who: &Who, path: &str) -> Answer {
        let bearer = format!("Bearer {}", who.token);
        self.send(Method::GET, path, &[("authorization", &bearer)], None).await
    }

    async fn done(&self, who: &Who, path: &str, body: Value) -> Value {
        let answer = self.post(who, path, body).await;
        assert!(
            answer.status.is_success(),
            "{path}: {} {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
        answer.json()
    }

    /// A local authority, accredited, enabled for everything, with its people.
    pub(crate) async fn authority(&self, name: &str) -> Authority {
        let official = &self.official;
        let body = json!({"kind": "local-authority", "name": name});
        let id = id_of(&self.done(official, "/organisations", body).await);
        let path = format!("/organisations/{id}");
        let seen = json!({"disciplinary_procedures_seen": true});
        self.done(official, &format!("{path}/accreditations"), seen).await;
        self.enable(id, "shield").await;
        self.enable(id, "update").await;
        let team = self.user(official, "management-team", id).await;
        let progress = json!({"considered": 3, "waiting": 0});
        self.done(&team, &format!("{path}/shielding-phase/progress"), progress).await;
        let on = json!({"on": today()});
        self.done(&team, &format!("{path}/shielding-phase/complete"), on).await;
        self.enable(id, "search").await;
        let user = self.user(&team, "practitioner", id).await;
        Authority { id, team, user }
    }

    async fn enable(&self, organisation: Uuid, capability: &str) {
        let path = format!("/organisations/{organisation}/capabilities");
        self.done(&self.official, &path, json!({"capability": capability})).await;
    }

    /// Somebody nominated, vetted, trained and authorised.
    pub(crate) async fn user(&self, keeper: &Who, role: &str, organisation: Uuid) -> Who {
        let official = &self.official;
        let (on, topics) = (
            today(),
            json!([
                "use",
                "security-responsibilities",
                "good-security-practice",
                "data-protection-act",
                "human-rights-act"
            ]),
        );
        let nomination = json!({"organisation": organisation, "role": role, "name": "Anna Smith",
            "surname": "Smith", "manager": official.id, "need": "Works with children."});
        let id = id_of(&self.done(keeper, "/practitioners", nomination).await);
        let path = format!("/practitioners/{id}");
        let trained = json!({"on": on, "topics": topics});
        let mut steps = vec![
            ("identity-verifications", json!({"evidence": "passport"})),
            ("crb-checks", json!({"issued_on": on, "disclosure_number": "001234567890"})),
            ("security-procedures", json!({"on": on, "edition": "3"})),
            ("agreement", json!({"on": on, "edition": "3"})),
            ("tokens", json!({"token": Uuid::now_v7()})),
            ("training/attended", trained.clone()),
            ("training/completed", trained),
        ];
        if role != "practitioner" {
            steps.push(("training/tests", json!({"on": on, "outcome": "passed"})));
        }
        steps.push(("account/authorise", json!({})));
        for (step, body) in steps {
            let by = if step.starts_with("training") { official } else { keeper };
            self.done(by, &format!("{path}/{step}"), body).await;
        }
        let token_role = match role {
            "practitioner" => Role::Practitioner,
            "trainer" => Role::Trainer,
            _ => Role::ManagementTeam,
        };
        Who { id, token: self.token(id, token_role, organisation) }
    }

    /// Somebody in another office of the department.
    pub(crate) async fn auditor(&self) -> Who {
        let body = json!({"office": "auditor", "name": "Second Auditor"});
        let id = id_of(&self.done(&self.official, "/appointments", body).await);
        Who { id, token: self.token(id, Role::Auditor, OrganisationId::DEPARTMENT.uuid()) }
    }

    pub(crate) async fn second_official(&self) -> Who {
        let body = json!({"office": "official", "name": "Second Official"});
        let id = id_of(&self.done(&self.official, "/appointments", body).await);
        Who { id, token: self.token(id, Role::Official, OrganisationId::DEPARTMENT.uuid()) }
    }

    /// A child's record, made by a practitioner of the authority.
    pub(crate) async fn child(&self, authority: &Authority) -> Uuid {
        self.child_named(authority, "Zebedee", "Quarmby").await
    }

    pub(crate) async fn child_named(
        &self,
        authority: &Authority,
        given: &str,
        surname: &str,
    ) -> Uuid {
        let body = json!({
            "name": {"given": given, "surname": surname},
            "gender": "male",
            "date_of_birth": born(),
            "whereabouts": {"current": {"lines": ["7 Hidden Lane"], "postcode": "LS1 4AB"}},
            "authority": authority.id,
        });
        id_of(&self.done(&authority.user, "/children", body).await)
    }

    pub(crate) async fn open(&self, who: &Who, child: Uuid) -> Answer {
        self.post(who, &format!("/children/{child}/openings"), json!({"reason": reason()})).await
    }

    pub(crate) async fn shield(&self, authority: &Authority, child: Uuid) {
        let body = json!({
            "grounds": {"stated": ["child-at-risk"]},
            "rests_on": "threat-in-this-case",
            "rationale": "Threats made this morning.",
        });
        self.done(&authority.team, &format!("/children/{child}/shield/provisional"), body).await;
    }

    pub(crate) async fn grant_override(&self, authority: &Authority, user: &Who) {
        let path = format!("/practitioners/{}/override-right/grant", user.id);
        let body = json!({"justification": "Child protection duty."});
        self.done(&authority.team, &path, body).await;
    }
}

/// Publishes as the server does, faster.
fn publish(log: Arc<TransparencyLog>) {
    let pace =
        Pace { at_most_every: Duration::from_millis(20), heartbeat: Duration::from_secs(60) };
    let clock = || u64::try_from(chrono::Utc::now().timestamp()).unwrap();
    tokio::spawn(async move { log.run(pace, clock, |_| ()).await });
}

/// A birthday of somebody who is a child today.
pub(crate) fn born() -> String {
    let today = chrono::Utc::now().date_naive();
    today.checked_sub_months(chrono::Months::new(70)).unwrap().to_string()
}

pub(crate) fn id_of(answer: &Value) -> Uuid {
    answer["id"].as_str().unwrap().parse().unwrap()
}

/// What a token of a person is to say.
pub(crate) fn request(person: Uuid, role: Role, organisation: Uuid) -> TokenRequest {
    TokenRequest {
        person: PractitionerId::new(person),
        role,
        organisation: OrganisationId::new(organisation),
        on_behalf_of: None,
        audience: None,
        seconds: 600,
        second_factor: true,
    }
}
