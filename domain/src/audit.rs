//! What somebody asked of the audit trail. The auditors are audited.

mod event;

pub use event::{Event, Question};
