//! How much the embedded store gathers in the file beside its own.

use projections::store::{Embedded, Store};

use crate::stores::{batch, put, ready};

const MIB: u64 = 1 << 20;

/// Writes 24 MiB in batches of half of one, and answers how long the file beside became.
async fn beside(complete: bool) -> u64 {
    let dir = tempfile::tempdir().unwrap();
    let store = Embedded::open(dir.path()).unwrap();
    let build = ready(&store).await;
    if complete {
        assert!(store.complete(&build).await.unwrap());
    }
    let half = "x".repeat(512 << 10);
    for number in 0..48 {
        let writes = vec![put(&format!("d/{number}"), &half)];
        store.apply(batch(&build, number, number + 1, writes)).await.unwrap();
    }
    dir.path().join("read-models.sqlite-wal").metadata().unwrap().len()
}

#[tokio::test]
async fn little_of_what_follows_the_log_and_much_of_what_is_built() {
    // 4 MiB and the batch that went beyond; all of it.
    let (following, building) = (beside(true).await, beside(false).await);
    assert!(following < 6 * MIB, "{following} bytes");
    assert!(building > 24 * MIB, "{building} bytes");
}
