//! The shields: applied, provisional, refused, lifted.

use std::collections::BTreeSet;

use domain::{
    identity::ShieldRequestId,
    personal::Personal,
    reason::Text,
    shield::{Ground, Grounds, Requester, ReviewOutcome, ThreatLevel, View},
};
use fixtures::demonstration::{child, thing};

use super::{cast, instant, line, records};
use crate::{
    chronicle::{Decision, Halt, Request},
    directory::Directory,
};

/// The number of the child who is shielded since he and his mother fled.
const LEO: u128 = 3;
const PRIYA: u128 = 4;
const MAYA: u128 = 5;
const OSCAR: u128 = 6;
const RUBY: u128 = 7;

fn grounds(stated: &[Ground]) -> Result<Grounds, Halt> {
    let stated: BTreeSet<Ground> = stated.iter().copied().collect();
    Grounds::new(stated, None).map_err(|_| Halt::Otherwise("a shield's grounds"))
}

fn request(
    number: u128,
    requester: Requester,
    grounds: Grounds,
    words: &str,
) -> Result<Request, Halt> {
    Ok(Request {
        id: ShieldRequestId::new(thing(number)),
        requester,
        grounds,
        circumstances: Text::try_from(words)?,
    })
}

fn expressed(words: &str) -> Result<View, Halt> {
    Ok(View::Expressed(Personal::Known(Text::try_from(words)?)))
}

fn not_asked(why: &str) -> Result<View, Halt> {
    Ok(View::NotAppropriate(Personal::Known(Text::try_from(why)?)))
}

/// February and March: shields go on before anybody can look.
pub(super) async fn tell_before_first_use(directory: &Directory) -> Result<(), Halt> {
    leo(directory).await?;
    ruby(directory).await?;
    priya(directory).await?;
    oscar(directory).await
}

/// March: somebody enters a shielded child a second time.
pub(super) async fn tell_near_match(directory: &Directory) -> Result<(), Halt> {
    let mut line = line(directory, "the near match", "2009-03-10 11:00");
    records::enter_near_match(&mut line).await
}

async fn leo(directory: &Directory) -> Result<(), Halt> {
    let mut line = line(directory, "Leo is shielded", "2009-02-09 09:30");
    line.by(cast::actor(11)?);
    let at_risk = grounds(&[Ground::ChildAtRisk, Ground::AdultAtRisk])?;
    let words = "Mother and son left in November and live at an address his father does not know. \
                 He has asked at two schools.";
    line.request(child(LEO), &request(0x31, Requester::Carer, at_risk.clone(), words)?).await?;
    let rationale = "The father was seen outside the last school on Friday. Views cannot be had \
                     before he might act on an address.";
    line.shield_at_once(child(LEO), &at_risk, &Text::try_from(rationale)?).await?;
    line.at(instant("2009-02-10 14:00"));
    let views = [
        expressed("Does not want Dad to know where he goes to school now.")?,
        expressed("Asks for the shield; fears being found through the school.")?,
        expressed("The social worker supports it; the risk was assessed in January.")?,
    ];
    line.views(child(LEO), views).await?;
    line.at(instant("2009-02-12 15:00")).by(cast::actor(10)?);
    let rationale = "Repeated violence against the mother, witnessed by the child; a breach of the \
                     non-molestation order; active searching since. Address or school would lead \
                     to both of them. Hiding them takes away the only place where they can be met.";
    let decision = Decision {
        level: ThreatLevel::Severe,
        rationale: Text::try_from(rationale)?,
        grounds: Some(at_risk),
    };
    line.determine(child(LEO), &decision).await
}

async fn ruby(directory: &Directory) -> Result<(), Halt> {
    let mut line = line(directory, "Ruby is shielded", "2009-02-13 09:00");
    line.by(cast::actor(11)?);
    let at_risk = grounds(&[Ground::ChildAtRisk])?;
    let words = "Thirteen; threatened by an adult whom she gave evidence against.";
    line.request(child(RUBY), &request(0x71, Requester::Child, at_risk.clone(), words)?).await?;
    let views = [
        expressed("Wants it until he is gone.")?,
        expressed("Her mother agrees.")?,
        View::NoneExpressed,
    ];
    line.views(child(RUBY), views).await?;
    line.at(instant("2009-02-16 11:00")).by(cast::actor(10)?);
    let rationale = "Threats made in court, bail with a condition not to approach her.";
    let decision = Decision {
        level: ThreatLevel::Substantial,
        rationale: Text::try_from(rationale)?,
        grounds: Some(at_risk),
    };
    line.determine(child(RUBY), &decision).await
}

async fn oscar(directory: &Directory) -> Result<(), Halt> {
    let mut line = line(directory, "Oscar is not shielded", "2009-02-20 10:00");
    line.by(cast::actor(12)?);
    let other = Text::try_from("A parent appears on television and wants privacy.")?;
    let fame = Grounds::new(BTreeSet::new(), Some(Personal::Known(other)))
        .map_err(|_| Halt::Otherwise("a shield's grounds"))?;
    let words = "The mother asks that nobody be able to look up where the family lives.";
    line.request(child(OSCAR), &request(0x61, Requester::Carer, fame, words)?).await?;
    let views = [
        not_asked("Six years old; the request is the mother's.")?,
        expressed("Privacy for the whole family.")?,
        View::NoneExpressed,
    ];
    line.views(child(OSCAR), views).await?;
    line.at(instant("2009-02-25 16:00"));
    let reasons = "No threat to the child or to an adult was described. Only authorised users can \
                   look, for a stated reason, and every look is recorded. Fame is no strong reason.";
    let rationale = Text::try_from(reasons)?;
    let decision = Decision { level: ThreatLevel::Low, rationale, grounds: None };
    line.determine(child(OSCAR), &decision).await
}

async fn priya(directory: &Directory) -> Result<(), Halt> {
    let mut line = line(directory, "Priya is shielded", "2009-02-17 10:00");
    line.by(cast::actor(14)?);
    let placement = grounds(&[Ground::PlacementAtRisk])?;
    let words = "Adopted in 2008. Birth relatives traced an earlier placement, which broke down.";
    let asked = request(0x41, Requester::Practitioner, placement.clone(), words)?;
    line.request(child(PRIYA), &asked).await?;
    let views = [
        not_asked("Five years old; she does not know of the tracing.")?,
        expressed("Both parents fear being traced again.")?,
        expressed("The adoption worker supports it.")?,
    ];
    line.views(child(PRIYA), views).await?;
    line.at(instant("2009-02-19 14:00"));
    let rationale = "Adoption alone would not be enough. The earlier tracing is the threat: the \
                     relatives asked schools by the former surname. The placement would be put at risk.";
    let decision = Decision {
        level: ThreatLevel::Substantial,
        rationale: Text::try_from(rationale)?,
        grounds: Some(placement),
    };
    line.determine(child(PRIYA), &decision).await
}

/// June: a shield is lifted after its review.
pub(super) async fn tell_review(directory: &Directory) -> Result<(), Halt> {
    let mut line = line(directory, "a review", "2009-06-03 10:00");
    line.by(cast::actor(11)?);
    let views = [
        expressed("Does not need it any more.")?,
        expressed("Her mother agrees; she wants the school to be found.")?,
        View::NoneExpressed,
    ];
    line.views(child(RUBY), views).await?;
    line.by(cast::actor(10)?);
    let reasons = Text::try_from("He was sentenced in May and is in custody until 2015.")?;
    line.review(child(RUBY), ReviewOutcome::Lift, &reasons).await?;
    line.at(instant("2009-06-04 09:00"));
    let reasons = Text::try_from("The threat has ended with the sentence; all views support it.")?;
    line.lift(child(RUBY), &reasons).await
}

/// June: a shield is put on at once, and has yet to be decided.
pub(super) async fn tell_provisional(directory: &Directory) -> Result<(), Halt> {
    let mut line = line(directory, "Maya is shielded at once", "2009-06-19 17:30");
    line.by(cast::actor(12)?);
    let crime = grounds(&[Ground::SeriousCrime, Ground::AdultAtRisk])?;
    let words = "The father is a witness in a trial that begins in July.";
    line.request(child(MAYA), &request(0x51, Requester::Other, crime.clone(), words)?).await?;
    let rationale = "The list of witnesses was disclosed this afternoon. The police ask for it.";
    line.shield_at_once(child(MAYA), &crime, &Text::try_from(rationale)?).await
}
