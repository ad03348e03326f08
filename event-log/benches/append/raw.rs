//! The measure of what the disk can do: the same bytes, the same waiting in line, one write and
//! one `fdatasync` a group, and nothing else. It can neither be searched nor trusted.

use std::{
    fs::{File, OpenOptions},
    io::{Seek, Write},
    path::Path,
    sync::mpsc,
    thread::JoinHandle,
};

use event_log::append::Append;
use tokio::sync::oneshot;

use crate::load::Log;

struct Waiting {
    append: Append,
    answer: oneshot::Sender<()>,
}

/// A bare file.
pub(crate) struct Raw {
    queue: Option<mpsc::Sender<Waiting>>,
    writer: Option<JoinHandle<()>>,
}

impl Raw {
    /// `zeroed` bytes are written before: a write then changes neither size nor extents.
    pub(crate) fn open(dir: &Path, zeroed: usize) -> Self {
        let path = dir.join("segment");
        let mut file = OpenOptions::new().create_new(true).write(true).open(path).unwrap();
        let zeros = vec![0; 1 << 20];
        for _ in 0..zeroed >> 20 {
            file.write_all(&zeros).unwrap();
        }
        file.sync_all().unwrap();
        file.rewind().unwrap();
        let (queue, waiting) = mpsc::channel();
        let writer = std::thread::spawn(move || write(file, &waiting));
        Self { queue: Some(queue), writer: Some(writer) }
    }
}

fn write(mut file: File, waiting: &mpsc::Receiver<Waiting>) {
    let mut bytes = Vec::new();
    let mut group = Vec::new();
    while let Ok(first) = waiting.recv() {
        bytes.clear();
        group.push(first);
        group.extend(waiting.try_iter());
        for Waiting { append, .. } in &group {
            for event in &append.events {
                bytes.extend_from_slice(append.stream.to_string().as_bytes());
                bytes.extend_from_slice(&event.entry);
                bytes.extend_from_slice(event.sealed.as_deref().unwrap_or_default());
            }
        }
        file.write_all(&bytes).unwrap();
        file.sync_data().unwrap();
        for Waiting { answer, .. } in group.drain(..) {
            answer.send(()).unwrap();
        }
    }
}

impl Log for Raw {
    async fn put(&self, append: Append) {
        let (answer, answered) = oneshot::channel();
        self.queue.as_ref().unwrap().send(Waiting { append, answer }).unwrap();
        answered.await.unwrap();
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        drop(self.queue.take());
        self.writer.take().unwrap().join().unwrap();
    }
}
