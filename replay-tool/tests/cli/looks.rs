//! Who saw a child, and what somebody saw.

use domain::actor::Role;
use fixtures::demonstration::{child, person};

use super::demonstration::told;

#[test]
fn the_trail_of_a_shielded_child_has_result_lists_openings_refusals_and_overrides() {
    let trail = told().replay(&["trail", &child(3).to_string(), "--format", "json"]).good();
    let looks = trail.columns(["who", "what"]);
    let by = |number| person(number).to_string();
    let expected = [
        (30, "in a result list, row 1"),
        (30, "opened"),
        (30, "closed"),
        (31, "opened"),
        (31, "override attempted, warned"),
        (31, "override confirmed"),
        (31, "investigation opened"),
        (31, "override ended"),
        (31, "closed"),
        (32, "opened"),
        (32, "refused"),
        (32, "closed"),
        (35, "opened"),
        (35, "override attempted, warned"),
        (35, "override confirmed"),
        (35, "investigation opened"),
        (35, "override ended"),
        (35, "closed"),
    ]
    .map(|(number, what)| [by(number), what.to_owned()]);
    assert_eq!(looks, expected);
    assert!(
        trail.said.contains("18 looks and attempts as of the end of the log"),
        "{}",
        trail.said
    );
}

#[test]
fn the_trail_as_of_a_day_ends_there() {
    let arguments =
        ["trail", &child(3).to_string(), "--format", "json", "--at", "2009-05-01T00:00:00Z"];
    assert_eq!(told().replay(&arguments).good().rows().len(), 3);
}

#[test]
fn without_keys_no_words_are_shown_and_with_the_server_they_are() {
    let trail = ["trail", &child(1).to_string(), "--format", "csv"];
    let sealed = told().replay(&trail).good();
    assert!(!sealed.out.contains("school nurse"), "{}", sealed.out);
    assert!(sealed.out.contains("(sealed)"), "{}", sealed.out);
    let shown = told().unsealed(&trail).good();
    assert!(shown.out.contains("Who is the school nurse?"), "{}", shown.out);
}

#[test]
fn the_server_records_which_events_it_unsealed_before_it_answers() {
    let told = told();
    let asked = ["log", "--type", "trail-queried", "--format", "json"];
    let before = told.replay(&asked).rows_or_none();
    told.unsealed(&["trail", &child(2).to_string()]).good();
    let after = told.replay(&asked).good().columns(["actor", "role"]);
    assert!(after.len() > before, "{after:?}");
    let auditor = person(fixtures::demonstration::AUDITOR.number).to_string();
    assert!(after.contains(&[auditor, "auditor".to_owned()]), "{after:?}");
}

#[test]
fn what_somebody_saw_includes_what_they_searched_for_and_were_refused() {
    let seen = told().unsealed(&["seen-by", &person(34).to_string(), "--format", "json"]).good();
    let what = seen.columns(["what", "terms", "refused-because"]);
    let refused = r#"[{"unmet":["current-crb-check"]}]"#.to_owned();
    let terms = r#"{"date_of_birth":"2002-12-24","surname":"Winbrook"}"#.to_owned();
    assert_eq!(
        what,
        [
            ["search refused".to_owned(), terms, refused.clone()],
            ["refused".to_owned(), String::new(), refused],
        ]
    );
    assert_eq!(seen.columns(["role"])[0], [format!("{:?}", Role::Practitioner).to_lowercase()]);
}
