//! A Redis server of a test's own, on a socket in a directory that goes away with it.

use std::{
    os::unix::net::UnixStream,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use tempfile::TempDir;

/// A running server. It ends with its handle, by its own process number.
pub(crate) struct Server {
    dir: TempDir,
    process: Child,
}

impl Server {
    /// Starts one, empty.
    pub(crate) fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let process = run(&socket(&dir));
        let server = Self { dir, process };
        server.await_readiness();
        server
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> String {
        format!("redis+unix://{}", socket(&self.dir).display())
    }

    /// Ends it at once, with everything it holds.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Starts it again, empty, at the same address.
    pub(crate) fn start_again(&mut self) {
        let socket = socket(&self.dir);
        if socket.try_exists().unwrap() {
            std::fs::remove_file(&socket).unwrap();
        }
        self.process = run(&socket);
        self.await_readiness();
    }

    /// Stops it where it stands, or lets it go on.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Everything it holds, in the form of a backup that is not compressed.
    pub(crate) fn dump(&self) -> Vec<u8> {
        let file = self.dir.path().join("all.rdb");
        self.tell(&["CONFIG", "SET", "rdbcompression", "no"]);
        self.tell(&["--rdb", file.to_str().unwrap()]);
        std::fs::read(file).unwrap()
    }

    /// Tells it something, as an operator would.
    pub(crate) fn tell(&self, arguments: &[&str]) {
        let mut tell = Command::new("redis-cli");
        let tell = tell.arg("-s").arg(socket(&self.dir)).args(arguments).stdout(Stdio::null());
        let told = tell.status().expect("redis-cli comes with redis-server");
        assert!(told.success(), "{arguments:?}");
    }

    fn await_readiness(&self) {
        for _ in 0..500 {
            if UnixStream::connect(socket(&self.dir)).is_ok() {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("redis-server did not start");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn socket(dir: &TempDir) -> PathBuf {
    dir.path().join("sock")
}

fn run(socket: &std::path::Path) -> Child {
    Command::new("redis-server")
        .args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"])
        .arg(socket)
        .current_dir(socket.parent().unwrap())
        .stdout(Stdio::null())
        .spawn()
        .expect("redis-server is needed; scripts/test installs it")
}
