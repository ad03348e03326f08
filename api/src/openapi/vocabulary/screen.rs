//! What a look shows, for the description. An absent field was withheld, or holds nothing.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Basis, Contact, Gender, InvolvedService, Name, Provider, Relation, SensitiveBasis, Whereabouts,
};

/// One screen, as shown once to one person, and recorded before it was.
#[derive(Debug, Serialize, ToSchema)]
pub struct Screen {
    /// The event that recorded the disclosure.
    pub event: Uuid,
    /// Whose record.
    pub child: Uuid,
    /// The opening it began, if it began one.
    pub opening: Option<Uuid>,
    /// The run of the override procedure that led to it, if one did.
    pub r#override: Option<Uuid>,
    /// The copy that it went out as, if it did.
    pub copy: Option<Uuid>,
    /// The request for contact that it was shown for, if it was.
    pub brokering: Option<Uuid>,
    /// When.
    pub at: DateTime<Utc>,
    /// In what capacity.
    pub basis: Basis,
    /// Whether the record was shielded.
    pub shielded: bool,
    /// The record, as far as it was shown.
    pub record: Record,
}

/// What a copy is made of.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// Paper.
    Print,
    /// A file.
    Export,
}

/// A record, as far as it was shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct Record {
    /// The name in use.
    pub name: Option<Name>,
    /// Names before it, the oldest first.
    pub former_names: Option<Vec<Name>>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Date of birth.
    pub date_of_birth: Option<NaiveDate>,
    /// The identifying number.
    pub number: Option<String>,
    /// Address, or whereabouts.
    pub whereabouts: Option<Whereabouts>,
    /// Those with parental responsibility or care, each as far as shown.
    pub carers: Option<Vec<CarerShown>>,
    /// Place of education.
    pub education: Option<ProviderShown>,
    /// General practice.
    pub gp_practice: Option<ProviderShown>,
    /// Services that work or worked with the child.
    pub involvements: Option<Vec<InvolvementShown>>,
    /// Who is lead professional, by their involvement.
    pub lead_professional: Option<Uuid>,
    /// Since when a common assessment is known to exist.
    pub common_assessment: Option<NaiveDate>,
    /// That some sensitive service is involved.
    pub sensitive_service_involved: Option<bool>,
    /// Sensitive services, with details.
    pub sensitive_services: Option<Vec<SensitiveShown>>,
    /// The responsible authority.
    pub responsible_authority: Option<Uuid>,
}

/// A carer, as far as shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct CarerShown {
    /// Which carer.
    pub carer: Uuid,
    /// Their name.
    pub name: Option<Name>,
    /// What they are to the child.
    pub relation: Option<Relation>,
    /// Whether they have parental responsibility.
    pub parental_responsibility: Option<bool>,
    /// How to reach them.
    pub contact: Option<Contact>,
}

/// A school or a practice.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProviderShown {
    /// Which, and how to reach it.
    pub provider: Provider,
    /// From which day.
    pub from: NaiveDate,
}

/// A service that works or worked with the child.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvolvementShown {
    /// Which involvement.
    pub involvement: Uuid,
    /// Of which organisation.
    pub organisation: Uuid,
    /// The service, and how to reach it.
    pub service: InvolvedService,
    /// From which day.
    pub from: NaiveDate,
    /// The first day on which it was over.
    pub ended: Option<NaiveDate>,
}

/// A sensitive service that works or worked with the child.
#[derive(Debug, Serialize, ToSchema)]
pub struct SensitiveShown {
    /// Which involvement.
    pub involvement: Uuid,
    /// On what basis it was recorded.
    pub basis: SensitiveBasis,
    /// The service, and how to reach it.
    pub service: InvolvedService,
}

/// One list, as shown once to one person, and recorded before it was.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResultList {
    /// The event that recorded the disclosure.
    pub event: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// More matched than may be shown, so none was. How many is not said.
    pub too_many: bool,
    /// The rows, in the order shown.
    pub rows: Vec<Row>,
}

/// One row, as shown: name, gender, date of birth and number, which no shield hides.
#[derive(Debug, Serialize, ToSchema)]
pub struct Row {
    /// Whose.
    pub child: Uuid,
    /// The name in use.
    pub name: Option<Name>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Date of birth.
    pub date_of_birth: Option<NaiveDate>,
    /// The identifying number.
    pub number: Option<String>,
}
