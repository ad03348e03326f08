//! Processes that are killed while they write: nothing acknowledged is lost, nothing is doubled.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

use event_log::{
    append::AppendError,
    backend::Backend,
    kurrent::{Kurrent, Settings},
};
use kurrentdb_double::Double;

use crate::world::{World, append, child, expected};

const CONNECTION: &str = "TEST_WRITES_TO";
const WHO: &str = "TEST_WRITES_AS";

/// The process that is killed: this test, run by the other one.
#[tokio::test(flavor = "multi_thread")]
async fn a_writer_writes_until_it_is_killed() {
    let (Ok(connection), Ok(who)) = (std::env::var(CONNECTION), std::env::var(WHO)) else {
        return;
    };
    let settings =
        Settings { expected: Some(expected()), ..Settings::new(connection, "test.example/log") };
    let log = Kurrent::open(&settings).await.unwrap();
    let mut out = std::io::stdout();
    for number in 0_u128.. {
        let stream = child(number % 7);
        let head = log.head(stream).await.unwrap().map(|head| head.revision);
        let entry = format!("{{\"type\":\"a/1\",\"by\":\"{who}\",\"n\":{number}}}");
        let command = who.parse::<u128>().unwrap() * 1_000_000 + number;
        match log.append(append(stream, head, command, &entry)).await {
            Ok(appended) => writeln!(out, "ack {} {entry}", appended.first_position).unwrap(),
            Err(AppendError::Conflict { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_processes_acknowledged_is_there_once_after_both_were_killed() {
    let world = World::new(Double::start());
    let mut acknowledged: HashMap<u64, String> = HashMap::new();
    for round in 0..3 {
        let mut writers: Vec<_> = (0..2)
            .map(|writer| {
                Command::new(std::env::current_exe().unwrap())
                    .args(["--exact", "killed::a_writer_writes_until_it_is_killed", "--nocapture"])
                    .env(CONNECTION, world.double.connection())
                    .env(WHO, (round * 2 + writer + 1).to_string())
                    .stdout(Stdio::piped())
                    .spawn()
                    .unwrap()
            })
            .collect();
        let mut lines: Vec<_> = writers
            .iter_mut()
            .map(|writer| BufReader::new(writer.stdout.take().unwrap()).lines())
            .collect();
        // The first is killed after so many acknowledgements, the second some later.
        for (writer, (process, lines)) in writers.iter_mut().zip(&mut lines).enumerate() {
            let mut read = 0;
            while read < 25 + round * 7 + writer * 10 {
                read += usize::from(note(&lines.next().unwrap().unwrap(), &mut acknowledged));
            }
            process.kill().unwrap();
            process.wait().unwrap();
            for line in lines.map_while(Result::ok) {
                note(&line, &mut acknowledged);
            }
        }
    }
    let log = world.open().await.unwrap().read_all(0, usize::MAX).await.unwrap();
    let text = |entry: &[u8]| String::from_utf8(entry.to_vec()).unwrap();
    for (position, entry) in &acknowledged {
        let stored = log.iter().find(|stored| stored.position == *position).expect("lost");
        assert_eq!(&text(&stored.entry), entry);
    }
    let mut entries: Vec<_> = log.iter().map(|stored| text(&stored.entry)).collect();
    let (written, most) = (entries.len(), acknowledged.len() + 6);
    entries.sort();
    entries.dedup();
    assert_eq!(entries.len(), written, "doubled");
    assert!(written <= most, "{written} written, {} acknowledged", acknowledged.len());
}

/// Remembers an acknowledgement; says whether the line was one.
fn note(line: &str, acknowledged: &mut HashMap<u64, String>) -> bool {
    // The test's own first words may stand before it on the line.
    let Some((_, ack)) = line.split_once("ack ") else { return false };
    let Some((position, entry)) = ack.split_once(' ') else { return false };
    if !entry.ends_with('}') {
        return false;
    }
    acknowledged.insert(position.parse().unwrap(), entry.to_owned()).is_none()
}
