"""The read half of the storage: `open_queries(engine or URL)`; one list or idea a file."""

from prodiguer.storage.queries.service import SqlQueries, open_queries

__all__ = ["SqlQueries", "open_queries"]
