"""Kaleido's browser kept open: to start one takes longer than to draw what most tests draw."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from threading import Thread
from typing import Any

from tests.command import PATIENCE


class Drawer:
    """Draws figures into files, one go after the other, in a thread with a loop of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        try:
            self._kaleido = self._done(self._opened())
        except BaseException:
            self._ended()
            raise

    async def _opened(self) -> Any:
        from kaleido import Kaleido  # it takes its time, which those who draw nothing need not wait

        return await Kaleido().__aenter__()

    def _done(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    def draw(self, figures: Any, **_: Any) -> None:
        """Stand in for ``kaleido.write_fig_from_object_sync``, whose options are those of a browser of its own."""
        self._done(self._kaleido.write_fig_from_object(figures))

    def close(self) -> None:
        """End the browser and the thread."""
        self._done(self._kaleido.__aexit__(None, None, None))
        self._ended()

    def _ended(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()
