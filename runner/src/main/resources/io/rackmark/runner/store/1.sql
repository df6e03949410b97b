-- Version 1. Times ending in _nanos are nanoseconds; JSON columns hold the records of the export
-- schema (results/schema/run-v1.schema.json) under the same names.

CREATE TABLE run (
    id               TEXT PRIMARY KEY,
    metrics_version  INTEGER NOT NULL,
    rackmark_version TEXT NOT NULL,
    started          TEXT NOT NULL, -- ISO-8601, UTC
    ended            TEXT,          -- ISO-8601, UTC
    state            TEXT NOT NULL,
    plan             TEXT NOT NULL, -- JSON object
    environment      TEXT NOT NULL, -- JSON object
    flags            TEXT NOT NULL  -- JSON array
) STRICT;

CREATE TABLE system (
    run            TEXT NOT NULL REFERENCES run (id),
    id             TEXT NOT NULL,
    position       INTEGER NOT NULL, -- order in tables
    engine         TEXT NOT NULL,
    model          TEXT NOT NULL,
    precision      TEXT NOT NULL,
    model_sha256   TEXT NOT NULL,
    weights_sha256 TEXT NOT NULL,
    synthetic      INTEGER NOT NULL, -- 1 when the weights are random
    options        TEXT NOT NULL,    -- JSON object
    PRIMARY KEY (run, id)
) STRICT;

CREATE TABLE cell (
    run        TEXT NOT NULL,
    system     TEXT NOT NULL,
    workload   TEXT NOT NULL,
    repeat     INTEGER NOT NULL,
    position   INTEGER NOT NULL, -- planned order of execution
    state      TEXT NOT NULL,
    life_cycle TEXT, -- JSON object
    memory     TEXT, -- JSON object
    failure    TEXT, -- JSON object
    facts      TEXT NOT NULL, -- JSON array
    flags      TEXT NOT NULL, -- JSON array
    process_start_nanos INTEGER AS (life_cycle ->> 'processStartNanos'),
    engine_start_nanos  INTEGER AS (life_cycle ->> 'engineStartNanos'),
    model_load_nanos    INTEGER AS (life_cycle ->> 'modelLoadNanos'),
    page_cache          TEXT    AS (life_cycle ->> 'pageCache'),
    first_request_nanos INTEGER AS (life_cycle ->> 'firstRequestNanos'),
    cold_start_nanos    INTEGER AS (life_cycle ->> 'coldStartNanos'),
    peak_rss_bytes      INTEGER AS (memory ->> 'peakRssBytes'),
    failure_kind        TEXT    AS (failure ->> 'kind'),
    failure_message     TEXT    AS (failure ->> 'message'),
    PRIMARY KEY (run, system, workload, repeat),
    FOREIGN KEY (run, system) REFERENCES system (run, id)
) STRICT;

CREATE TABLE request (
    id                INTEGER PRIMARY KEY, -- order of arrival
    run               TEXT NOT NULL,
    system            TEXT NOT NULL,
    workload          TEXT NOT NULL,
    repeat            INTEGER NOT NULL,
    label             TEXT NOT NULL,
    attempt           INTEGER NOT NULL,
    phase             TEXT NOT NULL,
    state             TEXT NOT NULL,
    sent_nanos        INTEGER NOT NULL, -- monotonic clock of one machine
    first_token_nanos INTEGER, -- after sent_nanos
    last_token_nanos  INTEGER, -- after sent_nanos
    token_nanos       BLOB NOT NULL, -- per token: after sent_nanos, 64 bit signed, little-endian
    prompt_tokens     INTEGER NOT NULL,
    prompt_sha256     TEXT NOT NULL,
    output_tokens     INTEGER NOT NULL,
    finish            TEXT,
    phases            TEXT, -- JSON object
    gc_pause_nanos    INTEGER,
    error             TEXT,
    prefill_nanos     INTEGER AS (phases ->> 'prefillNanos'),
    decode_nanos      INTEGER AS (phases ->> 'decodeNanos'),
    UNIQUE (run, system, workload, repeat, label, attempt),
    FOREIGN KEY (run, system, workload, repeat) REFERENCES cell (run, system, workload, repeat)
) STRICT;

CREATE TABLE question (
    id             INTEGER PRIMARY KEY, -- order of arrival
    run            TEXT NOT NULL,
    system         TEXT NOT NULL,
    workload       TEXT NOT NULL,
    repeat         INTEGER NOT NULL,
    question_id    TEXT NOT NULL,
    ledger         TEXT NOT NULL, -- JSON object
    tier           TEXT    AS (ledger ->> 'tier'),
    outcome        TEXT    AS (ledger ->> 'outcome'),
    final_sql      TEXT    AS (ledger ->> 'finalSql'),
    correct_bag    INTEGER AS (ledger ->> 'correctBag'),
    correct_set    INTEGER AS (ledger ->> 'correctSet'),
    json_honoured  INTEGER AS (ledger ->> 'jsonHonoured'),
    executable     INTEGER AS (ledger ->> 'executable'),
    repairs        INTEGER AS (ledger ->> 'repairs'),
    total_nanos    INTEGER AS (ledger ->> 'totalNanos'),
    model_nanos    INTEGER AS (ledger ->> 'modelNanos'),
    sql_nanos      INTEGER AS (ledger ->> 'sqlNanos'),
    backoff_nanos  INTEGER AS (ledger ->> 'backoffNanos'),
    other_nanos    INTEGER AS (ledger ->> 'otherNanos'),
    prompt_tokens  INTEGER AS (ledger ->> 'promptTokens'),
    output_tokens  INTEGER AS (ledger ->> 'outputTokens'),
    UNIQUE (run, system, workload, repeat, question_id),
    FOREIGN KEY (run, system, workload, repeat) REFERENCES cell (run, system, workload, repeat)
) STRICT;

-- The request timeline in milliseconds: sent to first token, sent to last token, mean gap.
CREATE VIEW request_ms AS
SELECT id, run, system, workload, repeat, label, attempt, phase, state,
       prompt_tokens, output_tokens,
       first_token_nanos / 1e6 AS ttft_ms,
       last_token_nanos / 1e6 AS e2e_ms,
       CASE WHEN output_tokens > 1
            THEN (last_token_nanos - first_token_nanos) / 1e6 / (output_tokens - 1)
       END AS itl_ms
FROM request;
