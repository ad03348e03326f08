//! Whatever is written is read as it was, sealed or not.

use std::sync::LazyLock;

use domain::{
    access::{self, Basis, Field, Fields, Purpose, ReasonCode, ShieldState},
    child::{self, DataSource, Detail, Name},
    event::Event,
    identity::{ChildRef, OpeningId},
    personal::Personal,
    reason::Text,
    stream::Stream,
};
use event_log::{AsOf, EventLog, backend::Stored};
use fixtures::scenario::{id, on};
use proptest::{collection, prelude::*, sample::Index};

use crate::world::{command, write};

fn text() -> impl Strategy<Value = Personal<Text>> {
    // What somebody might type to be taken for a slot.
    let forged = r#"{"$sealed":0},{"$personal":1},{"$erased":true}"#.to_owned();
    prop_oneof![
        8 => any::<String>().prop_filter_map("blank", |text| Text::try_from(text).ok().map(Personal::Known)),
        1 => Just(Personal::Known(Text::try_from(forged).unwrap())),
        1 => Just(Personal::Erased),
    ]
}

fn name() -> impl Strategy<Value = Personal<Name>> {
    ("\\PC{1,20}", "\\PC{1,20}").prop_filter_map("blank", |(given, surname)| {
        Name::new(&given, &surname).ok().map(Personal::Known)
    })
}

fn corrected() -> impl Strategy<Value = (Stream, Event)> {
    (name(), text()).prop_map(|(name, reason)| {
        let (detail, source) = (Detail::Name(name), DataSource::Practitioner);
        let event = child::Event::DetailCorrected { detail, reason, source };
        (Stream::Child(ChildRef::new(id(1))), Event::Child(event))
    })
}

fn superseded() -> impl Strategy<Value = (Stream, Event)> {
    name().prop_map(|name| {
        let (detail, source) = (Detail::FormerName(name), DataSource::NationalFeed);
        let event = child::Event::DetailSuperseded { detail, valid_from: on("2009-01-01"), source };
        (Stream::Child(ChildRef::new(id(1))), Event::Child(event))
    })
}

fn opened() -> impl Strategy<Value = (Stream, Event)> {
    let fields = || {
        collection::vec(prop::sample::select(&Field::ALL[..]), 0..17)
            .prop_map(|fields| fields.into_iter().collect::<Fields>())
    };
    (text(), fields(), fields()).prop_map(|(text, shown, withheld)| {
        let event = access::Event::RecordOpened {
            opening: OpeningId::new(id(9)),
            purpose: Purpose { code: ReasonCode::try_from("audit".to_owned()).unwrap(), text },
            basis: Basis::Practitioner,
            shield: ShieldState::Unshielded,
            shown,
            withheld,
        };
        (Stream::Access(ChildRef::new(id(1))), Event::Access(event))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_decoded_is_what_was_encoded(
        events in collection::vec(prop_oneof![corrected(), superseded(), opened()], 1..12)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let log = EventLog::memory().unwrap();
            log.create_subject(id(1), command(0)).await.unwrap();
            let mut written = Vec::new();
            for (number, (stream, event)) in events.into_iter().enumerate() {
                let context = command(1 + number as u128);
                written.extend(write(&log, stream, vec![event], context).await.unwrap());
            }
            assert_eq!(log.read_all(1, 100).await.unwrap(), written);
            // Without keys only what is personal is lost.
            let public = log.without_keys().history(written[0].stamp.stream, AsOf::Now).await.unwrap();
            let opened = log.history(written[0].stamp.stream, AsOf::Now).await.unwrap();
            assert_eq!(
                public.iter().map(|recorded| &recorded.stamp).collect::<Vec<_>>(),
                opened.iter().map(|recorded| &recorded.stamp).collect::<Vec<_>>()
            );
        });
    }
}

/// A log with the key of an event that has something sealed, and that event.
static SEALED: LazyLock<(EventLog, Stored)> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let log = EventLog::memory().unwrap();
        log.create_subject(id(1), command(0)).await.unwrap();
        let event = child::Event::DetailCorrected {
            detail: Detail::Name(Personal::Known(Name::new("Jane", "Doe").unwrap())),
            reason: Personal::Known(Text::try_from("Misspelt.").unwrap()),
            source: DataSource::Practitioner,
        };
        let stream = Stream::Child(ChildRef::new(id(1)));
        write(&log, stream, vec![Event::Child(event)], command(1)).await.unwrap();
        let stored = log.read_stored(1, 1).await.unwrap().remove(0);
        (log, stored)
    })
});

fn opens_only_where_it_reads(entry: String) -> bool {
    let (log, stored) = &*SEALED;
    let altered = Stored { entry: entry.into_bytes(), ..stored.clone() };
    let opened = log.decode_stored(&altered);
    let public = log.without_keys().decode_stored(&altered);
    assert!(opened.is_err() || opened.unwrap().stamp == public.unwrap().stamp);
    log.decode_stored(&altered).is_ok()
}

#[test]
fn what_stands_behind_the_content_is_found_when_it_is_opened() {
    let entry = String::from_utf8(SEALED.1.entry.clone()).unwrap();
    assert!(opens_only_where_it_reads(entry.clone()));
    for behind in ["{}", "null", ",\"x\":1", "}", ",", "1", ",\"data\":null"] {
        let mut altered = entry.clone();
        altered.insert_str(entry.len() - 1, behind);
        assert!(!opens_only_where_it_reads(altered), "{behind}");
    }
}

proptest! {
    #[test]
    fn what_was_altered_opens_only_where_it_reads_without_keys(
        at in any::<Index>(),
        taken in 0..3_usize,
        put in r#"|[\x00-\x7f]|[0-9a-z"\\{}:, ]{1,3}|\\u0061|null|é|,"x":1"#,
    ) {
        let mut entry = String::from_utf8(SEALED.1.entry.clone()).unwrap();
        let begins = at.index(entry.len());
        entry.replace_range(begins..entry.len().min(begins.saturating_add(taken)), &put);
        opens_only_where_it_reads(entry);
    }
}
