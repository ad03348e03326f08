//! Ctrl-C during long work: it ends at a place from which the same command can go on.

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

use tokio::signal;

static ASKED: AtomicBool = AtomicBool::new(false);
static LISTENING: OnceLock<()> = OnceLock::new();

/// From now on an interruption is noticed by whoever looks, at the next safe place. A second one ends the
/// process at once.
pub(crate) fn listen() {
    LISTENING.get_or_init(|| {
        tokio::spawn(async {
            while signal::ctrl_c().await.is_ok() {
                if ASKED.swap(true, Ordering::SeqCst) {
                    std::process::exit(130);
                }
            }
        });
    });
}

/// Whether it was asked to end.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}
