//! `contactpoint token`.

use std::{io::Write, path::PathBuf};

use clap::{Args, ValueEnum};
use domain::{
    actor::Role,
    identity::{OrganisationId, PractitionerId},
};

use super::Failure;
use crate::identity::{self, IssuerError, TokenRequest};

/// Print a sign-in token by the development issuer.
///
/// Refused (exit code 3) unless a server has been started with --development-issuer on this data
/// folder: only such a server makes the key, and only such a server accepts the token. A token only
/// says who is calling; what they may do is decided from what the log says about them.
#[derive(Args)]
pub(super) struct Token {
    /// The data folder of the server.
    #[arg(long, env = "CONTACTPOINT_DATA", value_name = "DIR")]
    data: PathBuf,
    /// The office to act in.
    #[arg(long, value_enum)]
    role: RoleName,
    /// The handle of the person.
    #[arg(long, value_name = "ID")]
    person: PractitionerId,
    /// The handle of the organisation. [default: the department]
    #[arg(long, value_name = "ID", default_value_t = OrganisationId::DEPARTMENT, hide_default_value = true)]
    organisation: OrganisationId,
    /// Mediated access: the handle of the person for whom they look.
    #[arg(long, value_name = "ID")]
    on_behalf_of: Option<PractitionerId>,
    /// The audience, if the server runs with --audience.
    #[arg(long, value_name = "URL")]
    audience: Option<String>,
    /// For how many minutes it holds.
    #[arg(long, default_value_t = 480, value_parser = clap::value_parser!(u32).range(1..=44_640))]
    minutes: u32,
    /// Leave out that a second factor was given: to see such a token refused.
    #[arg(long)]
    without_second_factor: bool,
}

/// An office, as typed.
#[derive(Clone, Copy, ValueEnum)]
enum RoleName {
    Practitioner,
    ManagementTeam,
    Trainer,
    Official,
    Auditor,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Practitioner => Self::Practitioner,
            RoleName::ManagementTeam => Self::ManagementTeam,
            RoleName::Trainer => Self::Trainer,
            RoleName::Official => Self::Official,
            RoleName::Auditor => Self::Auditor,
        }
    }
}

impl Token {
    pub(super) fn run(self) -> Result<(), Failure> {
        let request = TokenRequest {
            person: self.person,
            role: self.role.into(),
            organisation: self.organisation,
            on_behalf_of: self.on_behalf_of,
            audience: self.audience,
            seconds: u64::from(self.minutes).saturating_mul(60),
            second_factor: !self.without_second_factor,
        };
        let token = identity::issue(&self.data, &request).map_err(|error| Failure {
            code: if matches!(error, IssuerError::Absent { .. }) { 3 } else { 1 },
            cause: error.into(),
        })?;
        writeln!(std::io::stdout(), "{token}")?;
        Ok(())
    }
}
