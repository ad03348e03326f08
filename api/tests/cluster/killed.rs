//! Two servers are asked for all they can do, and one after the other is killed.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use domain::identity::EventId;

use crate::{
    load::{Acknowledged, Load, What},
    servers::{Cluster, Server},
};

/// How often a server is killed.
const KILLS: usize = 3;

/// How many answers there are between one kill and the next.
const BETWEEN: usize = 30;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_killed_under_load_lose_nothing_double_nothing_and_are_succeeded() {
    let cluster = Cluster::with_children(4).await;
    let mut servers = [Some(cluster.start(0)), Some(cluster.start(1))];
    let addresses: Vec<_> = servers.iter().flatten().map(|it| it.address.clone()).collect();
    let first = cluster.log().await.length();
    let load = Load::begin(&cluster, 4, &[&addresses[0], &addresses[1]]);
    for kill in 0..KILLS {
        load.more(BETWEEN).await;
        let follower = follower(&servers).await;
        load.moved(follower, None);
        servers[follower].take().unwrap().kill();
        let killed = Instant::now();
        let successor = servers[1 - follower].as_ref().unwrap();
        let taken_over = taken_over(successor, killed).await;
        load.more(BETWEEN / 2).await;
        let answered = load.first_after(killed).unwrap();
        println!(
            "kill {kill}: the next request was answered after {answered:.1?}, the read models were \
             followed again after {taken_over:.1?}"
        );
        let again = cluster.start(follower);
        load.moved(follower, Some(&again.address));
        servers[follower] = Some(again);
    }
    let (acknowledged, again) = load.end().await;
    servers[0].as_ref().unwrap().abreast(cluster.log().await.length()).await;
    servers.into_iter().flatten().for_each(Server::kill);
    let looks = is_there_once(&cluster, first, &acknowledged).await;
    let (models, keys) = cluster.equal_to_a_fresh_fold().await;
    println!(
        "{} answers, {looks} of them looks, {again} requests sent again, {KILLS} kills: nothing lost, \
         nothing doubled; {models} read models with {keys} keys are those of a fresh fold",
        acknowledged.len(),
    );
    assert!(models == 8 && keys > 0, "{models} read models, {keys} keys");
}

/// The server that follows the log. One of them does, sooner or later.
pub(crate) async fn follower(servers: &[Option<Server>; 2]) -> usize {
    for _ in 0..3_000 {
        for (number, server) in servers.iter().enumerate() {
            if server.as_ref().unwrap().follows().await {
                return number;
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nobody follows the log");
}

/// After how long the other one follows the log.
pub(crate) async fn taken_over(successor: &Server, killed: Instant) -> Duration {
    for _ in 0..3_000 {
        if successor.follows().await {
            return killed.elapsed();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nobody took over");
}

/// Each request that was answered stands in the log once, and no request that nobody made. Answers how
/// many of them were looks.
async fn is_there_once(cluster: &Cluster, first: u64, acknowledged: &[Acknowledged]) -> usize {
    let headers = cluster.log().await.read_headers(first, usize::MAX).await.unwrap();
    let mut standing: HashMap<EventId, &str> = HashMap::new();
    for header in &headers {
        let before = standing.insert(header.stamp.id, &header.name);
        assert_eq!(before, None, "{} is doubled", header.stamp.id);
    }
    let mut looks = 0;
    for Acknowledged { what, event, .. } in acknowledged {
        let name = standing.remove(event);
        let expected = match what {
            What::Look => "access.record-opened/1",
            What::Change => "organisation.public-information-recorded/1",
        };
        assert_eq!(name, Some(expected), "{event} was acknowledged");
        looks += usize::from(*what == What::Look);
    }
    let more: Vec<_> = standing.into_values().filter(|name| !name.contains("withheld")).collect();
    assert!(more.is_empty(), "nobody asked for {more:?}");
    looks
}
