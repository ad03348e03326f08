//! For every read model: rebuilt = followed = folded by hand; as of a position = the fold of what stands
//! before; delivered again, nothing changes; and nothing personal is in it.

use std::collections::BTreeMap;

use domain::{event::Event, recorded::Recorded};
use event_log::EventLog;
use projections::{
    dated::KnownBy,
    projection::{MarkedProjection, Noted, Projection, ReadModel},
    projector::{Settings, Step},
    read_models::{
        AuthorisedUsers, Investigations, Openings, Organisations, Search, Seen, Shields,
        UnusualAccess, all,
    },
};

use crate::{
    Place, as_of, documents,
    logs::rounds,
    naive, naive_marked, noted,
    world::{SECRETS, World},
};

/// One check, for every read model.
macro_rules! for_every_read_model {
    ($check:ident($($argument:expr),*)) => {
        $check::<AuthorisedUsers>($($argument),*).await;
        $check::<Investigations>($($argument),*).await;
        $check::<Openings>($($argument),*).await;
        $check::<Organisations>($($argument),*).await;
        $check::<Seen>($($argument),*).await;
        $check::<Shields>($($argument),*).await;
    };
}

/// One check, for every read model that is folded with marks.
macro_rules! for_every_marked_one {
    ($check:ident($($argument:expr),*)) => {
        $check::<Search>($($argument),*).await;
        $check::<UnusualAccess>($($argument),*).await;
    };
}

const SEEDS: [u64; 3] = [1, 2009, 77_777];

async fn world(seed: u64, events: usize) -> World {
    let mut world = World::in_log(crate::logs::fresh().await, seed).await;
    world.happen(events).await;
    world
}

async fn events(log: &EventLog) -> Vec<Recorded<Event>> {
    log.without_keys().read_all(0, usize::MAX).await.unwrap()
}

/// About how many bytes a document takes in memory.
const DOCUMENT: usize = 400;

const fn small(until: Option<u64>, following: usize) -> Settings {
    // In parts, so that one is folded while another is being written; and little is kept in memory, and
    // written often.
    let (writing, changed) = (following.div_ceil(3), following.div_ceil(2) * DOCUMENT);
    let kept = 2 * following * DOCUMENT;
    let lease = std::time::Duration::from_secs(60);
    Settings { following, building: following, writing, changed, kept, lease, until }
}

async fn holds_the_fold<P: Projection>(place: &Place, events: &[Recorded<Event>]) {
    let held = documents(place.holds(P::NAME).await);
    assert!(!held.is_empty(), "nothing happened that concerns {}", P::NAME);
    assert_eq!(held, naive::<P>(events), "{}", P::NAME);
}

async fn holds_the_marked_fold<P: MarkedProjection>(place: &Place, events: &[Noted]) {
    let held = documents(place.holds(P::NAME).await);
    assert!(!held.is_empty(), "nothing happened that concerns {}", P::NAME);
    assert_eq!(held, naive_marked::<P>(events), "{}", P::NAME);
}

async fn holds_the_same<P: ReadModel>(one: &Place, other: &Place) {
    assert_eq!(one.holds(P::NAME).await, other.holds(P::NAME).await, "{}", P::NAME);
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn rebuilt_is_followed_is_folded_by_hand() {
    for seed in rounds(&SEEDS) {
        let mut world = World::in_log(crate::logs::fresh().await, seed).await;
        let followed = Place::new();
        let mut projector = followed.projector(&world.log, small(None, 7));
        for _ in 0..20 {
            world.happen(25).await;
            projector.catch_up().await.unwrap();
        }
        let rebuilt = Place::new();
        rebuilt.projector(&world.log, small(None, 1_000)).catch_up().await.unwrap();
        let events = events(&world.log).await;
        for_every_read_model!(holds_the_fold(&followed, &events));
        for_every_read_model!(holds_the_same(&followed, &rebuilt));
        let noted = noted(&world.log).await;
        for_every_marked_one!(holds_the_marked_fold(&followed, &noted));
        for_every_marked_one!(holds_the_same(&followed, &rebuilt));
    }
}

async fn is_left_alone_by_what_does_not_concern_it<P: Projection>(events: &[Recorded<Event>]) {
    let (ours, others): (Vec<_>, Vec<_>) =
        events.iter().partition(|recorded| P::concerns(recorded.stamp.stream));
    assert!(!ours.is_empty() && !others.is_empty(), "{}", P::NAME);
    let by_name = |recorded: &&Recorded<Event>| P::passes_by(&name(&recorded.event));
    let passed: Vec<_> = ours.into_iter().filter(by_name).collect();
    assert_eq!(passed.is_empty(), !P::passes_by("access.record-closed/1"), "{}", P::NAME);
    for recorded in others.into_iter().chain(passed) {
        assert_eq!(P::keys(recorded), Vec::<String>::new(), "{}: {recorded:?}", P::NAME);
    }
}

/// The stored name of an event: it is written under that alone.
fn name(event: &Event) -> String {
    let written = serde_json::to_value(event).unwrap();
    let written = written.as_object().unwrap();
    assert_eq!(written.len(), 1, "{written:?}");
    written.keys().next().unwrap().clone()
}

async fn is_left_alone_too<P: MarkedProjection>(events: &[Noted]) {
    let passed_by = |noted: &&Noted| {
        let recorded = &noted.recorded;
        !P::concerns(recorded.stamp.stream) || P::passes_by(&name(&recorded.event))
    };
    let others = events.iter().filter(passed_by);
    for noted in others {
        assert_eq!(P::keys(noted), Vec::<String>::new(), "{}: {noted:?}", P::NAME);
        assert_eq!(P::consults(noted), Vec::<String>::new(), "{}: {noted:?}", P::NAME);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_decoded_for_a_read_model_would_touch_nothing_in_it() {
    for seed in SEEDS {
        let world = world(seed, 500).await;
        let plain = events(&world.log).await;
        for_every_read_model!(is_left_alone_by_what_does_not_concern_it(&plain));
        let noted = noted(&world.log).await;
        for_every_marked_one!(is_left_alone_too(&noted));
    }
}

async fn was_so_at<P: Projection>(full: &Place, prefix: &Place, events: &[Recorded<Event>]) {
    let last = events.last().unwrap();
    let held = documents(full.holds(P::NAME).await);
    let then = documents(prefix.holds(P::NAME).await);
    assert_eq!(then, naive::<P>(events), "{}", P::NAME);
    // What speaks of the present only is left out, and of nothing else a word.
    let dated = as_of::<P>(&then, KnownBy::Now);
    let undated = then.keys().filter(|key| !dated.contains_key(*key));
    let spans =
        |key: &String| P::NAME == "seen" && (key.starts_with("d/s/") || key.starts_with("d/b/"));
    assert!(undated.clone().all(spans), "{}: {:?}", P::NAME, undated.collect::<Vec<_>>());
    assert!(dated.iter().all(|(key, text)| then.get(key) == Some(text)), "{}", P::NAME);
    let by_position = as_of::<P>(&held, KnownBy::Position(last.stamp.position));
    assert_eq!(by_position, dated, "{} as of a position", P::NAME);
    let by_time = as_of::<P>(&held, KnownBy::Time(last.stamp.at));
    assert_eq!(by_time, dated, "{} as of a time", P::NAME);
}

/// What speaks of the past, that is: papers that speak of the present only are not asked.
async fn marked_was_so_at<P: MarkedProjection>(full: &Place, prefix: &Place, last: u64) {
    let then = KnownBy::Position(last);
    let held = as_of::<P>(&documents(full.holds(P::NAME).await), then);
    let before = as_of::<P>(&documents(prefix.holds(P::NAME).await), then);
    assert_eq!(held, before, "{} as of a position", P::NAME);
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn as_of_a_position_is_the_fold_of_what_stands_before() {
    for seed in rounds(&SEEDS) {
        let world = world(seed, 400).await;
        let full = Place::new();
        full.projector(&world.log, small(None, 100)).catch_up().await.unwrap();
        let events = events(&world.log).await;
        for until in [1_usize, 40, 41, 150, 333, events.len()] {
            let prefix = Place::new();
            let settings = small(Some(u64::try_from(until).unwrap()), 60);
            prefix.projector(&world.log, settings).catch_up().await.unwrap();
            let events = events.get(..until).unwrap();
            // Two events can be of one instant; as of that instant both count.
            for_every_read_model!(was_so_at(&full, &prefix, events));
            let last = u64::try_from(until).unwrap() - 1;
            for_every_marked_one!(marked_was_so_at(&full, &prefix, last));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn delivered_again_nothing_changes() {
    let world = world(5, 300).await;
    let place = Place::new();
    let mut first = place.projector(&world.log, small(None, 50));
    first.catch_up().await.unwrap();
    let mut before = BTreeMap::new();
    for (name, _) in all().names() {
        before.insert(name, place.holds(name).await);
    }
    // A second one, who has no memory of the first.
    let mut second = place.projector(&world.log, small(None, 50));
    assert_eq!(second.step().await.unwrap(), Step::UpToDate);
    for (name, rows) in before {
        assert_eq!(place.holds(name).await, rows, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn what_makes_no_sense_is_skipped_and_recorded_with_its_reason() {
    let world = world(9, 400).await;
    let place = Place::new();
    place.projector(&world.log, small(None, 64)).catch_up().await.unwrap();
    let skipped = |rows: Vec<projections::store::Row>| {
        let skipped = rows.into_iter().filter(|row| row.key.starts_with("s/"));
        skipped.map(|row| String::from_utf8(row.value).unwrap()).collect::<Vec<_>>()
    };
    let openings = skipped(place.holds("openings").await);
    assert!(
        openings.iter().any(|reason| reason.ends_with("nothing is open that could be closed")),
        "{openings:?}"
    );
    assert_eq!(skipped(place.holds("organisations").await), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn nothing_personal_is_in_the_file() {
    let world = world(3, 500).await;
    let place = Place::new();
    place.projector(&world.log, small(None, 100)).catch_up().await.unwrap();
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(place.dir.path()).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    assert!(bytes.len() > 100_000, "the file was looked at");
    let occurs = |word: &str| bytes.windows(word.len()).any(|part| part == word.as_bytes());
    assert!(occurs("child-at-risk"), "what is not personal is found");
    for secret in SECRETS {
        assert!(!occurs(secret), "{secret} is in the file of read models");
    }
}
