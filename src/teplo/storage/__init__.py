"""PostgreSQL: the only place with SQL. Functions take the connection first; services open the transactions."""
