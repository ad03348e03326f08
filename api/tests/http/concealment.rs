//! A record that was never made, one in quarantine and one of another authority read alike: byte for
//! byte, header for header.

use reqwest::header::HeaderMap;
use serde_json::json;
use uuid::Uuid;

use crate::world::{Answer, World};

fn without_date(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    headers.remove("date");
    headers
}

#[track_caller]
fn alike(one: &Answer, other: &Answer) {
    assert_eq!(one.status, other.status);
    assert_eq!(String::from_utf8_lossy(&one.body), String::from_utf8_lossy(&other.body));
    assert_eq!(without_date(&one.headers), without_date(&other.headers));
}

#[tokio::test]
async fn missing_quarantined_and_somebody_elses_read_alike() {
    let (world, authority) = World::with_an_authority().await;
    let elsewhere = world.authority("Bradford").await;
    let child = world.child(&authority).await;
    // The same name and birthday again: quarantined, and its creator is told nothing.
    let quarantined = world.child(&authority).await;
    let missing = Uuid::now_v7();

    let never_made = world.open(&authority.user, missing).await;
    assert_eq!(never_made.status, 404);
    alike(&never_made, &world.open(&authority.user, quarantined).await);
    alike(&never_made, &world.open(&elsewhere.team, child).await);
    alike(&never_made, &world.open(&elsewhere.team, missing).await);

    for path in ["record", "shielding", "accesses"] {
        let ask = json!({"reason": {"code": "audit", "text": "Review."}});
        let of = |child: Uuid| format!("/children/{child}/{path}/queries");
        alike(&never_made, &world.post(&elsewhere.team, &of(child), ask.clone()).await);
        alike(&never_made, &world.post(&elsewhere.team, &of(missing), ask).await);
    }
    for (path, body) in [
        ("holds", json!({"ground": "litigation", "words": "Case 17."})),
        ("erasure/proposal", json!({"grounds": "entered-in-error"})),
        ("erasure/authorisation", json!({})),
        ("erasure/withdrawal", json!({})),
        ("erasure/run", json!({})),
    ] {
        for subject in [child, missing] {
            let path = format!("/subjects/{subject}/{path}");
            alike(&never_made, &world.post(&elsewhere.team, &path, body.clone()).await);
        }
    }
    let change = json!({"on": crate::world::today()});
    for child in [missing, quarantined] {
        let path = format!("/children/{child}/common-assessment");
        alike(&never_made, &world.post(&authority.user, &path, change.clone()).await);
    }
}

#[tokio::test]
async fn creating_a_record_tells_nothing_of_others() {
    let (world, authority) = World::with_an_authority().await;
    let body = |surname: &str| {
        json!({
            "name": {"given": "Ada", "surname": surname}, "gender": "female",
            "date_of_birth": crate::world::born(), "whereabouts": "no-known-address",
            "authority": authority.id,
        })
    };
    let first = world.post(&authority.user, "/children", body("Unique")).await;
    let twin = world.post(&authority.user, "/children", body("Unique")).await;
    assert_eq!((first.status, twin.status), (first.status, first.status));
    let names = |answer: &Answer| -> Vec<String> {
        answer.json().as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(names(&first), names(&twin));
    assert_eq!(first.headers.keys().count(), twin.headers.keys().count());
    assert!(!first.headers.contains_key("etag"));
}
