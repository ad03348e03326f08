//! A record as a screen shows it: the fields shown, in a fixed order, and nothing of the others.

use chrono::NaiveDate;
use serde::Serialize;

use super::Value;
use crate::{
    access::{Field, Fields},
    child::{
        Child, ChildNumber, Contact, DateOfBirth, Gender, InvolvedService, Name, Provider,
        Relation, SensitiveBasis, ServedBy, Whereabouts,
    },
    identity::{CarerId, InvolvementId, OrganisationId},
};

/// The fields of a record that were shown. An absent one was withheld, or holds nothing: from here
/// one cannot tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Record {
    /// The name in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Value<Name>>,
    /// Names before it, the oldest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former_names: Option<Vec<Value<Name>>>,
    /// Gender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Value<Gender>>,
    /// Date of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<Value<DateOfBirth>>,
    /// The identifying number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<Value<ChildNumber>>,
    /// Address, or whereabouts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whereabouts: Option<Value<Whereabouts>>,
    /// Those with parental responsibility or care, each as far as shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carers: Option<Vec<CarerShown>>,
    /// Place of education.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub education: Option<ProviderShown>,
    /// General practice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gp_practice: Option<ProviderShown>,
    /// Services that work or worked with the child.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub involvements: Option<Vec<InvolvementShown>>,
    /// Who is lead professional, by their involvement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead_professional: Option<InvolvementId>,
    /// Since when a common assessment is known to exist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub common_assessment: Option<NaiveDate>,
    /// That some sensitive service is involved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitive_service_involved: Option<bool>,
    /// Sensitive services, with details.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitive_services: Option<Vec<SensitiveShown>>,
    /// The responsible authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responsible_authority: Option<OrganisationId>,
}

/// A carer, as far as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CarerShown {
    /// Which carer.
    pub carer: CarerId,
    /// Their name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Value<Name>>,
    /// What they are to the child.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<Value<Relation>>,
    /// Whether they have parental responsibility.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parental_responsibility: Option<Value<bool>>,
    /// How to reach them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Value<Contact>>,
}

/// A school or a practice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProviderShown {
    /// Which, and how to reach it.
    pub provider: Value<Provider>,
    /// From which day.
    pub from: NaiveDate,
}

/// A service that works or worked with the child.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InvolvementShown {
    /// Which involvement.
    pub involvement: InvolvementId,
    /// Of which organisation.
    pub organisation: OrganisationId,
    /// The service, and how to reach it.
    pub service: Value<InvolvedService>,
    /// From which day.
    pub from: NaiveDate,
    /// The first day on which it was over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<NaiveDate>,
}

/// A sensitive service that works or worked with the child.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SensitiveShown {
    /// Which involvement.
    pub involvement: InvolvementId,
    /// On what basis it was recorded.
    pub basis: SensitiveBasis,
    /// The service, and how to reach it.
    pub service: Value<InvolvedService>,
    /// From which day.
    pub from: NaiveDate,
    /// The first day on which it was over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<NaiveDate>,
}

impl Record {
    /// Shows these fields of a record. What the record does not hold stays absent.
    pub fn showing(child: &Child, shown: Fields) -> Self {
        let mut record = Self::default();
        for field in shown.iter() {
            record.show(child, field);
        }
        record.carers = carers(child, shown);
        record
    }

    fn show(&mut self, child: &Child, field: Field) {
        match field {
            Field::Name => self.name = child.name().map(Value::of),
            Field::FormerNames => {
                self.former_names = Some(child.former_names().iter().map(Value::of).collect());
            }
            Field::Gender => self.gender = child.gender().map(Value::of),
            Field::DateOfBirth => self.date_of_birth = child.date_of_birth().map(Value::of),
            Field::Number => self.number = child.number().map(Value::of),
            Field::Whereabouts => self.whereabouts = child.whereabouts().map(Value::of),
            // The three fields of carers are shown together, a carer at a time.
            Field::CarerNames | Field::CarerRelations | Field::CarerContacts => {}
            Field::Education => self.education = child.education().map(ProviderShown::of),
            Field::GpPractice => self.gp_practice = child.gp_practice().map(ProviderShown::of),
            Field::Involvements => self.involvements = Some(involvements(child)),
            Field::LeadProfessional => self.lead_professional = child.lead_professional(),
            Field::CommonAssessment => self.common_assessment = child.common_assessment(),
            Field::SensitiveMarker => self.sensitive_service_involved = Some(true),
            Field::SensitiveServices => self.sensitive_services = Some(sensitive(child)),
            Field::ResponsibleAuthority => {
                self.responsible_authority = child.responsible_authority();
            }
        }
    }
}

impl ProviderShown {
    fn of(served: &ServedBy) -> Self {
        Self { provider: Value::of(&served.provider), from: served.from }
    }
}

fn carers(child: &Child, shown: Fields) -> Option<Vec<CarerShown>> {
    let has = |field| shown.contains(field);
    let (names, relations, contacts) =
        (has(Field::CarerNames), has(Field::CarerRelations), has(Field::CarerContacts));
    (names || relations || contacts).then(|| {
        child
            .carers()
            .iter()
            .map(|(id, carer)| CarerShown {
                carer: *id,
                name: names.then(|| Value::map(carer, |carer| carer.name.clone())),
                relation: relations.then(|| Value::map(carer, |carer| carer.relation)),
                parental_responsibility: relations
                    .then(|| Value::map(carer, |carer| carer.parental_responsibility)),
                contact: contacts.then(|| Value::map(carer, |carer| carer.contact.clone())),
            })
            .collect()
    })
}

fn involvements(child: &Child) -> Vec<InvolvementShown> {
    let shown =
        |(id, involvement): (&InvolvementId, &crate::child::Involvement)| InvolvementShown {
            involvement: *id,
            organisation: involvement.organisation,
            service: Value::of(&involvement.service),
            from: involvement.from,
            ended: involvement.ended,
        };
    child.involvements().iter().map(shown).collect()
}

fn sensitive(child: &Child) -> Vec<SensitiveShown> {
    let shown =
        |(id, involvement): (&InvolvementId, &crate::child::SensitiveInvolvement)| SensitiveShown {
            involvement: *id,
            basis: involvement.basis,
            service: Value::of(&involvement.service),
            from: involvement.from,
            ended: involvement.ended,
        };
    child.sensitive_involvements().iter().map(shown).collect()
}
