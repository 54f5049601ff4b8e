-- +goose Up
-- Days are numbers such as 20261105, 0 for none; money is cents. A claim's id is that
-- of its file times 2^32, plus its place in the file: ids rise in the order in which
-- claims were sent.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value BYTEA NOT NULL
);

CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO counter (name, last) VALUES ('file', 0), ('payment', 0);

CREATE TABLE file (
    id       BIGINT PRIMARY KEY,
    kind     TEXT NOT NULL,
    digest   BYTEA NOT NULL UNIQUE,
    name     TEXT NOT NULL,
    bytes    BIGINT NOT NULL,
    recorded BIGINT NOT NULL,
    claims   BIGINT NOT NULL,
    lines    BIGINT NOT NULL,
    content  BYTEA NOT NULL
);

CREATE TABLE alias (
    digest BYTEA PRIMARY KEY,
    file   BIGINT NOT NULL
);

CREATE TABLE claim (
    id        BIGINT PRIMARY KEY,
    number    TEXT NOT NULL,
    frequency BIGINT NOT NULL,
    original  TEXT NOT NULL,
    biller    TEXT NOT NULL,
    tax       BYTEA NOT NULL,
    payer     TEXT NOT NULL,
    rendering TEXT NOT NULL,
    medicare  BIGINT NOT NULL,
    patient   BYTEA NOT NULL,
    person    BYTEA NOT NULL,
    member1   BYTEA NOT NULL,
    member2   BYTEA NOT NULL,
    created   BIGINT NOT NULL,
    charge    BIGINT NOT NULL,
    first_day BIGINT NOT NULL,
    last_day  BIGINT NOT NULL,
    content   BIGINT NOT NULL,
    counted   BIGINT NOT NULL DEFAULT 1,
    gone      BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX claim_patient ON claim (patient);
CREATE INDEX claim_person ON claim (person);

CREATE TABLE line (
    claim      BIGINT NOT NULL REFERENCES claim (id) ON DELETE CASCADE,
    n          BIGINT NOT NULL,
    number     BIGINT NOT NULL,
    control    TEXT NOT NULL,
    code       TEXT NOT NULL,
    modifiers  TEXT NOT NULL,
    units      BIGINT NOT NULL,
    charge     BIGINT NOT NULL,
    from_day   BIGINT NOT NULL,
    to_day     BIGINT NOT NULL,
    provider   TEXT NOT NULL,
    discipline BIGINT NOT NULL,
    bucket     TEXT NOT NULL,
    PRIMARY KEY (claim, n)
);

CREATE TABLE visit (
    claim     BIGINT NOT NULL REFERENCES claim (id) ON DELETE CASCADE,
    n         BIGINT NOT NULL,
    patient   BYTEA NOT NULL,
    day       BIGINT NOT NULL,
    provider  TEXT NOT NULL,
    own_units BIGINT NOT NULL,
    pattern   TEXT NOT NULL,
    PRIMARY KEY (claim, n)
);
CREATE INDEX visit_day ON visit (patient, day);
CREATE INDEX visit_load ON visit (provider, day) WHERE own_units > 0;

CREATE TABLE payment (
    id     BIGINT PRIMARY KEY,
    file   BIGINT NOT NULL,
    key    TEXT NOT NULL UNIQUE,
    trace  TEXT NOT NULL,
    payer  TEXT NOT NULL,
    day    BIGINT NOT NULL,
    amount BIGINT NOT NULL
);

-- An answer's id is that of its payment times 2^32, plus its place there.
CREATE TABLE answer (
    id      BIGINT PRIMARY KEY,
    file    BIGINT NOT NULL,
    claim   BIGINT NOT NULL REFERENCES claim (id) ON DELETE CASCADE,
    status  TEXT NOT NULL,
    control TEXT NOT NULL,
    charge  BIGINT NOT NULL,
    paid    BIGINT NOT NULL,
    patient BIGINT NOT NULL,
    counts  BIGINT NOT NULL
);
CREATE INDEX answer_claim ON answer (claim);

CREATE TABLE answer_line (
    answer  BIGINT NOT NULL REFERENCES answer (id) ON DELETE CASCADE,
    n       BIGINT NOT NULL,
    line    BIGINT NOT NULL,
    allowed BIGINT NOT NULL,
    paid    BIGINT NOT NULL,
    known   BIGINT NOT NULL,
    PRIMARY KEY (answer, n)
);
