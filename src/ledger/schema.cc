#include "ledger/schema.h"

#include <array>

namespace slabhound::ledger {
namespace {

// Times are milliseconds since 1970, numbers and seeds 64 bits as SQLite's signed ones. Ids are of
// this file alone; what a row is the same as in another file is said by its UNIQUE columns.
constexpr std::string_view kFirst = R"sql(
-- All cases of one seed and configuration: a number is done once, whichever run does it.
CREATE TABLE series(
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,        -- a hash of the next two
  seed INTEGER NOT NULL,
  configuration TEXT NOT NULL);    -- JSON: engines, budgets, fault, generator

-- One start of `slabhound campaign`.
CREATE TABLE runs(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,       -- unique among all machines
  series INTEGER NOT NULL REFERENCES series,
  shard TEXT NOT NULL,             -- "0/1", as --shard says
  version TEXT NOT NULL,           -- Slabhound's
  started_ms INTEGER NOT NULL,
  seen_ms INTEGER NOT NULL,        -- the last time that it wrote
  seconds REAL NOT NULL DEFAULT 0,
  cpu_seconds REAL NOT NULL DEFAULT 0,
  ended TEXT);                     -- how; null while it runs, and after a kill

-- The case numbers that a run has done: maximal ranges, half open.
CREATE TABLE done(
  run INTEGER NOT NULL REFERENCES runs,
  first INTEGER NOT NULL,
  past INTEGER NOT NULL,
  PRIMARY KEY(run, first)) WITHOUT ROWID;

-- The campaign's tally (campaign/tally_counters.h says which scopes and names there are).
CREATE TABLE counters(
  run INTEGER NOT NULL REFERENCES runs,
  hour INTEGER NOT NULL,           -- since 1970
  scope TEXT NOT NULL,
  name TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY(run, hour, scope, name)) WITHOUT ROWID;

CREATE TABLE symptoms(
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,       -- its folder's name
  before INTEGER NOT NULL DEFAULT 0);  -- cases that were counted before there was a database

-- One row a case that was kept or counted as a finding, generator crash or killed.
CREATE TABLE findings(
  series INTEGER NOT NULL REFERENCES series,
  number INTEGER NOT NULL,
  symptom INTEGER NOT NULL REFERENCES symptoms,
  run INTEGER NOT NULL REFERENCES runs,
  at_ms INTEGER NOT NULL,
  artifact TEXT,                   -- its module as found (artifacts.h); null: it was not kept
  PRIMARY KEY(series, number)) WITHOUT ROWID;
CREATE INDEX findings_by_symptom ON findings(symptom, at_ms);

-- What follows from the folders (campaign/bug_list.h), as of the last time that they were arranged.
CREATE TABLE bugs(
  slug TEXT PRIMARY KEY,           -- of the symptom that stands for it
  place INTEGER NOT NULL,          -- in the list, most severe first
  severity TEXT NOT NULL,
  label TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE members(
  slug TEXT PRIMARY KEY,           -- of the symptom
  bug TEXT NOT NULL REFERENCES bugs,
  why TEXT NOT NULL,               -- it is of that bug; empty for the one that stands for it
  signature TEXT NOT NULL,
  suspect TEXT NOT NULL,
  minimized INTEGER NOT NULL,
  bytes INTEGER NOT NULL,          -- of its module
  reproduced TEXT NOT NULL) WITHOUT ROWID;  -- "3 of 10"; empty: at once
CREATE INDEX members_by_bug ON members(bug);
-- What other configurations of the suspect do with the minimized case (cause/variants.def).
CREATE TABLE variants(
  slug TEXT NOT NULL REFERENCES members,
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  outcome TEXT NOT NULL,
  PRIMARY KEY(slug, place)) WITHOUT ROWID;

-- What people said of bugs. Rows are only added.
CREATE TABLE said(
  id TEXT PRIMARY KEY,             -- a hash of the others
  at_ms INTEGER NOT NULL,
  verb TEXT NOT NULL,              -- merge, split, label, known, fixed, open
  slug TEXT NOT NULL,
  other TEXT NOT NULL,             -- of a merge
  text TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE events(
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,              -- found, minimized, engine, build, pause …
  slug TEXT NOT NULL,              -- of the symptom that it is about, or empty
  text TEXT NOT NULL);

-- For curves: how it stood, seldom enough that a year fits.
CREATE TABLE growth(
  run INTEGER NOT NULL REFERENCES runs,
  at_ms INTEGER NOT NULL,
  cases INTEGER NOT NULL,          -- of the series
  findings INTEGER NOT NULL,
  symptoms INTEGER NOT NULL,
  bugs INTEGER NOT NULL,
  PRIMARY KEY(run, at_ms)) WITHOUT ROWID;

-- What each run is at; the last one's is of now, if it still runs.
CREATE TABLE now(
  run INTEGER PRIMARY KEY REFERENCES runs,
  at_ms INTEGER NOT NULL,
  snapshot TEXT NOT NULL);         -- JSON

-- A bug's case tried on a build of an engine.
CREATE TABLE builds(
  slug TEXT NOT NULL,
  engine TEXT NOT NULL,
  build TEXT NOT NULL,             -- what tells builds apart
  at_ms INTEGER NOT NULL,
  outcome TEXT NOT NULL,           -- fixed, still there, came back
  seen INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  PRIMARY KEY(slug, engine, build)) WITHOUT ROWID;

-- What cases reached, in a sample of them (reach/).
CREATE TABLE reach(
  run INTEGER NOT NULL REFERENCES runs,
  instruction TEXT NOT NULL,
  type TEXT NOT NULL,
  state TEXT NOT NULL,
  cases INTEGER NOT NULL,
  PRIMARY KEY(run, instruction, type, state)) WITHOUT ROWID;
)sql";

constexpr std::array kMigrations = {kFirst};

}  // namespace

std::span<const std::string_view> Migrations() { return kMigrations; }

}  // namespace slabhound::ledger
