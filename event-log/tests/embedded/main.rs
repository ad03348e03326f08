//! What only the log in a file does: one writer, refusals by name, reading beside a server and
//! from copies, and a file that guards itself.
#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a test that meets the unexpected fails"
)]

mod file;
mod log;
mod moving;
mod opening;
mod read_only;
