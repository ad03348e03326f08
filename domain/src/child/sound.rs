//! When two writings of a name sound alike: for the search that is asked to look wider.
//!
//! Source: the record viewers of today widen a search by a box that is ticked (S42). How ContactPoint
//! compared sounds is not established.
//! Reading: ours. The American Soundex of the 1930s, in the form of the United States National
//! Archives, on what counts of a writing (`alike`): the first letter, then a digit for each change of
//! consonant group, "h" and "w" being passed over, four signs in all. It is coarse, old, and the same
//! everywhere; whoever asks for it is shown more, and is bound by the same cap.

use super::alike;

/// How many signs a code has.
const SIGNS: usize = 4;

/// The code of what a writing sounds like; empty when it does not begin with a Latin letter. Still a
/// personal value.
pub fn sounds(text: &str) -> String {
    let letters = alike(text);
    let mut code = String::with_capacity(SIGNS);
    let mut last = None;
    for letter in letters.chars().filter(char::is_ascii_lowercase) {
        let group = group(letter);
        if code.is_empty() {
            code.push(letter);
            last = group;
            continue;
        }
        match (letter, group) {
            ('h' | 'w', _) => {}
            (_, Some(digit)) if Some(digit) != last => {
                code.push(digit);
                last = Some(digit);
            }
            (_, group) => last = group,
        }
        if code.len() == SIGNS {
            return code;
        }
    }
    if !code.is_empty() {
        while code.len() < SIGNS {
            code.push('0');
        }
    }
    code
}

/// Whether two writings sound alike. What has no code sounds like nothing.
pub fn sounds_alike(one: &str, other: &str) -> bool {
    let code = sounds(one);
    !code.is_empty() && code == sounds(other)
}

const fn group(letter: char) -> Option<char> {
    match letter {
        'b' | 'f' | 'p' | 'v' => Some('1'),
        'c' | 'g' | 'j' | 'k' | 'q' | 's' | 'x' | 'z' => Some('2'),
        'd' | 't' => Some('3'),
        'l' => Some('4'),
        'm' | 'n' => Some('5'),
        'r' => Some('6'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::sounds;

    #[test]
    fn the_examples_of_the_national_archives() {
        let codes = [
            ("Washington", "w252"),
            ("Lee", "l000"),
            ("Gutierrez", "g362"),
            ("Pfister", "p236"),
            ("Jackson", "j250"),
            ("Tymczak", "t522"),
            ("Ashcraft", "a261"),
            ("O'Brien", "o165"),
            ("Ó Briain", "o165"),
            ("-", ""),
        ];
        for (name, code) in codes {
            assert_eq!(sounds(name), code, "{name}");
        }
    }
}
