"""Battery cycler files in, validated measurements out.

    >>> import cyclerprep
    >>> cell = cyclerprep.read("fixtures/neware/flat.csv")
    >>> cell
    <Measurement flat.csv: Neware csv, 112 rows, 10 steps, 2 cycles, valid>
    >>> cell.time_series.columns[:3]
    ['Time [s]', 'Current [A]', 'Voltage [V]']

``cell.time_series`` goes to polars, pandas or pyarrow with ``to_polars()``, ``to_pandas()``, ``to_arrow()``; anything that
speaks the Arrow stream protocol takes it as it is. The guide is ``docs/python.md``.
"""

# Nothing but the extension is loaded before it is asked for: the command `prep` and small scripts start at once.
from __future__ import annotations

from . import _native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import dask as dask
    from . import ionworksdata as ionworksdata
    from . import ray as ray
    from . import spark as spark
    from . import summary as summary
    from . import transform as transform
    from ._codes import IssueCode as IssueCode
    from ._codes import NoteCode as NoteCode
    from ._convert import Conversion as Conversion
    from ._convert import convert as convert
    from ._errors import CyclerprepError as CyclerprepError
    from ._errors import CyclerprepWarning as CyclerprepWarning
    from ._errors import MeasurementValidationError as MeasurementValidationError
    from ._frames import Frame as Frame
    from ._measurement import Issue as Issue
    from ._measurement import Measurement as Measurement
    from ._measurement import Note as Note
    from ._measurement import Picture as Picture
    from ._read import inspect as inspect
    from ._read import read as read
    from ._read import read_all as read_all
    from ._validate import Validation as Validation
    from ._validate import validate as validate
    from ._words import explain as explain
    from ._words import formats as formats
    from ._words import options as options
    from ._words import schema as schema

__version__: str = _native.version()

#: Where each public name lives.
_HOMES = {
    "Conversion": "_convert",
    "CyclerprepError": "_errors",
    "CyclerprepWarning": "_errors",
    "Frame": "_frames",
    "Issue": "_measurement",
    "IssueCode": "_codes",
    "Measurement": "_measurement",
    "MeasurementValidationError": "_errors",
    "Note": "_measurement",
    "NoteCode": "_codes",
    "Picture": "_measurement",
    "Validation": "_validate",
    "convert": "_convert",
    "explain": "_words",
    "formats": "_words",
    "inspect": "_read",
    "options": "_words",
    "read": "_read",
    "read_all": "_read",
    "schema": "_words",
    "validate": "_validate",
}
#: Modules that are loaded when they are named.
_MODULES = ("dask", "ionworksdata", "ray", "spark", "summary", "transform")

__all__ = [
    "Conversion",
    "CyclerprepError",
    "CyclerprepWarning",
    "Frame",
    "Issue",
    "IssueCode",
    "Measurement",
    "MeasurementValidationError",
    "Note",
    "NoteCode",
    "Picture",
    "Validation",
    "__version__",
    "convert",
    "explain",
    "formats",
    "inspect",
    "options",
    "read",
    "read_all",
    "schema",
    "summary",
    "transform",
    "validate",
]


# Type checkers would take any name for one that is there.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        home = _HOMES.get(name)
        if home is None and name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        module = import_module(f"{__name__}.{home or name}")
        value = getattr(module, name) if home else module
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
