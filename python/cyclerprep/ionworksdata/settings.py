"""Tolerances of step types, as the reference names them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(repr=False)
class Settings:
    """The tolerances with their defaults."""

    current_std_tol: float = 0.01
    voltage_std_tol: float = 0.01
    power_std_tol: float = 0.01
    rest_tol: float = 0.001
    eis_tol: float = 1e-8
    zero_current_percent_tol: float = 0.01
    eis_tolerance: float = 1e-8
    sign_tolerance: float = 0.01

    def __repr__(self) -> str:
        shown = "".join(f"    {field.name}={getattr(self, field.name)!r},\n" for field in fields(self))
        return f"Settings(\n{shown})"


_settings = Settings()


def get_settings() -> Settings:
    """The settings as they are."""
    return _settings


def update_settings(**kwargs: float) -> None:
    """Changes settings by their names."""
    global _settings
    names = sorted(field.name for field in fields(Settings))
    for name in kwargs:
        if name not in names:
            raise ValueError(f"Invalid setting: {name}. Valid settings are: {names}")
    _settings = replace(_settings, **kwargs)


def reset_settings() -> None:
    """Back to the defaults."""
    global _settings
    _settings = Settings()


def get_current_std_tol() -> float:
    """Below this a current is constant."""
    return _settings.current_std_tol


def get_voltage_std_tol() -> float:
    """Below this a voltage is constant."""
    return _settings.voltage_std_tol


def get_power_std_tol() -> float:
    """Below this a power is constant."""
    return _settings.power_std_tol


def get_rest_tol() -> float:
    """Below this current a cell rests."""
    return _settings.rest_tol


def get_eis_tol() -> float:
    """Above this frequency a step is impedance."""
    return _settings.eis_tol


def get_eis_tolerance() -> float:
    """Above this frequency a row is impedance."""
    return _settings.eis_tolerance


def get_sign_tolerance() -> float:
    """The share of the largest current below which a sign means nothing."""
    return _settings.sign_tolerance


def get_zero_current_percent_tol() -> float:
    """The share of the largest current below which a current is zero."""
    return _settings.zero_current_percent_tol
