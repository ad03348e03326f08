//! A log that a time-stamping authority sees: asked over HTTP, kept, exported, verified by `replay` and by `openssl`.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::Command,
    sync::Arc,
    thread,
    time::Duration,
};

use actix_web::rt::System;
use api::{
    now::Clock,
    publication::{Publication, SignedBy, TimeStamping},
};
use event_log::{
    EventLog, Keys,
    log_keys::LogKeys,
    transparency_log::{Publish, TransparencyLog},
};
use fixtures::time_stamping::Authority;
use serde_json::Value;
use tempfile::TempDir;

use super::{
    demonstration::replay,
    published::{ORIGIN, copy},
};

const NOW: u64 = 1_245_664_800;

/// Answers over HTTP as the authority does; the first time it is out of order. For as long as the tests run.
fn listen(authority: Authority) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/tsa", listener.local_addr().unwrap());
    thread::spawn(move || {
        for (number, connection) in listener.incoming().enumerate() {
            let mut connection = connection.unwrap();
            let question = question(&mut connection);
            let (status, answer) = match number {
                0 => ("503 Service Unavailable", Vec::new()),
                _ => ("200 OK", authority.answer(&question).unwrap()),
            };
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {}\r\n\
                 Connection: close\r\n\r\n",
                answer.len()
            );
            connection.write_all(head.as_bytes()).unwrap();
            connection.write_all(&answer).unwrap();
        }
    });
    url
}

/// The body of a request, which must be a question for a time-stamp.
fn question(connection: &mut TcpStream) -> Vec<u8> {
    let mut reader = BufReader::new(connection);
    let (mut length, mut is_question) = (0, false);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim_end().to_lowercase();
        if let Some(number) = line.strip_prefix("content-length: ") {
            length = number.parse().unwrap();
        }
        is_question |= line == "content-type: application/timestamp-query";
        if line.is_empty() {
            break;
        }
    }
    assert!(is_question);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    body
}

/// Serves the log in a folder until its newest checkpoint is time-stamped.
async fn stamp(folder: &Path, by: TimeStamping) -> u64 {
    let log = EventLog::open_read_only(folder, Keys::Absent).unwrap();
    let keys = LogKeys::open(&folder.join("keys"), ORIGIN).unwrap();
    let log = Arc::new(TransparencyLog::open(&log, folder, keys).unwrap());
    log.step(NOW, Publish::WhenGrown).await.unwrap();
    let size = log.checkpoint().unwrap().checkpoint().size;
    let sending = (SignedBy::Here, Vec::new());
    let publication = Publication::begin(Arc::clone(&log), &Clock::system(None), sending);
    let publication = publication.time_stamped(Some(by));
    while log.time_stamps().of_size(size).unwrap().is_none() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    publication.end().await.unwrap();
    size
}

/// A bundle that is asked for with a time-stamp stands under that checkpoint, and `openssl` believes it.
fn bundled(folder: &Path, out: &Path, root: &Path, size: u64) {
    let bundle = |out: &Path, more: &[&str]| {
        let choice = ["export", "--format", "bundle", "--event", "7", "--out"];
        replay(folder, &[&choice[..], &[out.to_str().unwrap()], more].concat())
    };
    let ran = bundle(out, &["--time-stamped"]).good();
    assert!(ran.out.contains(&size.to_string()), "{}", ran.out);
    let data = out.join("data");
    let mut openssl = Command::new("openssl");
    openssl.args(["ts", "-verify", "-data"]).arg(data.join("time-stamp.text")).arg("-in");
    openssl.arg(data.join("time-stamp.tsr")).arg("-CAfile").arg(root);
    assert!(openssl.output().unwrap().status.success());
    let checkpoint = fs::read_to_string(data.join("checkpoint")).unwrap();
    assert!(checkpoint.starts_with(&fs::read_to_string(data.join("time-stamp.text")).unwrap()));
    let sums = fs::read_to_string(out.join("manifest-sha256.txt")).unwrap();
    assert!(
        sums.contains("data/time-stamp.tsr") && sums.contains("data/time-stamp.text"),
        "{sums}"
    );
    bundle(out, &["--time-stamped"]).good();
    // Without being asked for it, the first checkpoint will do.
    let plain = out.with_extension("plain");
    let ran = bundle(&plain, &[]).good();
    assert!(ran.out.contains("100") && !plain.join("data/time-stamp.tsr").try_exists().unwrap());
    // Before there is one, there is no such bundle.
    let kept = folder.join("time-stamps");
    fs::rename(&kept, folder.join("away")).unwrap();
    let ran = bundle(&out.with_extension("none"), &["--time-stamped"]);
    assert_eq!(ran.code, 5);
    assert!(ran.said.contains("was time-stamped"), "{}", ran.said);
    fs::rename(folder.join("away"), kept).unwrap();
}

#[test]
fn a_checkpoint_is_time_stamped_kept_exported_and_verified() {
    let (here, work) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let authority = Authority::make(here.path()).unwrap();
    let (certificates, root) = (authority.certificates(), authority.root());
    let by = TimeStamping {
        url: listen(authority).parse().unwrap(),
        authority: certificates.to_str().unwrap().parse().unwrap(),
        every: Duration::from_secs(1),
    };
    let folder = copy();
    let limit = Duration::from_secs(120);
    let size = System::new().block_on(async {
        tokio::time::timeout(limit, stamp(folder.path(), by)).await.expect("within two minutes")
    });

    // In the data folder.
    let certificates = certificates.to_str().unwrap();
    let verify = ["verify", "--format", "json"];
    let believing = [&verify[..], &["--time-stamp-authority", certificates]].concat();
    let ran = replay(folder.path(), &verify).good();
    assert!(ran.said.contains("1 time-stamps were not looked at"), "{}", ran.said);
    let ran = replay(folder.path(), &believing).good();
    let answer: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(answer["time_stamps"], 1);
    assert_eq!(answer["time_stamped_entries"], size);
    assert!(answer["time_stamped_at"].as_str().unwrap().ends_with('Z'), "{answer}");

    // In an export, by us and by others.
    let out = work.path().join("out");
    replay(folder.path(), &["export", "--out", out.to_str().unwrap()]).good();
    let stamp = out.join(format!("time-stamps/{size}.tsr"));
    let of_folder = ["verify", out.to_str().unwrap(), "--time-stamp-authority", certificates];
    let ran = replay(Path::new("/nonexistent"), &of_folder).good();
    assert!(ran.out.contains("which existed by"), "{}", ran.out);
    let text = work.path().join("note.text");
    let signed = fs::read_to_string(out.join("checkpoint")).unwrap();
    fs::write(&text, signed.split_inclusive('\n').take(3).collect::<String>()).unwrap();
    let mut openssl = Command::new("openssl");
    openssl.args(["ts", "-verify", "-data"]).arg(&text).arg("-in").arg(&stamp);
    openssl.arg("-CAfile").arg(&root);
    let said = openssl.output().unwrap();
    assert!(String::from_utf8_lossy(&said.stdout).contains("Verification: OK"), "{said:?}");
    fs::write(&text, "another text\n").unwrap();
    assert!(!openssl.output().unwrap().status.success());

    // In a bundle for a court: not yet for what no time-stamp covers.
    bundled(folder.path(), &work.path().join("bag"), &root, size);

    // One that is not of its checkpoint is found.
    let kept = folder.path().join("time-stamps");
    fs::rename(kept.join(format!("{size}.tsr")), kept.join("100.tsr")).unwrap();
    let ran = replay(folder.path(), &believing);
    assert_eq!(ran.code, 4);
    assert!(ran.said.contains("time-stamps/100.tsr: it is no time-stamp"), "{}", ran.said);
    fs::rename(&stamp, out.join("time-stamps/100.tsr")).unwrap();
    assert_eq!(replay(Path::new("/nonexistent"), &of_folder).code, 4);
    // And certificates that are none are refused before anything is looked at.
    let none = [&verify[..], &["--time-stamp-authority", "/nonexistent"]].concat();
    assert_eq!(replay(folder.path(), &none).code, 2);
}
