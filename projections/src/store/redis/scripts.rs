//! What is done inside Redis, each in one step.

use redis::Script;

/// The scripts. Sent by their digest, and in full to a server that does not know them.
pub(super) struct Scripts {
    pub(super) apply: Script,
    pub(super) read: Script,
    pub(super) complete: Script,
    pub(super) serve: Script,
    pub(super) switch: Script,
    pub(super) drop_build: Script,
    pub(super) take_lease: Script,
    pub(super) seize_lease: Script,
    pub(super) release_lease: Script,
}

impl Scripts {
    pub(super) fn new() -> Self {
        Self {
            apply: Script::new(include_str!("apply.lua")),
            read: Script::new(include_str!("read.lua")),
            complete: Script::new(COMPLETE),
            serve: Script::new(SERVE),
            switch: Script::new(SWITCH),
            drop_build: Script::new(DROP),
            take_lease: Script::new(TAKE),
            seize_lease: Script::new(SEIZE),
            release_lease: Script::new(RELEASE),
        }
    }
}

const COMPLETE: &str = "
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('SADD', KEYS[2], ARGV[1])
return 1";

const SERVE: &str = "
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[1])
return 1";

const SWITCH: &str = "
local at = redis.call('HGET', KEYS[1], ARGV[1])
if not at then return 0 end
local now = redis.call('HGET', KEYS[2], ARGV[2])
local before = now and redis.call('HGET', KEYS[1], now)
if before and tonumber(string.match(at, '^%d+')) < tonumber(string.match(before, '^%d+')) then return 0 end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[1])
return 1";

const DROP: &str = "
if redis.call('HGET', KEYS[1], ARGV[2]) == ARGV[1] then return 0 end
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('SREM', KEYS[3], ARGV[1])
redis.call('UNLINK', KEYS[4], KEYS[5])
return 1";

const TAKE: &str = "
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1";

const SEIZE: &str = "
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1";

const RELEASE: &str = "
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1";
