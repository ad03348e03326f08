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
pub(crate) struct Redis {
    dir: TempDir,
    process: Child,
}

impl Redis {
    pub(crate) fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let process = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "yes", "--unixsocket"])
            .arg(dir.path().join("sock"))
            .current_dir(dir.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is needed; scripts/test installs it");
        let redis = Self { dir, process };
        for _ in 0..500 {
            if UnixStream::connect(redis.socket()).is_ok() {
                return redis;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("redis-server did not start");
    }

    fn socket(&self) -> PathBuf {
        self.dir.path().join("sock")
    }

    pub(crate) fn address(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    /// Lets it write everything down, and answers the folder with its dump and its append-only file.
    pub(crate) fn dumped(&self) -> PathBuf {
        let socket = self.socket();
        let said = Command::new("redis-cli").arg("-s").arg(socket).arg("SAVE").output().unwrap();
        assert_eq!(String::from_utf8_lossy(&said.stdout).trim(), "OK");
        assert!(self.dir.path().join("dump.rdb").metadata().unwrap().len() > 200);
        self.dir.path().to_owned()
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
