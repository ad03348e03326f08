-- KEYS: lease, checkpoints, order, values. ARGV: holder or nobody, build, expected, checkpoint or none, then commands as they
-- are to be done: name, 3 for the order or 4 for the values, how many arguments, these. They are handed on as they came: a script
-- that takes each of them up takes longer for it than the command
if ARGV[1] ~= '' and redis.call('GET', KEYS[1]) ~= ARGV[1] then return {'not-holder'} end
local at = redis.call('HGET', KEYS[2], ARGV[2])
if not at then return {'no-such-build'} end
local stands = string.match(at, '^%d+')
if stands ~= ARGV[3] then return {'stale', stands} end
local i, n = 5, #ARGV
while i <= n do
  local last = i + 2 + ARGV[i + 2]
  redis.call(ARGV[i], KEYS[tonumber(ARGV[i + 1])], unpack(ARGV, i + 3, last))
  i = last + 1
end
if ARGV[4] ~= '' then redis.call('HSET', KEYS[2], ARGV[2], ARGV[4]) end
return {'applied'}
