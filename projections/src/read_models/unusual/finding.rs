//! One event in its scene: what the rules find of it.

use std::cell::OnceCell;

use domain::{
    access::{self, Basis},
    actor::Actor,
    event::Event,
    identity::ChildRef,
    organisation::OrganisationKind,
    policy::{PolicyVersion, UnusualLooks},
    recorded::Stamp,
    stream::Stream,
    unusual::{
        Act, Finding, burst, dormant, elsewhere, hours,
        kin::{self, Compared},
        lapse, near_shield, overrides,
        sequence::{self, Asked},
        stranger,
    },
};

use super::papers::{
    Child, Document, Flag, POLICY, Seen, User, measures_on, of_body, of_child, of_user,
};
use crate::{
    dated::Moment,
    marks::{Mark, Marks, TermMarks},
    projection::{Noted, Others},
};

/// Where the surname stands among the terms of a search.
pub(super) const SURNAME: usize = 1;
/// Where the date of birth stands.
pub(super) const BORN: usize = 2;

/// An event, and what is known just before it: looked up where a rule needs it.
pub(super) struct Scene<'a> {
    pub(super) noted: &'a Noted,
    pub(super) stamp: &'a Stamp,
    pub(super) act: Act,
    policy: PolicyVersion,
    pub(super) values: UnusualLooks,
    others: &'a dyn Others<Document>,
    child: OnceCell<Option<&'a Child>>,
}

impl<'a> Scene<'a> {
    pub(super) fn of(noted: &'a Noted, others: &'a dyn Others<Document>) -> Self {
        let stamp = &noted.recorded.stamp;
        let (policy, values) = measures_on(others.get(POLICY), stamp.at.date_naive());
        let act = Act { event: stamp.id, at: stamp.at };
        Self { noted, stamp, act, policy, values, others, child: OnceCell::new() }
    }

    fn user(&self) -> Option<&'a User> {
        let Stamp { stream, by, .. } = self.stamp;
        let whose = if let Stream::Practitioner(id) = stream { Some(*id) } else { by.id };
        match self.others.get(&of_user(whose?)) {
            Some(Document::User(user)) => Some(&**user),
            _ => None,
        }
    }

    /// Whose record is looked at.
    const fn whose(&self) -> Option<ChildRef> {
        if let Stream::Access(id) = self.stamp.stream { Some(id) } else { None }
    }

    fn child(&self) -> Option<&'a Child> {
        let look_up = || match self.others.get(&of_child(self.whose()?)) {
            Some(Document::Child(child)) => Some(&**child),
            _ => None,
        };
        *self.child.get_or_init(look_up)
    }

    /// What kind of body whoever looks is of.
    fn kind(&self) -> Option<OrganisationKind> {
        match self.others.get(&of_body(self.stamp.by.organisation?)) {
            Some(Document::Body(kind)) => Some(*kind),
            _ => None,
        }
    }

    /// What is found of the event.
    pub(super) fn found(&self) -> Option<Document> {
        let nobody = User::default();
        let user = self.user().unwrap_or(&nobody);
        let mut stranger = None;
        let findings: Vec<Finding> = match (&self.noted.recorded.event, self.stamp.stream) {
            (Event::Access(access::Event::RecordOpened { basis, .. }), _) => {
                stranger = (*basis == Basis::Practitioner).then(|| self.stranger()).flatten();
                self.of_opening(user, *basis)
            }
            (Event::Access(access::Event::ShieldOverrideConfirmed { .. }), _) => {
                overrides::find(&self.act, &user.overrides, &self.values).into_iter().collect()
            }
            (Event::Activity(_), _) => self.of_search(user),
            (Event::Practitioner(_), _) => {
                lapse::find(&self.act, user.last.as_ref(), &self.values).into_iter().collect()
            }
            _ => Vec::new(),
        };
        let flags = findings.into_iter().map(|finding| self.flag(finding));
        let flags: Vec<Flag> = flags.chain(stranger).collect();
        (!flags.is_empty()).then_some(Document::Flags(flags))
    }

    fn of_opening(&self, user: &User, basis: Basis) -> Vec<Finding> {
        let kin = self.child().and_then(|child| {
            let seen = Compared { surnames: &child.surnames, address: child.home.as_ref() };
            kin::find(&self.act, &compared(user), &seen)
        });
        let elsewhere = (basis != Basis::ResponsibleTeam && self.is_elsewhere())
            .then(|| elsewhere::find(&self.act, &user.elsewhere, &self.values));
        [
            kin,
            elsewhere.flatten(),
            hours::find(&self.act, &self.values),
            burst::find(&self.act, &user.looks, &self.values),
            self.dormant(user),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn of_search(&self, user: &User) -> Vec<Finding> {
        let terms = self.terms();
        let asked = terms.map(|terms| self.asked(terms));
        let named = terms.and_then(exact_surname);
        let kin = named.and_then(|surname| {
            let seen = Compared { surnames: &[surname], address: None };
            kin::find(&self.act, &compared(user), &seen)
        });
        let near = user.sights.iter().filter(|seen| terms.is_some_and(|terms| near(terms, seen)));
        let near = near.filter_map(|seen| near_shield::find(&self.act, &seen.sight, &self.values));
        [
            kin,
            hours::find(&self.act, &self.values),
            asked.and_then(|asked| sequence::find(&asked, &user.searches, &self.values)),
            self.dormant(user),
        ]
        .into_iter()
        .flatten()
        .chain(near.take(1))
        .collect()
    }

    fn dormant(&self, user: &User) -> Option<Finding> {
        dormant::find(&self.act, user.last.as_ref(), user.authorised, &self.values)
    }

    /// Whether a user of one authority looks at a record of another.
    pub(super) fn is_elsewhere(&self) -> bool {
        let authority = self.child().and_then(|child| child.authority);
        authority.is_some()
            && authority != self.stamp.by.organisation
            && self.kind() == Some(OrganisationKind::LocalAuthority)
    }

    fn stranger(&self) -> Option<Flag> {
        let of = self.stamp.by.organisation?;
        let child = self.child();
        let involvements: Vec<stranger::Involved> = child
            .into_iter()
            .flat_map(|child| child.involvements.values())
            .filter(|it| it.of == of)
            .map(|it| stranger::Involved { from: it.from, ended: it.ended })
            .collect();
        let responsible = child.and_then(|child| child.authority);
        let pending = stranger::find(&self.act, of, responsible, &involvements, &self.values)?;
        Some(Flag { stands_from: pending.stands_from, ..self.flag(pending.finding) })
    }

    fn flag(&self, finding: Finding) -> Flag {
        let by = match (&self.noted.recorded.event, self.stamp.stream) {
            (Event::Practitioner(_), Stream::Practitioner(id)) => {
                Actor { id: Some(id), ..self.stamp.by }
            }
            _ => self.stamp.by,
        };
        Flag {
            finding,
            event: self.stamp.id,
            raised: Moment::of(self.stamp),
            stands_from: self.stamp.at,
            explained: None,
            by,
            child: self.whose(),
            policy: self.policy,
        }
    }

    pub(super) fn terms(&self) -> Option<&'a TermMarks> {
        if let Marks::Terms(terms) = &self.noted.marks { Some(terms) } else { None }
    }

    pub(super) fn asked(&self, terms: &TermMarks) -> Asked<Mark> {
        let TermMarks { given, surname, born, number, postcode, gender, .. } = *terms;
        // In this order: see `SURNAME` and `BORN`.
        let terms = vec![given, surname, born, number, postcode, gender];
        Asked { act: self.act, terms }
    }
}

fn compared(user: &User) -> Compared<'_, Mark> {
    Compared { surnames: user.surname.as_slice(), address: user.home.as_ref() }
}

/// The surname that was asked for; what stands for a sound is like no surname.
fn exact_surname(terms: &TermMarks) -> Option<Mark> {
    terms.surname.filter(|_| !terms.sounds)
}

/// Whether a search asks again for what led to a shielded child, and by something a shield hides.
pub(super) fn near(terms: &TermMarks, seen: &Seen) -> bool {
    let surname = exact_surname(terms);
    let same_name = surname.is_some() && surname == seen.surname;
    let same_day = terms.born.is_some() && terms.born == seen.born;
    terms.postcode.is_some() && (same_name || same_day)
}
