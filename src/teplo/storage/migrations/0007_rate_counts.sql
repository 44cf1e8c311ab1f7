-- What was counted for tries to sign in is counted for other things too: see storage/rate_counts.py.
alter table login_try rename to rate_count;
alter index login_try_forget rename to rate_count_forget;
