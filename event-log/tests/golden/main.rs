//! Golden samples: what was ever stored can be read, and is written the same way today.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that does not hold fails there")]

use std::{collections::BTreeSet, fs, path::Path};

use domain::event::Event;
use event_log::codec::{Upcasts, event_from_json, stored_names};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    r#type: String,
    data: Box<RawValue>,
}

/// Every sample, with the file and line where it stands.
fn samples() -> Vec<(String, Sample)> {
    let histories = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/histories");
    let mut samples = Vec::new();
    for file in fs::read_dir(histories).unwrap() {
        let path = file.unwrap().path();
        for (line, text) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            let place =
                format!("{}:{}", path.file_name().unwrap().display(), line.saturating_add(1));
            let sample =
                serde_json::from_str(text).unwrap_or_else(|error| panic!("{place}: {error}"));
            samples.push((place, sample));
        }
    }
    samples
}

fn decode(place: &str, sample: &Sample) -> Event {
    event_from_json(&sample.r#type, &sample.data, &Upcasts::current())
        .unwrap_or_else(|error| panic!("{place}: {error}"))
}

#[test]
fn every_stored_name_has_a_sample() {
    let sampled: BTreeSet<String> =
        samples().into_iter().map(|(_, sample)| sample.r#type).collect();
    let missing: Vec<&str> =
        stored_names().into_iter().filter(|name| !sampled.contains(*name)).collect();
    assert!(stored_names().len() > 80, "the names of all events are known");
    assert!(missing.is_empty(), "without a sample: {missing:?}");
}

#[test]
fn every_sample_decodes_and_the_current_ones_encode_back() {
    let current: BTreeSet<&str> = stored_names().into_iter().collect();
    for (place, sample) in samples() {
        let event = decode(&place, &sample);
        if current.contains(sample.r#type.as_str()) {
            let written: serde_json::Value = serde_json::to_value(&event).unwrap();
            let stored: serde_json::Value = serde_json::from_str(sample.data.get()).unwrap();
            assert_eq!(written, serde_json::json!({ &sample.r#type: stored }), "{place}");
        }
    }
}

#[test]
fn a_repeated_or_unknown_field_is_no_sample() {
    let key = |data: &str| {
        let data: Box<RawValue> = serde_json::from_str(data).unwrap();
        event_from_json("key.subject-key-created/1", &data, &Upcasts::current())
    };
    assert!(key(r#"{"commitment":"aa","epoch":1}"#).is_ok());
    assert!(key(r#"{"commitment":"aa","epoch":1,"epoch":2}"#).is_err());
    assert!(key(r#"["aa",1]"#).is_err(), "an array of the fields is not how it is stored");
}

/// No event of the directory has an old version yet, so the mechanism is shown on names that were
/// never stored.
#[test]
fn an_old_version_is_made_new_before_it_is_read() {
    let upcasts = Upcasts::default()
        .step("key.test-made/1", "key.test-made/2", |mut data| {
            let fields = data.as_object_mut().unwrap();
            let commitment = fields.remove("hash").unwrap();
            fields.insert("commitment".to_owned(), commitment);
            Ok(data)
        })
        .step("key.test-made/2", "key.subject-key-created/1", |mut data| {
            data.as_object_mut().unwrap().insert("epoch".to_owned(), 1.into());
            Ok(data)
        });
    let old: Box<RawValue> = serde_json::from_str(r#"{"hash":"aa"}"#).unwrap();
    let expected = domain::key::Event::SubjectKeyCreated { commitment: "aa".to_owned(), epoch: 1 };
    let read = event_from_json("key.test-made/1", &old, &upcasts).unwrap();
    assert_eq!(read, Event::Key(expected));
    assert!(event_from_json("key.test-made/1", &old, &Upcasts::current()).is_err());
}
