-- The base: the log, the inbox, the lease, configuration, people, subscribers, chat threads, the contact record.

-- Facts in order, ids only. One writer: the holder of the lease. `seq` has no gaps.
create table event (
    seq bigint not null,
    at timestamptz not null,
    kind text not null,
    contact uuid,
    agent uuid,
    cause uuid,
    body jsonb not null,
    primary key (seq, at)
) partition by range (at);
create index event_contact on event (contact, seq) where contact is not null;
create index event_agent on event (agent, seq) where agent is not null;
create index event_at on event using brin (at);
create index event_queue_configured on event (seq) where kind = 'queue.configured';
create table event_default partition of event default;

-- Commands on their way to the addressee, consumed in the transaction that acts on them.
create table inbox (
    seq bigint generated always as identity primary key,
    recipient text not null,
    id uuid not null unique,
    sender text not null,               -- the process that waits for the result; '' if nobody
    kind text not null,
    body jsonb not null,
    sent_at timestamptz not null default clock_timestamp()
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
create index inbox_recipient on inbox (recipient, seq);

-- Who may write the log. Every journal transaction checks `epoch`.
create table lease (
    name text primary key,
    holder uuid,
    epoch bigint not null default 0,
    expires_at timestamptz not null default '-infinity'
);
insert into lease (name) values ('floor');

-- The folded floor at `seq`: a cache for a quick start, never the truth.
create table floor_snapshot (
    seq bigint primary key,
    format text not null,
    state bytea not null,
    at timestamptz not null default clock_timestamp()
);

-- Where a reader of the log stands, stored in the transaction that stores its result.
create table reader_cursor (
    name text primary key,
    seq bigint not null default 0
);

-- Processes that hold desks' connections, and whose desks. A process that is not seen any more holds nobody.
create unlogged table node (
    id uuid primary key,
    seen_at timestamptz not null default clock_timestamp()
);
create unlogged table desk (
    agent uuid not null,
    node uuid not null,
    primary key (agent, node)
);

-- Configuration of the centre: one row an item, whole history kept.
create table config_item (
    kind text not null,
    id text not null,
    version int not null,
    body jsonb not null,
    active boolean not null default true,
    changed_at timestamptz not null default clock_timestamp(),
    changed_by uuid,
    primary key (kind, id)
);
create index config_number_range on config_item ((body->>'prefix')) where kind = 'number_range';
create table config_history (
    kind text not null,
    id text not null,
    version int not null,
    body jsonb not null,
    active boolean not null,
    changed_at timestamptz not null,
    changed_by uuid,
    primary key (kind, id, version)
);

-- Sign-in data of people; who they are is config_item kind 'person' with the same id.
create table credential (
    person uuid primary key,
    login text not null unique,
    password_hash text not null,
    changed_at timestamptz not null default clock_timestamp()
);
create table session (
    token_hash bytea primary key,
    person uuid not null,
    csrf text not null,
    created_at timestamptz not null default clock_timestamp(),
    seen_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null
);
create index session_person on session (person);

-- Who looked at or changed what. No personal data: ids and field names.
create table audit (
    seq bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    person uuid,
    action text not null,
    object_kind text not null,
    object_id text,
    details jsonb not null default '{}'
);
create index audit_object on audit (object_kind, object_id, seq);

-- Secrets that the installation makes for itself once.
create table installation (
    key text primary key,
    value text not null
);

create table subscriber (
    id uuid primary key,
    number text unique,
    name text,
    language text not null default 'ru',
    region text,
    created_at timestamptz not null default clock_timestamp()
);

-- A chat as the subscriber sees it; over 72 hours it may carry several contacts.
create table thread (
    id uuid primary key,
    token_hash bytea not null unique,
    entry text not null,
    subscriber uuid references subscriber,
    name text,
    number text,
    language text not null,
    region text,
    reason text,                         -- what the subscriber chose at the start, and the queue it led to
    queue text not null,
    page text,
    created_at timestamptz not null default clock_timestamp(),
    active_at timestamptz not null default clock_timestamp(),
    contact uuid,                        -- the open or last contact
    last_seq int not null default 0,     -- of message; also the row lock that orders messages
    subscriber_delivered int not null default 0,
    subscriber_read int not null default 0,
    agent_delivered int not null default 0,
    agent_read int not null default 0
) with (fillfactor = 70);
create index thread_contact on thread (contact);
create index thread_subscriber on thread (subscriber);

create table file (
    id uuid primary key,
    thread uuid not null references thread,
    name text not null,
    media_type text not null,
    size int not null,
    width int,
    height int,
    data bytea not null,
    created_at timestamptz not null default clock_timestamp()
);
alter table file alter column data set storage external;

create table message (
    thread uuid not null references thread,
    seq int not null,
    id uuid not null unique,             -- made by the sender: a retry is found by it
    contact uuid not null,
    at timestamptz not null default clock_timestamp(),
    author text not null check (author in ('subscriber', 'agent', 'system')),
    agent uuid,
    kind text not null check (kind in ('text', 'file', 'notice')),
    text text,
    file uuid references file,
    primary key (thread, seq)
);
create index message_contact on message (contact, seq);

-- Private notes of agents on a contact.
create table note (
    id uuid primary key,
    contact uuid not null,
    agent uuid not null,
    at timestamptz not null default clock_timestamp(),
    text text not null
);
create index note_contact on note (contact, at);

create table survey (
    contact uuid primary key,
    grade smallint not null check (grade between 1 and 5),
    words text,
    at timestamptz not null default clock_timestamp()
);

-- The contact record: a projection of the log, one row a contact.
create table contact (
    id uuid primary key,
    number bigint generated always as identity unique,
    channel text not null,
    queue text not null,
    reason text,
    subscriber uuid,
    thread uuid,
    language text not null,
    region text,
    state text not null,                 -- deferred waiting offered talking wrap_up ended
    agent uuid,                          -- who talks, or talked last
    agents uuid[] not null default '{}', -- everybody who talked
    arrived_at timestamptz not null,
    waiting_from timestamptz,            -- when the present waiting began
    answered_at timestamptz,
    ended_at timestamptz,
    wait double precision not null default 0,
    talk double precision not null default 0,
    wrap_up double precision not null default 0,
    ended_by text,
    stage text,
    transfers int not null default 0,
    missed int not null default 0,
    reasons text[] not null default '{}',
    outcome text,
    grade smallint,
    arrived_seq bigint not null default 0, -- from this fact of the log ...
    done_seq bigint                      -- ... to this one, the end of the wrap-up; null while anything is open
) with (fillfactor = 70);
create index contact_subscriber on contact (subscriber, arrived_at desc);
create index contact_thread on contact (thread, number desc);
create index contact_agent on contact (agent, arrived_at desc);
create index contact_agents on contact using gin (agents);
create index contact_arrived on contact (arrived_at desc);
create index contact_queue on contact (queue, number desc);
create index contact_done on contact (done_seq);
create index contact_open on contact (state) where state <> 'ended';
