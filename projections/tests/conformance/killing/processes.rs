//! Processes of their own, ended by SIGKILL at random: this binary runs itself as one of them.

use std::{
    env,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    thread,
    time::Duration,
};

use event_log::{EventLog, keys::Keys};
use projections::store::{Build, Embedded, Redis, Store};

use super::{Dice, fresh, holdings, log_in, process, projector, times};
use crate::server::Server;

/// Where a process finds the log, the store, and its own name.
const LOG: &str = "CONTACTPOINT_TEST_LOG";
const STORE: &str = "CONTACTPOINT_TEST_STORE";
const NAME: &str = "CONTACTPOINT_TEST_NAME";

/// How often a process is killed, on each store.
const KILLS: u64 = 50;

fn open(store: &str) -> Arc<dyn Store> {
    if store.starts_with("redis") {
        Arc::new(Redis::at(store).unwrap())
    } else {
        Arc::new(Embedded::open(Path::new(store)).unwrap())
    }
}

/// What such a process does. Run as a test by itself, it has nothing to do.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_of_its_own() {
    let (Ok(dir), Ok(store), Ok(name)) = (env::var(LOG), env::var(STORE), env::var(NAME)) else {
        return;
    };
    let log = EventLog::open_read_only(Path::new(&dir), Keys::Absent).unwrap();
    projector(&log, open(&store), name.parse().unwrap()).catch_up().await.unwrap();
}

fn start(log: &Path, store: &str, name: u128) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "killing::processes::a_process_of_its_own"])
        .envs([(LOG, log.to_str().unwrap()), (STORE, store), (NAME, &name.to_string())])
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Empties every build. One that serves is not dropped, so another takes its place meanwhile.
async fn begin_again(store: &dyn Store) {
    for built in store.builds().await.unwrap() {
        let other = Build { number: 2, ..built.build.clone() };
        for (new, old) in [(&other, &built.build), (&built.build, &other)] {
            store.create(new).await.unwrap();
            store.serve(new).await.unwrap();
            assert!(store.drop_build(old).await.unwrap());
        }
    }
}

async fn killed_at_random(log_dir: &Path, store: &str, log: &EventLog) {
    let mut dice = Dice(0x5eed_dead);
    let (mut finished, mut struck) = (0_u64, 0_u64);
    let kills = times(KILLS);
    for _ in 0..kills {
        // Sometimes two at once; sometimes under the name of one that died and left its lease.
        let mut processes: Vec<Child> = (0..=dice.below(2))
            .map(|_| if dice.below(4) == 0 { process(&mut dice) } else { 1 })
            .map(|name| start(log_dir, store, name))
            .collect();
        thread::sleep(Duration::from_millis(15 + dice.below(120)));
        for process in &mut processes {
            let done = process.try_wait().unwrap().is_some();
            finished += u64::from(done);
            struck += u64::from(!done);
            drop(process.kill());
            drop(process.wait());
        }
        // Begin again from nothing when it is done, so that there is always something to interrupt.
        if finished > 0 && dice.below(4) == 0 {
            begin_again(&*open(store)).await;
        }
    }
    assert!(struck >= kills, "{struck} processes were killed at work, {finished} were done before");
    let opened = open(store);
    projector(&log.without_keys(), Arc::clone(&opened), 1).catch_up().await.unwrap();
    // The processes had no keys; nor has the log they are compared by.
    assert_eq!(holdings(&*opened).await, fresh(&log.without_keys()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_may_be_killed_while_it_writes_the_file() {
    let (log_dir, store_dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let log = log_in(log_dir.path(), 1_200).await;
    killed_at_random(log_dir.path(), store_dir.path().to_str().unwrap(), &log).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_may_be_killed_while_it_writes_to_the_server() {
    let (log_dir, server) = (tempfile::tempdir().unwrap(), Server::start());
    let log = log_in(log_dir.path(), 1_200).await;
    killed_at_random(log_dir.path(), &server.address(), &log).await;
}
