//! Stored names never change: each is unique, belongs to its subject, and is pinned by a golden sample.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use crate::{
    stored_event::{self, Sample},
    tree::Tree,
};

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let declared = stored_event::declared(tree);
    let samples = stored_event::samples(tree);
    let pinned: BTreeSet<&str> =
        samples.iter().filter_map(|sample| Some(sample.content.as_ref()?.0.as_str())).collect();
    let mut findings = Vec::new();
    let mut versions: BTreeMap<&str, u32> = BTreeMap::new();
    for event in &declared {
        let place = format!("{}: `{}`", event.path, event.name);
        let Some((name, version)) = versioned(&event.name) else {
            findings.push(Finding::new(place, "a stored name is a literal `subject.event/1`"));
            continue;
        };
        if versions.insert(name, version).is_some() {
            findings.push(Finding::new(&place, "the stored name is declared twice"));
        }
        if name.split_once('.').is_none_or(|(subject, _)| subject != event.subject) {
            let says = format!("the stored name begins with its subject, `{}.`", event.subject);
            findings.push(Finding::new(&place, says));
        }
        if !pinned.contains(event.name.as_str()) {
            findings.push(Finding::new(&place, "no golden sample in fixtures/histories"));
        }
    }
    findings.extend(samples.iter().filter_map(|sample| unknown(sample, &versions)));
    findings
}

/// A sample must be of an event that is declared, in its version or an earlier one.
fn unknown(sample: &Sample, versions: &BTreeMap<&str, u32>) -> Option<Finding> {
    let Some((name, _)) = &sample.content else {
        return Some(Finding::new(&sample.place, "not a sample `{\"type\":…,\"data\":…}`"));
    };
    let known = versioned(name)
        .is_some_and(|(name, version)| versions.get(name).is_some_and(|now| version <= *now));
    (!known).then(|| Finding::new(&sample.place, format!("no event is stored as `{name}`")))
}

fn versioned(name: &str) -> Option<(&str, u32)> {
    let (name, version) = name.rsplit_once('/')?;
    Some((name, version.parse().ok().filter(|version| *version > 0)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str], samples: &str) -> Vec<String> {
        let variants = names
            .iter()
            .map(|name| format!("    /// It.\n    #[serde(rename = \"{name}\")]\n    It,\n"))
            .collect::<Vec<_>>()
            .concat();
        let tree = Tree::of(&[
            ("domain/src/key/event.rs", &format!("/// Of key.\npub enum Event {{\n{variants}}}\n")),
            ("fixtures/histories/key.jsonl", samples),
        ]);
        check(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_name_with_its_sample_is_in_order_and_so_is_a_sample_of_an_earlier_version() {
        let samples =
            "{\"type\":\"key.made/1\",\"data\":{}}\n{\"type\":\"key.made/2\",\"data\":{}}";
        assert!(found(&["key.made/2"], samples).is_empty());
    }

    #[test]
    fn a_name_without_a_sample_is_found_and_a_sample_without_its_event() {
        assert_eq!(
            found(&["key.made/1"], "{\"type\":\"key.made/2\",\"data\":{}}\nnothing"),
            [
                "domain/src/key/event.rs: `key.made/1`: no golden sample in fixtures/histories",
                "fixtures/histories/key.jsonl:1: no event is stored as `key.made/2`",
                "fixtures/histories/key.jsonl:2: not a sample `{\"type\":…,\"data\":…}`",
            ]
        );
    }

    #[test]
    fn a_name_declared_twice_or_unversioned_or_of_another_subject_is_found() {
        let samples =
            "{\"type\":\"key.made/1\",\"data\":{}}\n{\"type\":\"lock.made/1\",\"data\":{}}";
        assert_eq!(
            found(&["key.made/1", "key.made/1", "key.lost", "lock.made/1"], samples),
            [
                "domain/src/key/event.rs: `key.made/1`: the stored name is declared twice",
                "domain/src/key/event.rs: `key.lost`: a stored name is a literal `subject.event/1`",
                "domain/src/key/event.rs: `lock.made/1`: the stored name begins with its subject, `key.`",
            ]
        );
    }
}
