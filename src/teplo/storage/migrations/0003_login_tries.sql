-- Tries to sign in, counted for all processes together. `who` is a hash: people type passwords where the login belongs.
-- Unlogged: after a crash of the server the counting begins anew.
create unlogged table login_try (
    who bytea not null,
    slot bigint not null,               -- which stretch of time, counted from 1970
    tries int not null,
    forget_at timestamptz not null,
    primary key (who, slot)
) with (fillfactor = 50);
create index login_try_forget on login_try (forget_at);

-- The audit is asked for one person, or for one kind of deed, over years.
create index audit_person on audit (person, seq);
create index audit_action on audit (action, seq);
