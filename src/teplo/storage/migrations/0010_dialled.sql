-- Calls that people of the centre made out of a talk. The number is personal data and stays out of the log.
create table dialled (
    id uuid primary key,
    at timestamptz not null default clock_timestamp(),
    person uuid not null,
    contact uuid not null,
    number text not null,                -- as it was dialled
    outcome text                         -- null while it rings
);
create index dialled_at on dialled (at);
