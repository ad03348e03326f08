//! The file of a policy, line by line.

use super::{Elector, MOST_LINES, Part, Party, Policy, Quorum};
use crate::transparency::{
    lines,
    note::{BadKey, Kind, VerifierKey},
};

/// A file is no policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the policy: {fault}")]
pub struct NotAPolicy {
    /// Which line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub fault: Fault,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A control character other than tab and line end.
    #[error("it has a control character in it")]
    ControlCharacter,
    /// The file does not end in a line end.
    #[error("the last line has no end")]
    NoLineEnd,
    /// The line begins with a word that no policy has, or has too few or too many words.
    #[error("it does not say `log`, `witness`, `group` or `quorum` as they are said")]
    Form,
    /// The key cannot be read.
    #[error("{0}")]
    Key(#[from] BadKey),
    /// A log signs with type 01 or 06, a witness with 04 or 06.
    #[error("the key is of a type that a log, or a witness, does not sign with")]
    KeyType,
    /// The same public key stands in another line of this kind.
    #[error("the key is there twice")]
    KeyTwice,
    /// The name is taken, or is `none`.
    #[error("the name is taken")]
    NameTaken,
    /// A name that no earlier line defines.
    #[error("the name is not defined on an earlier line")]
    NameUnknown,
    /// A name that is a member of another group, or twice of this one.
    #[error("the name is a member of a group already")]
    MemberTwice,
    /// A threshold of 0, or above the number of members.
    #[error("a threshold lies between 1 and the number of members")]
    Threshold,
    /// There is a second quorum line.
    #[error("there is one quorum line, not two")]
    QuorumTwice,
    /// There is no quorum line.
    #[error("there is no quorum line")]
    NoQuorum,
    /// More lines than are read.
    #[error("the policy has more than {MOST_LINES} logs, witnesses and groups")]
    TooLong,
}

#[derive(Default)]
struct Reading {
    logs: Vec<Party>,
    electors: Vec<Elector>,
    taken: Vec<usize>,
    quorum: Option<Quorum>,
}

pub(super) fn parse(file: &[u8]) -> Result<Policy, NotAPolicy> {
    let mut reading = Reading::default();
    let mut last = 0_usize;
    for (place, line) in file.split_inclusive(|byte| *byte == b'\n').enumerate() {
        last = place.saturating_add(1);
        let named = |fault| NotAPolicy { line: last, fault };
        let line = line.strip_suffix(b"\n").ok_or_else(|| named(Fault::NoLineEnd))?;
        if line.iter().any(|byte| (*byte < b' ' && *byte != b'\t') || *byte == 0x7f) {
            return Err(named(Fault::ControlCharacter));
        }
        let words: Vec<&[u8]> = line
            .split(|byte| matches!(byte, b' ' | b'\t'))
            .filter(|word| !word.is_empty())
            .collect();
        if words.first().is_some_and(|word| !word.starts_with(b"#")) {
            reading.take(&words).map_err(named)?;
        }
    }
    let quorum = reading.quorum.ok_or(NotAPolicy { line: last, fault: Fault::NoQuorum })?;
    Ok(Policy { logs: reading.logs, electors: reading.electors, quorum })
}

impl Reading {
    fn take(&mut self, words: &[&[u8]]) -> Result<(), Fault> {
        if self.logs.len().saturating_add(self.electors.len()) >= MOST_LINES {
            return Err(Fault::TooLong);
        }
        match words {
            [b"log", key, url @ ..] => {
                let party = party(key, url, [Kind::Ed25519, Kind::CosignatureMlDsa44])?;
                if self.logs.iter().any(|log| log.key.public() == party.key.public()) {
                    return Err(Fault::KeyTwice);
                }
                self.logs.push(party);
            }
            [b"witness", name, key, url @ ..] => {
                let kinds = [Kind::CosignatureEd25519, Kind::CosignatureMlDsa44];
                let party = party(key, url, kinds)?;
                if self.electors.iter().any(|elector| elector.has_key(party.key.public())) {
                    return Err(Fault::KeyTwice);
                }
                self.define(name, Part::Witness(party))?;
            }
            [b"group", name, threshold, members @ ..] if !members.is_empty() => {
                let part = self.group(threshold, members)?;
                self.define(name, part)?;
            }
            [b"quorum", name] => {
                if self.quorum.is_some() {
                    return Err(Fault::QuorumTwice);
                }
                self.quorum = Some(match *name {
                    b"none" => Quorum::None,
                    name => Quorum::Elector(self.find(name)?),
                });
            }
            _ => return Err(Fault::Form),
        }
        Ok(())
    }

    fn define(&mut self, name: &[u8], part: Part) -> Result<(), Fault> {
        if name == b"none" || self.find(name).is_ok() {
            return Err(Fault::NameTaken);
        }
        self.electors.push(Elector { name: name.to_owned(), part });
        Ok(())
    }

    fn group(&mut self, threshold: &[u8], names: &[&[u8]]) -> Result<Part, Fault> {
        let mut members = Vec::with_capacity(names.len());
        for name in names {
            let member = self.find(name)?;
            if self.taken.contains(&member) {
                return Err(Fault::MemberTwice);
            }
            self.taken.push(member);
            members.push(member);
        }
        let least = match threshold {
            b"any" => 1,
            b"all" => members.len(),
            number => std::str::from_utf8(number)
                .ok()
                .and_then(lines::decimal)
                .and_then(|number| usize::try_from(number).ok())
                .filter(|number| (1..=members.len()).contains(number))
                .ok_or(Fault::Threshold)?,
        };
        Ok(Part::Group { least, members })
    }

    fn find(&self, name: &[u8]) -> Result<usize, Fault> {
        let found = self.electors.iter().position(|elector| elector.name == name);
        found.ok_or(Fault::NameUnknown)
    }
}

impl Elector {
    fn has_key(&self, public: &[u8]) -> bool {
        match &self.part {
            Part::Witness(party) => party.key.public() == public,
            Part::Group { .. } => false,
        }
    }
}

fn party(key: &[u8], url: &[&[u8]], kinds: [Kind; 2]) -> Result<Party, Fault> {
    let key = std::str::from_utf8(key).map_err(|_| Fault::Key(BadKey::Name))?;
    let key: VerifierKey = key.parse()?;
    if !kinds.contains(&key.kind()) {
        return Err(Fault::KeyType);
    }
    match url {
        [] => Ok(Party { key, url: None }),
        [url] => Ok(Party { key, url: Some(String::from_utf8_lossy(url).into_owned()) }),
        [_, _, ..] => Err(Fault::Form),
    }
}
