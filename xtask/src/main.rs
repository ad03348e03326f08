//! Checks that the compiler does not make, and generated documents.
fn main() {}
