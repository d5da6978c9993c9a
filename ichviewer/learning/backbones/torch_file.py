"""Reads the tensors of a PyTorch state dict without PyTorch, and runs no code from the file."""

from __future__ import annotations

import collections
import io
import pickle
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001
_DTYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8"), "HalfStorage": np.dtype("<f2")}


class _Storage:
    """A block of values that tensors look into; filled once the pickle before it has been read."""

    def __init__(self, dtype: np.dtype[Any], size: int) -> None:
        self.dtype = dtype
        self.size = size
        self.values: NDArray[Any] = np.empty(0, dtype)


class _Tensor:
    """A strided view into a storage, as `torch._utils._rebuild_tensor_v2` describes it."""

    def __init__(
        self, storage: _Storage, offset: int, shape: tuple[int, ...], stride: tuple[int, ...], *_: Any
    ) -> None:
        self.storage = storage
        self.offset = offset
        self.shape = shape
        self.stride = stride

    def array(self) -> NDArray[Any]:
        values = self.storage.values
        last = self.offset + sum((n - 1) * s for n, s in zip(self.shape, self.stride, strict=True))
        if (
            any(n < 1 for n in self.shape)
            or any(s < 0 for s in self.stride)
            or not 0 <= self.offset <= last < values.size
        ):
            raise ValueError(
                f"a tensor must lie inside its storage of {values.size} values. "
                f"Received: offset {self.offset}, shape {self.shape}, stride {self.stride}"
            )
        strides = tuple(s * values.itemsize for s in self.stride)
        return np.lib.stride_tricks.as_strided(values[self.offset :], self.shape, strides).copy()


class _RestrictedUnpickler(pickle.Unpickler):
    """An unpickler that knows tensors and ordered dicts and refuses every other name."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _Tensor
        if module == "torch" and name in _DTYPES:
            return _DTYPES[name]
        raise pickle.UnpicklingError(f"a weight file may only hold tensors. Received: {module}.{name}")

    def persistent_load(self, pid: Any) -> _Storage:
        kind, dtype, key, _location, size, view = pid
        if kind != "storage" or view is not None:
            raise pickle.UnpicklingError(f"a storage without a view was expected. Received: {pid!r}")
        return self.storages.setdefault(key, _Storage(dtype, size))


def read_state_dict(path: Path) -> dict[str, NDArray[Any]]:
    """Read the tensors of a state dict in PyTorch's legacy file format (before version 1.6).

    The format is a row of pickles (magic number, protocol, system info, the dict, the storage keys) and then each
    storage as a 64-bit count and its values, little endian.

    Parameters
    ----------
    path : Path
        The ``.pth`` file.

    Returns
    -------
    dict of str to ndarray
        Parameter names and their values.

    Raises
    ------
    ValueError
        If the file is not of this format, or ends too early.
    pickle.UnpicklingError
        If it holds anything but tensors.
    """
    stream = io.BytesIO(path.read_bytes())
    if _RestrictedUnpickler(stream).load() != _MAGIC or _RestrictedUnpickler(stream).load() != _PROTOCOL:
        raise ValueError(f"{path.name} is not a PyTorch file of the legacy format")
    _RestrictedUnpickler(stream).load()  # system info: little endian is the only one ever written
    unpickler = _RestrictedUnpickler(stream)
    tensors: dict[str, _Tensor] = unpickler.load()
    for key in _RestrictedUnpickler(stream).load():
        storage = unpickler.storages[key]
        (count,) = np.frombuffer(stream.read(8), "<i8")
        data = stream.read(int(count) * storage.dtype.itemsize)
        if count != storage.size or len(data) != storage.size * storage.dtype.itemsize:
            raise ValueError(f"{path.name} ends before its last weight")
        storage.values = np.frombuffer(data, storage.dtype)
    return {name: tensor.array() for name, tensor in tensors.items()}
