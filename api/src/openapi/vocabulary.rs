//! The words that requests and answers use, for the description: the same as in `domain`, which knows
//! nothing of descriptions. A test holds each word against `domain`.

mod erasure;
mod notices;
mod screen;
mod values;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub use erasure::{ErasureGrounds, HoldGround};
pub use notices::{NoticeLayer, NoticeOccasion};
pub use screen::{Form, ResultList, Screen};
pub use values::{Source, Values};

/// A kind of account.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AccountRole {
    /// Looks records up. Needs no examination (HL4246).
    Practitioner,
    /// Administers accounts and shields. Is tested (HL4246).
    ManagementTeam,
    /// Trains the others. Is tested (HL4246).
    Trainer,
}

/// An office of the department.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Office {
    /// Runs the directory: policy, accreditation, programme.
    Official,
    /// Reviews the use of the directory by everybody.
    Auditor,
}

/// A topic of the mandatory training.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// The use of ContactPoint.
    Use,
    /// One's own security responsibilities.
    SecurityResponsibilities,
    /// The importance of good security practice.
    GoodSecurityPractice,
    /// The Data Protection Act.
    DataProtectionAct,
    /// The Human Rights Act.
    HumanRightsAct,
    /// Shielding. Not among the four answers' topics; a policy may demand it.
    Shielding,
}

/// How an identity was verified.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum IdentityEvidence {
    /// A passport.
    Passport,
    /// A driving licence with photograph.
    DrivingLicence,
    /// A birth certificate with proof of address.
    BirthCertificateAndAddress,
}

/// Why an account was suspended.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SuspensionCause {
    /// A regular audit found unusual activity.
    AuditFinding,
    /// Misuse is suspected.
    Suspected,
    /// Misuse was reported.
    Reported,
    /// The manager asked for it.
    ManagerRequest,
}

/// What kind of body it is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OrganisationKind {
    /// The department.
    Department,
    /// One of about 150 local authorities.
    LocalAuthority,
    /// A body given access by the Secretary of State.
    NationalPartner,
    /// Any other accredited body.
    Other,
}

/// A part of the system.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Shield records: enabled first, everywhere.
    Shield,
    /// Search and open records.
    Search,
    /// Create and amend records.
    Update,
}

/// By what means the public was informed.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// Letters to households, in some areas.
    DirectMailing,
    /// Leaflets lying at public outlets.
    LeafletAtOutlet,
    /// Leaflets handed round.
    LeafletDistribution,
    /// Articles and notices in national publications.
    NationalPublication,
    /// Articles and notices in regional publications.
    RegionalPublication,
    /// Articles and notices in local publications.
    LocalPublication,
    /// Information on websites.
    Website,
    /// Any other.
    Other,
}

/// Who asked for a shield.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Requester {
    /// The child or young person.
    Child,
    /// A parent or carer.
    Carer,
    /// A practitioner.
    Practitioner,
    /// The authority, of its own accord.
    Authority,
    /// Anybody else with reason to ask (S9e).
    Other,
}

/// How serious the threat is judged to be.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ThreatLevel {
    /// Not such as to need a shield.
    Low,
    /// Serious.
    Substantial,
    /// Very serious.
    Severe,
    /// Immediate and very serious.
    Critical,
}

/// What a review decided.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewOutcome {
    /// The shield stays.
    Keep,
    /// The shield should be lifted; a decision to lift follows.
    Lift,
}

/// Whose view it is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// The child or young person.
    Child,
    /// The parents or carers, where appropriate.
    Carer,
    /// Relevant involved practitioners, where appropriate.
    Practitioner,
}

/// What a finding of threat rests on.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RestsOn {
    /// A threat in this child's own case.
    ThreatInThisCase,
    /// Nothing but that the child is, or will be, adopted.
    AdoptionAlone,
}

/// On what basis a sensitive service was recorded.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SensitiveBasis {
    /// The child consented, having sufficient understanding.
    ConsentOfChild,
    /// The parent or carer consented.
    ConsentOfCarer,
    /// Reasonable cause to suspect significant harm: regulation 11(3).
    SuspectedHarm,
}

/// What became of a quarantined record.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum QuarantineOutcome {
    /// Another child: the record is released and may be seen.
    AnotherChild,
    /// The same child: the record stays invisible for good.
    SameChild,
}

/// A gender, or that it is not specified.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Gender {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Stated to be not specified.
    NotSpecified,
}

/// Reason to believe that not shielding is likely to …
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// … place a child at increased risk of significant harm.
    ChildAtRisk,
    /// … put a child's placement at risk (in the case of adoption).
    PlacementAtRisk,
    /// … place an adult at increased risk of significant harm.
    AdultAtRisk,
    /// … prejudice the prevention or detection of a serious crime.
    SeriousCrime,
}

/// What a carer is to the child.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Mother.
    Mother,
    /// Father.
    Father,
    /// Adoptive parent.
    AdoptiveParent,
    /// Foster carer.
    FosterCarer,
    /// Grandparent.
    Grandparent,
    /// A local authority with parental responsibility.
    LocalAuthority,
    /// Anybody else with parental responsibility or care.
    Other,
}

/// The kind of a service.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceKind {
    /// Social care.
    SocialCare,
    /// Health visitor.
    HealthVisitor,
    /// School nurse.
    SchoolNurse,
    /// Education welfare.
    EducationWelfare,
    /// Special educational needs.
    SpecialEducationalNeeds,
    /// Youth offending team.
    YouthOffending,
    /// Connexions or careers.
    Connexions,
    /// Police.
    Police,
    /// Voluntary organisation.
    Voluntary,
    /// Sexual health: sensitive.
    SexualHealth,
    /// Mental health: sensitive.
    MentalHealth,
    /// Substance misuse: sensitive.
    SubstanceMisuse,
    /// Any other.
    Other,
}

/// What is said about the return of somebody who left England.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReturnStatement {
    /// They intend to return within three years.
    Intends,
    /// They do not intend to return within three years.
    DoesNotIntend,
    /// It is not known.
    NotKnown,
}

/// In what capacity somebody looks.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// An authorised user.
    Practitioner,
    /// The management team of the responsible authority, for its functions under the Regulations
    /// (regulation 6(4), S1b).
    ResponsibleTeam,
    /// A user who confirmed an override.
    Override,
}

/// How an investigation ended.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InvestigationFinding {
    /// The use was proper.
    Proper,
    /// The wrong procedure was followed, without misuse.
    WrongProcedure,
    /// The use was improper.
    Improper,
}

/// A person's name.
#[derive(Debug, Serialize, ToSchema)]
pub struct Name {
    /// Given names, as written.
    pub given: String,
    /// Surname, as written.
    pub surname: String,
}

/// A postal address.
#[derive(Debug, Serialize, ToSchema)]
pub struct Address {
    /// One to five lines.
    pub lines: Vec<String>,
    /// The postcode.
    pub postcode: String,
}

/// Where a child is: never an empty field, always a statement.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Whereabouts {
    /// The current address.
    Current(Address),
    /// The last known address; the current one is not known.
    LastKnown(Address),
    /// No address is known.
    NoKnownAddress,
    /// Not living in England any more.
    LeftEngland(ReturnStatement),
}

/// How somebody can be reached.
#[derive(Debug, Serialize, ToSchema)]
pub struct Contact {
    /// Where they can be written to.
    pub address: Option<Address>,
    /// Where they can be phoned.
    pub telephone: Option<String>,
    /// Where they can be mailed.
    pub email: Option<String>,
}

/// Somebody with parental responsibility or care.
#[derive(Debug, Serialize, ToSchema)]
pub struct Carer {
    /// Their name.
    pub name: Name,
    /// What they are to the child.
    pub relation: Relation,
    /// Whether they have parental responsibility.
    pub parental_responsibility: bool,
    /// How to reach them.
    pub contact: Contact,
}

/// A school, a practice: an institution that serves the child.
#[derive(Debug, Serialize, ToSchema)]
pub struct Provider {
    /// Its name.
    pub name: String,
    /// How to reach it.
    pub contact: Contact,
}

/// A service that works with the child.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvolvedService {
    /// Which kind.
    pub kind: ServiceKind,
    /// The practitioner's name.
    pub practitioner_name: String,
    /// Their account, if they have one.
    pub practitioner: Option<Uuid>,
    /// How to reach them.
    pub contact: Contact,
}

/// What a search asks for.
#[derive(Debug, Serialize, ToSchema)]
pub struct Terms {
    /// Given name.
    pub given: Option<String>,
    /// Surname.
    pub surname: Option<String>,
    /// Date of birth.
    pub date_of_birth: Option<NaiveDate>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Identifying number.
    pub number: Option<String>,
    /// Postcode of the address.
    pub postcode: Option<String>,
    /// Whether names that sound alike are asked for, too.
    pub sounds_like: Option<bool>,
}

/// One basic detail with its value.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Detail {
    /// The name in use.
    Name(Name),
    /// A former name.
    FormerName(Name),
    /// Gender, or that it is not specified.
    Gender(Gender),
    /// Date of birth.
    DateOfBirth(NaiveDate),
    /// Where the child is, or why that is not known.
    Whereabouts(Whereabouts),
}

/// A view, or why there is none.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// They expressed this.
    Expressed(String),
    /// They were asked and expressed none.
    NoneExpressed,
    /// It was not appropriate to ask, for this reason.
    NotAppropriate(String),
}
