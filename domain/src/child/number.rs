//! The number that identifies the person in the database (Schedule 1, paragraph 5, S1c).

use std::fmt;

use serde::{Deserialize, Serialize};

/// Twelve digits, of which the last is a check digit (ours: ISO/IEC 7812 / Luhn). Never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ChildNumber(String);

/// Why a text is not a number of the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnusableNumber {
    /// Not twelve digits.
    #[error("a child number has twelve digits")]
    NotTwelveDigits,
    /// The check digit does not fit.
    #[error("the check digit of the child number does not fit")]
    CheckDigit,
}

impl ChildNumber {
    /// Makes the number for a serial of up to eleven digits by appending its check digit.
    pub fn from_serial(serial: u64) -> Self {
        let digits = format!("{:011}", serial % 100_000_000_000);
        let check = 9_u32.saturating_sub((luhn(&format!("{digits}0")) % 10).wrapping_add(9) % 10);
        Self(format!("{digits}{check}"))
    }

    /// The twelve digits. A personal value: only for a screen somebody is entitled to.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

fn luhn(digits: &str) -> u32 {
    digits
        .chars()
        .rev()
        .filter_map(|digit| digit.to_digit(10))
        .zip([1, 2].into_iter().cycle())
        .fold(0_u32, |sum, (digit, weight)| {
            let product = digit.saturating_mul(weight);
            sum.saturating_add(if product > 9 { product.saturating_sub(9) } else { product })
        })
}

impl TryFrom<String> for ChildNumber {
    type Error = UnusableNumber;
    fn try_from(text: String) -> Result<Self, UnusableNumber> {
        if text.len() != 12 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            Err(UnusableNumber::NotTwelveDigits)
        } else if luhn(&text).is_multiple_of(10) {
            Ok(Self(text))
        } else {
            Err(UnusableNumber::CheckDigit)
        }
    }
}

impl From<ChildNumber> for String {
    fn from(number: ChildNumber) -> Self {
        number.0
    }
}

impl fmt::Debug for ChildNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[number]")
    }
}
