//! How a set of values is adopted.
