//! How a shield came to be.

use fixtures::demonstration::child;
use serde_json::json;

use super::demonstration::told;

#[test]
fn each_decision_has_grounds_rationale_views_decider_before_and_after() {
    let history = told().unsealed(&["shielding", &child(3).to_string(), "--format", "json"]).good();
    let steps = history.columns(["step", "before", "after"]);
    let expected = [
        ["requested", "unshielded", "unshielded"],
        ["provisionally-applied", "unshielded", "provisional"],
        ["applied", "provisional", "applied"],
    ];
    assert_eq!(steps, expected.map(|step| step.map(str::to_owned)));
    let rows = history.rows();
    let applied = rows.last().unwrap();
    assert_eq!(applied["grounds"], json!(["child-at-risk", "adult-at-risk"]));
    let views: Vec<&String> = applied["views"].as_object().unwrap().keys().collect();
    assert_eq!(views, ["carer", "child", "practitioner"]);
    assert!(applied["rationale"].as_str().unwrap().len() > 20);
    assert_eq!(applied["role"], "management-team");
}

#[test]
fn as_of_the_position_before_it_was_provisional() {
    let all = told().replay(&["shielding", &child(3).to_string(), "--format", "json"]).good();
    let applied: u64 = all.columns(["position"]).last().unwrap()[0].parse().unwrap();
    let before = (applied - 1).to_string();
    let then = told().replay(&["shielding", &child(3).to_string(), "--position", &before]);
    assert!(then.said.contains("the record is provisional"), "{}", then.said);
}
