-- Hold as a part of handling; recordings: where they are, how they go.

alter table contact add column hold double precision not null default 0;  -- seconds, not within talk
