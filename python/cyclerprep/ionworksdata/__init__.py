"""The names of ``ionworksdata`` 0.20, so that ``import cyclerprep.ionworksdata as iwd`` is the only change. Needs polars.

Same arguments, defaults, return types and columns; what differs:

- ``read.*`` reads the files of Maccor, BioLogic, Arbin and Neware, the Battery Data Format, and tables with the schema's columns (csv, Parquet). The
  readers of other makers raise ``NotImplementedError``. A reader that is named is held to its maker; which of the maker's formats
  a file has is told by its content.
- A function of one maker (``read.neware(…)``) gives the cycler's columns with the sign, the units and the start of the time set
  right already, and no capacities, which are settled with the steps.
- A table's headers say quantity and unit (``Voltage (mV)``, ``time/h``, ``current_A``), the quantity in any case of letters, the unit as
  it is written.
- Numbers differ where the file settles what the reference assumes: capacities and energies are the reported ones, rebased to each
  step, unless the file's own rows contradict them; steps and signs follow ``docs/decisions.md``.
- Every reader takes the options of all; ``cell_metadata`` changes no table, as there. Values of the reference's options that are
  not followed here (``sheets``, ``include_eis=False``) raise ``NotImplementedError`` instead of being passed over.
- ``transform.set_nominal_soc`` counts the charge over the whole test, not since the last step.
- What differs on real files, with the reasons, stands in ``docs/python.md``.
- Not covered: ``DataLoader.from_db``, experiments and interpolants of PyBaMM, ``analysis``, ``write``, caches and the
  transforms of open-circuit curves of ``DataLoader``.
"""

from __future__ import annotations

from . import cycle_metrics, read, settings, steps, transform
from .load import DataLoader, OCPDataLoader
from .settings import get_settings, reset_settings, update_settings

__all__ = [
    "DataLoader",
    "OCPDataLoader",
    "cycle_metrics",
    "get_settings",
    "read",
    "reset_settings",
    "settings",
    "steps",
    "transform",
    "update_settings",
]

#: What the reference has and this has not, with the reason.
_MISSING = {
    "AnalysisLoader": "analyses build on PyBaMM",
    "PiecewiseLinearTimeseries": "it builds objects of PyBaMM",
    "analysis": "analyses build on PyBaMM",
    "clear_cache": "nothing is cached: reading is fast enough without",
    "get_new_logger": "nothing is logged: what is to be seen is a CyclerprepWarning",
    "logger": "nothing is logged: what is to be seen is a CyclerprepWarning",
    "set_logging_level": "nothing is logged: what is to be seen is a CyclerprepWarning",
    "get_cache_directory": "nothing is cached: reading is fast enough without",
    "get_cache_ttl": "nothing is cached: reading is fast enough without",
    "piecewise_linear_timeseries": "it builds objects of PyBaMM",
    "set_cache_directory": "nothing is cached: reading is fast enough without",
    "set_cache_enabled": "nothing is cached: reading is fast enough without",
    "set_cache_ttl": "nothing is cached: reading is fast enough without",
    "window_rows": "it belongs to the loader from the platform",
    "write": "bundles are written by cyclerprep.convert and Measurement.write_bundle",
}


def __getattr__(name: str) -> object:
    if name in _MISSING:
        raise NotImplementedError(f"cyclerprep.ionworksdata has no {name}: {_MISSING[name]}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
