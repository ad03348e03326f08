//! Text that is read from its beginning, step by step. What comes next is compared with what is expected there at its
//! full length, and not byte by byte.

/// What has not been read yet.
pub(super) struct Rest<'a>(pub(super) &'a str);

impl<'a> Rest<'a> {
    /// Passes over this text, if it comes next.
    #[inline]
    pub(super) fn comes<const N: usize>(&mut self, text: &[u8; N]) -> bool {
        if self.0.as_bytes().first_chunk() != Some(text) {
            return false;
        }
        let rest = self.0.get(N..);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    #[inline]
    pub(super) fn pass<const N: usize>(&mut self, text: &[u8; N]) -> Option<()> {
        self.comes(text).then_some(())
    }

    /// Whether this is the next byte.
    #[inline]
    pub(super) fn begins(&self, byte: u8) -> bool {
        self.0.as_bytes().first() == Some(&byte)
    }

    #[inline]
    pub(super) fn take(&mut self, length: usize) -> Option<&'a str> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// The text up to the quotation mark that ends it, which is passed over. None where it is not written
    /// as it reads.
    #[inline]
    pub(super) fn text(&mut self) -> Option<&'a str> {
        let text = self.take(plain_length(self.0.as_bytes())?)?;
        self.pass(b"\"")?;
        Some(text)
    }

    /// A whole number, without a sign. What follows it is looked at by whoever passes over that: a fraction or an exponent
    /// is nothing that may come next.
    pub(super) fn number(&mut self) -> Option<u64> {
        let digits = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let digits = self.take(digits)?;
        (digits.len() == 1 || !digits.starts_with('0')).then(|| digits.parse().ok())?
    }
}

/// How many bytes there are before the quotation mark that ends a text. None where something before it is not written as
/// it reads, or where there is no such mark. Eight bytes at a time: what `below` and `equal` mark is right for the first byte
/// that they mark, and that one is looked at.
#[inline]
fn plain_length(text: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    let below =
        |word: u64, byte: u8| word.wrapping_sub(ONES.wrapping_mul(u64::from(byte))) & !word & HIGH;
    let equal = |word: u64, byte: u8| below(word ^ ONES.wrapping_mul(u64::from(byte)), 1);
    let (words, rest) = text.as_chunks::<8>();
    for (word, at) in words.iter().zip((0_usize..).step_by(8)) {
        let word = u64::from_le_bytes(*word);
        let special = below(word, 0x20) | equal(word, b'"') | equal(word, b'\\');
        if special != 0 {
            let at = at.wrapping_add(usize::try_from(special.trailing_zeros() / 8).ok()?);
            return (text.get(at) == Some(&b'"')).then_some(at);
        }
    }
    let at = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
    (rest.get(at) == Some(&b'"')).then(|| text.len().wrapping_sub(rest.len()).wrapping_add(at))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::plain_length;

    proptest! {
        #[test]
        fn a_text_ends_where_its_mark_is(text in r#"[a-zé"\\\x00-\x21\x7f]{0,20}"#) {
            let special = |byte: u8| matches!(byte, b'"' | b'\\' | 0..0x20);
            let first = text.bytes().position(special);
            let ends = first.filter(|at| text.as_bytes()[*at] == b'"');
            prop_assert_eq!(plain_length(text.as_bytes()), ends);
        }
    }
}
