//! Shields.

mod challenges;
mod decisions;

use std::collections::BTreeSet;

use domain::{
    caller::Caller,
    child::Child,
    identity::ChildRef,
    policy::Policy,
    reason::Text,
    shield::{Event, Ground, Grounds, RestsOn, Shield, View, determine::Finding},
    stream::Stream,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Answer, Receipt};
use crate::{
    directory::{Directory, Outcome},
    openapi::vocabulary,
    problem::Problem,
    request::Context,
};

/// Adds every command about shields.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    decisions::configure(service);
    challenges::configure(service);
}

/// At least one ground: one or more of the four, or another with its explanation, or both.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GivenGrounds {
    /// Those of the four that are stated.
    #[serde(default)]
    #[schema(value_type = Vec<vocabulary::Ground>)]
    stated: BTreeSet<Ground>,
    /// Another ground, explained.
    #[schema(value_type = Option<String>)]
    other: Option<Text>,
}

impl GivenGrounds {
    fn checked(self, field: &str) -> Result<Grounds, Problem> {
        Grounds::new(self.stated, self.other.map(Into::into))
            .map_err(|none| Problem::at_field(field, none.to_string()))
    }
}

/// A view, or why there is none.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum GivenView {
    /// They expressed this.
    Expressed(Text),
    /// They were asked and expressed none.
    NoneExpressed,
    /// It was not appropriate to ask, for this reason.
    NotAppropriate(Text),
}

impl From<GivenView> for View {
    fn from(given: GivenView) -> Self {
        match given {
            GivenView::Expressed(text) => Self::Expressed(text.into()),
            GivenView::NoneExpressed => Self::NoneExpressed,
            GivenView::NotAppropriate(reason) => Self::NotAppropriate(reason.into()),
        }
    }
}

/// Whether the record is shielded.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum GivenFinding {
    /// It is.
    Apply {
        /// The grounds.
        grounds: GivenGrounds,
        /// What the finding rests on.
        #[schema(value_type = vocabulary::RestsOn)]
        rests_on: RestsOn,
    },
    /// It is not.
    Refuse,
}

impl GivenFinding {
    fn checked(self) -> Result<Finding, Problem> {
        Ok(match self {
            Self::Apply { grounds, rests_on } => {
                Finding::Apply { grounds: grounds.checked("finding.apply.grounds")?, rests_on }
            }
            Self::Refuse => Finding::Refuse,
        })
    }
}

/// A decision that rests on the record and its shield.
async fn shielding<R>(
    directory: &Directory,
    context: &Context,
    child: ChildRef,
    decide: impl Fn(&Child, &Shield, &Policy, &Caller<'_>) -> Result<Vec<Event>, R>,
) -> Result<Outcome, Problem>
where
    Problem: From<R>,
{
    directory
        .handle(context, Stream::Shield(child), async |view| {
            let record = view.fold::<Child>(Stream::Child(child)).await?;
            let state = view.fold::<Shield>(Stream::Shield(child)).await?;
            let (policy, asker) = (view.policy().await?, view.asker().await?);
            let events = decide(&record, &state, &policy, &asker.caller())?;
            Ok(events.into_iter().map(Into::into).collect())
        })
        .await
}
