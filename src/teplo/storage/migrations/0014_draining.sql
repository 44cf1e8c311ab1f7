-- A worker that was told to stop and waits for the end of its calls: nothing new is given to it.
alter table voice_node add column draining boolean not null default false;
