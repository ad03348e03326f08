//! Handles, instants and positions as short text of fixed width, in the order of bytes: for keys of which there
//! are as many as there are events. Six bits to a character.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// In the order of ASCII; none of them has a meaning in keys.
const DIGITS: &[u8; 64] = b"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/// The value of each character of ASCII as a digit; 64 of one that is none.
const VALUES: [u8; 128] = values();

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::as_conversions,
    reason = "made by the compiler, which would say so"
)]
const fn values() -> [u8; 128] {
    let (mut values, mut digit) = ([64; 128], 0);
    while digit < DIGITS.len() {
        values[DIGITS[digit] as usize] = digit as u8;
        digit += 1;
    }
    values
}

/// A handle: 22 characters.
pub(crate) fn handle(id: Uuid) -> String {
    handle_after("", id)
}

/// A handle after something else.
pub(crate) fn handle_after(begins: &str, id: Uuid) -> String {
    let mut text = String::with_capacity(begins.len().saturating_add(22));
    text.push_str(begins);
    push_handle(&mut text, id);
    text
}

/// An instant, to the microsecond: 11 characters.
pub(crate) fn instant(at: DateTime<Utc>) -> String {
    let mut text = String::with_capacity(11);
    push_instant(&mut text, at);
    text
}

/// The same after something else.
pub(crate) fn push_instant(text: &mut String, at: DateTime<Utc>) {
    push(text, since(at), 11);
}

/// Microseconds without their sign, so that what is before 1970 comes first.
const fn since(at: DateTime<Utc>) -> u64 {
    at.timestamp_micros().wrapping_sub(i64::MIN).cast_unsigned()
}

/// The last digits of a number, at most eleven, after something else.
pub(crate) fn push(text: &mut String, number: u64, width: u32) {
    let mut digits = [b'-'; 11];
    let mut rest = number;
    for place in digits.iter_mut().rev() {
        let digit = DIGITS.get(usize::from(rest.to_le_bytes()[0] & 63));
        *place = digit.copied().unwrap_or(b'-');
        rest >>= 6;
    }
    let width = usize::try_from(width).unwrap_or(usize::MAX);
    let kept = digits.get(digits.len().saturating_sub(width)..).unwrap_or_default();
    text.push_str(str::from_utf8(kept).unwrap_or_default());
}

/// A handle after something else.
pub(crate) fn push_handle(text: &mut String, id: Uuid) {
    let (high, low) = id.as_u64_pair();
    // Of 128 bits, the last 60 are ten digits, the 60 before them ten more, and the first 8 two.
    let middle = (high << 4) | (low >> 60);
    push(text, high >> 56, 2);
    push(text, middle, 10);
    push(text, low, 10);
}

/// The number that digits stand for.
pub(crate) fn number_of(digits: &str) -> Option<u64> {
    digits.bytes().try_fold(0_u64, |before, byte| {
        let digit = VALUES.get(usize::from(byte)).copied().filter(|digit| *digit < 64)?;
        (before >> 58 == 0).then_some((before << 6) | u64::from(digit))
    })
}

/// A position: 11 characters.
pub(crate) fn place(position: u64) -> String {
    let mut text = String::with_capacity(11);
    push(&mut text, position, 11);
    text
}

/// The handle that [`handle`] made this of.
pub(crate) fn handle_of(text: &str) -> Option<Uuid> {
    number(text).map(Uuid::from_u128)
}

/// The instant that [`instant`] made this of.
pub(crate) fn instant_of(text: &str) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(number_of(text)?.cast_signed().wrapping_add(i64::MIN))
}

/// The position that [`place`] made this of.
pub(crate) fn position(place: &str) -> Option<u64> {
    number_of(place)
}

fn number(text: &str) -> Option<u128> {
    text.bytes().try_fold(0_u128, |before, byte| {
        let digit = VALUES.get(usize::from(byte)).copied().filter(|digit| *digit < 64)?;
        before.checked_mul(64)?.checked_add(u128::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::{
        handle, handle_of, instant, instant_of, number_of, place, position, push, push_instant,
    };

    proptest! {
        #[test]
        fn text_is_in_the_order_of_what_it_stands_for(
            one: (u64, u128, i32, u32), other: (u64, u128, i32, u32),
        ) {
            let at = |(_, _, seconds, micros): (u64, u128, i32, u32)| {
                let nanos = (micros % 1_000_000).saturating_mul(1_000);
                DateTime::from_timestamp(i64::from(seconds), nanos).unwrap()
            };
            prop_assert_eq!(place(one.0).cmp(&place(other.0)), one.0.cmp(&other.0));
            let handles = (handle(Uuid::from_u128(one.1)), handle(Uuid::from_u128(other.1)));
            prop_assert_eq!(handles.0.cmp(&handles.1), one.1.cmp(&other.1));
            prop_assert_eq!(instant(at(one)).cmp(&instant(at(other))), at(one).cmp(&at(other)));
        }

        #[test]
        fn what_was_written_is_read_back(number: u64, bits: u128, seconds: i32, micros in 0..1_000_000_i64) {
            prop_assert_eq!(position(&place(number)), Some(number));
            prop_assert_eq!(handle_of(&handle(Uuid::from_u128(bits))), Some(Uuid::from_u128(bits)));
            let since = i64::from(seconds).saturating_mul(1_000_000).saturating_add(micros);
            let at = DateTime::from_timestamp_micros(since).unwrap();
            prop_assert_eq!(instant_of(&instant(at)), Some(at));
            let mut pushed = "x".to_owned();
            push_instant(&mut pushed, at);
            prop_assert_eq!(pushed, format!("x{}", instant(at)));
        }

        #[test]
        fn a_number_is_cut_to_its_last_digits(number: u64, width in 0_u32..12) {
            let mut pushed = String::new();
            push(&mut pushed, number, width);
            let kept = 1_u128.checked_shl(width.saturating_mul(6)).unwrap_or(1 << 66).saturating_sub(1);
            prop_assert_eq!(pushed.len(), usize::try_from(width).unwrap());
            prop_assert_eq!(number_of(&pushed).map(u128::from), Some(u128::from(number) & kept));
        }
    }

    #[test]
    fn widths_are_fixed_and_the_ends_are_held() {
        assert_eq!((place(0).as_str(), place(1).as_str()), ("-----------", "----------0"));
        assert_eq!((place(u64::MAX).len(), position(&place(u64::MAX))), (11, Some(u64::MAX)));
        assert_eq!(handle(Uuid::nil()), "-".repeat(22));
        assert_eq!(handle(Uuid::max()), format!("2{}", "z".repeat(21)));
        let ends =
            [DateTime::<chrono::Utc>::MIN_UTC, DateTime::<chrono::Utc>::MAX_UTC].map(instant);
        assert!(ends[0] < ends[1] && ends.iter().all(|text| text.len() == 11), "{ends:?}");
        for wrong in ["/", "zzzzzzzzzzz", "é"] {
            assert_eq!(position(wrong), None, "{wrong}");
        }
    }
}
