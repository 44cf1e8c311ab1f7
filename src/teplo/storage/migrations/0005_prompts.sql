-- What the person who made a version said of it.
alter table config_item add column comment text not null default '';
alter table config_history add column comment text not null default '';

-- Sounds of uploaded prompts, by their content: G.711 A-law, 8 kHz mono. Configuration items of the kind `prompt` point
-- here, also from their history: a sound is never changed and never removed.
create table prompt_sound (
    hash text primary key,              -- SHA-256 of `sound`, hexadecimal
    sound bytea not null,
    stored_at timestamptz not null default clock_timestamp()
);
