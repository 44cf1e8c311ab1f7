-- Calls back are counted before each one.
create index dial_started on dial (started_at);
