//! April to June: people look, are refused, go behind a shield; two investigations follow.

use domain::{
    activity::Terms,
    identity::{ChildRef, InvestigationId, OpeningId, OverrideId},
    investigation::Finding,
    practitioner::SuspensionCause,
    reason::Text,
};
use fixtures::demonstration::{child, person, thing};

use super::{cast, instant, line};
use crate::{
    chronicle::{Halt, Line, Search},
    directory::Directory,
};

/// The shielded child, and the number of each opening in the telling.
const LEO: u128 = 3;

/// What somebody types.
fn named(given: Option<&str>, surname: &str, born: &str) -> Terms {
    Terms {
        given: given.map(str::to_owned),
        surname: Some(surname.to_owned()),
        date_of_birth: Some(super::day(born)),
        ..Terms::default()
    }
}

fn living_at(surname: &str, postcode: &str) -> Terms {
    Terms {
        surname: Some(surname.to_owned()),
        postcode: Some(postcode.to_owned()),
        ..Terms::default()
    }
}

/// A search must list exactly this child, or nobody.
fn expect(found: &Search, listed: &[ChildRef]) -> Result<(), Halt> {
    match found {
        Search::Listed(rows) if rows == listed => Ok(()),
        Search::Listed(_) | Search::TooMany | Search::Refused => Err(Halt::Otherwise("a search")),
    }
}

/// Opens a record for a few minutes.
async fn look(line: &mut Line<'_>, who: ChildRef, code: &str, why: &str) -> Result<(), Halt> {
    let opening = OpeningId::new(line.handle(&format!("opening at {}", line.now())));
    let opened = line.open(who, opening, &cast::purpose(code, why)?).await?;
    if opened.is_none() {
        return Err(Halt::Otherwise("an opening"));
    }
    line.later(200).close(who, opening).await
}

pub(super) async fn tell(directory: &Directory) -> Result<(), Halt> {
    ordinary(directory).await?;
    shielded(directory).await?;
    overridden(directory).await?;
    let mut line = line(directory, "refusals", "2009-05-18 00:05");
    line.record_lapse(person(34)).await?;
    line.at(instant("2009-05-19 09:40")).by(cast::actor(34)?);
    let why = cast::purpose("contact-another-practitioner", "Which surgery is it now?")?;
    let found = line.search(&named(None, "Winbrook", "2002-12-24"), &why).await?;
    if found != Search::Refused {
        return Err(Halt::Otherwise("a search after the check had lapsed"));
    }
    let opening = OpeningId::new(thing(0x342));
    if line.open(child(6), opening, &why).await?.is_some() {
        return Err(Halt::Otherwise("an opening after the check had lapsed"));
    }
    line.at(instant("2009-05-27 11:20")).by(cast::actor(36)?);
    look(&mut line, child(10), "assessment", "Starting a common assessment with the family.").await
}

async fn ordinary(directory: &Directory) -> Result<(), Halt> {
    let mut line = line(directory, "ordinary looks", "2009-04-06 09:15");
    line.by(cast::actor(30)?);
    let why = cast::purpose("contact-another-practitioner", "Who is the school nurse?")?;
    let found = line.search(&named(Some("Amelia Rose"), "Farnworth", "2001-03-14"), &why).await?;
    expect(&found, &[child(1)])?;
    look(&mut line, child(1), "contact-another-practitioner", "Who is the school nurse?").await?;
    line.at(instant("2009-04-07 13:05")).by(cast::actor(32)?);
    let why = cast::purpose("direct-contact-with-child", "Vision test; checking the address.")?;
    let found = line.search(&living_at("Farnworth", "ZZ1 4AB"), &why).await?;
    expect(&found, &[child(1), child(2)])?;
    look(&mut line, child(2), "direct-contact-with-child", "Vision test; checking the address.")
        .await
}

async fn shielded(directory: &Directory) -> Result<(), Halt> {
    let mut line = line(directory, "a shielded record", "2009-04-20 10:10");
    line.by(cast::actor(30)?);
    let why = cast::purpose("assessment", "Core group meets on Thursday.")?;
    expect(&line.search(&living_at("Hazelcombe", "ZZ1 7QX"), &why).await?, &[])?;
    let found = line.search(&named(None, "Hazelcombe", "2000-11-05"), &why).await?;
    expect(&found, &[child(LEO)])?;
    look(&mut line, child(LEO), "assessment", "Core group meets on Thursday.").await
}

async fn overridden(directory: &Directory) -> Result<(), Halt> {
    let mut line = line(directory, "an override", "2009-05-06 18:20");
    line.by(cast::actor(31)?);
    let opening = OpeningId::new(thing(0x311));
    let procedure = OverrideId::new(thing(0x312));
    let investigation = InvestigationId::new(thing(0x313));
    let why = cast::purpose("child-protection", "Reported missing from school at four.")?;
    line.open(child(LEO), opening, &why).await?;
    line.attempt_override(child(LEO), opening, procedure, &why).await?;
    line.confirm_override(child(LEO), procedure, investigation).await?;
    line.later(240).close(child(LEO), opening).await?;
    line.at(instant("2009-05-07 09:30")).by(cast::actor(10)?);
    line.assign(investigation, Some(child(LEO)), person(31), person(11)).await?;
    line.at(instant("2009-05-12 14:00")).by(cast::actor(11)?);
    let report = "Duty log and call record agree with the reason given; the boy was found at six.";
    line.conclude(investigation, person(31), Finding::Proper, &Text::try_from(report)?).await
}

/// June: an override that is refused, and one that is withdrawn.
pub(super) async fn tell_june(directory: &Directory) -> Result<(), Halt> {
    let mut line = line(directory, "two overrides that come to nothing", "2009-06-08 10:00");
    line.by(cast::actor(32)?);
    let why = cast::purpose("direct-contact-with-child", "Immunisation; needs the address.")?;
    let (opening, procedure) = (OpeningId::new(thing(0x321)), OverrideId::new(thing(0x322)));
    line.open(child(LEO), opening, &why).await?;
    if line.attempt_override(child(LEO), opening, procedure, &why).await? {
        return Err(Halt::Otherwise("an override without the right"));
    }
    line.later(30).close(child(LEO), opening).await?;
    line.at(instant("2009-06-10 23:10")).by(cast::actor(35)?);
    let why = cast::purpose("child-protection", "Call about a child on her own at the station.")?;
    let (opening, procedure) = (OpeningId::new(thing(0x351)), OverrideId::new(thing(0x352)));
    line.open(child(4), opening, &why).await?;
    line.attempt_override(child(4), opening, procedure, &why).await?;
    line.withdraw_override(child(4), procedure).await?;
    line.later(20).close(child(4), opening).await
}

/// June: an override whose investigation nobody has taken up yet; and an ordinary look.
pub(super) async fn tell_open_override(directory: &Directory) -> Result<(), Halt> {
    let mut line = line(directory, "an override not looked into", "2009-06-17 21:40");
    line.by(cast::actor(35)?);
    let why = cast::purpose("child-protection", "Neighbour reports shouting; visit tonight.")?;
    let (opening, procedure) = (OpeningId::new(thing(0x353)), OverrideId::new(thing(0x354)));
    line.open(child(LEO), opening, &why).await?;
    line.attempt_override(child(LEO), opening, procedure, &why).await?;
    line.confirm_override(child(LEO), procedure, InvestigationId::new(thing(0x355))).await?;
    line.later(420).close(child(LEO), opening).await
}

/// The morning of 22 June.
pub(super) async fn tell_last_morning(directory: &Directory) -> Result<(), Halt> {
    let mut line = line(directory, "the last morning", "2009-06-22 08:55");
    line.by(cast::actor(32)?);
    look(&mut line, child(1), "direct-contact-with-child", "Vision test this morning.").await
}

/// June: somebody looks up a relative, and is suspended.
pub(super) async fn tell_suspicion(directory: &Directory) -> Result<(), Halt> {
    let mut line = line(directory, "a suspicion", "2009-06-01 16:45");
    line.by(cast::actor(33)?);
    let why = cast::purpose("record-maintenance", "Trying out whether it works.")?;
    expect(&line.search(&named(None, "Rowstead", "2005-02-11"), &why).await?, &[child(9)])?;
    look(&mut line, child(9), "record-maintenance", "Trying out whether it works.").await?;
    line.at(instant("2009-06-02 10:00")).by(cast::actor(12)?);
    let words = "Looked up a child with his own surname and gave a reason that is none.";
    let cause = SuspensionCause::AuditFinding;
    let investigation = line.suspend(person(33), cause, Text::try_from(words)?).await?;
    let investigator = cast::auditor().id.ok_or(Halt::Otherwise("the cast"))?;
    line.assign(investigation, None, person(33), investigator).await
}
