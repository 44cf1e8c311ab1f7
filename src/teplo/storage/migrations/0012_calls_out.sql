-- Calls out of an agent's own wish are contacts, too.
alter table contact add column direction text not null default 'in';   -- in, out

-- Which worker rings the phone of an agent to whom a callback is offered: nobody is on the line, so no worker has the call.
create table phone_offer (
    offer text primary key,
    node uuid not null,
    at timestamptz not null default clock_timestamp()
);
