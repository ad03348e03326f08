//! How a listing is asked for: which moment, which page, which form, how fresh.

use std::{
    future::{Ready, ready},
    time::Duration,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Query};
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{cursor::Cursor, form::Form, page::Wanted};
use crate::{
    directory::Directory,
    problem::{Problem, kind},
    request::{ConsistencyToken, Moment, Prefer},
};

/// The most rows of one page.
const MOST: usize = 10_000;

/// How long a caller who brings a token, or asks for a position, waits unless they say otherwise.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is understood in the address, besides what an endpoint takes itself.
const UNDERSTOOD: [&str; 6] =
    ["as_of", "as_of_position", "effective_at", "limit", "cursor", "facets"];

/// How a listing is asked for.
#[derive(Clone, Debug)]
pub(super) struct Particulars {
    moment: Moment,
    effective_at: Option<DateTime<Utc>>,
    limit: Option<usize>,
    cursor: Option<String>,
    facets: bool,
    prefer: Prefer,
    token: Option<ConsistencyToken>,
    /// The address without the word for the form.
    pub(super) path: String,
    /// The address as it was sent.
    pub(super) asked: String,
    pub(super) form: Form,
    own: String,
}

#[derive(serde::Deserialize)]
struct Parameters {
    effective_at: Option<DateTime<Utc>>,
    limit: Option<usize>,
    cursor: Option<String>,
    facets: Option<String>,
}

/// A page of a listing, and the moment it is to speak for.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    pub(super) wanted: Wanted,
    pub(super) moment: Moment,
    pub(super) effective_at: Option<DateTime<Utc>>,
    pub(super) token: Option<ConsistencyToken>,
    pub(super) patience: Duration,
}

impl Particulars {
    fn read(request: &HttpRequest) -> Result<Self, Problem> {
        let wrong = |what: &str| Problem::new(&kind::MALFORMED).saying(what.to_owned());
        let prefer = Prefer::read(request);
        if prefer.strict {
            let unknown = Query::<Vec<(String, String)>>::from_query(request.query_string())
                .map(Query::into_inner)
                .unwrap_or_default()
                .into_iter()
                .map(|(name, _)| name)
                .find(|name| !understood(request, name));
            if let Some(name) = unknown {
                return Err(wrong("A query parameter is not understood.").with("parameter", name));
            }
        }
        let moment = Moment::read(request)?;
        let parameters = Query::<Parameters>::from_query(request.query_string()).map_err(|_| {
            wrong("effective_at takes an RFC 3339 time (write + as %2B), limit a number.")
        })?;
        let Parameters { effective_at, limit, cursor, facets } = parameters.into_inner();
        if limit.is_some_and(|limit| limit == 0 || limit > MOST) {
            return Err(wrong("limit takes 1 to 10000."));
        }
        if cursor.is_some() && (moment != Moment::Now || effective_at.is_some()) {
            return Err(wrong("A cursor says for which moment it speaks: leave the others out."));
        }
        let facets = match facets.as_deref() {
            None => true,
            Some("none") => false,
            Some(_) => return Err(wrong("facets takes `none`, or is left out.")),
        };
        let (form, path) = Form::of(request.path());
        let (path, asked) = (path.to_owned(), request.uri().to_string());
        let token = ConsistencyToken::read(request)?;
        let own = own_parameters(request);
        Ok(Self {
            moment,
            effective_at,
            limit,
            cursor,
            facets,
            prefer,
            token,
            path,
            asked,
            form,
            own,
        })
    }

    /// The parameters that narrow the question in the address itself, as they follow in a link.
    pub(super) fn own_parameters(&self) -> &str {
        &self.own
    }

    /// The question that cursors are bound to.
    pub(super) fn question(&self, filter: &Value) -> String {
        format!("{} {filter}", self.path)
    }

    /// How many rows a page has.
    pub(super) fn limit(&self) -> usize {
        self.limit.unwrap_or(self.form.usual_limit())
    }

    /// How many rows the caller asked for, if they did.
    pub(super) const fn limit_asked(&self) -> Option<usize> {
        self.limit
    }

    /// The page that is wanted of a listing narrowed in this way.
    ///
    /// # Errors
    /// 400 when the cursor does not belong to it.
    pub(super) fn turn(&self, directory: &Directory, filter: &Value) -> Result<Turn, Problem> {
        let patience = self.prefer.wait.unwrap_or(PATIENCE);
        let facets = self.facets && self.form == Form::Json;
        let limit = self.limit();
        let (token, moment, effective_at) = (self.token, self.moment, self.effective_at);
        let Some(cursor) = &self.cursor else {
            let wanted = Wanted { limit, beside: None, backwards: false, facets };
            return Ok(Turn { wanted, moment, effective_at, token, patience });
        };
        let Cursor { position, effective_at, backwards, key } =
            Cursor::open(directory, &self.question(filter), cursor)?;
        let wanted = Wanted { limit, beside: Some(key), backwards, facets };
        let (moment, effective_at) = (Moment::Position(position), Some(effective_at));
        Ok(Turn { wanted, moment, effective_at, token, patience })
    }
}

/// Whether a parameter is one of a listing's, or one that this address takes itself.
fn understood(request: &HttpRequest, name: &str) -> bool {
    UNDERSTOOD.contains(&name) || taken_here(request).contains(&name)
}

/// The parameters that this address takes itself.
fn taken_here(request: &HttpRequest) -> &'static [&'static str] {
    match Form::of(request.path()).1 {
        "/shields/decisions" => &["from", "to"],
        "/training-programme" => &["phase"],
        "/counts" => &["day"],
        _ => &[],
    }
}

fn own_parameters(request: &HttpRequest) -> String {
    let taken = taken_here(request);
    let parts = request.query_string().split('&');
    let own = parts.filter(|part| taken.contains(&part.split('=').next().unwrap_or_default()));
    own.flat_map(|part| ["&", part]).collect()
}

impl FromRequest for Particulars {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::read(request))
    }
}
