//! Help is the manual, and the exit codes are part of it.

use std::process::Command;

use super::demonstration::{replay, told};

fn help(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_replay")).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_manual_names_every_verb_every_exit_code_and_both_ways_to_keys() {
    let manual = help(&["--help"]);
    for verb in [
        "log",
        "at",
        "trail",
        "seen-by",
        "screen",
        "explain",
        "shielding",
        "verify",
        "export",
        "prove",
        "witness",
        "erasure",
    ] {
        assert!(manual.contains(&format!("\n  {verb} ")), "{verb}\n{manual}");
    }
    for words in
        ["--unseal-via URL", "--keys FILE", "4 the log is not as claimed", "130 interrupted"]
    {
        assert!(manual.contains(words), "{words}\n{manual}");
    }
}

#[test]
fn every_verb_has_a_page() {
    for verb in [
        "log",
        "at",
        "trail",
        "seen-by",
        "screen",
        "explain",
        "shielding",
        "verify",
        "export",
        "prove",
        "witness",
        "erasure",
    ] {
        assert!(help(&[verb, "--help"]).contains(&format!("Usage: replay {verb}")), "{verb}");
    }
}

#[test]
fn arguments_that_do_not_fit_are_usage() {
    let told = told();
    assert_eq!(told.replay(&["trail", "not-a-handle"]).code, 2);
    assert_eq!(
        told.replay(&["at", "policy", "--at", "2009-06-22T00:00:00Z", "--position", "4"]).code,
        2
    );
    assert_eq!(told.replay(&["log", "--unseal-via", "http://127.0.0.1:1"]).code, 2);
    assert_eq!(
        told.replay(&["log", "--unseal-via", "http://127.0.0.1:1", "--reason", "x"]).code,
        2
    );
    assert_eq!(told.replay(&["at", "audit-00000000-0000-0000-0000-000000000000"]).code, 3);
}

#[test]
fn nothing_matched_is_three_and_says_what_was_searched() {
    let ran = told().replay(&["log", "--type", "no-such-event"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    assert!(ran.said.contains("0 events; searched positions 0 to"), "{}", ran.said);
}

#[test]
fn a_folder_without_a_log_is_a_runtime_error_and_nothing_is_made_there() {
    let folder = tempfile::TempDir::new().unwrap();
    let ran = replay(folder.path(), &["verify"]);
    assert_eq!(ran.code, 1, "{}", ran.said);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_server_that_refuses_is_six_and_shows_nothing() {
    let told = told();
    let stranger = told.token(
        fixtures::demonstration::person(32),
        domain::actor::Role::Practitioner,
        fixtures::demonstration::organisation(fixtures::demonstration::NORTHMERE),
    );
    let ran = told.replay(&[
        "log",
        "--content",
        "--category",
        "shield",
        "--unseal-via",
        &told.url,
        "--token",
        &stranger,
        "--reason",
        "curious",
    ]);
    assert_eq!((ran.code, ran.out.as_str()), (6, ""), "{}", ran.said);
}
