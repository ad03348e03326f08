//! A shield hides from the first read after it; going behind it opens an investigation.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::{Authority, Who, World, born, reason};

fn text_of(value: &Value) -> String {
    value.to_string()
}

#[tokio::test]
async fn a_shield_hides_from_the_first_read_after_it() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let before = world.open(&authority.user, child).await.good();
    assert!(text_of(&before).contains("Hidden Lane") && before["shielded"] == json!(false));
    world.shield(&authority, child).await;
    let after = world.open(&authority.user, child).await.good();
    assert!(!text_of(&after).contains("Hidden Lane"), "{after}");
    assert_eq!(after["shielded"], json!(true));
    assert_eq!(after["record"]["name"]["surname"], "Quarmby");
    let team = world.open(&authority.team, child).await.good();
    assert!(text_of(&team).contains("Hidden Lane"));
}

async fn found(world: &World, who: &Who, terms: Value) -> usize {
    let body = json!({"terms": terms, "reason": reason()});
    let list = world.post(who, "/children/search", body).await.good();
    list["rows"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_shielded_child_cannot_be_found_by_where_they_live() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let by_address = json!({"surname": "Quarmby", "postcode": "LS1 4AB"});
    let by_birth = json!({"surname": "Quarmby", "date_of_birth": born()});
    assert_eq!(found(&world, &authority.user, by_address.clone()).await, 1);
    world.shield(&authority, child).await;
    assert_eq!(found(&world, &authority.user, by_address.clone()).await, 0);
    assert_eq!(found(&world, &authority.user, by_birth).await, 1);
    for party in ["child", "carer", "practitioner"] {
        let body = json!({"party": party, "view": "none-expressed"});
        let path = format!("/children/{child}/shield/views");
        world.post(&authority.team, &path, body).await.good();
    }
    let body = json!({"threat_level": "low", "threat_rationale": "The threat has passed.",
        "finding": "refuse"});
    let path = format!("/children/{child}/shield/determinations");
    world.post(&authority.team, &path, body).await.good();
    assert_eq!(found(&world, &authority.user, by_address).await, 1);
}

async fn attempt(world: &World, authority: &Authority, child: Uuid) -> (Value, Value) {
    let opened = world.open(&authority.user, child).await.good();
    let body = json!({"opening": opened["opening"], "reason": reason()});
    let path = format!("/children/{child}/overrides");
    (opened.clone(), world.post(&authority.user, &path, body).await.good())
}

#[tokio::test]
async fn an_override_is_warned_then_shown_and_investigated() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    world.shield(&authority, child).await;
    world.grant_override(&authority, &authority.user).await;
    let (opened, warned) = attempt(&world, &authority, child).await;
    assert!(warned["warning"].as_str().unwrap().contains("investigation"));
    assert!(!text_of(&warned).contains("Hidden Lane"));
    let path = format!("/children/{child}/overrides/{}", warned["override"].as_str().unwrap());
    let seen = world.post(&authority.user, &format!("{path}/confirm"), json!({})).await.good();
    assert!(text_of(&seen).contains("Hidden Lane"));
    assert_eq!(seen["basis"], "override");
    let again = world.post(&authority.user, &format!("{path}/confirm"), json!({})).await;
    again.problem(409);
    let ask = json!({"reason": {"code": "audit", "text": "Weekly review."}});
    let who_saw = format!("/children/{child}/accesses/queries");
    let lines = world.post(&authority.team, &who_saw, ask).await.good();
    let what: Vec<&str> = lines["data"]["accesses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["what"].as_str().unwrap())
        .collect();
    assert_eq!(
        what,
        ["opened", "override-attempted", "override-confirmed", "investigation-opened"]
    );
    world.post(&authority.user, &format!("{path}/end"), json!({})).await.good();
    let close = format!("/children/{child}/openings/{}/close", opened["opening"].as_str().unwrap());
    world.post(&authority.user, &close, json!({})).await.good();
    let reopened = world.open(&authority.user, child).await.good();
    assert!(!text_of(&reopened).contains("Hidden Lane"), "an override has no memory");
}

#[tokio::test]
async fn stepping_back_shows_nothing() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    world.shield(&authority, child).await;
    world.grant_override(&authority, &authority.user).await;
    let (_, warned) = attempt(&world, &authority, child).await;
    let path = format!("/children/{child}/overrides/{}", warned["override"].as_str().unwrap());
    world.post(&authority.user, &format!("{path}/withdraw"), json!({})).await.good();
    let problem = world.post(&authority.user, &format!("{path}/confirm"), json!({})).await;
    assert_eq!(problem.problem(409)["refusal"], "not-warned");
}

#[tokio::test]
async fn without_the_right_nobody_goes_behind() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    world.shield(&authority, child).await;
    let opened = world.open(&authority.user, child).await.good();
    let body = json!({"opening": opened["opening"], "reason": reason()});
    let path = format!("/children/{child}/overrides");
    let problem = world.post(&authority.user, &path, body).await.problem(403);
    assert_eq!(problem["refusals"], json!(["override-right-not-held"]));
}

#[tokio::test]
async fn a_shield_needs_a_ground_and_more_than_adoption() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let path = format!("/children/{child}/shield/provisional");
    let mut body = json!({"grounds": {"stated": []}, "rests_on": "threat-in-this-case",
        "rationale": "None."});
    let problem = world.post(&authority.team, &path, body.clone()).await.problem(422);
    assert_eq!(problem["errors"][0]["field"], "grounds");
    body["grounds"] = json!({"stated": ["placement-at-risk"]});
    body["rests_on"] = json!("adoption-alone");
    let problem = world.post(&authority.team, &path, body).await.problem(422);
    assert_eq!(problem["decision"], "apply-shield-provisionally");
}

#[tokio::test]
async fn a_decision_is_challenged_and_upheld_by_somebody_else() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    world.shield(&authority, child).await;
    for party in ["child", "carer", "practitioner"] {
        let body = json!({"party": party, "view": "none-expressed"});
        let path = format!("/children/{child}/shield/views");
        world.post(&authority.team, &path, body).await.good();
    }
    let body = json!({"threat_level": "severe", "threat_rationale": "Threats were made.",
        "finding": {"apply": {"grounds": {"stated": ["child-at-risk"]},
            "rests_on": "threat-in-this-case"}}});
    let path = format!("/children/{child}/shield/determinations");
    let decided = world.post(&authority.team, &path, body).await.good();
    let decision = decided["events"][0]["event"].clone();

    let path = format!("/children/{child}/shield/challenges");
    let mut challenge = json!({"decision": Uuid::nil(), "challenger": "carer",
        "identity_checked": true, "words": "He is no threat."});
    let other = world.post(&authority.user, &path, challenge.clone()).await.problem(409);
    assert_eq!(other["refusal"], "no-such-decision");
    challenge["decision"] = decision.clone();
    challenge["identity_checked"] = json!(false);
    let unchecked = world.post(&authority.user, &path, challenge.clone()).await.problem(422);
    assert_eq!(unchecked["errors"][0]["field"], "identity_checked");
    challenge["identity_checked"] = json!(true);
    let recorded = world.post(&authority.user, &path, challenge.clone()).await.good();
    assert_eq!(recorded["events"][0]["type"], "shield.decision-challenged/1");
    let seen = world.open(&authority.user, child).await.good();
    assert!(!text_of(&seen).contains("Hidden Lane"), "a challenge lifts nothing: {seen}");

    let answer = format!("{path}/uphold");
    let reasons = json!({"reasons": "The threats are recent."});
    let own = world.post(&authority.team, &answer, reasons.clone()).await.problem(409);
    assert_eq!(own["refusal"], "own-decision");
    let colleague = world.user(&world.official, "management-team", authority.id).await;
    world.post(&colleague, &answer, reasons.clone()).await.good();
    let twice = world.post(&colleague, &answer, reasons).await.problem(409);
    assert_eq!(twice["refusal"], "not-challenged");
    let again = world.post(&authority.user, &path, challenge).await.problem(409);
    assert_eq!(again["refusal"], "upheld-already");

    let ask = json!({"reason": {"code": "audit", "text": "A complaint."}});
    let path = format!("/children/{child}/shielding/queries");
    let history = world.post(&colleague, &path, ask).await.good();
    let steps = history["data"]["decisions"].as_array().unwrap();
    let [.., challenged, upheld] = steps.as_slice() else { panic!("{history}") };
    assert_eq!(challenged["challenge"]["decision"], decision);
    assert_eq!(challenged["challenge"]["challenger"], "carer");
    assert_eq!((&upheld["step"], &upheld["upholds"]), (&json!("upheld"), &decision));
    assert_eq!(upheld["after"], "applied");
}
