//! The four written answers of 22 June 2009, asked over HTTP.

use serde_json::json;

use crate::world::{World, today};

#[tokio::test]
async fn hl4245_has_no_date_until_one_is_stated() {
    let (world, authority) = World::with_an_authority().await;
    let ask = || world.get(&authority.user, "/answers/HL4245");
    assert_eq!(ask().await.good()["data"]["answer"]["state"], "not-announced");
    let phase = json!({"phase": 1, "teams": [authority.id]});
    world.post(&world.official, "/training-programme/phases", phase).await.good();
    let announced = ask().await.good();
    assert_eq!(announced["data"]["answer"]["state"], "not-yet-complete");
    assert_eq!(announced["data"]["answer"]["expected_completion"], "no date stated");
    let before = announced["as_of"]["position"].as_u64().unwrap();
    let path = format!("/organisations/{}/team-training", authority.id);
    let enrolment = json!({"phase": 1, "cohort": 1});
    world.post(&world.official, &format!("{path}/enrolments"), enrolment).await.good();
    let done = json!({"phase": 1, "on": today(), "members": [authority.team.id]});
    world.post(&world.official, &format!("{path}/completions"), done).await.good();
    assert_eq!(ask().await.good()["data"]["answer"]["completed_on"], json!(today()));
    let then =
        world.get(&authority.user, &format!("/answers/HL4245?as_of_position={before}")).await;
    assert_eq!(then.good()["data"]["answer"]["state"], "not-yet-complete");
}

#[tokio::test]
async fn hl4246_has_no_examination_for_practitioners() {
    let (world, authority) = World::with_an_authority().await;
    let answer = world.get(&authority.user, "/answers/HL4246").await.good();
    let kinds = answer["data"]["answer"]["kinds_of_account"].as_array().unwrap().clone();
    let tested: Vec<bool> = kinds.iter().map(|kind| kind["tested"].as_bool().unwrap()).collect();
    assert_eq!(tested, [false, true, true]);
    assert_eq!(answer["data"]["answer"]["crb_check_renewed_every_months"], 36);
    assert_eq!(answer["data"]["answer"]["isa_monitoring_in_force_from"], "not introduced");
    let path = format!("/practitioners/{}/training/examinations", authority.user.id);
    let refused = world.post(&world.official, &path, json!({})).await.problem(409);
    assert_eq!(refused["refusal"], "no-examination-for-practitioners");
}

#[tokio::test]
async fn hl4248_is_not_collected_rather_than_nought() {
    let (world, authority) = World::with_an_authority().await;
    let ask = || world.get(&authority.user, "/answers/HL4248");
    let path = format!("/organisations/{}/public-information", authority.id);
    let mut mailing = json!({"channel": "direct-mailing", "area": "Leeds", "from": today()});
    world.post(&authority.team, &path, mailing.clone()).await.good();
    let answer = ask().await.good()["data"]["answer"].clone();
    assert_eq!(answer["households"]["state"], "not-collected");
    assert_eq!(answer["cost_pence"]["state"], "not-collected");
    mailing["quantity"] = json!(5000);
    world.post(&authority.team, &path, mailing).await.good();
    let answer = ask().await.good()["data"]["answer"].clone();
    assert_eq!(answer["households"]["by"][authority.id.to_string()], 5000);
    assert_eq!(answer["households"]["activities_without_figure"], 1);
    assert_eq!(answer["cost_pence"]["state"], "not-collected");
}

#[tokio::test]
async fn notices_of_schools_are_not_collected_rather_than_nought() {
    let (world, authority) = World::with_an_authority().await;
    let figure = async || {
        let answer = world.get(&authority.user, "/answers/HL4248").await.good();
        answer["data"]["answer"]["fair_processing_notices"].clone()
    };
    let path = format!("/organisations/{}/fair-processing-notices", authority.id);
    let mut notice = json!({"school": "Example Primary School", "layer": "one-page",
        "occasion": "starts-school", "on": today()});
    world.post(&authority.team, &path, notice.clone()).await.good();
    let none = json!({"state": "not-collected", "activities_without_figure": 1});
    assert_eq!(figure().await, none);
    notice["quantity"] = json!(240);
    assert_eq!(world.post(&authority.user, &path, notice.clone()).await.status, 403);
    let recorded = world.post(&authority.team, &path, notice.clone()).await.good();
    assert_eq!(recorded["events"][0]["type"], "organisation.fair-processing-notice-issued/1");
    assert_eq!(figure().await["by"][authority.id.to_string()], 240);
    let list = world.get(&authority.user, "/public-information").await.good();
    assert!(list.to_string().contains("fair-processing-notice"), "{list}");
    assert!(!list.to_string().contains("Example Primary"), "handles and codes alone: {list}");
    notice["school"] = json!(" ");
    let refused = world.post(&authority.team, &path, notice).await.problem(422);
    assert_eq!(refused["errors"][0]["field"], "school");
}

#[tokio::test]
async fn hl4249_names_grounds_and_what_is_hidden() {
    let (world, authority) = World::with_an_authority().await;
    let answer = world.get(&authority.user, "/answers/HL4249").await.good();
    let answer = &answer["data"]["answer"];
    assert_eq!(answer["grounds"].as_array().unwrap().len(), 4);
    let hidden = answer["hidden"].as_array().unwrap();
    for field in ["whereabouts", "carer-contacts", "involvements", "former-names"] {
        assert!(hidden.contains(&json!(field)), "{field}");
    }
    assert!(answer["visible"].as_array().unwrap().contains(&json!("name")));
}
