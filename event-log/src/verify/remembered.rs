//! What a check must remember to go on later, as lines of text.

use chrono::{DateTime, SecondsFormat, Utc};
use domain::stream::Stream;
use uuid::Uuid;

use super::{Check, Last, Report};

/// Lines, each with a word before it that says what it is about.
pub(crate) struct Remembered(pub(crate) Vec<String>);

impl Check {
    /// What is to be remembered; none if something was found.
    pub(crate) fn remembered(&self) -> Option<Remembered> {
        let report = &self.report;
        if !report.is_clean() {
            return None;
        }
        let Report { sealed, taken_away, opened, .. } = report;
        let mut lines = vec![format!("counted {sealed} {taken_away} {opened}")];
        for (stream, last) in &self.last {
            let at = last.at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
            let leaf = hex::encode(last.leaf);
            lines.push(format!("stream {stream} {} {} {leaf} {at}", last.position, last.revision));
        }
        lines.extend(self.gone.iter().map(|(subject, at)| format!("gone {subject} {at}")));
        lines.extend(self.erased.iter().map(|subject| format!("erased {subject}")));
        Some(Remembered(lines))
    }

    /// Goes on at a position with what is remembered of the events before it.
    ///
    /// # Errors
    /// The number, from 0, of a line that is none.
    pub(crate) fn going_on(next: u64, remembered: &Remembered) -> Result<Self, usize> {
        let mut check = Self { next, ..Self::default() };
        check.report.events = next;
        for (number, line) in remembered.0.iter().enumerate() {
            check.remind(line).ok_or(number)?;
        }
        Ok(check)
    }

    fn remind(&mut self, line: &str) -> Option<()> {
        let words: Vec<&str> = line.split(' ').collect();
        match *words.as_slice() {
            ["counted", sealed, taken_away, opened] => {
                self.report.sealed = sealed.parse().ok()?;
                self.report.taken_away = taken_away.parse().ok()?;
                self.report.opened = opened.parse().ok()?;
            }
            ["stream", stream, position, revision, leaf, at] => {
                let stream: Stream = stream.parse().ok()?;
                let at: DateTime<Utc> = at.parse().ok()?;
                let leaf = hex::decode(leaf).ok()?.try_into().ok()?;
                let (position, revision) = (position.parse().ok()?, revision.parse().ok()?);
                self.last.insert(stream, Last { position, revision, leaf, at, announced: false });
            }
            ["gone", subject, at] => {
                let subject: Uuid = subject.parse().ok()?;
                self.gone.insert(subject, at.parse().ok()?);
            }
            ["erased", subject] => {
                let subject: Uuid = subject.parse().ok()?;
                self.erased.insert(subject);
            }
            _ => return None,
        }
        Some(())
    }
}
