-- Calls from the browser of somebody on the operator's site: the line is a page, the number is what the visitor says.
alter table call
    add column entry text,                                           -- page the call came from; null: a trunk
    add column thread uuid references thread on delete set null,     -- the visitor's chat, if there is one
    add column token_hash bytea unique;                              -- what the page shows to have its call back
create index call_from_browser on call (started_at) where ended_at is null and entry is not null;
