"""Checks an exported log with nothing but Python's standard library.

python3 check.py                    rebuilds the tree from the entries, compares it with every tile and checkpoint
python3 check.py note FILE OUT      writes what was signed with Ed25519 to OUT.text and the signature to OUT.sig, and
                                    the same of ML-DSA-44 to OUT.message and OUT.ml-dsa-44.sig
python3 check.py entry NUMBER       prints an entry
"""

import base64, hashlib, os, sys

os.chdir(os.path.dirname(os.path.abspath(__file__)))


def sha256(data):
    return hashlib.sha256(data).digest()


def root(hashes):
    """RFC 6962: the root over subtrees of equal size, of which only the last may be unfinished."""
    if not hashes:
        return sha256(b"")
    if len(hashes) == 1:
        return hashes[0]
    half = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\x01" + root(hashes[:half]) + root(hashes[half:]))


def path(row, index, width):
    """C2SP tlog-tiles: tile/0/x001/x234/067, with .p/5 behind it if only 5 of 256 are there."""
    groups, rest = ["%03d" % (index % 1000)], index // 1000
    while rest:
        groups.insert(0, "x%03d" % (rest % 1000))
        rest //= 1000
    return "tile/%s/%s%s" % (row, "/".join(groups), "" if width == 256 else ".p/%d" % width)


def read(name):
    try:
        with open(name, "rb") as file:
            return file.read()
    except OSError as error:
        sys.exit("%s cannot be read: %s" % (name, error.strerror))


def checkpoint(name):
    try:
        text, signatures = read(name).decode().rsplit("\n\n", 1)
        origin, size, hash = text.split("\n")
        return origin, int(size), base64.b64decode(hash), text + "\n", signatures.split("\n")
    except ValueError:
        sys.exit("%s is no checkpoint" % name)


def entries(index, width):
    name = path("entries", index, width)
    bundle, found = read(name), []
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        if len(bundle) < 2 + length:
            sys.exit("%s is cut short in entry %d" % (name, 256 * index + len(found)))
        found.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    if len(found) != width:
        sys.exit("%s has %d entries, not %d" % (name, len(found), width))
    return found


def first_entry():
    """The first entry that is in the folder: of those before it there are only the hashes."""
    return int(read("first-entry")) if os.path.exists("first-entry") else 0


def leaves(index, width):
    if 256 * index >= first_entry():
        return [sha256(b"\x00" + entry) for entry in entries(index, width)]
    kept = read(path(0, index, width))
    return [kept[at : at + 32] for at in range(0, len(kept), 32)]


def widths(count):
    """The tiles of a row that holds so many hashes."""
    full, rest = divmod(count, 256)
    return [(index, 256) for index in range(full)] + ([(full, rest)] if rest else [])


def compare(level, index, width, hashes):
    name = path(level, index, width)
    kept = read(name)
    if len(kept) != 32 * width:
        sys.exit("%s has the wrong length" % name)
    for place, hash in enumerate(hashes):
        if kept[32 * place : 32 * place + 32] != hash:
            at = (256 * index + place) * 256**level
            sys.exit("%s: hash %d is not that of the entries from %d on" % (name, place, at))


def check():
    origin, size, final, _, _ = checkpoint("checkpoint")
    old = {}
    if not os.path.isdir("checkpoints"):
        sys.exit("checkpoints cannot be read: there is no such folder")
    for name in os.listdir("checkpoints"):
        log, length, hash, _, _ = checkpoint("checkpoints/" + name)
        if log != origin or length > size or old.setdefault(length, hash) != hash:
            sys.exit("checkpoints/%s is not of this log" % name)
    levels = [[leaf for index, width in widths(size) for leaf in leaves(index, width)]]
    while levels[-1]:
        level = len(levels) - 1
        for index, width in widths(len(levels[-1])):
            compare(level, index, width, levels[-1][256 * index : 256 * index + width])
        full = len(levels[-1]) // 256
        levels.append([root(levels[-1][256 * index : 256 * index + 256]) for index in range(full)])
    old[size] = old.get(size, final)
    for length in sorted(old):
        # The finished tiles of each level, then what stands to their right.
        edge = []
        for level, hashes in reversed(list(enumerate(levels))):
            count = length // 256**level
            edge.append(hashes[count - count % 256 : count])
        while len(edge) > 1:
            # An unfinished tile of the level below is the last hash of this one.
            below = edge.pop()
            edge[-1] = edge[-1] + ([root(below)] if below else [])
        if root(edge[0]) != old[length]:
            sys.exit("the checkpoint of size %d has another root than the entries" % length)
    if old[size] != final:
        sys.exit("checkpoint has another root than the entries")
    part = " (before %d their hashes alone)" % first_entry() if first_entry() else ""
    print("%s: %d entries%s, every tile, and %d checkpoints agree" % (origin, size, part, len(old)))


def write(name, data):
    with open(name, "wb") as file:
        file.write(data)


def message(signer, time, origin, size, hash):
    """C2SP tlog-cosignature: what is signed with ML-DSA-44, for the whole tree from entry 0 on."""
    signer, origin = signer.encode(), origin.encode()
    head = b"subtree/v1\n\0" + bytes([len(signer)]) + signer + time + bytes([len(origin)]) + origin
    return head + (0).to_bytes(8, "big") + size.to_bytes(8, "big") + hash


def note(name, out):
    origin, size, hash, text, signatures = checkpoint(name)
    found = set()
    for line in filter(None, signatures):
        _, signer, payload = line.split(" ")
        # The first four bytes name the key.
        payload = base64.b64decode(payload)[4:]
        if len(payload) == 64 and signer == origin:
            write(out + ".text", text.encode())
            write(out + ".sig", payload)
            found.add("Ed25519")
        # Before a signature of ML-DSA-44, of 2420 bytes, the time stands in eight.
        if len(payload) == 8 + 2420 and signer == origin:
            write(out + ".message", message(signer, payload[:8], origin, size, hash))
            write(out + ".ml-dsa-44.sig", payload[8:])
            found.add("ML-DSA-44")
    if "Ed25519" not in found:
        sys.exit("%s has no Ed25519 signature of %s" % (name, origin))
    print("%s: %s" % (name, ", ".join(sorted(found))))


def entry(number):
    _, size, _, _, _ = checkpoint("checkpoint")
    if not first_entry() <= number < size:
        sys.exit("there are entries %d to %d" % (first_entry(), size - 1))
    width = min(256, size - number // 256 * 256)
    sys.stdout.buffer.write(entries(number // 256, width)[number % 256] + b"\n")


if len(sys.argv) == 1:
    check()
elif sys.argv[1] == "note" and len(sys.argv) == 4:
    note(sys.argv[2], sys.argv[3])
elif sys.argv[1] == "entry" and len(sys.argv) == 3:
    entry(int(sys.argv[2]))
else:
    sys.exit(__doc__)
