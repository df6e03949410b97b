-- Version 2: energy. Stamps are monotonic nanoseconds of one machine, as in table request.

CREATE TABLE energy (
    id               INTEGER PRIMARY KEY,
    run              TEXT NOT NULL,
    system           TEXT NOT NULL,
    workload         TEXT NOT NULL,
    repeat           INTEGER NOT NULL,
    attempt          INTEGER NOT NULL,
    wall_clock       TEXT NOT NULL, -- ISO-8601, UTC, at wall_clock_nanos
    wall_clock_nanos INTEGER NOT NULL,
    idle             TEXT, -- JSON object
    load             TEXT, -- JSON object
    unmeasured       TEXT NOT NULL, -- JSON array
    idle_from_nanos  INTEGER AS (idle ->> 'fromNanos'),
    idle_to_nanos    INTEGER AS (idle ->> 'toNanos'),
    load_from_nanos  INTEGER AS (load ->> 'fromNanos'),
    load_to_nanos    INTEGER AS (load ->> 'toNanos'),
    UNIQUE (run, system, workload, repeat, attempt),
    FOREIGN KEY (run, system, workload, repeat) REFERENCES cell (run, system, workload, repeat)
) STRICT;

CREATE TABLE energy_series (
    energy      INTEGER NOT NULL REFERENCES energy (id),
    phase       TEXT NOT NULL, -- IDLE, LOAD
    channel     TEXT NOT NULL,
    position    INTEGER NOT NULL,
    source      TEXT,          -- null when it is no energy
    scope       TEXT NOT NULL,
    device      TEXT NOT NULL,
    quantity    TEXT NOT NULL, -- names the unit of the samples
    wrap        INTEGER,       -- greatest value of a counter
    start_nanos INTEGER NOT NULL,
    samples     INTEGER NOT NULL,
    least       INTEGER, -- of the samples
    most        INTEGER,
    nanos       BLOB NOT NULL, -- per sample: after start_nanos, 64 bit signed, little-endian
    readings    BLOB NOT NULL, -- per sample: as the meter told it, 64 bit signed, little-endian
    PRIMARY KEY (energy, phase, channel)
) STRICT;
