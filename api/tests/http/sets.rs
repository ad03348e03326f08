//! Questions about sets: who may ask, what is recorded, pages, forms, moments.

use domain::{
    audit::{self, Question},
    event::Event,
    identity::PractitionerId,
    stream::Stream,
};
use event_log::AsOf;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::{Answer, Authority, Who, World, born, reason};

fn because(more: &Value) -> Value {
    let mut body = json!({"reason": {"code": "audit", "text": "Weekly review."}});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn everything() -> Value {
    json!({"from": "2000-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"})
}

/// Where the log ends.
fn last(world: &World) -> u64 {
    world.log.length().saturating_sub(1)
}

/// Asks, and waits until everything that is in the log now is known.
async fn ask(world: &World, who: &Who, path: &str, body: &Value) -> Answer {
    let token = format!("p{}", last(world));
    let headers = [("consistency-token", token.as_str()), ("prefer", "wait=10")];
    world.post_with(who, path, &headers, body.clone()).await
}

async fn rows(world: &World, who: &Who, path: &str, body: &Value) -> Vec<Value> {
    ask(world, who, path, body).await.good()["data"].as_array().unwrap().clone()
}

async fn get(world: &World, who: &Who, path: &str) -> Answer {
    let bearer = format!("Bearer {}", who.token);
    let token = format!("p{}", last(world));
    let headers =
        [("authorization", bearer.as_str()), ("consistency-token", &token), ("prefer", "wait=10")];
    world.send(reqwest::Method::GET, path, &headers, None).await
}

async fn asked(world: &World, who: &Who) -> Vec<Event> {
    let stream = Stream::Audit(PractitionerId::new(who.id));
    let recorded = world.log.history(stream, AsOf::Now).await.unwrap();
    recorded.into_iter().map(|recorded| recorded.event).collect()
}

fn column(rows: &[Value], name: &str) -> Vec<Value> {
    rows.iter().map(|row| row[name].clone()).collect()
}

/// Every question that concerns persons or children, each with what it is narrowed to.
fn questions(authority: &Authority) -> Vec<(String, Value, Question)> {
    let one = format!("/practitioners/{}/sights/queries", authority.user.id);
    vec![
        ("/practitioners/queries".to_owned(), json!({}), Question::AuthorisedUsers),
        (one, json!({}), Question::SeenByPractitioner),
        ("/sights/queries".to_owned(), everything(), Question::SeenByAnybody),
        ("/openings/queries".to_owned(), json!({}), Question::OpenAtInstant),
        ("/shields/queries".to_owned(), json!({}), Question::ShieldsInForce),
        ("/overrides/queries".to_owned(), json!({}), Question::UnfinishedOverrides),
        ("/investigations/queries".to_owned(), json!({}), Question::Investigations),
        ("/unusual-access/queries".to_owned(), json!({}), Question::UnusualAccess),
    ]
}

#[tokio::test]
async fn each_question_is_recorded_whether_it_is_answered_or_refused() {
    let (world, authority) = World::with_an_authority().await;
    let elsewhere = world.authority("Elsewhere").await;
    let auditor = world.auditor().await;
    for (path, narrowed, question) in questions(&authority) {
        let body = because(&narrowed);
        let answer = ask(&world, &auditor, &path, &body).await.good();
        for member in ["data", "page", "as_of", "lag", "searched", "links", "filter"] {
            assert!(answer.get(member).is_some(), "{path}: {member}");
        }
        assert!(matches!(asked(&world, &auditor).await.last().unwrap(),
            Event::Audit(audit::Event::TrailQueried { question: it, .. }) if *it == question));
        ask(&world, &authority.team, &path, &body).await.good();
        world.post(&authority.user, &path, body.clone()).await.problem(403);
        assert!(matches!(asked(&world, &authority.user).await.last().unwrap(),
            Event::Audit(audit::Event::TrailQueryRefused { question: it, .. }) if *it == question));
        // What belongs to another organisation is not there, for a team, and that it asked is.
        let foreign = if question == Question::SeenByPractitioner {
            world.post(&elsewhere.team, &path, body).await
        } else {
            let mut body = body;
            body["organisation"] = json!(authority.id);
            world.post(&elsewhere.team, &path, body).await
        };
        foreign.problem(404);
        assert!(matches!(asked(&world, &elsewhere.team).await.last().unwrap(),
            Event::Audit(audit::Event::TrailQueryRefused { question: it, .. }) if *it == question));
    }
    let windows: Vec<bool> = asked(&world, &auditor)
        .await
        .iter()
        .map(|event| {
            matches!(event, Event::Audit(audit::Event::TrailQueried { within: Some(_), .. }))
        })
        .collect();
    assert_eq!(
        windows,
        [false, true, true, true, false, false, false, true],
        "the window is recorded"
    );
}

#[tokio::test]
async fn a_team_is_told_of_its_own_rows_and_counts_only() {
    let (world, authority) = World::with_an_authority().await;
    let elsewhere = world.authority("Elsewhere").await;
    for (authority, name) in [(&authority, "Ashworth"), (&elsewhere, "Birtwistle")] {
        let child = world.child_named(authority, "Anna", name).await;
        world.shield(authority, child).await;
        world.open(&authority.user, child).await.good();
    }
    let all = rows(&world, &world.official, "/sights/queries", &because(&everything())).await;
    let openings = |rows: &[Value]| rows.iter().filter(|row| row["what"] == "opened").count();
    assert_eq!(openings(&all), 2);
    for (path, narrowed, whose) in [
        ("/sights/queries", everything(), "organisation"),
        ("/openings/queries", json!({}), "organisation"),
        ("/shields/queries", json!({}), "authority"),
        ("/practitioners/queries", json!({}), "organisation"),
    ] {
        let body = because(&narrowed);
        let answer = ask(&world, &authority.team, path, &body).await.good();
        let owners = column(answer["data"].as_array().unwrap(), whose);
        assert!(!owners.is_empty() && owners.iter().all(|it| *it == json!(authority.id)), "{path}");
        assert_eq!(answer["searched"]["not_searched"], json!(["rows of other organisations"]));
        let counts = answer["facets"]["counts"][whose].as_object().unwrap();
        assert_eq!(counts.keys().collect::<Vec<_>>(), [&authority.id.to_string()], "{path}");
        let text = answer.to_string();
        assert!(!text.contains(&elsewhere.id.to_string()), "{path}");
        assert!(!text.contains(&elsewhere.user.id.to_string()), "{path}");
    }
    let decisions = get(&world, &authority.team, "/shields/decisions").await.good();
    assert_eq!(column(decisions["data"].as_array().unwrap(), "authority"), [json!(authority.id)]);
    let decisions = get(&world, &world.official, "/shields/decisions").await.good();
    assert_eq!(decisions["data"].as_array().unwrap().len(), 2);
    world.get(&authority.user, "/shields/decisions").await.problem(403);
}

#[tokio::test]
async fn pages_lead_on_and_back_and_belong_to_their_question() {
    let (world, authority) = World::with_an_authority().await;
    let elsewhere = world.authority("Elsewhere").await;
    let child = world.child(&authority).await;
    for _ in 0..5 {
        world.open(&authority.user, child).await.good();
    }
    let path = "/sights/queries?limit=2";
    let mut narrowed = everything();
    narrowed["what"] = json!(["opened"]);
    let body = because(&narrowed);
    let first = ask(&world, &authority.team, path, &body).await;
    let link = |answer: &Answer, relation: &str| {
        let links = answer.headers.get_all("link").iter();
        let wanted = format!("; rel=\"{relation}\"");
        let mut links = links.filter_map(|link| link.to_str().unwrap().strip_suffix(&wanted));
        links.next().map(|link| link.trim_matches(['<', '>']).to_owned())
    };
    let mut seen = first.json()["data"].as_array().unwrap().clone();
    assert_eq!(first.json()["facets"]["counts"]["what"], json!({"opened": 5}));
    // What happens meanwhile does not come into a listing that was begun before.
    world.open(&authority.user, child).await.good();
    let mut at = first;
    let mut lengths = vec![seen.len()];
    while let Some(next) = link(&at, "next") {
        at = ask(&world, &authority.team, &next, &body).await;
        let rows = at.json()["data"].as_array().unwrap().clone();
        lengths.push(rows.len());
        seen.extend(rows);
    }
    assert_eq!(lengths, [2, 2, 1]);
    let positions: Vec<u64> = seen.iter().map(|row| row["position"].as_u64().unwrap()).collect();
    assert!(positions.is_sorted() && positions.len() == 5, "{positions:?}");
    let back = ask(&world, &authority.team, &link(&at, "prev").unwrap(), &body).await;
    assert_eq!(back.json()["data"].as_array().unwrap(), &seen[2..4]);
    let cursor = back.json()["page"]["next"].as_str().unwrap().to_owned();
    let at_cursor = |path: &str, cursor: &str| format!("{path}?cursor={cursor}");
    let mut forged = cursor.clone();
    forged.replace_range(30..31, if &cursor[30..31] == "A" { "B" } else { "A" });
    let other = because(&everything());
    for (who, path, body) in [
        (&authority.team, at_cursor("/sights/queries", &cursor), &other),
        (&authority.team, at_cursor("/openings/queries", &cursor), &because(&json!({}))),
        (&elsewhere.team, at_cursor("/sights/queries", &cursor), &body),
        (&authority.team, at_cursor("/sights/queries", &forged), &body),
        (&authority.team, at_cursor("/sights/queries", "x"), &body),
        (&authority.team, format!("/sights/queries?as_of_position=3&cursor={cursor}"), &body),
    ] {
        let before = asked(&world, who).await.len();
        assert_eq!(
            world.post(who, &path, body.clone()).await.problem(400)["type"],
            "/problems/malformed"
        );
        assert_eq!(asked(&world, who).await.len(), before, "what cannot be read is not asked");
    }
}

#[tokio::test]
async fn the_twins_hold_the_same_rows() {
    let (world, authority) = World::with_an_authority().await;
    let auditor = world.auditor().await;
    for (path, narrowed, _) in questions(&authority) {
        let body = because(&narrowed);
        let answer = ask(&world, &auditor, &format!("{path}?limit=1000"), &body).await.good();
        let rows = answer["data"].as_array().unwrap();
        let pinned = |name: &str| answer["links"][name].as_str().unwrap().to_owned();
        let lines = ask(&world, &auditor, &pinned("jsonl"), &body).await;
        assert_eq!(lines.headers["content-type"], "application/jsonl");
        let lines = String::from_utf8(lines.body).unwrap();
        let lines: Vec<Value> =
            lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(&lines, rows, "{path}");
        let table = ask(&world, &auditor, &pinned("csv"), &body).await;
        assert!(table.headers["content-type"].to_str().unwrap().starts_with("text/csv"));
        let table = String::from_utf8(table.body).unwrap();
        assert_eq!(table.lines().count(), rows.len() + 1, "{path}");
        let again = ask(&world, &auditor, &pinned("permalink"), &body).await.good();
        assert_eq!(again["data"].as_array().unwrap(), rows, "a permalink shows the same for ever");
    }
    for path in ["/training-programme", "/public-information", "/counts", "/shields/decisions"] {
        let answer = get(&world, &auditor, path).await.good();
        let rows = answer["data"].as_array().unwrap();
        let lines = get(&world, &auditor, answer["links"]["jsonl"].as_str().unwrap()).await;
        assert_eq!(String::from_utf8(lines.body).unwrap().lines().count(), rows.len(), "{path}");
        let table = get(&world, &auditor, answer["links"]["csv"].as_str().unwrap()).await;
        assert_eq!(
            String::from_utf8(table.body).unwrap().lines().count(),
            rows.len() + 1,
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_method_query_asks_as_post_does() {
    let (world, authority) = World::with_an_authority().await;
    let bearer = format!("Bearer {}", authority.team.token);
    let method = reqwest::Method::from_bytes(b"QUERY").unwrap();
    let body = because(&json!({}));
    let headers = [("authorization", bearer.as_str()), ("prefer", "wait=10")];
    let answer = world.send(method, "/practitioners/queries", &headers, Some(&body)).await.good();
    assert!(answer["data"].is_array());
    assert_eq!(asked(&world, &authority.team).await.len(), 1);
}

#[tokio::test]
async fn users_are_judged_then_as_now() {
    let (world, authority) = World::with_an_authority().await;
    let person = json!(authority.user.id);
    let path = "/practitioners/queries";
    let which = |which: &str| because(&json!({"which": which}));
    let before = ask(&world, &authority.team, path, &which("authorised")).await.good();
    assert!(column(before["data"].as_array().unwrap(), "practitioner").contains(&person));
    let suspend = format!("/practitioners/{}/account/suspend", authority.user.id);
    let cause = json!({"cause": "suspected", "particulars": "A complaint."});
    world.post(&authority.team, &suspend, cause).await.good();
    let suspended = rows(&world, &authority.team, path, &which("suspended")).await;
    assert_eq!(column(&suspended, "practitioner"), std::slice::from_ref(&person));
    assert_eq!(suspended[0]["unmet"], json!(["not-suspended"]));
    assert!(suspended[0]["suspended_since"].is_string());
    let then = before["links"]["permalink"].as_str().unwrap();
    assert_eq!(rows(&world, &authority.team, then, &which("suspended")).await, Vec::<Value>::new());
    let again = rows(&world, &authority.team, then, &which("authorised")).await;
    assert_eq!(&again, before["data"].as_array().unwrap());
    // A check holds for three years: the day on which it lapses is inside, the day before is not.
    let lapses = before["data"][0]["lapses_on"].as_str().unwrap();
    let lapses: chrono::NaiveDate = lapses.parse().unwrap();
    let days = lapses.signed_duration_since(chrono::Utc::now().date_naive()).num_days();
    let within = |days: i64| because(&json!({"lapses_within_days": days}));
    assert!(!rows(&world, &authority.team, path, &within(days)).await.is_empty());
    assert!(rows(&world, &authority.team, path, &within(days - 1)).await.is_empty());
    let past = format!("{path}?as_of_position={}", last(&world));
    assert_eq!(
        rows(&world, &authority.team, &past, &within(days)).await,
        rows(&world, &authority.team, path, &within(days)).await,
        "an index and a scan of the past say the same"
    );
}

#[tokio::test]
async fn what_was_seen_is_told_with_what_came_of_it() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let terms = json!({"surname": "Quarmby", "date_of_birth": born()});
    let search = json!({"terms": terms, "reason": reason()});
    world.post(&authority.user, "/children/search", search).await.good();
    world.open(&authority.user, child).await.good();
    let position = last(&world);
    world.open(&authority.user, Uuid::now_v7()).await.problem(404);
    let path = format!("/practitioners/{}/sights/queries", authority.user.id);
    let seen = rows(&world, &authority.team, &path, &because(&json!({}))).await;
    assert_eq!(column(&seen, "what"), ["searched", "opened"]);
    assert_eq!(column(&seen, "outcome"), ["shown", "shown"]);
    assert!(seen.iter().all(|row| row["children"] == json!([child])));
    assert!(seen[1]["shown"][0]["fields"].as_array().unwrap().contains(&json!("whereabouts")));
    let text = seen.iter().map(ToString::to_string).collect::<String>();
    for secret in ["Quarmby", "Zebedee", "Hidden Lane", "clinic"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let then = format!("{path}?as_of_position={}", position - 1);
    assert_eq!(rows(&world, &authority.team, &then, &because(&json!({}))).await.len(), 1);
    let backwards = json!({"from": "2009-02-01T00:00:00Z", "to": "2009-01-01T00:00:00Z"});
    world.post(&authority.team, &path, because(&backwards)).await.problem(422);
}

#[tokio::test]
async fn who_was_looking_is_told_for_any_instant() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let opened = world.open(&authority.user, child).await.good();
    let open_until = last(&world);
    let body = because(&json!({}));
    let open = rows(&world, &authority.team, "/openings/queries", &body).await;
    assert_eq!(column(&open, "opening"), [opened["opening"].clone()]);
    let opening = opened["opening"].as_str().unwrap();
    let close = format!("/children/{child}/openings/{opening}/close");
    let closed = world.post(&authority.user, &close, json!({})).await;
    assert!(closed.status.is_success(), "{closed:?}");
    assert!(rows(&world, &authority.team, "/openings/queries", &body).await.is_empty());
    let at = because(&json!({"at": open[0]["opened_at"]}));
    let then = rows(&world, &authority.team, "/openings/queries", &at).await;
    assert!(then[0]["closed_at"].is_string());
    let known = format!("/openings/queries?as_of_position={open_until}");
    assert_eq!(rows(&world, &authority.team, &known, &body).await, open, "as it was known then");
}

#[tokio::test]
async fn shields_overrides_and_investigations_are_listed_and_counted() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let before = last(&world);
    world.shield(&authority, child).await;
    world.grant_override(&authority, &authority.user).await;
    let body = because(&json!({}));
    let shields = ask(&world, &authority.team, "/shields/queries", &body).await.good();
    let row = &shields["data"][0];
    assert_eq!((&row["child"], &row["state"]), (&json!(child), &json!("provisional")));
    assert_eq!(row["due"], "coming-up");
    assert_eq!(shields["facets"]["counts"]["grounds"], json!({"child-at-risk": 1}));
    let overdue = because(&json!({"due": "overdue"}));
    assert!(rows(&world, &authority.team, "/shields/queries", &overdue).await.is_empty());
    let then = format!("/shields/queries?as_of_position={before}");
    assert!(rows(&world, &authority.team, &then, &body).await.is_empty());
    let counts = get(&world, &authority.user, "/counts").await.good();
    assert_eq!(counts["data"][4], json!({"what": "records-shielded", "count": 1}));
    let counts = get(&world, &authority.user, &format!("/counts?as_of_position={before}")).await;
    assert_eq!(counts.good()["data"][4]["count"], 0, "as known before");

    let opened = world.open(&authority.user, child).await.good();
    let attempt = json!({"opening": opened["opening"], "reason": reason()});
    let path = format!("/children/{child}/overrides");
    let attempt = world.post(&authority.user, &path, attempt).await.good();
    let confirm = format!("{path}/{}/confirm", attempt["override"].as_str().unwrap());
    world.post(&authority.user, &confirm, json!({})).await.good();
    let overrides = rows(&world, &authority.team, "/overrides/queries", &body).await;
    assert_eq!(
        (&overrides[0]["child"], &overrides[0]["stage"]),
        (&json!(child), &json!("not-assigned"))
    );
    assert!(
        rows(
            &world,
            &authority.team,
            "/overrides/queries",
            &because(&json!({"older_than_days": 1}))
        )
        .await
        .is_empty()
    );
    let investigation = overrides[0]["investigation"].as_str().unwrap();
    let assign =
        json!({"child": child, "subject": authority.user.id, "investigator": world.official.id});
    let path = format!("/investigations/{investigation}");
    world.post(&world.official, &format!("{path}/assignments"), assign).await.good();
    let open = last(&world);
    let conclude = json!({"finding": "proper", "report": "It was needed."});
    world.post(&world.official, &format!("{path}/conclusion"), conclude).await.good();
    assert!(rows(&world, &authority.team, "/overrides/queries", &body).await.is_empty());
    let then = format!("/overrides/queries?as_of_position={open}");
    assert_eq!(rows(&world, &authority.team, &then, &body).await.len(), 1);
    let all = rows(&world, &authority.team, "/investigations/queries", &body).await;
    assert_eq!((&all[0]["stage"], &all[0]["finding"]), (&json!("concluded"), &json!("proper")));
}

#[tokio::test]
async fn an_answer_knows_of_the_command_whose_token_it_is_given() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    for _ in 0..10 {
        let opened = world.open(&authority.user, child).await;
        let token = opened.headers["consistency-token"].to_str().unwrap().to_owned();
        let event = opened.good()["event"].clone();
        let headers = [("consistency-token", token.as_str()), ("prefer", "wait=10")];
        let body = because(&everything());
        let answer =
            world.post_with(&authority.team, "/sights/queries", &headers, body).await.good();
        assert!(column(answer["data"].as_array().unwrap(), "event").contains(&event));
    }
    let body = because(&everything());
    let ahead = [("consistency-token", "p999999"), ("prefer", "wait=0")];
    let problem = world.post_with(&authority.team, "/sights/queries", &ahead, body.clone()).await;
    assert_eq!(problem.problem(503)["type"], "/problems/read-models-building");
    let wrong = [("consistency-token", "999")];
    world.post_with(&authority.team, "/sights/queries", &wrong, body.clone()).await.problem(400);
    let strict = [("prefer", "handling=strict")];
    let path = "/sights/queries?colour=red";
    world.post_with(&authority.team, path, &strict, body.clone()).await.problem(400);
    ask(&world, &authority.team, path, &body).await.good();
    for path in
        ["/sights/queries?limit=0", "/sights/queries?limit=10001", "/sights/queries?facets=all"]
    {
        world.post(&authority.team, path, body.clone()).await.problem(400);
    }
}

#[tokio::test]
async fn the_same_question_under_the_same_key_is_answered_as_it_was() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    world.open(&authority.user, child).await.good();
    let headers = [("idempotency-key", "weekly-7"), ("prefer", "wait=10")];
    let body = because(&everything());
    let first = world.post_with(&authority.team, "/sights/queries", &headers, body.clone()).await;
    let position = first.json()["as_of"]["position"].as_u64().unwrap();
    world.open(&authority.user, child).await.good();
    let again = world.post_with(&authority.team, "/sights/queries", &headers, body).await;
    let openings = |answer: &Answer| {
        let rows = answer.json()["data"].as_array().unwrap().clone();
        rows.iter().filter(|row| row["what"] == "opened").count()
    };
    assert_eq!((openings(&first), openings(&again)), (1, 1));
    assert_eq!(again.json()["as_of"]["position"], position);
    assert_eq!(asked(&world, &authority.team).await.len(), 1, "it was asked once");
}
