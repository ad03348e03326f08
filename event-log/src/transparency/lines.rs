//! Numbers and hashes as the lines of these texts spell them: one spelling each, any other is refused.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::hash::Hash;

/// The most hashes that a proof over 2^63 leaves has.
pub(super) const MOST_HASHES: usize = 63;

/// A decimal without sign or leading zeros.
pub(super) fn decimal(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = text == "0" || !text.starts_with('0');
    if digits && canonical { text.parse().ok() } else { None }
}

/// Base64 of RFC 4648 section 4, with padding.
pub(super) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes of a base64 text with its padding and without stray bits.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// A hash in base64.
pub(super) fn hash(text: &str) -> Option<Hash> {
    decode(text)?.try_into().ok()
}

/// Lines of hashes up to the first empty line, and what follows it.
pub(super) fn hashes(mut rest: &str) -> Option<(Vec<Hash>, &str)> {
    let mut hashes = Vec::new();
    loop {
        let (line, after) = rest.split_once('\n')?;
        if line.is_empty() {
            return Some((hashes, after));
        }
        if hashes.len() == MOST_HASHES {
            return None;
        }
        hashes.push(hash(line)?);
        rest = after;
    }
}
