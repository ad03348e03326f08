//! Reading: which reads there are, and pages of events.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Status};

use crate::{
    access::Right,
    convert::{self, Ids, answer, identifier},
    deleting::Visible,
    double::Shared,
    errors,
    filter::Filter,
    log::{Event, Log},
    requests::{Answers, Requests},
    subscribe,
    wire::{
        event_store::client::AllStreamPosition,
        streams::{
            ReadReq, ReadResp,
            read_req::{
                AllOptions, Options, ReadDirection, StreamOptions, UuidOption, all_options,
                options::{CountOption, FilterOption, StreamOption},
                stream_options, uuid_option,
            },
            read_resp,
        },
    },
};

/// How many messages may wait to be taken by the reader.
const WAITING: usize = 256;

/// Where a read begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    Start,
    End,
    At(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Forwards,
    Backwards,
}

/// What the reader takes messages from.
pub(crate) type Sender = mpsc::Sender<Result<ReadResp, Status>>;

pub(crate) fn read(
    requests: &Requests,
    request: Request<ReadReq>,
) -> Result<Answers<ReadResp>, Status> {
    let (headers, _, message) = request.into_parts();
    let invalid = Status::invalid_argument;
    let options = message.options.ok_or_else(|| invalid("options are missing"))?;
    let ids = ids(options.uuid_option)?;
    let direction = match options.read_direction() {
        ReadDirection::Forwards => Direction::Forwards,
        ReadDirection::Backwards => Direction::Backwards,
    };
    let compatible = options.control_option.is_some_and(|control| control.compatibility >= 1);
    let Options { stream_option, count_option, filter_option, .. } = options;
    let filter = match filter_option {
        Some(FilterOption::Filter(filter)) => Some(Filter::of(filter)?),
        Some(FilterOption::NoFilter(_)) => None,
        None => return Err(invalid("a filter or no filter must be asked for")),
    };
    requests.check_leader(&headers)?;
    let stream = match &stream_option {
        Some(StreamOption::Stream(of)) => convert::name(of.stream_identifier.clone())?,
        Some(StreamOption::All(_)) => "$all".to_owned(),
        None => return Err(invalid("a stream or $all must be asked for")),
    };
    requests.check(&headers, &stream, Right::Read)?;
    if requests.shared.faults.of_this_read() {
        return Err(Status::unavailable("Server Is Not Ready"));
    }
    let asked = Asked { stream, compatible, ids, direction };
    asked.answer(&requests.shared, stream_option, count_option, filter)
}

/// What is asked for, whatever it is to be read from.
struct Asked {
    stream: String,
    compatible: bool,
    ids: Ids,
    direction: Direction,
}

impl Asked {
    fn answer(
        self,
        shared: &Arc<Shared>,
        of: Option<StreamOption>,
        count: Option<CountOption>,
        filter: Option<Filter>,
    ) -> Result<Answers<ReadResp>, Status> {
        let Self { stream, compatible, ids, direction } = self;
        let (sender, receiver) = mpsc::channel(WAITING);
        let (shared, forwards) = (Arc::clone(shared), direction == Direction::Forwards);
        match (of, count, filter) {
            (Some(StreamOption::Stream(of)), Some(CountOption::Count(count)), None) => {
                let page = stream_page(&shared.log, &stream, stream_from(&of), direction, count)?;
                tokio::spawn(send_page(page, stream, compatible, ids, sender));
            }
            (Some(StreamOption::All(of)), Some(CountOption::Count(count)), filter) => {
                let page = all_page(&shared.log, all_from(&of), direction, count, filter.as_ref());
                let last = shared.log.state().last_position();
                tokio::spawn(send_all(page, last, compatible, ids, sender));
            }
            (Some(StreamOption::Stream(of)), Some(CountOption::Subscription(_)), None)
                if forwards =>
            {
                let from = stream_from(&of);
                tokio::spawn(subscribe::to_stream(shared, stream, from, ids, sender));
            }
            (Some(StreamOption::All(of)), Some(CountOption::Subscription(_)), filter)
                if forwards =>
            {
                tokio::spawn(subscribe::to_all(shared, all_from(&of), filter, ids, sender));
            }
            _ => return Err(Status::invalid_argument("these options cannot be combined")),
        }
        Ok(Box::pin(ReceiverStream::new(receiver)))
    }
}

fn ids(option: Option<UuidOption>) -> Result<Ids, Status> {
    match option.and_then(|option| option.content) {
        Some(uuid_option::Content::Structured(_)) => Ok(Ids::Structured),
        Some(uuid_option::Content::String(_)) => Ok(Ids::Text),
        None => Err(Status::invalid_argument("uuid_option is missing")),
    }
}

const fn stream_from(options: &StreamOptions) -> From {
    match options.revision_option {
        Some(stream_options::RevisionOption::Revision(revision)) => From::At(revision),
        Some(stream_options::RevisionOption::End(_)) => From::End,
        Some(stream_options::RevisionOption::Start(_)) | None => From::Start,
    }
}

fn all_from(options: &AllOptions) -> From {
    match &options.all_option {
        Some(all_options::AllOption::Position(at)) => From::At(at.commit_position),
        Some(all_options::AllOption::End(_)) => From::End,
        Some(all_options::AllOption::Start(_)) | None => From::Start,
    }
}

/// The page of a stream; none if there is no such stream.
struct Page {
    events: Vec<Arc<Event>>,
    last: u64,
}

fn stream_page(
    log: &Log,
    stream: &str,
    from: From,
    direction: Direction,
    count: u64,
) -> Result<Option<Page>, Status> {
    let visible = Visible::of(log, stream);
    let state = log.state();
    if state.is_tombstoned(stream) {
        return Err(errors::stream_deleted(stream));
    }
    let Some(last) = state.revision(stream).filter(|_| !visible.is_deleted()) else {
        return Ok(None);
    };
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let shown = state.stream(stream).iter().filter(|event| visible.shows(event, last));
    let within = |event: &&Arc<Event>| match (from, direction) {
        (From::Start, Direction::Forwards) | (From::End, Direction::Backwards) => true,
        (From::At(first), Direction::Forwards) => event.revision >= first,
        (From::At(first), Direction::Backwards) => event.revision <= first,
        (From::End, Direction::Forwards) => false,
        (From::Start, Direction::Backwards) => event.revision == 0,
    };
    let events = match direction {
        Direction::Forwards => shown.filter(within).take(count).cloned().collect(),
        Direction::Backwards => shown.rev().filter(within).take(count).cloned().collect(),
    };
    Ok(Some(Page { events, last }))
}

fn all_page(
    log: &Log,
    from: From,
    direction: Direction,
    count: u64,
    filter: Option<&Filter>,
) -> Vec<Arc<Event>> {
    let state = log.state();
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let wanted = |event: &&Arc<Event>| filter.is_none_or(|filter| filter.wants(event));
    let first = match from {
        From::Start => 0,
        From::End => state.events.len(),
        From::At(position) => state.events.partition_point(|event| event.position < position),
    };
    let (before, after) = state.events.split_at(first);
    match direction {
        // From the position on, with what stands there.
        Direction::Forwards => after.iter().filter(wanted).take(count).cloned().collect(),
        // From the position back, without what stands there.
        Direction::Backwards => before.iter().rev().filter(wanted).take(count).cloned().collect(),
    }
}

async fn send_page(
    page: Option<Page>,
    stream: String,
    compatible: bool,
    ids: Ids,
    sender: Sender,
) -> Option<()> {
    let send = async |content| sender.send(Ok(answer(content))).await.ok();
    let Some(page) = page else {
        let stream_identifier = Some(identifier(&stream));
        let missing = read_resp::StreamNotFound { stream_identifier };
        return send(read_resp::Content::StreamNotFound(missing)).await;
    };
    for event in &page.events {
        sender.send(Ok(convert::event(event, ids))).await.ok()?;
    }
    if compatible {
        send(read_resp::Content::LastStreamPosition(page.last)).await?;
    }
    Some(())
}

async fn send_all(
    page: Vec<Arc<Event>>,
    last: u64,
    compatible: bool,
    ids: Ids,
    sender: Sender,
) -> Option<()> {
    for event in &page {
        sender.send(Ok(convert::event(event, ids))).await.ok()?;
    }
    if compatible {
        let last = AllStreamPosition { commit_position: last, prepare_position: last };
        let content = read_resp::Content::LastAllStreamPosition(last);
        sender.send(Ok(answer(content))).await.ok()?;
    }
    Some(())
}
