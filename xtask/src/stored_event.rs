//! The stored events: as the code declares them, and as the golden samples show them.

use serde_json::Value;

use crate::tree::Tree;

/// An event as an enum in `domain/src/*/event.rs` declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Declared {
    /// The file.
    pub(crate) path: String,
    /// The subject: the folder's name, which is the category of the stream.
    pub(crate) subject: String,
    /// What the enum's comment says of the stream.
    pub(crate) stream: String,
    /// The stored name, with its version.
    pub(crate) name: String,
    /// What the variant's comment says.
    pub(crate) meaning: String,
    /// Its fields, in order.
    pub(crate) fields: Vec<DeclaredField>,
}

/// A field of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeclaredField {
    /// As stored.
    pub(crate) name: String,
    /// Its Rust type.
    pub(crate) holds: String,
    /// What its comment says.
    pub(crate) meaning: String,
}

/// A golden sample: one line of a file in `fixtures/histories`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sample {
    /// File and line.
    pub(crate) place: String,
    /// The stored name and the data, unless the line is not a sample.
    pub(crate) content: Option<(String, Value)>,
}

/// Every event that the domain declares.
pub(crate) fn declared(tree: &Tree) -> Vec<Declared> {
    let enums = tree.below("domain/src/", "/event.rs");
    let of_subjects = enums.filter(|(path, _)| *path != "domain/src/event.rs"); // that one is their sum
    of_subjects.flat_map(|(path, text)| parse(path, text)).collect()
}

/// Every golden sample.
pub(crate) fn samples(tree: &Tree) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (path, text) in tree.below("fixtures/histories/", ".jsonl") {
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let place = format!("{path}:{}", number.saturating_add(1));
            samples.push(Sample { place, content: parse_sample(line) });
        }
    }
    samples
}

fn parse_sample(line: &str) -> Option<(String, Value)> {
    let mut sample: Value = serde_json::from_str(line).ok()?;
    let data = sample.get_mut("data")?.take();
    Some((sample.get("type")?.as_str()?.to_owned(), data))
}

/// Reads `pub enum Event { … }` line by line, as rustfmt lays it out.
fn parse(path: &str, text: &str) -> Vec<Declared> {
    let mut folders = path.rsplit('/');
    let subject = folders.nth(1).unwrap_or_default().to_owned();
    let mut events: Vec<Declared> = Vec::new();
    let (mut comment, mut renamed) = (Vec::new(), None);
    let mut stream: Option<String> = None;
    for line in text.lines() {
        let words = line.trim();
        if let Some(said) = words.strip_prefix("///") {
            comment.push(said.trim());
        } else if let Some(name) = rename(words) {
            renamed = Some(name.to_owned());
        } else if words == "pub enum Event {" {
            stream = Some(comment.join(" "));
            comment.clear();
        } else if let Some(stream) = &stream {
            if line == "}" {
                break;
            }
            let meaning = comment.join(" ");
            if words.starts_with(char::is_uppercase) {
                events.push(Declared {
                    path: path.to_owned(),
                    subject: subject.clone(),
                    stream: stream.clone(),
                    name: renamed.take().unwrap_or_default(),
                    meaning,
                    fields: Vec::new(),
                });
            } else if let Some((name, holds)) = words.split_once(": ")
                && !words.starts_with('#')
                && let Some(event) = events.last_mut()
            {
                let name = renamed.take().unwrap_or_else(|| name.to_owned());
                let holds = holds.trim_end_matches(',').to_owned();
                event.fields.push(DeclaredField { name, holds, meaning });
            }
            if !words.starts_with('#') {
                comment.clear();
            }
        } else if !words.starts_with('#') {
            comment.clear();
        }
    }
    events
}

fn rename(line: &str) -> Option<&str> {
    let (_, name) = line.strip_prefix("#[serde(")?.split_once("rename = \"")?;
    name.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enum_is_read_with_its_comments() {
        let text = "//! M.\n\n/// A kind.\npub enum Kind {\n    /// One.\n    One,\n}\n\n\
            /// An event of a `key-{id}` stream.\n#[derive(Clone)]\npub enum Event {\n\
            \x20   /// A key was made,\n    /// once.\n    #[serde(rename = \"key.made/1\")]\n    Made {\n\
            \x20       /// Its epoch.\n        epoch: u32,\n\
            \x20       /// Whose.\n        #[serde(rename = \"of\", default)]\n        owner: Personal<Text>,\n    },\n\
            \x20   /// It is gone.\n    #[serde(rename = \"key.gone/2\")]\n    Gone,\n}\n";
        let field = |name: &str, holds: &str, meaning: &str| DeclaredField {
            name: name.into(),
            holds: holds.into(),
            meaning: meaning.into(),
        };
        let event = |name: &str, meaning: &str, fields| Declared {
            path: "domain/src/key/event.rs".into(),
            subject: "key".into(),
            stream: "An event of a `key-{id}` stream.".into(),
            name: name.into(),
            meaning: meaning.into(),
            fields,
        };
        assert_eq!(
            declared(&Tree::of(&[("domain/src/key/event.rs", text)])),
            [
                event(
                    "key.made/1",
                    "A key was made, once.",
                    vec![
                        field("epoch", "u32", "Its epoch."),
                        field("of", "Personal<Text>", "Whose."),
                    ]
                ),
                event("key.gone/2", "It is gone.", vec![]),
            ]
        );
    }

    #[test]
    fn a_line_that_is_no_sample_has_no_content() {
        let tree = Tree::of(&[(
            "fixtures/histories/a.jsonl",
            "{\"type\":\"key.gone/2\",\"data\":{}}\n{\"type\":1,\"data\":{}}\n",
        )]);
        let contents: Vec<_> = samples(&tree).into_iter().map(|sample| sample.content).collect();
        assert_eq!(contents, [Some(("key.gone/2".into(), serde_json::json!({}))), None]);
    }
}
