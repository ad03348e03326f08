//! The real process: started, asked, told to stop.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
};

use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

fn contactpoint() -> Command {
    Command::new(env!("CARGO_BIN_EXE_contactpoint"))
}

pub(crate) fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = contactpoint().args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

pub(crate) struct Served {
    process: Child,
    pub(crate) address: String,
}

pub(crate) fn serve(data: &TempDir) -> Served {
    let mut process = contactpoint()
        .args(["serve", "--development-issuer", "--listen", "127.0.0.1:0", "--data"])
        .arg(data.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on ").unwrap().to_owned();
    Served { process, address }
}

pub(crate) fn stop(mut served: Served) -> String {
    let id = served.process.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let mut log = String::new();
    served.process.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert!(served.process.wait().unwrap().success(), "{log}");
    log
}

#[tokio::test]
async fn it_is_set_up_serves_stops_and_remembers() {
    let data = TempDir::new().unwrap();
    let (folder, official) = (data.path().to_str().unwrap(), Uuid::now_v7().to_string());
    let set_up = ["set-up", "--data", folder, "--official", &official, "--name", "Jane Secretname"];
    assert_eq!(run(&set_up).0, Some(0));
    assert_eq!(run(&set_up).0, Some(0), "again changes nothing");
    let token = ["token", "--data", folder, "--role", "official", "--person", &official];
    let (code, _, said) = run(&token);
    assert_eq!(code, Some(3), "no development issuer yet");
    assert!(said.contains("--development-issuer"), "{said}");

    let served = serve(&data);
    let (code, bearer, _) = run(&token);
    assert_eq!(code, Some(0));
    let client = reqwest::Client::new();
    let made = client
        .post(format!("{}/organisations", served.address))
        .bearer_auth(bearer.trim())
        .json(&json!({"kind": "other", "name": "A body"}))
        .send()
        .await
        .unwrap();
    assert_eq!(made.status(), 201);
    let log = stop(served);
    assert!(log.contains("The log is closed"), "{log}");
    assert!(log.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
    assert!(!log.contains("Secretname") && !log.contains("A body"));

    let again = serve(&data);
    let ready = client.get(format!("{}/health/ready", again.address)).send().await.unwrap();
    let health: serde_json::Value = ready.json().await.unwrap();
    assert!(health["events"].as_u64().unwrap() >= 3);
    stop(again);
}

#[test]
fn without_anybody_to_trust_it_does_not_start() {
    let data = TempDir::new().unwrap();
    let folder = data.path().to_str().unwrap();
    let (code, _, said) = run(&["serve", "--data", folder, "--listen", "127.0.0.1:0"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("--jwks"), "{said}");
}

#[test]
fn a_time_stamping_authority_is_named_whole_or_not_at_all() {
    let data = TempDir::new().unwrap();
    let folder = data.path().to_str().unwrap();
    let certificates = data.path().join("authority.pem");
    let file = certificates.to_str().unwrap();
    let refused = |more: &[&str]| {
        let (code, _, said) = run(&[&["serve", "--data", folder], more].concat());
        assert_eq!(code, Some(2), "{said}");
        said
    };
    let url = "http://tsa.example/";
    let said = refused(&["--time-stamps", url]);
    assert!(said.contains("--time-stamp-authority <FILE>"), "{said}");
    let said = refused(&["--time-stamps", url, "--time-stamp-authority", file]);
    assert!(said.contains("could not be read"), "{said}");
    std::fs::write(&certificates, "no certificates").unwrap();
    let said = refused(&["--time-stamps", url, "--time-stamp-authority", file]);
    assert!(said.contains("and there are 0"), "{said}");
    let said = refused(&["--time-stamps", "https://tsa.example/"]);
    assert!(said.contains("only http:// addresses"), "{said}");
    assert!(!data.path().join("log").try_exists().unwrap(), "nothing was made in passing");
}

#[test]
fn the_help_says_what_it_does() {
    let (code, help, _) = run(&["--help"]);
    assert_eq!(code, Some(0));
    for word in ["serve", "set-up", "token", "keys", "Exit codes"] {
        assert!(help.contains(word), "{word}");
    }
    assert_eq!(run(&["fly"]).0, Some(2));
}
