"""One page about one session, for paper and for a screen."""
