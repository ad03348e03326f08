//! A few consecutive events, taken as they are lent: decoded where they lie, none of their bytes copied.

use domain::stream::Stream;
use event_log::backend::{Lent, ReadError};

use super::{Reading, Taken};
use crate::{
    marks::{Making, Marks},
    projection::Noted,
    projector::FollowError,
};

/// What has been taken of a piece.
pub(super) struct Piece<'a> {
    reading: &'a Reading,
    pub(super) events: Vec<Taken>,
    /// The position of the next event.
    pub(super) next: u64,
    /// Which came in its place.
    pub(super) gap: Option<u64>,
    /// Marks that are made once nothing is lent any more, and of which event.
    making: Vec<(usize, String, Making)>,
}

impl<'a> Piece<'a> {
    /// Nothing yet, of at most so many events.
    pub(super) fn of(reading: &'a Reading, next: u64, most: usize) -> Self {
        Self { reading, events: Vec::with_capacity(most), next, gap: None, making: Vec::new() }
    }

    /// Takes an event. One that cannot be read is kept as such: it must not stop what the others tell. Whether it
    /// concerns anybody is known by its stream.
    pub(super) fn take(&mut self, lent: Lent<'_>) -> Result<(), ReadError> {
        let position = lent.position;
        if position != self.next {
            self.gap = Some(position);
            let finding = format!("it stands where {} should", self.next);
            return Err(ReadError::Corrupt { position, finding });
        }
        let taken = self.taken(lent)?;
        self.events.push(taken);
        self.next = position.saturating_add(1);
        Ok(())
    }

    fn taken(&mut self, lent: Lent<'_>) -> Result<Taken, ReadError> {
        let (stream, name) = (lent.stream, lent.name());
        let mut readers = self.reading.readers.iter();
        if !readers.any(|reader| reader.concerns(stream) && !reader.passes_by(name)) {
            return Ok(Taken::OfNoConcern);
        }
        if let (Some(marker), Stream::Activity(_)) = (&self.reading.marker, stream) {
            match marker.search(lent) {
                Ok(Some(noted)) => return Ok(Taken::Event(Box::new(noted))),
                Ok(None) => {}
                Err(error) => {
                    return unreadable(lent, error, "a search cannot be opened, and is skipped");
                }
            }
        }
        let noted = match self.reading.log.decode_lent(lent) {
            Ok(recorded) => Noted { recorded, marks: Marks::Nothing },
            Err(error) => {
                return unreadable(lent, error, "an event cannot be read, and is skipped");
            }
        };
        let Some(marker) = &self.reading.marker else { return Ok(Taken::Event(Box::new(noted))) };
        // An event that is read without keys and not with them is damaged, and skipped.
        match marker.at_once(lent, &noted.recorded) {
            Ok(Making::Made(marks)) => Ok(Taken::Event(Box::new(Noted { marks, ..noted }))),
            Ok(making) => {
                self.making.push((self.events.len(), name.to_owned(), making));
                Ok(Taken::Event(Box::new(noted)))
            }
            Err(error) => unreadable(lent, error, "an event cannot be opened, and is skipped"),
        }
    }

    /// What was taken, with all marks.
    pub(super) async fn marked(mut self) -> Result<Vec<Taken>, FollowError> {
        let Some(marker) = &self.reading.marker else { return Ok(self.events) };
        for (place, name, making) in self.making {
            let Some(taken) = self.events.get_mut(place) else { continue };
            let Taken::Event(noted) = taken else { continue };
            match making.made(marker).await {
                Ok(marks) => noted.marks = marks,
                Err(ReadError::Corrupt { position, finding }) => {
                    tracing::error!(position, finding, "an event cannot be opened, and is skipped");
                    let stream = noted.recorded.stamp.stream;
                    *taken = Taken::Unreadable { stream, name, position, reason: finding };
                }
                Err(error @ ReadError::Unavailable { .. }) => return Err(error.into()),
            }
        }
        Ok(self.events)
    }
}

fn unreadable(lent: Lent<'_>, error: ReadError, what: &'static str) -> Result<Taken, ReadError> {
    match error {
        ReadError::Corrupt { position, finding } => {
            tracing::error!(position, finding, "{what}");
            let (stream, name) = (lent.stream, lent.name().to_owned());
            Ok(Taken::Unreadable { stream, name, position, reason: finding })
        }
        error @ ReadError::Unavailable { .. } => Err(error),
    }
}
