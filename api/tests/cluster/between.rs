//! Stands between a server and Redis, passes on what they say, and kills the server at one certain command.

use std::{
    io::{self, BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    os::unix::net::UnixStream,
    process::Command,
    sync::{Arc, Mutex, mpsc},
    thread,
};

/// What whoever follows the log tells Redis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It takes the lease, or takes it for longer.
    Lease,
    /// It reads the documents that a batch changes.
    Documents,
    /// It writes a batch of one read model, with its checkpoint. Each read model has its own.
    Write,
}

/// On which side of the command the server dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Redis has not heard of it.
    Before,
    /// Redis has done it, and the server does not learn of that.
    After,
}

/// A point at which a server is killed: at the nth such command from now on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub(crate) stage: Stage,
    pub(crate) nth: u32,
    pub(crate) side: Side,
}

/// Where a server is killed, and who waits to hear of it.
struct Aim {
    point: Point,
    process: u32,
    struck: mpsc::Sender<()>,
}

type Aimed = Arc<Mutex<Option<Aim>>>;

/// What stands between.
pub(crate) struct Between {
    pub(crate) address: String,
    aim: Aimed,
}

impl Between {
    /// Before a Redis server that listens on a socket.
    pub(crate) fn start(redis: &str) -> Self {
        let socket = redis.strip_prefix("redis+unix://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("redis://{}", listener.local_addr().unwrap());
        let aim = Aimed::default();
        let shared = Arc::clone(&aim);
        thread::spawn(move || {
            for server in listener.incoming().map_while(Result::ok) {
                let Ok(redis) = UnixStream::connect(&socket) else { return };
                let aim = Arc::clone(&shared);
                // It ends when either of the two is gone.
                thread::spawn(move || pass_on(&server, &redis, &aim).ok());
            }
        });
        Self { address, aim }
    }

    /// Aims at a process. What is answered hears of it when the process has been killed.
    pub(crate) fn aim(&self, point: Point, process: u32) -> mpsc::Receiver<()> {
        let (struck, heard) = mpsc::channel();
        *self.aim.lock().unwrap() = Some(Aim { point, process, struck });
        heard
    }
}

fn pass_on(mut server: &TcpStream, mut redis: &UnixStream, aim: &Aimed) -> io::Result<()> {
    server.set_nodelay(true)?;
    let (mut asked, mut answered) = (BufReader::new(server), BufReader::new(redis));
    loop {
        let request = Value::read(&mut asked)?;
        let reached = reached(aim, request.stage());
        if let Some(aim) = &reached
            && aim.point.side == Side::Before
        {
            return strike(aim);
        }
        redis.write_all(&request.bytes)?;
        let reply = Value::read(&mut answered)?;
        if let Some(aim) = &reached {
            return strike(aim);
        }
        server.write_all(&reply.bytes)?;
    }
}

/// The aim, if this is where it is; it is used up then.
fn reached(aim: &Aimed, stage: Option<Stage>) -> Option<Aim> {
    let mut aimed = aim.lock().unwrap();
    let aim = aimed.as_mut().filter(|aim| Some(aim.point.stage) == stage)?;
    aim.point.nth -= 1;
    if aim.point.nth == 0 { aimed.take() } else { None }
}

fn strike(aim: &Aim) -> io::Result<()> {
    assert!(Command::new("kill").args(["-KILL", &aim.process.to_string()]).status()?.success());
    // Whoever aimed waits, or has failed.
    aim.struck.send(()).ok();
    Ok(())
}

/// One value of the protocol of Redis, as it came, and the words that it consists of.
#[derive(Default)]
struct Value {
    bytes: Vec<u8>,
    words: Vec<Vec<u8>>,
}

impl Value {
    fn read(from: &mut impl BufRead) -> io::Result<Self> {
        let mut value = Self::default();
        let mut wanted = 1_usize;
        while wanted > 0 {
            wanted -= 1;
            let begin = value.bytes.len();
            if from.read_until(b'\n', &mut value.bytes)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let line = String::from_utf8_lossy(&value.bytes[begin..]).trim_end().to_owned();
            let number = || line[1..].parse::<usize>().unwrap_or_default(); // -1: there is none
            match line.as_bytes().first() {
                Some(b'*' | b'>' | b'~') => wanted += number(),
                Some(b'%') => wanted += 2 * number(),
                Some(b'$') if !line.starts_with("$-") => {
                    let mut word = vec![0; number() + 2];
                    from.read_exact(&mut word)?;
                    value.bytes.extend_from_slice(&word);
                    word.truncate(number());
                    value.words.push(word);
                }
                _ => {}
            }
        }
        Ok(value)
    }

    /// Scripts are known by the keys they are given: how many, and the first.
    fn stage(&self) -> Option<Stage> {
        let [script, _, keys, first, ..] = self.words.as_slice() else { return None };
        if !script.eq_ignore_ascii_case(b"EVALSHA") {
            return None;
        }
        match (keys.as_slice(), first.ends_with(b":lease")) {
            (b"1", true) => Some(Stage::Lease),
            (b"4", false) => Some(Stage::Documents),
            (b"4", true) => Some(Stage::Write),
            _ => None,
        }
    }
}
