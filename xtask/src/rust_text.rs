//! Rust source as plain text: what is code, what is a test, where functions begin and end.
//!
//! No parser: the few questions asked here need only comments, literals and brackets.

/// A function with a body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Function<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// How many lines of it hold code.
    pub(crate) lines: usize,
}

/// The text with comments and the insides of literals replaced by spaces; lines stay where they were.
pub(crate) fn code_only(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    let mut after_word = false;
    while let Some(first) = rest.chars().next() {
        let hidden = hidden_length(rest, after_word);
        let (taken, left) = rest.split_at(hidden.unwrap_or(first.len_utf8()));
        match hidden {
            Some(_) => code.extend(taken.chars().map(|c| if c == '\n' { '\n' } else { ' ' })),
            None => code.push_str(taken),
        }
        after_word = hidden.is_none() && is_word(first);
        rest = left;
    }
    code
}

/// Code without what is compiled for tests only.
pub(crate) fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some((before, marked)) = rest.split_once(MARK) {
        kept.push_str(before);
        let body = marked.find(['{', ';']).unwrap_or(marked.len());
        let (head, tail) = marked.split_at(body);
        let (test, left) = tail.split_at(block_length(tail).unwrap_or(1).min(tail.len()));
        kept.extend([head, test].concat().chars().filter(|c| *c == '\n'));
        rest = left;
    }
    kept.push_str(rest);
    kept
}

/// How many lines hold something.
pub(crate) fn lines(code: &str) -> usize {
    code.lines().filter(|line| !line.trim().is_empty()).count()
}

/// Every function with a body, in order; one inside another is counted in both.
pub(crate) fn functions(code: &str) -> Vec<Function<'_>> {
    let starts = code.match_indices("fn ").filter_map(|(at, _)| code.split_at_checked(at));
    starts
        .filter(|(before, _)| !before.chars().next_back().is_some_and(is_word))
        .filter_map(|(_, from)| {
            let (signature, body) = from.split_at(body_start(from)?);
            let name = signature.strip_prefix("fn ")?;
            let name = name.split(|c| !is_word(c)).next().filter(|name| !name.is_empty())?;
            let (body, _) = body.split_at(block_length(body)?);
            Some(Function { name, lines: lines(&[signature, body].concat()) })
        })
        .collect()
}

/// Where the `{` of a function's body stands, unless the declaration ends without one.
fn body_start(declaration: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, character) in declaration.char_indices() {
        match character {
            '(' | '[' => depth = depth.saturating_add(1),
            ')' | ']' => depth = depth.saturating_sub(1),
            '{' if depth == 0 => return Some(at),
            ';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// The length of the block with which the code begins.
pub(crate) fn block_length(code: &str) -> Option<usize> {
    if !code.starts_with('{') {
        return None;
    }
    let mut depth = 0_usize;
    for (at, character) in code.char_indices() {
        match character {
            '{' => depth = depth.saturating_add(1),
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return Some(at.saturating_add(1));
        }
    }
    None
}

/// How much of what comes next is a comment or a literal, if it is one.
fn hidden_length(rest: &str, after_word: bool) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(block_comment_length(rest));
    }
    if rest.starts_with('"') {
        return Some(quoted_length(rest, '"'));
    }
    if rest.starts_with('\'') {
        let mut characters = rest.chars().skip(1);
        let inside = characters.next()?;
        let closed = characters.next() == Some('\'');
        return (inside == '\\' || closed).then(|| quoted_length(rest, '\''));
    }
    if after_word { None } else { raw_length(rest) }
}

fn block_comment_length(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut left = rest;
    while !left.is_empty() {
        let step = if left.starts_with("/*") {
            depth = depth.saturating_add(1);
            2
        } else if left.starts_with("*/") {
            depth = depth.saturating_sub(1);
            2
        } else {
            left.chars().next().map_or(1, char::len_utf8)
        };
        left = left.split_at(step).1;
        if depth == 0 {
            break;
        }
    }
    rest.len().saturating_sub(left.len())
}

fn quoted_length(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if character == quote {
            return at.saturating_add(1);
        }
    }
    rest.len()
}

/// `r"…"`, `r#"…"#`, `br"…"` and so on.
fn raw_length(rest: &str) -> Option<usize> {
    let opened = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let text = opened.trim_start_matches('#');
    let hashes = opened.len().saturating_sub(text.len());
    let text = text.strip_prefix('"')?;
    let closing = format!("\"{}", "#".repeat(hashes));
    let left = text.split_once(closing.as_str()).map_or("", |(_, left)| left);
    Some(rest.len().saturating_sub(left.len()))
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_not_code() {
        let text =
            "a // b {\n\"{ \\\" }\" c 'x' '\\'' r#\"} \" {\"# br\"{\" /* { /* } */ */ d\n<'a>";
        let code = code_only(text);
        assert_eq!(code.split_whitespace().collect::<Vec<_>>(), ["a", "c", "d", "<'a>"]);
        assert_eq!(code.lines().count(), text.lines().count());
    }

    #[test]
    fn what_is_compiled_for_tests_does_not_count() {
        let code = "one\n#[cfg(test)]\nmod tests {\n  { x }\n}\ntwo\n#[cfg(test)]\nuse x;\nthree";
        assert_eq!(lines(&without_tests(code)), 3);
        assert_eq!(without_tests(code).lines().count(), code.lines().count());
    }

    #[test]
    fn functions_are_found_with_their_lines() {
        let code = "impl X {\n fn a(x: [u8; 3]) -> u8 {\n\n  if x { y }\n }\n fn b();\n}\nlet f: fn (u8) = g;";
        assert_eq!(functions(code), [Function { name: "a", lines: 3 }]);
    }
}
