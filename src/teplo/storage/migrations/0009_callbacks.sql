-- Calling subscribers back: whom, on which number, and every dial, so that none is made twice.

-- A contact may have several lines one after the other: the subscriber called, and is called back.
alter table call drop constraint call_contact_key;
create index call_contact on call (contact, started_at desc) where contact is not null;

-- Whom to call back for a contact. The number is personal data and stays out of the log.
create table callback (
    contact uuid primary key,
    number text not null,                -- E.164
    subscriber uuid references subscriber,
    language text not null,
    region text,
    called text not null,                -- the centre's number that the subscriber had dialled
    asked_at timestamptz not null default clock_timestamp()
);
create index callback_number on callback (number, asked_at desc);

-- One row for each attempt, written by the worker that makes it before it dials: two workers cannot make the same one.
create table dial (
    contact uuid not null,
    attempt int not null,
    node uuid not null,
    call uuid not null unique,
    started_at timestamptz not null default clock_timestamp(),
    ended_at timestamptz,
    outcome text,                        -- reached, or why not; null while the attempt runs
    primary key (contact, attempt)
);
