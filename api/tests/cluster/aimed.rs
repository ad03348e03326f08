//! The server that follows the log is killed inside a batch, at each of its stages in turn.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::{
    between::{Between, Point, Side, Stage},
    killed::{follower, taken_over},
    servers::{Cluster, Server},
    world::reason,
};

/// How many read models a batch is written to.
const READ_MODELS: u32 = 8;

/// How long a batch that leads to the point is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where: at the lease, at the documents that are read, at the first write, at the last one, and between others.
/// The writes of a batch come in any order.
const PLACES: [(Stage, u32); 7] = [
    (Stage::Lease, 1),
    (Stage::Documents, 1),
    (Stage::Write, 1),
    (Stage::Write, 2),
    (Stage::Write, 4),
    (Stage::Write, 6),
    (Stage::Write, READ_MODELS),
];

fn points() -> impl Iterator<Item = Point> {
    let sides = [Side::Before, Side::After];
    PLACES.iter().flat_map(move |&(stage, nth)| sides.map(|side| Point { stage, nth, side }))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_killed_at_any_stage_of_a_batch_is_succeeded_and_nothing_is_half_done() {
    let cluster = Cluster::with_children(2).await;
    let between = [0, 1].map(|_| Between::start(&cluster.redis.address()));
    let start = |number: usize| cluster.start_behind(number, &between[number].address);
    let mut servers = [Some(start(0)), Some(start(1))];
    let begun = Instant::now();
    for point in points() {
        let dying = follower(&servers).await;
        let successor = servers[1 - dying].as_ref().unwrap();
        // Nothing is under way: the next batch is that of the looks that follow.
        successor.abreast(cluster.log().await.length()).await;
        let struck = between[dying].aim(point, servers[dying].as_ref().unwrap().id());
        for _ in 0..3 {
            look(&cluster, successor).await;
        }
        struck.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{point:?} was never reached"));
        servers[dying].take().unwrap().kill();
        // As if it had run out: waiting for it is tried elsewhere.
        cluster.lose_the_lease();
        taken_over(servers[1 - dying].as_ref().unwrap(), Instant::now()).await;
        servers[dying] = Some(start(dying));
    }
    let took = begun.elapsed();
    let last = servers[0].as_ref().unwrap();
    last.abreast(cluster.log().await.length()).await;
    servers.into_iter().flatten().for_each(Server::kill);
    let (models, keys) = cluster.equal_to_a_fresh_fold().await;
    println!("{} kills in {took:.0?}; {models} read models with {keys} keys", PLACES.len() * 2);
    assert!(models == READ_MODELS as usize && keys > 0, "{models} read models, {keys} keys");
}

/// Somebody opens a record, which is recorded once it is answered.
async fn look(cluster: &Cluster, server: &Server) {
    let answer = reqwest::Client::new()
        .post(format!("{}/children/{}/openings", server.address, cluster.children[0]))
        .bearer_auth(&cluster.authority.user.token)
        .json(&json!({"reason": reason()}))
        .send()
        .await
        .unwrap();
    assert!(answer.status().is_success(), "{answer:?}");
}
