-- Version 3: requests to endpoints. Their tokens may be unknown, which is null and not 0; SQLite
-- lifts a NOT NULL only by making the table anew.

DROP VIEW request_ms;

CREATE TABLE request_3 (
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
    prompt_tokens     INTEGER, -- null when an endpoint did not count
    prompt_sha256     TEXT NOT NULL, -- empty from an endpoint
    output_tokens     INTEGER, -- null when an endpoint did not count
    finish            TEXT,
    phases            TEXT, -- JSON object
    gc_pause_nanos    INTEGER,
    error             TEXT,
    remote            TEXT, -- JSON object; null in process
    prefill_nanos     INTEGER AS (phases ->> 'prefillNanos'),
    decode_nanos      INTEGER AS (phases ->> 'decodeNanos'),
    first_answer_nanos INTEGER AS (remote ->> 'firstAnswerNanos'),
    cached_tokens     INTEGER AS (remote ->> 'cachedTokens'),
    dollars           REAL AS (remote ->> 'dollars'),
    UNIQUE (run, system, workload, repeat, label, attempt),
    FOREIGN KEY (run, system, workload, repeat) REFERENCES cell (run, system, workload, repeat)
) STRICT;

INSERT INTO request_3 (id, run, system, workload, repeat, label, attempt, phase, state, sent_nanos,
    first_token_nanos, last_token_nanos, token_nanos, prompt_tokens, prompt_sha256, output_tokens,
    finish, phases, gc_pause_nanos, error)
SELECT id, run, system, workload, repeat, label, attempt, phase, state, sent_nanos,
    first_token_nanos, last_token_nanos, token_nanos, prompt_tokens, prompt_sha256, output_tokens,
    finish, phases, gc_pause_nanos, error
FROM request;

DROP TABLE request;

ALTER TABLE request_3 RENAME TO request;

-- The request timeline in milliseconds: sent to first token, sent to last token, mean gap.
CREATE VIEW request_ms AS
SELECT id, run, system, workload, repeat, label, attempt, phase, state,
       prompt_tokens, output_tokens,
       first_token_nanos / 1e6 AS ttft_ms,
       first_answer_nanos / 1e6 AS ttfa_ms,
       last_token_nanos / 1e6 AS e2e_ms,
       CASE WHEN output_tokens > 1
            THEN (last_token_nanos - first_token_nanos) / 1e6 / (output_tokens - 1)
       END AS itl_ms
FROM request;
