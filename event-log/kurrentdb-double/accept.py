"""What the published Python client sees in the double: append, conflict, idempotence, read, filter, subscribe, delete.

Run by scripts/accept-kurrentdb-double, which starts the double and gives its connection string.
"""

import sys
import threading
import uuid

from kurrentdbclient import KurrentDBClient, NewEvent, StreamState
from kurrentdbclient.exceptions import NotFoundError, StreamIsDeletedError, WrongCurrentVersionError

uri = sys.argv[1]
client = KurrentDBClient(uri=uri)
seen = []


def new(kind, text):
    return NewEvent(type=kind, data=text, metadata=b"sealed", id=uuid.uuid4())


def check(what, holds):
    print(("ok    " if holds else "WRONG ") + what)
    seen.append(holds)


def refused(error, call):
    try:
        call()
    except error:
        return True
    return False


stream = f"cp-child-{uuid.uuid4()}"
first, second, third = (new("child.record-created/1", b'{"n":%d}' % n) for n in range(3))

# One event goes over Append, several over BatchAppend.
at_first = client.append_to_stream(stream, current_version=StreamState.NO_STREAM, events=[first])
at_third = client.append_to_stream(stream, current_version=0, events=[second, third])
check("one event and a batch are appended, positions grow", 0 < at_first < at_third)
again = client.append_to_stream(stream, current_version=0, events=[second, third])
check("the same batch again is answered as it was", again == at_third)
check("another batch at that revision is a conflict", refused(
    WrongCurrentVersionError,
    lambda: client.append_to_stream(stream, current_version=0, events=[new("a/1", b"{}"), new("b/1", b"{}")])))
check("another event at that revision is a conflict", refused(
    WrongCurrentVersionError,
    lambda: client.append_to_stream(stream, current_version=0, events=[new("a/1", b"{}")])))

read = client.get_stream(stream)
check("the stream reads as written", [e.data for e in read] == [b'{"n":0}', b'{"n":1}', b'{"n":2}'])
check("ids, types and metadata come back", [(e.id, e.type, e.metadata) for e in read]
      == [(e.id, e.type, b"sealed") for e in (first, second, third)])
check("backwards, and from a revision",
      [e.stream_position for e in client.get_stream(stream, stream_position=1, backwards=True)] == [1, 0])
check("a stream that is not there is not found", refused(NotFoundError, lambda: client.get_stream("cp-child-none")))
check("the default filter of $all leaves out what is the server's",
      all(not e.type.startswith("$") for e in client.read_all()) and len(list(client.read_all())) >= 3)
only = client.read_all(filter_include=["cp-child-.*"], filter_by_stream_name=True)
check("$all by stream name", {e.stream_name for e in only} == {stream})
check("backwards from the end of $all", next(iter(client.read_all(backwards=True))).id == third.id)

following = client.subscribe_to_all(filter_include=["cp-child-.*"], filter_by_stream_name=True,
                                    commit_position=at_first)
late = new("child.late/1", b"{}")
threading.Timer(0.3, lambda: client.append_to_stream(stream, current_version=2, events=[late])).start()
got = [next(following).id for _ in range(3)]
following.stop()
check("a subscription to $all goes on after its position and gets what comes later",
      got == [second.id, third.id, late.id])
of_stream = client.subscribe_to_stream(stream)
got = [next(of_stream).stream_position for _ in range(4)]
of_stream.stop()
check("a subscription to a stream", got == [0, 1, 2, 3])

client.delete_stream(stream, current_version=StreamState.ANY)
check("deleted softly it is not found", refused(NotFoundError, lambda: client.get_stream(stream)))
client.append_to_stream(stream, current_version=3, events=[new("child.again/1", b"{}")])
check("written again it goes on where it was", [e.stream_position for e in client.get_stream(stream)] == [4])
client.tombstone_stream(stream, current_version=StreamState.ANY)
check("tombstoned it is gone", refused(StreamIsDeletedError, lambda: client.get_stream(stream)))

print(f"{sum(seen)} of {len(seen)} hold")
sys.exit(0 if all(seen) else 1)
