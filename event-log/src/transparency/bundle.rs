//! Entry bundles: up to 256 entries, each after its length in two bytes (C2SP tlog-tiles v0.1.0).

use super::tile::WIDTH;

/// What stands where a bundle should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// It ends within the entry with this place in it.
    #[error("the bundle ends within its entry {0}")]
    CutShort(usize),
    /// It has more than 256 entries.
    #[error("the bundle has more than 256 entries")]
    TooMany,
}

/// The bundle of these entries; none if one is longer than 65,535 bytes.
pub fn write<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Option<Vec<u8>> {
    let mut bundle = Vec::new();
    for entry in entries {
        bundle.extend_from_slice(&u16::try_from(entry.len()).ok()?.to_be_bytes());
        bundle.extend_from_slice(entry);
    }
    Some(bundle)
}

/// The entries of a bundle.
///
/// # Errors
/// When it is cut short, or has too many.
pub fn read(bundle: &[u8]) -> Result<Vec<&[u8]>, Malformed> {
    match read_so_far(bundle) {
        (entries, None) => Ok(entries),
        (_, Some(malformed)) => Err(malformed),
    }
}

/// The entries of a bundle up to where it is not well formed, if it is not.
pub fn read_so_far(mut bundle: &[u8]) -> (Vec<&[u8]>, Option<Malformed>) {
    let mut entries = Vec::new();
    while !bundle.is_empty() {
        if entries.len() == WIDTH {
            return (entries, Some(Malformed::TooMany));
        }
        let split = bundle.split_first_chunk::<2>().and_then(|(length, rest)| {
            rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
        });
        let Some((entry, rest)) = split else {
            let cut = Malformed::CutShort(entries.len());
            return (entries, Some(cut));
        };
        entries.push(entry);
        bundle = rest;
    }
    (entries, None)
}
