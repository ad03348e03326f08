-- KEYS: checkpoints, order, values, serving. ARGV: build, the name of which it must serve or none, then asks: kind from to
-- backwards limit. Answers: checkpoint, then keys and values; or '>' and which serves instead
if ARGV[2] ~= '' then
  local serving = redis.call('HGET', KEYS[4], ARGV[2])
  if serving ~= ARGV[1] then return {'>' .. (serving or ''), {}} end
end
local at = redis.call('HGET', KEYS[1], ARGV[1])
if not at then return false end
local answers = {}
local function page(from, to, backwards, limit)
  if backwards == '1' then
    return redis.call('ZREVRANGEBYLEX', KEYS[2], '(' .. to, '[' .. from, 'LIMIT', 0, limit)
  end
  return redis.call('ZRANGEBYLEX', KEYS[2], '[' .. from, '(' .. to, 'LIMIT', 0, limit)
end
local function with_values(keys, led)
  local rows = {}
  for first = 1, #keys, 2000 do
    local ask = {}
    for i = first, math.min(first + 1999, #keys) do
      ask[#ask + 1] = led and ('d/' .. string.match(keys[i], '[^|]*$')) or keys[i]
    end
    local values = redis.call('HMGET', KEYS[3], unpack(ask))
    for i, value in ipairs(values) do
      if value or not led then
        rows[#rows + 1] = keys[first + i - 1]
        rows[#rows + 1] = value or ''
      end
    end
  end
  return rows
end
for i = 3, #ARGV, 5 do
  local kind, from, to, backwards, limit = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
  local rows
  if kind == 'get' then
    local value = redis.call('HGET', KEYS[3], from)
    rows = value and {from, value} or {}
  elseif kind == 'count' then
    rows = {'', tostring(redis.call('ZLEXCOUNT', KEYS[2], '[' .. from, '(' .. to))}
  else
    rows = with_values(page(from, to, backwards, limit), kind == 'documents')
  end
  answers[#answers + 1] = rows
end
return {at, answers}
