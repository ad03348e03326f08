//! The live feed: who is sent what, resuming, and when it ends.

use domain::{actor::Role, audit, event::Event, identity::PractitionerId, stream::Stream};
use event_log::AsOf;
use serde_json::{Value, json};

use crate::world::{Authority, Who, World, born, reason, request};

/// A feed that is being read.
struct Feed {
    answer: reqwest::Response,
    text: String,
}

/// One block of the stream.
#[derive(Debug)]
struct Block {
    id: Option<u64>,
    event: Option<String>,
    data: Option<Value>,
}

impl Feed {
    async fn follow(world: &World, who: &Who, after: Option<u64>) -> Self {
        let mut asked = reqwest::Client::new()
            .get(format!("{}/feed", world.address))
            .bearer_auth(&who.token)
            .header("reason-code", "audit")
            .header("reason", "Watching.");
        if let Some(after) = after {
            asked = asked.header("last-event-id", after.to_string());
        }
        let answer = asked.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let mut feed = Self { answer, text: String::new() };
        assert!(feed.raw().await.unwrap().starts_with("retry: "));
        feed
    }

    async fn raw(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(block);
            }
            let chunk = self.answer.chunk().await.ok()??;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The next event; none when the feed has ended.
    async fn next(&mut self) -> Option<Block> {
        loop {
            let raw = self.raw().await?;
            let field = |name: &str| {
                let line = raw.lines().find_map(|line| line.strip_prefix(name));
                line.map(|value| value.trim().to_owned())
            };
            let data = field("data:").map(|data| serde_json::from_str(&data).unwrap());
            if data.is_some() {
                let id = field("id:").map(|id| id.parse().unwrap());
                return Some(Block { id, event: field("event:"), data });
            }
        }
    }

    /// The next event of a type whose name ends so.
    async fn next_of(&mut self, kind: &str) -> Value {
        loop {
            let data = self.next().await.unwrap().data.unwrap();
            if data["type"].as_str().unwrap().ends_with(kind) {
                return data;
            }
        }
    }
}

async fn go_behind(world: &World, authority: &Authority, child: uuid::Uuid) {
    let opened = world.open(&authority.user, child).await.good();
    let attempt = json!({"opening": opened["opening"], "reason": reason()});
    let path = format!("/children/{child}/overrides");
    let attempt = world.post(&authority.user, &path, attempt).await.good();
    let procedure = attempt["override"].as_str().unwrap();
    world.post(&authority.user, &format!("{path}/{procedure}/confirm"), json!({})).await.good();
}

#[tokio::test]
async fn the_responsible_team_is_notified_of_views_of_its_shielded_children_and_of_overrides() {
    let (world, authority) = World::with_an_authority().await;
    let elsewhere = world.authority("Elsewhere").await;
    let child = world.child(&authority).await;
    world.shield(&authority, child).await;
    world.grant_override(&elsewhere, &elsewhere.user).await;
    let mut feed = Feed::follow(&world, &authority.team, None).await;
    let stream = Stream::Audit(PractitionerId::new(authority.team.id));
    let recorded = world.log.history(stream, AsOf::Now).await.unwrap();
    assert!(
        matches!(
            recorded[0].event,
            Event::Audit(audit::Event::TrailQueried { question: audit::Question::LiveFeed, .. })
        ),
        "that it is followed is recorded"
    );

    let terms = json!({"surname": "Quarmby", "date_of_birth": born()});
    let search = json!({"terms": terms, "reason": reason()});
    let own = world.child_named(&elsewhere, "Anna", "Quarmby").await;
    world.post(&elsewhere.user, "/children/search", search).await.good();
    go_behind(&world, &elsewhere, child).await;

    let listed = feed.next_of("search-performed.v1").await;
    assert_eq!(listed["notice"], "shielded-record-listed");
    let text = listed.to_string();
    assert!(text.contains(&child.to_string()));
    assert!(!text.contains(&own.to_string()), "rows of other authorities are left out: {text}");
    assert!(!text.contains("Quarmby") && !text.contains("erased"), "{text}");
    let viewed = feed.next_of("record-opened.v1").await;
    assert_eq!(viewed["notice"], "shielded-record-viewed");
    assert_eq!(viewed["specversion"], "1.0");
    assert_eq!(viewed["source"], format!("/organisations/{}", elsewhere.id));
    let overridden = feed.next_of("shield-override-confirmed.v1").await;
    assert_eq!(overridden["notice"], "shield-overridden");
    assert_eq!(overridden["subject"], format!("access-{child}"));
}

#[tokio::test]
async fn a_team_is_sent_nothing_of_what_belongs_to_others() {
    let (world, authority) = World::with_an_authority().await;
    let elsewhere = world.authority("Elsewhere").await;
    let mut feed = Feed::follow(&world, &authority.team, None).await;
    let theirs = world.child(&elsewhere).await;
    world.open(&elsewhere.user, theirs).await.good();
    let ours = world.child_named(&authority, "Anna", "Ashworth").await;
    world.open(&authority.user, ours).await.good();
    // The first that comes is our own.
    let first = feed.next().await.unwrap().data.unwrap();
    assert_eq!(first["subject"], format!("child-{ours}"));
    let opened = feed.next_of("record-opened.v1").await;
    assert_eq!(opened["subject"], format!("access-{ours}"));
    assert_eq!(opened.get("notice"), None, "it is not shielded");
}

#[tokio::test]
async fn a_feed_resumes_without_loss_or_repeat() {
    let (world, authority) = World::with_an_authority().await;
    let child = world.child(&authority).await;
    let auditor = world.auditor().await;
    let begin = world.log.length();
    for _ in 0..40 {
        world.open(&authority.user, child).await.good();
    }
    let mut positions = Vec::new();
    let mut after = begin - 1;
    // Cut off again and again, in the midst of what was sent.
    while after < begin + 39 {
        let mut feed = Feed::follow(&world, &auditor, Some(after)).await;
        for _ in 0..7 {
            let block = feed.next().await.unwrap();
            after = block.id.unwrap();
            positions.push(after);
            assert_eq!(block.data.unwrap()["position"], after.to_string());
        }
    }
    let whole: Vec<u64> = (begin..=after).collect();
    assert_eq!(positions, whole);
}

#[tokio::test]
async fn it_ends_with_the_entitlement_and_with_the_token() {
    let (world, authority) = World::with_an_authority().await;
    let other = world.user(&world.official, "management-team", authority.id).await;
    let mut feed = Feed::follow(&world, &other, None).await;
    let suspend = format!("/practitioners/{}/account/suspend", other.id);
    let cause = json!({"cause": "suspected", "particulars": "A complaint."});
    world.post(&authority.team, &suspend, cause).await.good();
    let last = feed.next().await.unwrap();
    assert_eq!(last.event.as_deref(), Some("end"), "not even of the suspension is anything sent");
    assert_eq!(last.data.unwrap()["reason"], "not-entitled-any-more");
    assert!(feed.next().await.is_none());

    let mut short = request(authority.team.id, Role::ManagementTeam, authority.id);
    short.seconds = 2;
    let who = Who { id: authority.team.id, token: world.token_of(&short) };
    let mut feed = Feed::follow(&world, &who, None).await;
    let last = feed.next().await.unwrap();
    assert_eq!(last.data.unwrap()["reason"], "token-expired");
    assert!(feed.next().await.is_none());
}

#[tokio::test]
async fn only_whoever_may_ask_the_trail_follows_it_and_says_why() {
    let (world, authority) = World::with_an_authority().await;
    let feed = |who: &Who, headers: &[(&'static str, &'static str)]| {
        let mut all = vec![("authorization".to_owned(), format!("Bearer {}", who.token))];
        all.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        all
    };
    let why = ("reason-code", "audit");
    let words = ("reason", "Watching.");
    for (who, headers, status) in [
        (&authority.user, vec![why, words], 403),
        (&authority.team, vec![], 422),
        (&authority.team, vec![("reason-code", "audit")], 422),
        (&authority.team, vec![("reason-code", "curiosity"), words], 422),
        (&authority.team, vec![why, words, ("last-event-id", "999999")], 400),
        (&authority.team, vec![why, words, ("last-event-id", "x")], 400),
    ] {
        let headers = feed(who, &headers);
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = world.send(reqwest::Method::GET, "/feed", &headers, None).await;
        assert_eq!(answer.status.as_u16(), status, "{headers:?}: {answer:?}");
    }
}
