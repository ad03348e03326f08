//! The records, entered by the management teams: ten children with a story, and others.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::{
    child::{Contact, InvolvedService, SensitiveBasis, ServiceKind, Whereabouts},
    identity::{CarerId, ChildRef, InvolvementId},
    organisation::Capability,
};
use fixtures::{
    demonstration::{
        BODIES, EASTVALE, NORTHMERE, OTHERS, SEED, SOUTHCOMBE, Story, Told, child, children,
        member, organisation, person,
    },
    england::{self, England},
};

use super::{cast, day, instant, line};
use crate::{
    chronicle::{Halt, Line, Record},
    directory::Directory,
};

/// The day on which the records are entered.
const ENTERED: &str = "2009-02-06";

/// Who enters the records of an authority.
pub(super) const fn team(authority: u128) -> u128 {
    match authority {
        NORTHMERE => 10,
        EASTVALE => 12,
        SOUTHCOMBE => 13,
        _ => 14,
    }
}

pub(super) async fn tell(directory: &Directory) -> Result<(), Halt> {
    let mut line = line(directory, "the records", "2009-02-06 08:00");
    line.by(cast::official(0));
    for body in BODIES {
        line.enable(organisation(body.number), Capability::Update, &[]).await?;
    }
    line.at(instant("2009-02-06 09:00"));
    for told in children() {
        if told.story != Story::NearMatch {
            line.by(cast::actor(team(told.authority))?);
            enter(&mut line, &told, &BTreeSet::new()).await?;
        }
    }
    let england = England::new(SEED, OTHERS, day(ENTERED));
    for other in england.children() {
        let authority = match other.authority {
            0 => NORTHMERE,
            1 => EASTVALE,
            _ => SOUTHCOMBE,
        };
        line.by(cast::actor(team(authority))?);
        enter_other(&mut line, &other, authority).await?;
    }
    Ok(())
}

/// A record that nearly matches another is entered, and nobody sees it.
pub(super) async fn enter_near_match(line: &mut Line<'_>) -> Result<(), Halt> {
    for told in children() {
        if told.story == Story::NearMatch {
            line.by(cast::actor(team(told.authority))?);
            let matches = line.near_matches(&told.name, told.date_of_birth).await?;
            // Told again, the record itself is among those it resembles.
            let matches = matches.into_iter().filter(|one| *one != child(told.number)).collect();
            enter(line, &told, &matches).await?;
        }
    }
    Ok(())
}

async fn enter(line: &mut Line<'_>, told: &Told, matches: &BTreeSet<ChildRef>) -> Result<(), Halt> {
    let reference = child(told.number);
    let record = Record {
        reference,
        number: told.child_number.clone(),
        name: told.name.clone(),
        gender: told.gender,
        date_of_birth: told.date_of_birth,
        whereabouts: Whereabouts::Current(told.home.clone()),
        authority: organisation(told.authority),
    };
    line.create(&record, matches).await?;
    if !matches.is_empty() {
        return Ok(());
    }
    if let Some(former) = &told.former_name {
        line.former_name(reference, former.clone()).await?;
    }
    for (number, carer) in told.carers.iter().enumerate() {
        let id = line.handle(&format!("carer {number} of {reference}"));
        line.carer(reference, CarerId::new(id), carer).await?;
    }
    if let Some(school) = &told.school {
        line.school(reference, school, day("2008-09-01")).await?;
    }
    line.practice(reference, &told.practice, day("2007-01-08")).await?;
    involve(line, told).await
}

/// The services around a child with a story. A team enters them for practitioners who have no
/// account yet, so they are named and can be rung up.
async fn involve(line: &mut Line<'_>, told: &Told) -> Result<(), Halt> {
    use ServiceKind::{EducationWelfare, MentalHealth, SchoolNurse, SocialCare};
    let reference = child(told.number);
    let list: &[(ServiceKind, u128)] = match told.story {
        Story::Ordinary => &[(SchoolNurse, 32), (SocialCare, 30)],
        Story::Shielded => &[(SocialCare, 30)],
        Story::Sensitive => &[(SocialCare, 30), (MentalHealth, 32)],
        Story::Provisional => &[(SocialCare, 35)],
        Story::Relative => &[(EducationWelfare, 33)],
        Story::Traced | Story::Refused | Story::Lifted | Story::NearMatch => &[],
    };
    for (number, (kind, who)) in list.iter().enumerate() {
        let id = InvolvementId::new(line.handle(&format!("involvement {number} of {reference}")));
        let basis = kind.is_sensitive().then_some(SensitiveBasis::ConsentOfChild);
        let service = service(*kind, *who)?;
        line.involvement(reference, id, &service, basis, day("2009-01-12")).await?;
        if number == 0 && told.number == 1 {
            line.lead(reference, id).await?;
            line.assessed(reference).await?;
        }
    }
    Ok(())
}

fn service(kind: ServiceKind, who: u128) -> Result<InvolvedService, Halt> {
    let member = member(who).ok_or(Halt::Otherwise("the cast"))?;
    let mail = format!("{}.{}@example.org", member.given, member.surname).to_lowercase();
    Ok(InvolvedService {
        kind,
        practitioner_name: member.name(),
        practitioner: Some(person(who)),
        contact: Contact {
            address: None,
            telephone: Some(format!("07700 9000{who}")),
            email: Some(mail),
        },
    })
}

async fn enter_other(
    line: &mut Line<'_>,
    other: &england::Child,
    authority: u128,
) -> Result<(), Halt> {
    let record = Record {
        reference: other.reference,
        number: other.number.clone(),
        name: other.name.clone(),
        gender: other.gender,
        date_of_birth: other.date_of_birth,
        whereabouts: other.whereabouts.clone(),
        authority: organisation(authority),
    };
    line.create(&record, &BTreeSet::new()).await?;
    if let Some(former) = &other.former_name {
        line.former_name(other.reference, former.clone()).await?;
    }
    for (id, carer) in &other.carers {
        line.carer(other.reference, *id, carer).await?;
    }
    if let Some((school, since)) = &other.school {
        line.school(other.reference, school, *since).await?;
    }
    if let Some((practice, since)) = &other.practice {
        line.practice(other.reference, practice, *since).await?;
    }
    for one in &other.involvements {
        let service = InvolvedService { practitioner: None, ..one.service.clone() };
        let from: NaiveDate = one.from;
        line.involvement(other.reference, one.id, &service, one.basis, from).await?;
    }
    Ok(())
}
