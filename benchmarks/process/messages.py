"""What the process of a cell tells the process that started it: frames of JSON and arrays.

The reader trusts no byte: nothing is unpickled, sizes are bounded, arrays hold plain numbers.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

import numpy as np

from problems.certificates.bound import check_prices
from problems.instance import Instance
from problems.io.errors import InputError
from problems.prices import Prices
from problems.solution import Solution

Kind = Literal["start", "incumbent", "bound", "learnt", "solution", "failure"]

_PREFIX = struct.Struct("!II")
_MAX_HEADER = 1 << 20
_PRICES = "prices."
_PRICE_NAMES = tuple(field.name for field in fields(Prices))
_NUMERIC = "biuf"
"""Kinds of NumPy dtypes that decisions may have."""


class NotASolution(Exception):
    """What a solver handed over is no solution of the instance; the text says why."""


class BadMessage(Exception):
    """Bytes that are no message."""


@dataclass(frozen=True)
class Message:
    """What is sent at once: its kind, when, and its content."""

    kind: Kind
    seconds: float
    """Since the solver was called."""
    content: dict[str, Any]
    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    """``cache``, ``bandwidth`` and ``steps`` of a solution, and ``prices.steps`` and so on; any shape."""


def decisions(solution: object, instance: Instance) -> dict[str, np.ndarray]:
    """The arrays of ``solution``, which may be anything. Raises NotASolution unless their kind and shapes are right."""
    if not isinstance(solution, Solution):
        raise NotASolution(f"returned {type(solution).__name__}; must be a Solution")
    slots = instance.trace.request.shape
    shapes = {"cache": (instance.frames, len(instance.models)), "bandwidth": slots, "steps": slots}
    arrays = {}
    for name, shape in shapes.items():
        try:
            array = np.asarray(getattr(solution, name))
        except ValueError:
            raise NotASolution(f"{name}: ragged list; must be an array of shape {list(shape)}") from None
        if array.dtype.kind not in _NUMERIC:
            raise NotASolution(f"{name}: array of {array.dtype}; must hold numbers")
        if array.shape != shape:
            raise NotASolution(f"{name}: array of shape {list(array.shape)}; must be {list(shape)}")
        arrays[name] = array
    return arrays


def proof(prices: object, instance: Instance) -> dict[str, np.ndarray]:
    """The arrays of a bound's prices; none for None. Raises NotASolution for what are no prices."""
    if prices is None:
        return {}
    if not isinstance(prices, Prices):
        raise NotASolution(f"prices: {type(prices).__name__}; must be Prices or None")
    try:
        check_prices(instance, prices)
    except InputError as error:
        raise NotASolution(str(error)) from None
    return {f"{_PRICES}{name}": np.asarray(getattr(prices, name)) for name in _PRICE_NAMES}


def prices_in(arrays: Mapping[str, np.ndarray], instance: Instance) -> Prices | None:
    """The inverse of :func:`proof`. Raises NotASolution for arrays that are no prices of the instance."""
    found = {name: arrays[f"{_PRICES}{name}"] for name in _PRICE_NAMES if f"{_PRICES}{name}" in arrays}
    if not found:
        return None
    try:
        prices = Prices(**found)
        check_prices(instance, prices)
    except (TypeError, InputError) as error:
        raise NotASolution(str(error)) from None
    return prices


def encode(message: Message) -> bytes:
    """The bytes of a message."""
    arrays = {name: np.ascontiguousarray(array) for name, array in message.arrays.items()}
    header = {
        "kind": message.kind,
        "seconds": message.seconds,
        "content": message.content,
        "arrays": [[name, array.dtype.str, array.shape] for name, array in arrays.items()],
    }
    text = json.dumps(header).encode()
    body = b"".join(array.tobytes() for array in arrays.values())
    return _PREFIX.pack(len(text), len(body)) + text + body


class Decoder:
    """Bytes in, whole messages out."""

    def __init__(self, max_body: int) -> None:
        self._buffer = bytearray()
        self._max_body = max_body

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that ``data`` completes. Raises BadMessage."""
        self._buffer += data
        while len(self._buffer) >= _PREFIX.size:
            header, body = _PREFIX.unpack_from(self._buffer)
            if header > _MAX_HEADER or body > self._max_body:
                raise BadMessage(f"a message of {header + body} bytes")
            end = _PREFIX.size + header + body
            if len(self._buffer) < end:
                return
            content = bytes(self._buffer[_PREFIX.size : end])
            del self._buffer[:end]
            yield _decoded(content[:header], content[header:])


def max_body(instance: Instance) -> int:
    """The most bytes that the arrays of a solution and its prices may take, in the widest numbers there are."""
    frames, slots, models = instance.frames, instance.slots, len(instance.models)
    return 16 * (2 * frames * models + 2 * frames * slots + 2 * instance.trace.request.size)


def _decoded(header: bytes, body: bytes) -> Message:
    try:
        parts = json.loads(header)
        arrays = {}
        start = 0
        for name, dtype, shape in parts["arrays"]:
            kind = np.dtype(dtype)
            size = kind.itemsize * math.prod(shape)
            if kind.kind not in _NUMERIC or size < 0:
                raise ValueError(f"{dtype} {shape}")
            arrays[str(name)] = np.frombuffer(body[start : start + size], kind).reshape(shape)
            start += size
        if not isinstance(parts["content"], dict):
            raise ValueError(parts["content"])
        return Message(parts["kind"], float(parts["seconds"]), parts["content"], arrays)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadMessage(f"{type(error).__name__}: {error}") from None
