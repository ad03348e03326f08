//! The ContactPoint server.
fn main() {}
