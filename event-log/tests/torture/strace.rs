//! Which file calls a process makes, and the same process with one of them failed or killed.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Write,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, ExitStatus},
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// Every call by which a process can reach a file.
const CALLS: &str = "openat,read,pread64,readv,preadv,write,pwrite64,writev,pwritev,fsync,fdatasync,\
    ftruncate,fallocate,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir,close,\
    stat,lstat,fstat,newfstatat,statx,access,faccessat,faccessat2,readlink,readlinkat,getcwd,getdents64,lseek,\
    fcntl,flock,mmap,chmod,fchmod,fchmodat,chown,fchown,fchownat,utimensat,copy_file_range,sendfile";

/// A process that takes so long hangs.
const HANGS: Duration = Duration::from_secs(100);

/// The process to which it is done: this test binary, started again to run one test only.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Victim {
    /// The test, by its whole name.
    pub(crate) test: &'static str,
    /// The variable that tells it its folder.
    pub(crate) folder: &'static str,
    /// Another variable for it, and its value.
    pub(crate) told: (&'static str, &'static str),
}

impl Victim {
    /// The program and its arguments.
    pub(crate) fn program(self) -> Vec<String> {
        let own = std::env::current_exe().unwrap().to_str().unwrap().to_owned();
        let arguments = ["--exact", self.test, "--nocapture", "--test-threads=1"];
        [own].into_iter().chain(arguments.map(str::to_owned)).collect()
    }

    /// Tells a command where the victim is to work, and where what it says goes.
    pub(crate) fn instruct(self, command: &mut Command, dir: &Path, says: &Path) {
        command
            .env(self.told.0, self.told.1)
            .env(self.folder, dir)
            .stdout(File::create(says).unwrap())
            .stderr(File::create(says.with_extension("errors")).unwrap());
    }
}

/// Says a line, in one write.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("\nsaid: {line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

/// A folder in memory where there is such a thing: the faults are made, and need no disk.
pub(crate) fn folder() -> TempDir {
    TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap()
}

/// What happens at the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// It fails: the device does not answer.
    Eio,
    /// It fails: no room is left.
    Enospc,
    /// The process ends there, and the call is not made.
    Kill,
}

impl Fault {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Eio => "EIO",
            Self::Enospc => "ENOSPC",
            Self::Kill => "SIGKILL",
        }
    }

    const fn injection(self) -> &'static str {
        match self {
            Self::Eio => "error=EIO",
            Self::Enospc => "error=ENOSPC",
            Self::Kill => "signal=SIGKILL",
        }
    }
}

/// A call to one file, counted within the thread that makes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Call {
    pub(crate) name: String,
    /// The file, by its path in the folder of the log.
    pub(crate) file: String,
}

/// How a run ended.
pub(crate) struct Run {
    pub(crate) ended: ExitStatus,
    /// What the process said, line by line.
    pub(crate) said: Vec<String>,
    /// The calls of the name and file in question, in order, as `strace` writes them.
    pub(crate) trace: Vec<String>,
    pub(crate) errors: String,
}

impl Run {
    /// Whether the fault came about: in another interleaving a thread may make fewer calls.
    pub(crate) fn reached(&self, fault: Fault) -> bool {
        match fault {
            Fault::Kill => std::os::unix::process::ExitStatusExt::signal(&self.ended) == Some(9),
            Fault::Eio | Fault::Enospc => self.injected().is_some(),
        }
    }

    /// Which line of the trace is the failed call.
    pub(crate) fn injected(&self) -> Option<usize> {
        self.trace.iter().position(|line| line.ends_with("(INJECTED)"))
    }
}

/// Whether processes can be traced here. Where they cannot, that is said loudly.
///
/// # Panics
/// When `strace` is not installed: that can be mended.
pub(crate) fn is_possible() -> bool {
    let probe = Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).output();
    let probe = probe.expect("strace is not installed: apt-get install strace");
    if !probe.status.success() {
        let why = String::from_utf8_lossy(&probe.stderr).into_owned();
        eprintln!(
            "\n*** SKIPPED: no process can be traced here, so no fault was injected: {why}\n"
        );
    }
    probe.status.success()
}

/// The calls a victim makes in its folder, and how often one thread makes each at most.
pub(crate) fn count(victim: Victim, dir: &Path) -> BTreeMap<Call, usize> {
    let run = trace(
        victim,
        dir,
        &["-y", "-s", "0", "-e", &format!("trace=?{}", CALLS.replace(',', ",?"))],
    );
    assert!(run.ended.success(), "{}", run.errors);
    let mut by_thread: BTreeMap<(String, Call), usize> = BTreeMap::new();
    for line in &run.trace {
        let Some((thread, call)) = parse(line, dir) else { continue };
        *by_thread.entry((thread.to_owned(), call)).or_default() += 1;
    }
    let mut most = BTreeMap::new();
    for ((_, call), number) in by_thread {
        let known: &mut usize = most.entry(call).or_default();
        *known = number.max(*known);
    }
    most
}

/// Thread and call of a line such as `12 fsync(5</log/events.sqlite-wal>) = 0`.
fn parse<'a>(line: &'a str, dir: &Path) -> Option<(&'a str, Call)> {
    let (thread, rest) = line.split_once(' ')?;
    let (name, arguments) = rest.trim_start().split_once('(')?;
    let prefix = format!("{}/", dir.display());
    let (_, path) = arguments.split_once(&prefix)?;
    let file = path.split(['>', '"', '(']).next()?.trim_end();
    Some((thread, Call { name: name.to_owned(), file: file.to_owned() }))
}

/// Runs the victim with one fault: at the `nth` such call that a thread makes.
pub(crate) fn inject(victim: Victim, dir: &Path, call: &Call, nth: usize, fault: Fault) -> Run {
    let name = &call.name;
    let path = dir.join(&call.file);
    let injection = format!("inject={name}:{}:when={nth}", fault.injection());
    let only = format!("trace={name}");
    let path = path.to_str().unwrap();
    let mut arguments = vec!["-s", "0", "-P", path, "-e", &only, "-e", &injection];
    if fault != Fault::Kill {
        // Stops at these calls only. With it a signal is delivered late, or not at all.
        arguments.push("--seccomp-bpf");
    }
    trace(victim, dir, &arguments)
}

fn trace(victim: Victim, dir: &Path, arguments: &[&str]) -> Run {
    let beside = folder();
    let (says, output) = (beside.path().join("said"), beside.path().join("trace"));
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o"]).arg(&output).args(arguments).process_group(0);
    command.arg("--").args(victim.program());
    victim.instruct(&mut command, dir, &says);
    let ended = wait(command.spawn().unwrap());
    let said = fs::read_to_string(&says).unwrap();
    // A kill can cut the last line off.
    let whole = said.rfind('\n').map_or("", |end| &said[..end]);
    Run {
        ended,
        said: whole
            .lines()
            .filter_map(|line| line.strip_prefix("said: "))
            .map(str::to_owned)
            .collect(),
        trace: fs::read_to_string(&output).unwrap().lines().map(str::to_owned).collect(),
        errors: fs::read_to_string(says.with_extension("errors")).unwrap(),
    }
}

/// Waits for a process, and ends it if it hangs.
fn wait(mut process: Child) -> ExitStatus {
    let began = Instant::now();
    loop {
        if let Some(ended) = process.try_wait().unwrap() {
            return ended;
        }
        if began.elapsed() > HANGS {
            let group = format!("-{}", process.id());
            Command::new("kill").args(["-KILL", "--", &group]).status().unwrap();
            panic!("the process hung");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Runs the victim without any fault.
pub(crate) fn undisturbed(victim: Victim, dir: &Path) -> Vec<String> {
    let beside = folder();
    let says = beside.path().join("said");
    let program = victim.program();
    let mut command = Command::new(&program[0]);
    command.args(&program[1..]);
    victim.instruct(&mut command, dir, &says);
    assert!(command.status().unwrap().success());
    let said = fs::read_to_string(&says).unwrap();
    said.lines().filter_map(|line| line.strip_prefix("said: ")).map(str::to_owned).collect()
}
