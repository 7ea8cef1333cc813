"""Use cases and their SQL. A service takes the session first, raises a Problem, and never commits."""
