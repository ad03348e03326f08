//! The commands of a record's life that no other test goes through.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::{Authority, World, id_of, today};

async fn change(
    world: &World,
    authority: &Authority,
    child: Uuid,
    path: &str,
    body: Value,
) -> Value {
    let etag = world.open(&authority.team, child).await.etag();
    let headers = [("if-match", etag.as_str())];
    let path = format!("/children/{child}/{path}");
    let by = if path.contains("correct") { &authority.team } else { &authority.user };
    let answer = world.post_with(by, &path, &headers, body).await;
    assert!(answer.status.is_success(), "{path}: {}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

#[tokio::test]
async fn a_record_is_amended_in_every_way() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let (on, contact) = (today(), json!({"telephone": "0113 496 0000"}));
    let provider = json!({"provider": {"name": "St Mary's", "contact": contact}, "from": on});
    let service =
        |kind: &str| json!({"kind": kind, "practitioner_name": "P. Jones", "contact": contact});
    let carer = json!({"particulars": {"name": {"given": "Ann", "surname": "Quarmby"},
        "relation": "mother", "parental_responsibility": true, "contact": contact}});
    let go = |path: String, body: Value| {
        let (world, authority) = (&world, &authority);
        async move { change(world, authority, child, &path, body).await }
    };
    let amended = json!({"detail": {"name": {"given": "Zeb", "surname": "New"}}, "valid_from": on});
    go("details/supersede".into(), amended).await;
    let right = json!({"detail": {"gender": "female"}, "reason": "Entered wrongly."});
    go("details/correct".into(), right).await;
    let mother = id_of(&go("carers".into(), carer.clone()).await);
    go(format!("carers/{mother}"), carer).await;
    go(format!("carers/{mother}/end"), json!({"on": on})).await;
    go("education".into(), provider.clone()).await;
    go("education/end".into(), json!({"on": on})).await;
    go("gp-practice".into(), provider).await;
    go("gp-practice/end".into(), json!({"on": on})).await;
    let body = json!({"service": service("health-visitor"), "from": on});
    let involved = id_of(&go("involvements".into(), body).await);
    go("lead-professional".into(), json!({"involvement": involved})).await;
    go("lead-professional/end".into(), json!({"on": on})).await;
    go(format!("involvements/{involved}/end"), json!({"on": on})).await;
    let body =
        json!({"basis": "consent-of-child", "service": service("mental-health"), "from": on});
    let sensitive = id_of(&go("sensitive-involvements".into(), body).await);
    go(format!("sensitive-involvements/{sensitive}/withdraw-consent"), json!({})).await;
    go("common-assessment".into(), json!({"on": on})).await;
    go("common-assessment/withdraw".into(), json!({"on": on})).await;
    let seen = world.open(&authority.user, child).await.good();
    assert_eq!(seen["record"]["name"]["surname"], "New");
    assert_eq!(seen["record"]["gender"], "female");
}

#[tokio::test]
async fn a_record_passes_to_another_authority_and_its_shield_with_it() {
    let (world, authority) = World::with_an_authority().await;
    let other = world.authority("Bradford").await;
    let child = world.child(&authority).await;
    let path = format!("/children/{child}");
    let request = json!({"requester": "carer", "identity_checked": true,
        "grounds": {"stated": ["adult-at-risk"], "other": "Refuge."}, "circumstances": "Moved."});
    world.post(&authority.user, &format!("{path}/shield/requests"), request).await.good();
    let views = [
        ("child", json!({"expressed": "Afraid."})),
        ("carer", json!("none-expressed")),
        ("practitioner", json!({"not-appropriate": "None is involved."})),
    ];
    for (party, view) in views {
        let body = json!({"party": party, "view": view});
        world.post(&authority.team, &format!("{path}/shield/views"), body).await.good();
    }
    let applied = json!({"threat_level": "severe", "threat_rationale": "Violence.",
        "finding": {"apply": {"grounds": {"stated": ["adult-at-risk"]},
            "rests_on": "threat-in-this-case"}}});
    world.post(&authority.team, &format!("{path}/shield/determinations"), applied).await.good();
    let kept = json!({"outcome": "keep", "reasons": "Nothing has changed."});
    world.post(&authority.team, &format!("{path}/shield/reviews"), kept).await.good();

    let offer = json!({"to": other.id});
    world.post(&authority.team, &format!("{path}/transfer/offer"), offer.clone()).await.good();
    let body = json!({"reason": "Not ours."});
    world.post(&other.team, &format!("{path}/transfer/decline"), body).await.good();
    world.post(&authority.team, &format!("{path}/transfer/offer"), offer).await.good();
    world.post(&other.team, &format!("{path}/transfer/accept"), json!({})).await.good();
    let seen = world.open(&authority.user, child).await.good();
    assert_eq!(seen["shielded"], json!(true));
    let body = json!({"reasons": "Back home."});
    let lift = format!("{path}/shield/lift");
    assert_eq!(world.post(&authority.team, &lift, body).await.status, 403);
}

#[tokio::test]
async fn a_quarantined_record_is_released_by_the_team() {
    let (world, authority) = World::with_an_authority().await;
    world.child(&authority).await;
    let twin = world.child(&authority).await;
    assert_eq!(world.open(&authority.user, twin).await.status, 404);
    let body = json!({"outcome": "another-child", "reason": "Cousins."});
    let path = format!("/children/{twin}/quarantine/resolve");
    world.post(&authority.team, &path, body).await.good();
    world.open(&authority.user, twin).await.good();
}

#[tokio::test]
async fn an_account_is_closed_and_an_accreditation_withdrawn() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let second = world.user(&authority.team, "practitioner", authority.id).await;
    let close = format!("/practitioners/{}/account/close", second.id);
    world.post(&authority.team, &close, json!({"reason": "Has left."})).await.good();
    let unmet = world.open(&second, child).await.problem(403)["unmet"].clone();
    assert!(unmet.as_array().unwrap().contains(&json!("not-closed")), "{unmet}");
    let withdraw = format!("/organisations/{}/accreditations/withdraw", authority.id);
    let body = json!({"on": today(), "reason": "No disciplinary procedures."});
    world.post(&world.official, &withdraw, body).await.good();
    let unmet = world.open(&authority.user, child).await.problem(403)["unmet"].clone();
    assert_eq!(unmet, json!(["organisation-accredited"]));
}

#[tokio::test]
async fn a_policy_is_adopted_whole_and_sourced() {
    let world = World::empty().await;
    let values = serde_json::to_value(domain::policy::Values::default()).unwrap();
    let sources = serde_json::to_value(domain::policy::Values::default_sources()).unwrap();
    let mut body = json!({"effective_from": today(), "values": values, "sources": sources});
    world.post(&world.official, "/policy/versions", body.clone()).await.good();
    body["sources"].as_object_mut().unwrap().remove("search_cap");
    let problem = world.post(&world.official, "/policy/versions", body).await.problem(422);
    assert_eq!(problem["decision"], "adopt-policy");
}
