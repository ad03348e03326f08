//! The rule-book: each rule with its tests, one module a decision, names beginning with the rule's id.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a value that a test builds wrong fails the test"
)]

mod caller;
mod child;
mod erasure;
mod looking;
mod organisation;
mod policy;
mod practitioner;
mod properties_children;
mod properties_users;
mod shield;
mod unusual;
mod users;
