//! Why an event came out as it did, and the decision made again.

use serde_json::Value;

use super::demonstration::told;

fn positions(kind: &str) -> Vec<String> {
    let found = told().replay(&["log", "--type", kind, "--format", "json"]).good();
    found.columns(["position"]).into_iter().map(|[position]| position).collect()
}

fn explained(position: &str) -> Value {
    let ran = told().unsealed(&["explain", position, "--format", "json"]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.out, ran.said);
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn every_look_and_every_decision_on_a_shield_comes_out_the_same_again() {
    for kind in [
        "record-opened",
        "access.refused",
        "override-attempted",
        "override-confirmed",
        "search-performed",
        "search-refused",
        "shield.applied",
        "shield.refused",
        "provisionally-applied",
        "shield.lifted",
        "shield.reviewed",
    ] {
        for position in positions(kind) {
            let document = explained(&position);
            assert_eq!(document["decided again"], "the same", "{kind} at {position}: {document}");
        }
    }
}

#[test]
fn a_refusal_is_explained_by_the_condition_that_did_not_hold() {
    let position = &positions("search-refused")[0];
    let document = explained(position);
    assert_eq!(document["rules"][0], "A10");
    assert_eq!(
        document["actor"]["conditions"]["not met"],
        serde_json::json!(["current-crb-check"])
    );
    assert_eq!(document["policy"]["values"]["crb_valid_months"], 36);
}

#[test]
fn without_keys_a_search_is_not_repeated_and_says_why() {
    let ran =
        told().replay(&["explain", &positions("search-performed")[0], "--format", "json"]).good();
    assert!(ran.out.contains("give keys"), "{}", ran.out);
}
