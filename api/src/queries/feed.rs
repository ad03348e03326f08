//! What happens, as it happens: server-sent events, each in the form of `CloudEvents`, filtered to what the caller may see.
//!
//! Authorities are notified here: the management team of the responsible authority receives every
//! override and every view of its shielded records, marked as a notice. Nothing is sent by a rebuild:
//! the feed follows the log itself, and no read model.

mod audience;
mod cloud_event;
mod following;

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header,
    web::{Bytes, Data},
};
use domain::{access::ReasonCode, audit::Question, reason::Text};
use utoipa_actix_web::service_config::ServiceConfig;

use self::{audience::Audience, following::Following};
use super::{
    sets::Scope,
    trail::{Asked, note},
};
use crate::{
    caller::{CallerKind, Investigator, Person},
    directory::Directory,
    problem::{Problem, kind},
    request::{Context, GivenReason},
};

/// Follow what happens: `text/event-stream`, each event in the form of `CloudEvents` 1.0, its `id` the position
/// in the log. `Last-Event-ID` resumes after that position, without loss or repeat; without it the feed
/// begins now. An auditor or an official sees everything; a management team what concerns its own users
/// and the records its authority is responsible for, with a `notice` where a shield was overridden or a
/// shielded record was viewed or listed. That it was asked for is recorded, with the reason given in the
/// headers `Reason-Code` and `Reason`. It ends when the token does, or the caller's entitlement.
#[utoipa::path(tag = "sets",
    params(
        ("Reason-Code" = String, Header, description = "A code from the policy's list, such as `audit`."),
        ("Reason" = String, Header, description = "Why, in words. Recorded, sealed."),
        ("Last-Event-ID" = Option<u64>, Header, description = "Resume after this position.")),
    responses((status = 200, content_type = "text/event-stream", body = String)))]
#[get("/feed")]
async fn follow_feed(
    directory: Data<Directory>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let person = Person::identify(&request)?;
    let by = Investigator::admit(person)?;
    let after = last_event_id(&request, directory.log().length())?;
    let reason = reason(&request)?;
    let context = Context::new(&directory, &request, &person, b"")?;
    if context.repeatable {
        let detail = "A feed is followed, not repeated: leave the Idempotency-Key out.";
        return Err(Problem::new(&kind::MALFORMED).saying(detail));
    }
    let asked = Asked {
        question: Question::LiveFeed,
        about: Scope::of(&by, None).about(),
        within: None,
        events: Vec::new(),
        reason,
    };
    let noted = note(&directory, &context, by.id, asked).await?;
    let from = after.unwrap_or(noted.position).saturating_add(1);
    let audience = Audience::of(&person);
    let following = Following::begin(directory, person, audience, from);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(following.stream()))
}

/// Where to go on. Beyond the end of the log nothing has been sent yet.
fn last_event_id(request: &HttpRequest, length: u64) -> Result<Option<u64>, Problem> {
    let Some(value) = request.headers().get("last-event-id") else { return Ok(None) };
    let position: Option<u64> = value.to_str().ok().and_then(|text| text.trim().parse().ok());
    position.filter(|position| *position < length).map(Some).ok_or_else(|| {
        Problem::new(&kind::MALFORMED)
            .saying("Last-Event-ID must be the `id` of an event of this feed.")
    })
}

fn reason(request: &HttpRequest) -> Result<GivenReason, Problem> {
    let text = |name: &str| {
        let value = request.headers().get(name);
        value.and_then(|value| std::str::from_utf8(value.as_bytes()).ok()).unwrap_or_default()
    };
    let wrong =
        |field: &str, rule: &dyn std::fmt::Display| Problem::at_field(field, rule.to_string());
    let code = ReasonCode::try_from(text("reason-code").to_owned())
        .map_err(|refused| wrong("Reason-Code", &refused))?;
    let words = Text::try_from(text("reason")).map_err(|refused| wrong("Reason", &refused))?;
    Ok(GivenReason::new(code, words))
}

/// Adds the feed.
pub(super) fn configure(service: &mut ServiceConfig<'_>) {
    service.service(follow_feed);
}

/// A piece of the stream.
type Piece = Result<Bytes, std::convert::Infallible>;
