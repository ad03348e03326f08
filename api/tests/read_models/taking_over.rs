//! Whoever follows the log is killed, and another takes over.

use event_log::{EventLog, keys::Keys};
use projections::{
    read_models,
    rederive::rederive,
    store::{Redis, Store},
};

use crate::{
    processes::{Folder, Server, contactpoint, run},
    server,
};

/// Every read model that can be derived without keys is what a fresh fold of the log makes of it.
async fn equal_to_a_fresh_fold(folder: &Folder, redis: &str) {
    let log = EventLog::open_read_only(folder.path(), Keys::Absent).unwrap();
    let store = Redis::at(redis).unwrap();
    let known = read_models::all();
    let mut compared = 0;
    for built in store.builds().await.unwrap() {
        if built.serving && !known.needs_marks(&built.build.name) {
            let found = rederive(&log, &known, (&store, &built.build), |_| ()).await.unwrap();
            assert_eq!((found.different, found.named), (0, vec![]), "{}", built.build);
            assert!(
                found.keys > 0 && found.next == log.length(),
                "{} of {}",
                found.next,
                log.length()
            );
            compared += 1;
        }
    }
    assert!(compared >= 6, "{compared}");
}

#[tokio::test]
async fn a_server_that_dies_is_succeeded_and_the_answers_are_those_of_a_fresh_fold() {
    let redis = server::Server::start();
    let address = redis.address();
    let folder = Folder::told().await;
    let first = Server::start(&folder, &address);
    let before = first.seen(&folder).await;
    let rows = before["data"].as_array().unwrap().len();
    assert!(rows > 10, "{rows}");
    for _ in 0..5 {
        first.seen(&folder).await;
    }
    assert_eq!(first.health().await["read_models"]["kept"], "redis");
    first.kill();

    // It died with the lease. A process that only oversees waits for it, and does the work.
    let rebuilt = run(&folder, &["read-models", "rebuild", "shields", "seen"], &address);
    let said = String::from_utf8(rebuilt.stdout).unwrap();
    assert!(rebuilt.status.success(), "{said} {}", String::from_utf8_lossy(&rebuilt.stderr));
    assert!(said.contains("shields/1.2 is built") && said.contains("seen/4.2 is built"), "{said}");

    // One that is killed in the midst of it leaves nothing half done.
    let mut another = contactpoint(&folder, &["read-models", "rebuild", "openings"], &address);
    let mut another = another.stderr(std::process::Stdio::null()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(30));
    another.kill().unwrap();
    another.wait().unwrap();

    // The next server takes over from both, and goes on with what was begun.
    let second = Server::start(&folder, &address);
    for _ in 0..5 {
        second.seen(&folder).await;
    }
    let compared = run(&folder, &["read-models", "compare", "shields/1.2"], &address);
    assert!(compared.status.success(), "{compared:?}");
    // The server follows again, and does what only a server can: it has the keys.
    let rebuilt = run(&folder, &["read-models", "rebuild", "search"], &address);
    assert!(rebuilt.status.success(), "{rebuilt:?}");
    let dropped = run(&folder, &["read-models", "drop", "search/1.2"], &address);
    assert!(dropped.status.success(), "{dropped:?}");
    let switched = run(&folder, &["read-models", "switch", "shields/1.2"], &address);
    assert!(switched.status.success(), "{switched:?}");
    let dropped = run(&folder, &["read-models", "drop", "shields/1.2"], &address);
    assert_eq!(dropped.status.code(), Some(1), "it answers: {dropped:?}");
    let after = second.seen(&folder).await;
    let known = before["data"].as_array().unwrap();
    assert_eq!(&after["data"].as_array().unwrap()[..rows], known.as_slice(), "nothing was lost");
    let health = second.health().await;
    assert_eq!(health["read_models"]["duty"], "following", "{health}");
    second.seen(&folder).await;
    // The question itself is the last event; whoever follows takes it in as well.
    let events = second.health().await["events"].as_u64().unwrap();
    for _ in 0..500 {
        if second.health().await["read_models"]["behind"] == 0 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    second.kill();
    equal_to_a_fresh_fold(&folder, &address).await;
    assert!(events > 600);
}

#[tokio::test]
async fn a_feed_that_was_cut_off_by_a_kill_goes_on_without_loss_or_repeat() {
    let folder = Folder::told().await;
    let mut after = 99_u64;
    let mut positions = Vec::new();
    for _ in 0..3 {
        let server = Server::start(&folder, "embedded");
        let mut feed = server.feed(&folder, after).await;
        let mut text = String::new();
        let wanted = positions.len() + 40;
        while positions.len() < wanted {
            let chunk = feed.chunk().await.unwrap().expect("the feed goes on");
            text.push_str(std::str::from_utf8(&chunk).unwrap());
            while let Some((block, rest)) = text.split_once("\n\n") {
                let id = block.lines().find_map(|line| line.strip_prefix("id: "));
                if block.contains("data: ") && positions.len() < wanted {
                    after = id.unwrap().parse().unwrap();
                    positions.push(after);
                }
                text = rest.to_owned();
            }
        }
        server.kill();
    }
    assert_eq!(positions, (100..220).collect::<Vec<u64>>());
}
