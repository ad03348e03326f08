//! Without an operations login the nodes cannot be checked, and nothing is done unless a person says so.

use std::process::{Command, Output};

use kurrentdb_double::Double;
use tempfile::TempDir;

fn set_up(double: &Double, more: &[&str]) -> Output {
    let data = TempDir::new().unwrap();
    Command::new(env!("CARGO_BIN_EXE_contactpoint"))
        .args(["set-up", "--official", "00000000-0000-4000-8000-000000000001", "--name", "A B"])
        .args(["--log", &double.connection(), "--log-nodes", "1", "--data"])
        .arg(data.path())
        .args(more)
        .output()
        .unwrap()
}

#[test]
fn a_cluster_that_cannot_be_checked_is_not_written_to_unless_somebody_answers_for_it() {
    let double = Double::start();
    let before = double.log().everything().len();
    let refused = set_up(&double, &[]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains("--log-operator") && said.contains("--log-unchecked"), "{said}");
    assert_eq!(double.log().everything().len(), before, "nothing was written");
    let done = set_up(&double, &["--log-unchecked"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(double.log().everything().len() > before);
}
