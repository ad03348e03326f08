//! The measure of what the disk can do: the same bytes, the same waiting in line, one write and
//! one `fdatasync` a group, and nothing else. It can neither be searched nor trusted.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Seek, Write},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::mpsc,
    thread::JoinHandle,
    time::Instant,
};

use sha2::{Digest, Sha256};
use tokio::sync::oneshot;

use crate::{
    figures::{Begun, Figures},
    load::Log,
};

/// As long as an event of the log with its sealed section and what stands beside it in the row.
pub(crate) const EVENT: usize = 1_000;

struct Waiting {
    bytes: Vec<u8>,
    answer: oneshot::Sender<()>,
}

/// A bare file.
pub(crate) struct Raw {
    queue: Option<mpsc::Sender<Waiting>>,
    writer: Option<JoinHandle<()>>,
    event: usize,
}

impl Raw {
    /// `zeroed` bytes are written before: a write then changes neither size nor extents.
    pub(crate) fn open(dir: &Path, zeroed: usize, event: usize) -> Self {
        let path = dir.join("segment");
        let mut file = OpenOptions::new().create_new(true).write(true).open(path).unwrap();
        let zeros = vec![0; 1 << 20];
        for _ in 0..zeroed >> 20 {
            file.write_all(&zeros).unwrap();
        }
        file.sync_all().unwrap();
        file.rewind().unwrap();
        let (queue, waiting) = mpsc::channel();
        let writer = std::thread::Builder::new()
            .name("bare-writer".to_owned())
            .spawn(move || write(file, &waiting))
            .unwrap();
        Self { queue: Some(queue), writer: Some(writer), event }
    }
}

fn write(mut file: File, waiting: &mpsc::Receiver<Waiting>) {
    let mut bytes = Vec::new();
    let mut group = Vec::new();
    while let Ok(first) = waiting.recv() {
        bytes.clear();
        group.push(first);
        group.extend(waiting.try_iter());
        for waiting in &group {
            bytes.extend_from_slice(&waiting.bytes);
        }
        file.write_all(&bytes).unwrap();
        file.sync_data().unwrap();
        for Waiting { answer, .. } in group.drain(..) {
            answer.send(()).unwrap();
        }
    }
}

impl Log for Raw {
    async fn put(&self, stream: u64, _: u128, events: u64) {
        let (answer, answered) = oneshot::channel();
        let mut bytes = vec![b'x'; self.event * usize::try_from(events).unwrap()];
        bytes[..8].copy_from_slice(&stream.to_be_bytes());
        self.queue.as_ref().unwrap().send(Waiting { bytes, answer }).unwrap();
        answered.await.unwrap();
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        drop(self.queue.take());
        self.writer.take().unwrap().join().unwrap();
    }
}

/// A bare file of so many events of that length, to be read.
pub(crate) struct Segment {
    path: PathBuf,
    events: u64,
    event: usize,
}

impl Segment {
    pub(crate) fn write(dir: &Path, events: u64, event: usize) -> Self {
        let path = dir.join("to-be-read");
        let mut file = std::io::BufWriter::new(File::create_new(&path).unwrap());
        let bytes = vec![b'x'; event];
        for _ in 0..events {
            file.write_all(&bytes).unwrap();
        }
        file.flush().unwrap();
        Self { path, events, event }
    }

    /// Reads it from beginning to end; with `hash`, hashes each event.
    pub(crate) fn read(&self, hash: bool) -> Figures {
        let begun = Begun::now();
        let mut file = File::open(&self.path).unwrap();
        let mut some = vec![0; self.event * 2_048];
        loop {
            let read = file.read(&mut some).unwrap();
            if read == 0 {
                break;
            }
            for event in some[..read].chunks(self.event) {
                if hash {
                    std::hint::black_box(Sha256::digest(event));
                } else {
                    std::hint::black_box(event.to_vec());
                }
            }
        }
        begun.ended(self.events, Vec::new())
    }

    /// Reads four events from anywhere, again and again.
    pub(crate) fn fours(&self, times: u64) -> Figures {
        let file = File::open(&self.path).unwrap();
        let begun = Begun::now();
        let mut nanos = Vec::new();
        let mut number = 1_u64;
        for _ in 0..times {
            let now = Instant::now();
            for _ in 0..4 {
                number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let mut event = vec![0; self.event];
                let at = (number >> 20) % self.events * self.event as u64;
                file.read_exact_at(&mut event, at).unwrap();
                std::hint::black_box(event);
            }
            nanos.push(now.elapsed().as_nanos() as u64);
        }
        begun.ended(times, nanos)
    }
}
