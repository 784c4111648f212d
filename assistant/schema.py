"""The catalog's tables. A change here raises FORMAT, and :mod:`assistant.migration` learns it."""

FORMAT = "4"

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    checksum TEXT NOT NULL,
    text TEXT NOT NULL,
    characters INTEGER NOT NULL,
    pages TEXT NOT NULL,
    headings TEXT NOT NULL,
    notes TEXT NOT NULL,
    places TEXT NOT NULL,
    receipt TEXT NOT NULL,
    added TEXT NOT NULL,
    modified TEXT NOT NULL
);
CREATE INDEX documents_checksum ON documents (checksum);

-- The files that hold a document's content, the first of which names it. The signature tells
-- whether a file changed without reading it; an empty one has it read.
CREATE TABLE locations (
    key INTEGER PRIMARY KEY,
    source TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    signature TEXT NOT NULL
);
CREATE INDEX locations_document ON locations (document);

-- The folders that are kept in sync, and when they last were.
CREATE TABLE folders (source TEXT PRIMARY KEY, synced TEXT NOT NULL) WITHOUT ROWID;

-- The fingerprint is that of what was encoded: passages of the same one have the same vectors.
CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    page INTEGER,
    heading TEXT NOT NULL,
    sentences TEXT NOT NULL,
    place TEXT NOT NULL,
    places TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    vector BLOB NOT NULL,
    sentence_vectors BLOB NOT NULL
);
CREATE INDEX passages_document ON passages (document, "start");
CREATE INDEX passages_fingerprint ON passages (fingerprint);

-- Vectors of a long document that is not finished yet.
CREATE TABLE unfinished (
    fingerprint BLOB PRIMARY KEY,
    source TEXT NOT NULL,
    vector BLOB NOT NULL,
    sentence_vectors BLOB NOT NULL
);

-- What each document and its passages came to when they were written: finds flipped bits.
CREATE TABLE digests (
    document INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
    digest TEXT NOT NULL
);

-- Stems made by text.terms, so that index, query and coverage agree on what a word is.
CREATE VIRTUAL TABLE search USING fts5 (body, context, tokenize = "ascii tokenchars '._'");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (search, row);

-- What Chroma has not been told yet: passages to insert, or to remove.
CREATE TABLE pending (passage TEXT PRIMARY KEY, removed INTEGER NOT NULL) WITHOUT ROWID;
"""
STATEMENTS = tuple(statement for statement in _SCHEMA.split(";\n") if statement)
"""The statements that make the tables."""
