//! Who is asking, judged on their own streams.
