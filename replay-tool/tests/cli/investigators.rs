//! The commands in `docs/investigators.md` and `docs/queries.md` work as written, and answer what stands there.

use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

use domain::{actor::Role, identity::OrganisationId};
use fixtures::demonstration::{OFFICIALS, person};

use crate::demonstration::Told;

/// What is typed, and what should come.
struct Step {
    command: String,
    expected: Vec<String>,
}

/// Each block of commands with the block of output under it. The first has none: it builds the tool.
fn steps(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if line != "```sh" && line != "```text" {
            continue;
        }
        let block: Vec<String> =
            lines.by_ref().take_while(|line| *line != "```").map(str::to_owned).collect();
        if line == "```sh" {
            steps.push(Step { command: block.join("\n"), expected: Vec::new() });
        } else {
            steps.last_mut().unwrap().expected = block;
        }
    }
    steps
}

/// Whether the parts of a line between its `…` stand in another, in this order.
fn matches(expected: &str, actual: &str) -> bool {
    let mut rest = actual;
    let mut parts = expected.split('…');
    if let Some(begin) = parts.next() {
        let Some(after) = rest.strip_prefix(begin) else { return false };
        rest = after;
    }
    let mut closed = true;
    for part in parts {
        closed = part.is_empty();
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty() || (closed && expected.contains('…'))
}

/// Whether the output is what stands there: line for line, but for lines left out at a `…`.
fn answers(expected: &[String], actual: &[&str]) -> bool {
    let Some((first, others)) = expected.split_first() else { return true };
    if first == "…" {
        return (0..=actual.len()).any(|from| answers(others, &actual[from..]));
    }
    actual.split_first().is_some_and(|(line, rest)| matches(first, line) && answers(others, rest))
}

fn tokens(told: &Told) {
    let folder = told.folder.path().join("tokens");
    fs::create_dir(&folder).unwrap();
    let official =
        told.token(person(OFFICIALS[0].number), Role::Official, OrganisationId::DEPARTMENT);
    let words = [
        ("auditor", told.auditor()),
        ("official", official),
        ("practitioner", told.staff(30, Role::Practitioner)),
    ];
    for (word, token) in words {
        fs::write(folder.join(word), token).unwrap();
    }
}

/// The commands of a page, each typed after the first block has been: that one prepares a terminal.
fn works_as_written(page: &str, prepared: impl Fn(&str) -> String) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(page);
    let steps = steps(&fs::read_to_string(page).unwrap());
    assert!(steps.len() > 12, "the page has its blocks");
    let (told, here) = (Told::tell(), tempfile::tempdir().unwrap());
    tokens(&told);
    symlink(told.folder.path(), here.path().join("demo-data")).unwrap();
    let tool = Path::new(env!("CARGO_BIN_EXE_replay")).parent().unwrap();
    let path = format!("{}:{}", tool.display(), std::env::var("PATH").unwrap());
    let first = prepared(&steps[0].command);
    let abreast = "until curl -sS http://127.0.0.1:8009/health/ready | grep -q '\"behind\":0'; do sleep 0.1; done";
    let abreast = Command::new("bash")
        .args(["-c", &abreast.replace("http://127.0.0.1:8009", &told.url)])
        .status();
    assert!(abreast.unwrap().success(), "the read models are built");
    for Step { command, expected } in &steps[1..] {
        let typed = format!("{first}\n{command}").replace("http://127.0.0.1:8009", &told.url);
        // What is said goes where what is answered goes, as on a terminal.
        let output = Command::new("bash")
            .args(["-c", &format!("exec 2>&1\n{typed}")])
            .current_dir(here.path())
            .env("PATH", &path)
            .env("CONTACTPOINT_DATA", "demo-data")
            .env_remove("CONTACTPOINT_TOKEN")
            .output()
            .unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        let actual: Vec<&str> = out.lines().map(|line| line.trim_end_matches('\r')).collect();
        // What comes after the last line is left out, too.
        let mut expected = expected.clone();
        expected.push("…".to_owned());
        assert!(answers(&expected, &actual), "{command}\nanswered\n{out}");
    }
}

#[test]
fn the_commands_of_the_investigators_page_work_as_written() {
    // Its first block builds the tool.
    works_as_written("investigators.md", |_| String::new());
}

#[test]
fn the_questions_about_sets_are_answered_as_written() {
    works_as_written("queries.md", str::to_owned);
}
