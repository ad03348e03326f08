//! A stream's state, and what happened in it.

use fixtures::demonstration::{child, person};
use serde_json::Value;

use super::demonstration::told;

fn state(stream: &str, then: &[&str]) -> Value {
    let arguments = [&["at", stream, "--format", "json"], then].concat();
    let mut document: Value = serde_json::from_str(&told().replay(&arguments).good().out).unwrap();
    document["state"].take()
}

#[test]
fn every_kind_of_state_can_be_shown() {
    for stream in [
        "policy".to_owned(),
        format!("organisation-{}", fixtures::demonstration::organisation(1)),
        format!("practitioner-{}", person(31)),
        format!("child-{}", child(3)),
        format!("shield-{}", child(3)),
        format!("access-{}", child(3)),
        format!("investigation-{}", fixtures::demonstration::thing(0x313)),
    ] {
        assert!(state(&stream, &[]).is_object() || stream.starts_with("investigation"), "{stream}");
    }
}

#[test]
fn a_state_of_the_past_is_the_fold_of_what_had_happened() {
    let stream = format!("practitioner-{}", person(33));
    let then = state(&stream, &["--at", "2009-06-02T09:59:59Z"]);
    let now = state(&stream, &[]);
    assert_ne!(then["account"], now["account"]);
    assert!(now["account"].to_string().contains("suspended"), "{}", now["account"]);
}

#[test]
fn the_log_shows_handles_and_codes_and_no_name() {
    let log = told().replay(&["log", "--content", "--limit", "100000", "--format", "jsonl"]).good();
    for name in ["Hazelcombe", "Farnworth", "Rowstead", "ZZ1 7QX", "Trying out"] {
        assert!(!log.out.contains(name), "{name}");
    }
    assert!(log.out.lines().count() > 400);
}

#[test]
fn that_rows_are_left_out_is_said_even_to_who_wants_quiet() {
    let cut_off = told().replay(&["-q", "log", "--limit", "3", "--format", "jsonl"]).good();
    assert_eq!(cut_off.out.lines().count(), 3);
    assert!(cut_off.said.contains("The limit of 3 events was reached"), "{}", cut_off.said);
    let whole = told().replay(&["-q", "log", "--limit", "100000", "--format", "jsonl"]).good();
    assert_eq!(whole.said, "");
}

#[test]
fn filters_must_all_hold() {
    let filters = [
        "log",
        "--category",
        "access",
        "--type",
        "override-confirmed",
        "--actor",
        &person(31).to_string(),
        "--format",
        "json",
    ];
    let found = told().replay(&filters).good().columns(["stream", "type"]);
    let stream = format!("access-{}", child(3));
    assert_eq!(found, [[stream, "access.shield-override-confirmed/1".to_owned()]]);
}
