"""Seeded damage to bytes: small accidents, and the extreme numbers that parsers stumble over."""

EXTREMES = [b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\0\0\0\1", b"\xff\xff\xff\x7f"]


def mutate(data, random):
    """One to three kinds of damage, more often near the start and the end, where headers and indexes are."""
    data = bytearray(data)
    for _ in range(random.randint(1, 3)):
        random.choice([flip, overwrite, zero, cut, double, drop])(data, random)
    return bytes(data)


def position(data, random):
    reach = min(4096, len(data))
    where = random.random()
    if where < 0.4:
        return random.randrange(reach) if reach else 0
    if where < 0.7:
        return len(data) - 1 - random.randrange(reach) if reach else 0
    return random.randrange(len(data)) if data else 0


def flip(data, random):
    for _ in range(random.randint(1, 40)):
        if data:
            data[position(data, random)] = random.randrange(256)


def overwrite(data, random):
    at = position(data, random)
    data[at:at + 4] = random.choice(EXTREMES)


def zero(data, random):
    at, count = position(data, random), random.randint(1, 2000)
    data[at:at + count] = bytes(len(data[at:at + count]))


def cut(data, random):
    del data[position(data, random):]


def double(data, random):
    at = position(data, random)
    data[at:at] = data[at:at + random.randint(1, 3000)]


def drop(data, random):
    at = position(data, random)
    del data[at:at + random.randint(1, 1000)]
