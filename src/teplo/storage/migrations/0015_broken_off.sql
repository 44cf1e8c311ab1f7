-- Recordings whose length nobody has told yet are looked for every few seconds: those of killed workers among them.
create index recording_unfinished on recording (folder) where recorded is null and condemned_at is null;
