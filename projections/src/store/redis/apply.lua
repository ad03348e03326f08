-- KEYS: lease, checkpoints, order, values. ARGV: holder or nobody, build, expected, checkpoint or none, then writes: "=" key value | "-" key
if ARGV[1] ~= '' and redis.call('GET', KEYS[1]) ~= ARGV[1] then return {'not-holder'} end
local at = redis.call('HGET', KEYS[2], ARGV[2])
if not at then return {'no-such-build'} end
local stands = string.match(at, '^%d+')
if stands ~= ARGV[3] then return {'stale', stands} end
local order, put, gone, bare = {}, {}, {}, {}
local function flush()
  if #order > 0 then redis.call('ZADD', KEYS[3], unpack(order)) end
  if #put > 0 then redis.call('HSET', KEYS[4], unpack(put)) end
  if #gone > 0 then redis.call('ZREM', KEYS[3], unpack(gone)) end
  if #bare > 0 then redis.call('HDEL', KEYS[4], unpack(bare)) end
  order, put, gone, bare = {}, {}, {}, {}
end
local i, n, held = 5, #ARGV, 0
while i <= n do
  local key = ARGV[i + 1]
  if ARGV[i] == '=' then
    order[#order + 1] = 0
    order[#order + 1] = key
    local value = ARGV[i + 2]
    if value ~= '' then
      put[#put + 1] = key
      put[#put + 1] = value
    end
    i = i + 3
  else
    gone[#gone + 1] = key
    if string.sub(key, 1, 2) ~= 'i/' then bare[#bare + 1] = key end
    i = i + 2
  end
  held = held + 1
  if held == 2000 then
    flush()
    held = 0
  end
end
flush()
if ARGV[4] ~= '' then redis.call('HSET', KEYS[2], ARGV[2], ARGV[4]) end
return {'applied'}
