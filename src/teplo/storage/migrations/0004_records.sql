-- Hold as a part of handling; recordings: where they are, how they go.

alter table contact add column hold double precision not null default 0;  -- seconds, not within talk

alter table recording
    add column folder uuid,                  -- the folder of recordings that holds the file: not every host has it
    add column host text,                    -- the host that made it, to be told to people
    add column pauses jsonb not null default '[]',  -- [begin, end] in seconds of the file: silence for card data
    add column condemned_at timestamptz,     -- it must go; from now on nobody listens to it
    add column rule text;                    -- by which rule: recordings, or what an administrator named
create index recording_condemned on recording (folder) where condemned_at is not null and deleted_at is null;
create index recording_begun on recording (started_at) where condemned_at is null;

-- Deletion by rule. The thread's row stays and says that its texts are gone; ids stay, the log knows no words.
alter table thread
    add column cleared_at timestamptz,
    add column cleared_rule text;
create index thread_active on thread (active_at);
create index note_at on note (at);
create index survey_words on survey (at) where words is not null;
create index call_with_number on call (started_at) where number is not null;
