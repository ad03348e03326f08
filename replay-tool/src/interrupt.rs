//! Ctrl-C during long work: it ends at a place from which the same command can go on.

use std::{
    io,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, Ordering},
    },
};

use signal_hook::{consts::SIGINT, flag};

use crate::outcome::INTERRUPTED;

static ASKED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// From now on an interruption is noticed by whoever looks, at the next safe place. A second one ends the
/// process at once.
///
/// # Errors
/// When the system does not let a signal be listened for.
pub(crate) fn listen() -> io::Result<()> {
    // In this order: the first signal finds the mark unset, and sets it.
    flag::register_conditional_shutdown(SIGINT, i32::from(INTERRUPTED), Arc::clone(&ASKED))?;
    flag::register(SIGINT, Arc::clone(&ASKED))?;
    Ok(())
}

/// Whether it was asked to end.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}
