-- +goose Up
-- Days are numbers such as 20261105, 0 for none; money is cents. A claim's id is that
-- of its file times 2^32, plus its place in the file: ids rise in the order in which
-- claims were sent.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counter (name, last) VALUES ('file', 0), ('payment', 0);

CREATE TABLE file (
    id       INTEGER PRIMARY KEY,
    kind     TEXT NOT NULL,
    digest   BLOB NOT NULL UNIQUE,
    name     TEXT NOT NULL,
    bytes    INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    claims   INTEGER NOT NULL,
    lines    INTEGER NOT NULL,
    content  BLOB NOT NULL
) STRICT;

CREATE TABLE alias (
    digest BLOB PRIMARY KEY,
    file   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE claim (
    id        INTEGER PRIMARY KEY,
    number    TEXT NOT NULL,
    frequency INTEGER NOT NULL,
    original  TEXT NOT NULL,
    biller    TEXT NOT NULL,
    tax       BLOB NOT NULL,
    payer     TEXT NOT NULL,
    rendering TEXT NOT NULL,
    medicare  INTEGER NOT NULL,
    patient   BLOB NOT NULL,
    person    BLOB NOT NULL,
    member1   BLOB NOT NULL,
    member2   BLOB NOT NULL,
    created   INTEGER NOT NULL,
    charge    INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL,
    content   INTEGER NOT NULL,
    counted   INTEGER NOT NULL DEFAULT 1,
    gone      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX claim_patient ON claim (patient);
CREATE INDEX claim_person ON claim (person);

CREATE TABLE line (
    claim      INTEGER NOT NULL REFERENCES claim (id) ON DELETE CASCADE,
    n          INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    control    TEXT NOT NULL,
    code       TEXT NOT NULL,
    modifiers  TEXT NOT NULL,
    units      INTEGER NOT NULL,
    charge     INTEGER NOT NULL,
    from_day   INTEGER NOT NULL,
    to_day     INTEGER NOT NULL,
    provider   TEXT NOT NULL,
    discipline INTEGER NOT NULL,
    bucket     TEXT NOT NULL,
    PRIMARY KEY (claim, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE visit (
    claim     INTEGER NOT NULL REFERENCES claim (id) ON DELETE CASCADE,
    n         INTEGER NOT NULL,
    patient   BLOB NOT NULL,
    day       INTEGER NOT NULL,
    provider  TEXT NOT NULL,
    own_units INTEGER NOT NULL,
    pattern   TEXT NOT NULL,
    PRIMARY KEY (claim, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_day ON visit (patient, day);
CREATE INDEX visit_load ON visit (provider, day) WHERE own_units > 0;

CREATE TABLE payment (
    id     INTEGER PRIMARY KEY,
    file   INTEGER NOT NULL,
    key    TEXT NOT NULL UNIQUE,
    trace  TEXT NOT NULL,
    payer  TEXT NOT NULL,
    day    INTEGER NOT NULL,
    amount INTEGER NOT NULL
) STRICT;

-- An answer's id is that of its payment times 2^32, plus its place there.
CREATE TABLE answer (
    id      INTEGER PRIMARY KEY,
    file    INTEGER NOT NULL,
    claim   INTEGER NOT NULL REFERENCES claim (id) ON DELETE CASCADE,
    status  TEXT NOT NULL,
    control TEXT NOT NULL,
    charge  INTEGER NOT NULL,
    paid    INTEGER NOT NULL,
    patient INTEGER NOT NULL,
    counts  INTEGER NOT NULL
) STRICT;
CREATE INDEX answer_claim ON answer (claim);

CREATE TABLE answer_line (
    answer  INTEGER NOT NULL REFERENCES answer (id) ON DELETE CASCADE,
    n       INTEGER NOT NULL,
    line    INTEGER NOT NULL,
    allowed INTEGER NOT NULL,
    paid    INTEGER NOT NULL,
    known   INTEGER NOT NULL,
    PRIMARY KEY (answer, n)
) STRICT, WITHOUT ROWID;
