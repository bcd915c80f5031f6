"""Work for worker processes that goes wrong in every way: on purpose, in a test."""

import os
import signal
import time
from pathlib import Path

from extract import Settings
from extract.batch.work import ReadTask, Task, read_task


def double(number: int) -> int:
    """The work that goes well."""
    return 2 * number


def die_on_seven(number: int) -> int:
    """Ends its process as the kernel does when memory runs out."""
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def die_once(task: tuple[int, str]) -> int:
    """Ends its process the first time that it is given the task."""
    number, marker = task
    if number % 5 == 0:
        try:
            Path(marker).touch(exist_ok=False)
        except FileExistsError:
            return 2 * number
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def hang_on_seven(number: int) -> int:
    """Never comes back."""
    if number == 7:
        time.sleep(600)
    return 2 * number


def grow(number: int) -> bytes:
    """Answers with more than a pipe holds."""
    return bytes(number)


def take_large(data: bytes) -> bytes:
    """Takes more than a pipe holds, and answers as much."""
    return data[::-1]


def read_badly(task: Task, settings: Settings) -> ReadTask:
    """Reads letters, but hangs or ends its process over those that say so in their id."""
    if "hangs" in task.id:
        time.sleep(600)
    if "dies" in task.id:
        os.kill(os.getpid(), signal.SIGKILL)
    return read_task(task, settings)


class Unloadable:
    """Work that kills every worker before it is ready."""

    def __call__(self, number: int) -> int:
        """Never called."""
        return number

    def __setstate__(self, state: object) -> None:
        os._exit(3)

    def __getstate__(self) -> dict[str, int]:
        return {"any": 1}
