//! A real server: killed, started again empty, paused; by chance, while projectors follow into it.

use std::{sync::Arc, time::Duration};

use event_log::EventLog;
use projections::{
    projector::Duty,
    read_models,
    store::{Redis, Store},
};
use tokio::sync::watch;

use super::{Dice, fresh, holdings, process, projector, times};
use crate::{
    server::Server,
    world::{SECRETS, World},
};

/// At how many points something is done to the server.
const BLOWS: u64 = 200;

fn reach(server: &Server) -> Arc<dyn Store> {
    Arc::new(Redis::patient_for(&server.address(), Duration::from_millis(400)).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_may_be_killed_emptied_and_paused() {
    let mut dice = Dice(0x5eed_beef);
    let mut server = Server::start();
    let mut world = World::in_log(EventLog::memory().unwrap(), 41).await;
    world.happen(150).await;
    let (stop, stopped) = watch::channel(false);
    let mut following = tokio::task::JoinSet::new();
    let mut statuses = Vec::new();
    // As two server processes: each has a connection of its own.
    for _ in 0..2 {
        let mut projector = projector(&world.log, reach(&server), process(&mut dice));
        statuses.push(projector.status());
        let stopped = stopped.clone();
        following.spawn(async move { projector.run(stopped).await });
    }
    let mut points = 0;
    while points < times(BLOWS) {
        world.happen(4).await;
        tokio::time::sleep(Duration::from_millis(dice.below(40))).await;
        match dice.below(8) {
            0..=2 => {
                server.kill();
                tokio::time::sleep(Duration::from_millis(dice.below(20))).await;
                server.start_again();
            }
            3 => {
                server.signal("-STOP");
                tokio::time::sleep(Duration::from_millis(dice.below(300))).await;
                server.signal("-CONT");
            }
            // Paused, and killed as it is: what was sent to it meanwhile is gone.
            4 => {
                server.signal("-STOP");
                tokio::time::sleep(Duration::from_millis(dice.below(60))).await;
                server.kill();
                server.start_again();
            }
            5 => flush(&server).await,
            // The lease is gone, as if it had run out: the other one takes over in the midst of a batch.
            6 => lose_the_lease(&server).await,
            _ => continue,
        }
        points += 1;
    }
    let head = world.log.length();
    let done = |status: &projections::projector::Status| {
        status.duty == Duty::Following
            && status.builds.len() == read_models::all().names().count()
            && status.builds.iter().all(|it| it.next == head)
    };
    for _ in 0..3_000 {
        if statuses.iter().any(|status| done(&status.borrow())) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(statuses.iter().any(|status| done(&status.borrow())), "{statuses:?}");
    stop.send(true).unwrap();
    while let Some(ended) = following.join_next().await {
        ended.unwrap().unwrap();
    }
    let store = Redis::at(&server.address()).unwrap();
    assert_eq!(holdings(&store).await, fresh(&world.log).await);
}

async fn connected(server: &Server) -> redis::aio::MultiplexedConnection {
    let client = redis::Client::open(server.address()).unwrap();
    client.get_multiplexed_async_connection().await.unwrap()
}

async fn flush(server: &Server) {
    redis::cmd("FLUSHALL").exec_async(&mut connected(server).await).await.unwrap();
}

async fn lose_the_lease(server: &Server) {
    let mut delete = redis::cmd("DEL");
    delete.arg("{contactpoint}:lease").exec_async(&mut connected(server).await).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_personal_is_on_the_server() {
    let server = Server::start();
    let mut world = World::in_log(EventLog::memory().unwrap(), 3).await;
    world.happen(500).await;
    let store: Arc<dyn Store> = Arc::new(Redis::at(&server.address()).unwrap());
    projector(&world.log, store, 1).catch_up().await.unwrap();
    // The whole of it, as it would go into a backup.
    let dump = server.dump();
    assert!(dump.len() > 50_000, "{} bytes", dump.len());
    let occurs = |word: &str| dump.windows(word.len()).any(|part| part == word.as_bytes());
    let handle = fixtures::scenario::id(300).to_string();
    assert!(occurs(&handle) && occurs("child-at-risk"), "what is not personal is found");
    for secret in SECRETS.into_iter().chain(VARIANTS) {
        assert!(!occurs(secret), "{secret} is on the server");
    }
}

/// The same words as what is compared makes of them.
const VARIANTS: [&str; 6] = ["wilhelmina", "quillfeather", "thistlewood", "zz97qx", "q413", "w455"];
