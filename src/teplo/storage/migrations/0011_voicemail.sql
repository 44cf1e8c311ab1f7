-- Voicemail: a spoken message becomes a contact. Its sound is a recording beside that of the talk.

alter table recording add column part text not null default 'talk';  -- talk, voicemail
alter table recording drop constraint recording_pkey;
alter table recording add primary key (contact, part);

-- One row from the beep on, so that the message becomes a contact even where its worker is killed.
create table voicemail (
    contact uuid primary key,
    call uuid not null unique references call,
    arrival jsonb not null,              -- body of the command `arrive`: ids only
    started_at timestamptz not null default clock_timestamp(),
    sent_at timestamptz                  -- when the floor was told; null while it is being recorded
);
create index voicemail_unsent on voicemail (started_at) where sent_at is null;
create index voicemail_started on voicemail (started_at);
