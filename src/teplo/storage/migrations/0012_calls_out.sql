-- Calls out of an agent's own wish are contacts, too.
alter table contact add column direction text not null default 'in';   -- in, out
