//! What somebody asked of the audit trail. The auditors are audited.

mod event;

pub mod query_trail;

pub use event::{Event, Question, Within};
