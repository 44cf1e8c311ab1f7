-- SIP phones of agents: how each proves itself or is called, and where it has registered.

create table phone (
    agent uuid primary key,
    login text unique,                   -- user name of the digest; null: only a fixed address
    md5 text,                            -- H(login:realm:secret): as good as the secret, never shown or logged
    sha256 text,
    uri text,                            -- a fixed address, called where nothing has registered
    in_use boolean not null default false, -- the agent works by phone
    changed_at timestamptz not null default clock_timestamp(),
    check ((login is null) = (md5 is null) and (login is null) = (sha256 is null))
);

-- Kept over restarts, so that every worker finds the phone. A stream (TCP, TLS) belongs to the worker that holds it.
create table phone_binding (
    agent uuid not null references phone on delete cascade,
    contact text not null,
    node uuid not null,
    transport text not null,
    host text not null,
    port int not null,
    connection int not null,
    call_id text not null,
    cseq bigint not null,
    until timestamptz not null,
    primary key (agent, contact)
) with (fillfactor = 70);

-- Secrets of trunks, sealed with the installation's key: out of the versioned configuration and its history.
create table trunk_secret (
    trunk text primary key,
    sealed bytea not null,
    changed_at timestamptz not null default clock_timestamp()
);

-- How trunks stand. `node` is the one worker that registers this trunk.
create table trunk_state (
    trunk text primary key,
    node uuid not null,
    registration text check (registration in ('trying', 'registered', 'refused', 'unreachable')), -- null: none wanted
    status int not null default 0,       -- SIP status of the last answer to a registration
    registration_since timestamptz,
    up boolean,                          -- null: calls do not go out over it, or it is not known yet
    up_since timestamptz
) with (fillfactor = 70);
