//! The investigators' tool: reads a log, never writes one.
fn main() {}
