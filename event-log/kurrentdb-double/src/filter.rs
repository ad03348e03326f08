//! Which events a reader of `$all` wants.

use fancy_regex::{Regex, RegexBuilder};
use tonic::Status;

use crate::{
    log::Event,
    wire::streams::read_req::{Expression, FilterOptions, filter_options},
};

/// How often a pattern may go back before it counts as not matching.
const BACKTRACKING: usize = 100_000;

/// How many events are examined for a checkpoint when the reader does not say.
const WINDOW: u32 = 32;

#[derive(Debug)]
pub(crate) struct Filter {
    by: By,
    on_stream: bool,
    /// How many events are examined between checkpoints.
    pub(crate) window: u64,
}

#[derive(Debug)]
enum By {
    Regex(Box<Regex>),
    Prefix(Vec<String>),
}

impl Filter {
    pub(crate) fn of(options: FilterOptions) -> Result<Self, Status> {
        let invalid = Status::invalid_argument;
        let (expression, on_stream) = match options.filter {
            Some(filter_options::Filter::StreamIdentifier(expression)) => (expression, true),
            Some(filter_options::Filter::EventType(expression)) => (expression, false),
            None => return Err(invalid("a filter must be on stream names or event types")),
        };
        let multiplier = options.checkpoint_interval_multiplier;
        if multiplier == 0 {
            return Err(invalid("checkpointIntervalMultiplier must be greater than 0"));
        }
        let window = match options.window {
            Some(filter_options::Window::Max(max)) if max > 0 => max,
            Some(filter_options::Window::Max(_)) => return Err(invalid("max must not be 0")),
            Some(filter_options::Window::Count(_)) | None => WINDOW,
        };
        let window = u64::from(window) * u64::from(multiplier);
        // As the server does it: where there is a pattern, prefixes count for nothing.
        let Expression { regex, prefix } = expression;
        let by = if regex.is_empty() {
            By::Prefix(prefix)
        } else {
            let mut builder = RegexBuilder::new(&regex);
            builder.backtrack_limit(BACKTRACKING);
            By::Regex(Box::new(builder.build().map_err(|_| invalid("the pattern is invalid"))?))
        };
        Ok(Self { by, on_stream, window })
    }

    pub(crate) fn wants(&self, event: &Event) -> bool {
        let text = if self.on_stream { &event.stream } else { &event.event.kind };
        match &self.by {
            By::Regex(regex) => regex.is_match(text).unwrap_or(false),
            By::Prefix(prefixes) => prefixes.iter().any(|prefix| text.starts_with(prefix)),
        }
    }
}
