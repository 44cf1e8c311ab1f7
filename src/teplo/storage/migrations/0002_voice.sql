-- Voice: which worker carries which call, what was recorded.

-- Voice workers that live. One that is not seen any more carries nothing: its calls are ended by whoever notices.
create unlogged table voice_node (
    id uuid primary key,
    host text not null,
    calls int not null default 0,
    seen_at timestamptz not null default clock_timestamp()
);

-- One row a telephone call, from the first INVITE on. The caller's number is personal data and stays out of the log.
create table call (
    id uuid primary key,
    contact uuid unique,                 -- null while the caller is in the menu
    node uuid not null,                  -- the worker that carries all its legs
    trunk text not null,
    number text,                         -- E.164 of the caller; null: withheld
    called text not null,                -- what was dialled
    subscriber uuid references subscriber,
    region text,
    language text not null default 'ru',
    started_at timestamptz not null default clock_timestamp(),
    ended_at timestamptz,
    end_reason text
) with (fillfactor = 70);
create index call_open on call (node) where ended_at is null;
create index call_number on call (number, started_at desc) where number is not null;

-- The recording of a contact: one stereo file, subscriber left, agents right; survives transfers and holds.
create table recording (
    contact uuid primary key,
    path text not null,                  -- below the folder of recordings
    node uuid not null,
    started_at timestamptz not null default clock_timestamp(),
    recorded double precision,           -- seconds with sound; null while it is being written
    paused double precision,             -- seconds of silence for card data
    deleted_at timestamptz
);
