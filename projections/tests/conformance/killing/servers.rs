//! A real server: killed, started again empty, paused; by chance, while projectors follow into it.

use std::{sync::Arc, time::Duration};

use event_log::EventLog;
use projections::{
    projector::Duty,
    store::{Redis, Store},
};
use tokio::sync::watch;

use super::{Dice, fresh, holdings, process, projector};
use crate::{
    server::Server,
    world::{SECRETS, World},
};

/// How often something is done to the server.
const BLOWS: u64 = 40;

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
    for _ in 0..BLOWS {
        world.happen(6).await;
        tokio::time::sleep(Duration::from_millis(dice.below(120))).await;
        match dice.below(4) {
            0 => {
                server.kill();
                tokio::time::sleep(Duration::from_millis(dice.below(60))).await;
                server.start_again();
            }
            1 => {
                server.signal("-STOP");
                tokio::time::sleep(Duration::from_millis(dice.below(900))).await;
                server.signal("-CONT");
            }
            2 => flush(&server).await,
            _ => {}
        }
    }
    let head = world.log.length();
    let done = |status: &projections::projector::Status| {
        status.duty == Duty::Following
            && status.builds.len() == 6
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

async fn flush(server: &Server) {
    let client = redis::Client::open(server.address()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    redis::cmd("FLUSHALL").exec_async(&mut connection).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_personal_is_on_the_server() {
    let server = Server::start();
    let mut world = World::in_log(EventLog::memory().unwrap(), 3).await;
    world.happen(500).await;
    let store: Arc<dyn Store> = Arc::new(Redis::at(&server.address()).unwrap());
    projector(&world.log, store, 1).catch_up().await.unwrap();
    let client = redis::Client::open(server.address()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut connection).await.unwrap();
    assert!(keys.len() > 12, "{keys:?}");
    let mut all = Vec::new();
    for key in keys {
        let kind: String = redis::cmd("TYPE").arg(&key).query_async(&mut connection).await.unwrap();
        let (command, rest): (&str, &[&str]) = match kind.as_str() {
            "hash" => ("HGETALL", &[]),
            "zset" => ("ZRANGE", &["0", "-1"]),
            "set" => ("SMEMBERS", &[]),
            _ => ("GET", &[]),
        };
        let held: redis::Value =
            redis::cmd(command).arg(&key).arg(rest).query_async(&mut connection).await.unwrap();
        all.push(format!("{held:?}"));
    }
    let all = all.concat();
    assert!(all.contains("child-protection"), "what is not personal is found");
    for secret in SECRETS {
        assert!(!all.contains(secret), "{secret} is on the server");
    }
}
