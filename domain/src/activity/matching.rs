//! Rule A11: a search is compared with what the searcher may see, and with nothing else.
//!
//! Source: S27: a shielded child can be found only by information that is visible on the shielded
//! record; a search that uses a hidden field returns no records for that child.
//! Reading: every term must match, each on a field that is visible; one term on a hidden field and the
//! child is not found, though all others match. The same goes for a record in quarantine, and for a
//! value that has been erased. A name matches the name in use or, where former names are visible, one
//! former name, both parts on the same name; writings are compared as `alike` has it. A search that is
//! asked to look wider (S42) takes names that sound alike, too; what it compares by, and what it may
//! see, is the same. Terms that ask nothing match nobody.

use crate::{
    access::{Field, Visible},
    child::{Child, Name, Whereabouts, alike, sounds_alike},
    personal::Personal,
};

use super::Terms;

/// Whether a record matches every term, judged by the fields in `visible` alone.
pub fn matches(terms: &Terms, child: &Child, visible: &Visible) -> bool {
    let fields = terms.fields();
    !fields.is_empty()
        && fields
            .iter()
            .all(|field| visible.shown.contains(field) && holds(terms, child, visible, field))
}

fn holds(terms: &Terms, child: &Child, visible: &Visible, field: Field) -> bool {
    match field {
        Field::Name => {
            let former =
                if visible.shown.contains(Field::FormerNames) { child.former_names() } else { &[] };
            let mut names = child.name().into_iter().chain(former).filter_map(Personal::known);
            names.any(|name| named(terms, name))
        }
        Field::DateOfBirth => known(child.date_of_birth())
            .is_some_and(|born| terms.date_of_birth == Some(born.expose())),
        Field::Gender => known(child.gender()).copied().is_some_and(|is| terms.gender == Some(is)),
        Field::Number => known(child.number())
            .is_some_and(|number| asked(terms.number.as_deref(), number.expose())),
        Field::Whereabouts => match known(child.whereabouts()) {
            Some(Whereabouts::Current(address) | Whereabouts::LastKnown(address)) => {
                asked(terms.postcode.as_deref(), address.expose_postcode())
            }
            Some(Whereabouts::NoKnownAddress | Whereabouts::LeftEngland(_)) | None => false,
        },
        // Nothing can be asked about these.
        Field::FormerNames
        | Field::CarerNames
        | Field::CarerRelations
        | Field::CarerContacts
        | Field::Education
        | Field::GpPractice
        | Field::Involvements
        | Field::LeadProfessional
        | Field::CommonAssessment
        | Field::SensitiveMarker
        | Field::SensitiveServices
        | Field::ResponsibleAuthority => false,
    }
}

fn known<T>(value: Option<&Personal<T>>) -> Option<&T> {
    value.and_then(Personal::known)
}

/// A part that was not asked about fits every name.
fn named(terms: &Terms, name: &Name) -> bool {
    let sounds = |term: Option<&str>, part: &str| {
        terms.sounds_like && term.is_some_and(|term| sounds_alike(term, part))
    };
    let fits = |term: Option<&str>, part: &str| {
        term.is_none_or(|term| term.trim().is_empty()) || asked(term, part) || sounds(term, part)
    };
    fits(terms.given.as_deref(), name.expose_given())
        && fits(terms.surname.as_deref(), name.expose_surname())
}

fn asked(term: Option<&str>, value: &str) -> bool {
    term.map(alike).is_some_and(|term| !term.is_empty() && term == alike(value))
}
