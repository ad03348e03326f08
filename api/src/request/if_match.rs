//! If-Match: which revision of a child's record the caller means to change.

use actix_web::{HttpRequest, http::header};
use domain::identity::ChildRef;
use utoipa::{
    IntoParams,
    openapi::{
        ObjectBuilder, Required, Type,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};

use crate::problem::{Problem, kind};

/// The revision that an ETag names: `"child-<ref>@<revision>"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpectedRevision {
    /// Whose record.
    pub child: ChildRef,
    /// Which revision of it.
    pub revision: u64,
}

impl ExpectedRevision {
    /// The ETag of a revision of a record.
    pub fn etag(self) -> String {
        format!("\"child-{}@{}\"", self.child, self.revision)
    }

    fn parse(text: &str) -> Option<Self> {
        let (child, revision) =
            text.trim().strip_prefix("\"child-")?.strip_suffix('"')?.split_once('@')?;
        Some(Self { child: child.parse().ok()?, revision: revision.parse().ok()? })
    }
}

/// As the description of the interface shows it.
impl IntoParams for ExpectedRevision {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        const TEXT: &str = "The ETag of the revision of the record that is changed. Missing: 428; not the \
             present one: 412.";
        let header = ParameterBuilder::new()
            .name("If-Match")
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some(TEXT))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)));
        vec![header.build()]
    }
}

pub(super) fn read(request: &HttpRequest) -> Result<Option<ExpectedRevision>, Problem> {
    let Some(value) = request.headers().get(header::IF_MATCH) else { return Ok(None) };
    value.to_str().ok().and_then(ExpectedRevision::parse).map(Some).ok_or_else(|| {
        Problem::new(&kind::MALFORMED)
            .saying("If-Match must be one ETag of a record: \"child-<ref>@<revision>\".")
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_etag_is_read_back() {
        let expected = ExpectedRevision { child: ChildRef::new(Uuid::from_u128(7)), revision: 12 };
        assert_eq!(ExpectedRevision::parse(&expected.etag()), Some(expected));
        assert_eq!(ExpectedRevision::parse("*"), None);
        assert_eq!(ExpectedRevision::parse("W/\"child-7@1\""), None);
    }
}
