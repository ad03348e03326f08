//! People who look and change, each request under a key of its own and sent until it is answered,
//! to whichever server answers.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use domain::identity::EventId;
use event_log::event_log::event_id;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::{
    servers::Cluster,
    world::{Who, reason, today},
};

/// For how long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A record is opened.
    Look,
    /// Information to the public is recorded.
    Change,
}

/// A request that was answered: what it recorded is durable.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Acknowledged {
    pub(crate) what: What,
    /// The event that it is.
    pub(crate) event: EventId,
    pub(crate) at: Instant,
}

/// The people, as long as they go on.
pub(crate) struct Load {
    crowd: Arc<Crowd>,
    tasks: Vec<JoinHandle<()>>,
}

/// What they share.
struct Crowd {
    team: Who,
    user: Who,
    organisation: Uuid,
    children: Vec<Uuid>,
    targets: Mutex<Vec<Option<String>>>,
    acknowledged: Mutex<Vec<Acknowledged>>,
    /// How many times a request was sent without an answer that settles it.
    again: AtomicUsize,
    over: AtomicBool,
}

impl Load {
    /// So many people begin, and ask the servers at these addresses.
    pub(crate) fn begin(cluster: &Cluster, people: usize, targets: &[&str]) -> Self {
        let crowd = Arc::new(Crowd {
            team: cluster.authority.team.clone(),
            user: cluster.authority.user.clone(),
            organisation: cluster.authority.id,
            children: cluster.children.clone(),
            targets: Mutex::new(targets.iter().map(|it| Some((*it).to_owned())).collect()),
            acknowledged: Mutex::default(),
            again: AtomicUsize::default(),
            over: AtomicBool::default(),
        });
        let tasks =
            (0..people).map(|person| tokio::spawn(Arc::clone(&crowd).go_on(person))).collect();
        Self { crowd, tasks }
    }

    /// The server of this number is there no more, or at another address.
    pub(crate) fn moved(&self, number: usize, address: Option<&str>) {
        self.crowd.targets.lock().unwrap()[number] = address.map(str::to_owned);
    }

    /// How many requests were answered.
    pub(crate) fn acknowledged(&self) -> usize {
        self.crowd.acknowledged.lock().unwrap().len()
    }

    /// Waits until so many more are answered.
    pub(crate) async fn more(&self, number: usize) {
        let wanted = self.acknowledged() + number;
        let began = Instant::now();
        while self.acknowledged() < wanted {
            assert!(began.elapsed() < PATIENCE * 4, "nothing is answered any more");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// The first answer after an instant.
    pub(crate) fn first_after(&self, instant: Instant) -> Option<Duration> {
        let acknowledged = self.crowd.acknowledged.lock().unwrap();
        acknowledged.iter().filter_map(|it| it.at.checked_duration_since(instant)).min()
    }

    /// Lets everybody finish. Answers what was acknowledged, and how often something was sent again.
    pub(crate) async fn end(self) -> (Vec<Acknowledged>, usize) {
        self.crowd.over.store(true, SeqCst);
        for task in self.tasks {
            task.await.unwrap();
        }
        let acknowledged = std::mem::take(&mut *self.crowd.acknowledged.lock().unwrap());
        (acknowledged, self.crowd.again.load(SeqCst))
    }
}

impl Crowd {
    async fn go_on(self: Arc<Self>, person: usize) {
        let client = reqwest::Client::builder().timeout(PATIENCE).build().unwrap();
        let mut turn = person;
        while !self.over.load(SeqCst) {
            let what = if turn.is_multiple_of(2) { What::Look } else { What::Change };
            self.ask_until_answered(&client, what, person, turn).await;
            turn += 1;
        }
    }

    async fn ask_until_answered(
        &self,
        client: &reqwest::Client,
        what: What,
        person: usize,
        turn: usize,
    ) {
        let key = format!("{person}-{turn}");
        let (who, path, body) = self.request(what, turn, &key);
        let event = event_id(Uuid::new_v5(&who.id, key.as_bytes()), 0);
        for attempt in 0.. {
            let target = {
                let targets = self.targets.lock().unwrap();
                targets[(turn + attempt) % targets.len()].clone()
            };
            if let Some(address) = target {
                let sent = client
                    .post(format!("{address}{path}"))
                    .bearer_auth(&who.token)
                    .header("idempotency-key", &key)
                    .json(&body);
                if settles(sent.send().await).await {
                    let acknowledged = Acknowledged { what, event, at: Instant::now() };
                    self.acknowledged.lock().unwrap().push(acknowledged);
                    return;
                }
            }
            self.again.fetch_add(1, SeqCst);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn request(&self, what: What, turn: usize, key: &str) -> (&Who, String, Value) {
        match what {
            What::Look => {
                let child = self.children[turn % self.children.len()];
                (&self.user, format!("/children/{child}/openings"), json!({"reason": reason()}))
            }
            What::Change => {
                let path = format!("/organisations/{}/public-information", self.organisation);
                let area = format!("Leeds {key}");
                let body = json!({"channel": "website", "area": area, "from": today()});
                (&self.team, path, body)
            }
        }
    }
}

/// Whether an answer says that it is recorded. Without one, nobody knows: it is sent again.
async fn settles(answer: reqwest::Result<reqwest::Response>) -> bool {
    let Ok(answer) = answer else { return false };
    let status = answer.status();
    let Ok(said) = answer.text().await else { return false };
    if status.is_success() {
        return true;
    }
    let problem: Value = serde_json::from_str(&said).unwrap_or_default();
    match problem["type"].as_str() {
        // It was recorded, and what was shown then is not shown again.
        Some("/problems/already-answered") => true,
        Some("/problems/too-much-movement") => false,
        _ if status.is_server_error() => false,
        _ => panic!("{status}: {said}"),
    }
}
