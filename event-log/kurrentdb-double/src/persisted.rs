//! The log in a file, a line of JSON for each event: so that a stand-in that is started again has it.

use std::{
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Seek, Write},
    path::Path,
    sync::Arc,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::log::{Event, Proposed};

#[derive(Debug)]
pub(crate) struct Persisted(File);

#[derive(Serialize, Deserialize)]
struct Line {
    stream: String,
    revision: u64,
    position: u64,
    created: u64,
    id: Uuid,
    kind: String,
    json: bool,
    data: String,
    custom: String,
}

impl Persisted {
    pub(crate) fn open(path: &Path) -> (Self, Vec<Event>) {
        let mut options = OpenOptions::new();
        let file = options.read(true).append(true).create(true).open(path).expect("the log's file");
        let lines = BufReader::new(&file).lines();
        let events = lines.map_while(Result::ok).filter_map(|line| event(&line)).collect();
        (Self(file), events)
    }

    pub(crate) fn write(&mut self, event: &Event) {
        let line = Line {
            stream: event.stream.clone(),
            revision: event.revision,
            position: event.position,
            created: event.created,
            id: event.event.id,
            kind: event.event.kind.clone(),
            json: event.event.json,
            data: STANDARD.encode(&event.event.data),
            custom: STANDARD.encode(&event.event.custom),
        };
        let mut line = serde_json::to_vec(&line).expect("a line of JSON");
        line.push(b'\n');
        self.0.write_all(&line).expect("the log's file takes a line");
    }

    pub(crate) fn replace(&mut self, events: &[Arc<Event>]) {
        self.0.set_len(0).and_then(|()| self.0.rewind()).expect("the log's file can be emptied");
        for event in events {
            self.write(event);
        }
    }
}

/// The event of a line; none for the half of one that a kill left.
fn event(line: &str) -> Option<Event> {
    let line: Line = serde_json::from_str(line).ok()?;
    let event = Proposed {
        id: line.id,
        kind: line.kind,
        json: line.json,
        data: STANDARD.decode(line.data).ok()?,
        custom: STANDARD.decode(line.custom).ok()?,
    };
    let Line { stream, revision, position, created, .. } = line;
    Some(Event { stream, revision, position, created, event })
}
