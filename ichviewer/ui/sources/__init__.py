"""Studies over the network: sources, searching and fetching, the cache and the outbox."""
