"""Opens an engine on a thread of its own, while headers are read: it is nearly always needed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from ichviewer.inference.engine import Engine


class EngineAtOnce:
    """Begins to open an engine. Used as a context: an engine that nobody took is closed at its end.

    What is wrong with it is told to who asks for it, and to nobody if it is not needed.

    Parameters
    ----------
    open_engine : function that returns an Engine
    """

    def __init__(self, open_engine: Callable[[], Engine]) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ichviewer-engine")
        self._opening: Future[Engine] = self._thread.submit(open_engine)
        self._taken = False

    def __enter__(self) -> EngineAtOnce:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()
        if not self._taken and not self._opening.cancelled() and self._opening.exception() is None:
            self._opening.result().close()

    def take(self) -> Engine:
        """The engine, once it is open; closing it is up to the caller from now on.

        Raises
        ------
        ModelError, EngineError
            See `ichviewer.inference.engine.open_engine`.
        """
        engine = self._opening.result()
        self._taken = True
        return engine
