//! Writes as the commands of Redis that make them, each for many keys.

use redis::Cmd;

use crate::store::Write;

/// How many arguments a command is given at most: the stack of a script holds 8,000.
const ARGUMENTS: usize = 4_000;

/// What Redis is told of a write beside its key and its value: about so many bytes.
const BESIDE: usize = 8;

/// What is done to keys: the command, where it applies among the keys of the script, and whom it concerns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doing {
    /// A key gets its place in the order.
    Order,
    /// Something is under it. Nothing is under entries of indexes.
    Set,
    Remove,
    Unset,
}

impl Doing {
    const ALL: [Self; 4] = [Self::Order, Self::Set, Self::Remove, Self::Unset];

    const fn command(self) -> (&'static str, u8) {
        match self {
            Self::Order => ("ZADD", 3),
            Self::Set => ("HSET", 4),
            Self::Remove => ("ZREM", 3),
            Self::Unset => ("HDEL", 4),
        }
    }

    fn concerns(self, write: &Write) -> bool {
        match (self, write) {
            (Self::Order, Write::Put { .. }) | (Self::Remove, Write::Delete { .. }) => true,
            (Self::Set, Write::Put { value, .. }) => !value.is_empty(),
            (Self::Unset, Write::Delete { key }) => !key.starts_with("i/"),
            _ => false,
        }
    }

    /// How many arguments it takes of a write.
    const fn arguments(self) -> usize {
        match self {
            Self::Order | Self::Set => 2,
            Self::Remove | Self::Unset => 1,
        }
    }

    fn add(self, command: &mut Cmd, write: &Write) {
        if self == Self::Order {
            command.arg("0"); // the same of all: so they are in the order of their bytes
        }
        command.arg(write.key());
        if let (Self::Set, Write::Put { value, .. }) = (self, write) {
            command.arg(value.as_slice());
        }
    }
}

/// About how many bytes the commands are.
pub(super) fn length(writes: &[Write]) -> usize {
    let length = |write: &Write| match write {
        Write::Put { key, value } => key.len().saturating_mul(2).saturating_add(value.len()),
        Write::Delete { key } => key.len().saturating_mul(2),
    };
    writes.iter().map(|write| length(write).saturating_add(BESIDE)).sum()
}

/// Adds commands that put keys in their order, set what is under them, and take both away.
pub(super) fn add(command: &mut Cmd, writes: &[Write]) {
    for doing in Doing::ALL {
        let concerned: Vec<&Write> = writes.iter().filter(|it| doing.concerns(it)).collect();
        for some in concerned.chunks(ARGUMENTS.checked_div(doing.arguments()).unwrap_or(1)) {
            let (name, place) = doing.command();
            let many = some.len().saturating_mul(doing.arguments());
            command.arg(name).arg(place).arg(many);
            for write in some {
                doing.add(command, write);
            }
        }
    }
}
