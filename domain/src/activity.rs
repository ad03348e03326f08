//! What one person searched for, and what the lists showed.

mod event;
mod matching;
mod result_list;
mod terms;

pub mod search;

pub use event::{Event, SearchOutcome, SearchRow};
pub use matching::matches;
pub use result_list::{ResultList, Row};
pub use terms::Terms;
