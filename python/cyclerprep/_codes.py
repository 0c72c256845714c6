"""The codes of findings and notes. A test holds that they are those of the library."""

from __future__ import annotations

from enum import Enum

from . import _native


class _Code(str, Enum):
    """A code is the text that stands in reports."""

    def __str__(self) -> str:
        return str(self.value)

    def explain(self) -> str:
        """What it means and what to do."""
        return _native.explain(self.value)


class IssueCode(_Code):
    """What a finding of the validator is about."""

    CURRENT_SIGN_REVERSED = "current_sign_reversed"
    CURRENT_SIGN_UNSIGNED = "current_sign_unsigned"
    CURRENT_SIGN_INDETERMINATE = "current_sign_indeterminate"
    TIME_MISSING_ON_NON_EIS_ROW = "time_missing_on_non_eis_row"
    TIME_DOES_NOT_START_AT_ZERO = "time_does_not_start_at_zero"
    TIME_NOT_MONOTONIC = "time_not_monotonic"
    STEP_COUNT_MISSING = "step_count_missing"
    STEP_COUNT_DOES_NOT_START_AT_ZERO = "step_count_does_not_start_at_zero"
    STEP_COUNT_NON_SEQUENTIAL = "step_count_non_sequential"
    CUMULATIVE_VALUE_NOT_RESET = "cumulative_value_not_reset"
    CUMULATIVE_VALUE_DECREASED = "cumulative_value_decreased"
    STEP_TOO_FEW_POINTS = "step_too_few_points"
    CYCLE_CHANGES_WITHIN_STEP = "cycle_changes_within_step"
    TIME_GAP_TOO_LARGE = "time_gap_too_large"
    VOLTAGE_CONTINUITY = "voltage_continuity"
    CONSECUTIVE_SAME_DIRECTION_FULL_STEPS = "consecutive_same_direction_full_steps"
    STEP_CAPACITY_EXCEEDS_RATED = "step_capacity_exceeds_rated"
    DISCHARGE_CAPACITY_INTEGRAL_MISMATCH = "discharge_capacity_integral_mismatch"
    CHARGE_CAPACITY_INTEGRAL_MISMATCH = "charge_capacity_integral_mismatch"
    DISCHARGE_ENERGY_INTEGRAL_MISMATCH = "discharge_energy_integral_mismatch"
    CHARGE_ENERGY_INTEGRAL_MISMATCH = "charge_energy_integral_mismatch"
    CHARGE_DISCHARGE_CAPACITY_COLUMNS_SWAPPED = "charge_discharge_capacity_columns_swapped"
    CHARGE_DISCHARGE_ENERGY_COLUMNS_SWAPPED = "charge_discharge_energy_columns_swapped"
    OCP_VOLTAGE_COLUMN_MISSING = "ocp_voltage_column_missing"
    OCP_X_AXIS_COLUMN_MISSING = "ocp_x_axis_column_missing"
    EIS_COLUMNS_MISSING = "eis_columns_missing"
    EIS_ZIM_SIGN_REVERSED = "eis_zim_sign_reversed"
    EIS_IMPEDANCE_MAGNITUDE_IMPLAUSIBLE = "eis_impedance_magnitude_implausible"
    TIME_SERIES_ROW_COUNT_EXCEEDED = "time_series_row_count_exceeded"
    START_TIME_IN_FUTURE = "start_time_in_future"
    END_TIME_IN_FUTURE = "end_time_in_future"
    END_TIME_BEFORE_START_TIME = "end_time_before_start_time"
    DURATION_MISMATCH = "duration_mismatch"


class NoteCode(_Code):
    """What a note is about."""

    BDF_INCOMPLETE = "bdf_incomplete"
    CAPACITY_INTEGRATED = "capacity_integrated"
    CELLS_UNREADABLE = "cells_unreadable"
    CLOCK_DISAGREES = "clock_disagrees"
    COLUMN_NAMED = "column_named"
    COLUMNS_DUPLICATE = "columns_duplicate"
    COLUMNS_UNMAPPED = "columns_unmapped"
    COUNTER_CLOSED = "counter_closed"
    CURRENT_DISAGREES = "current_disagrees"
    CYCLES_COUNTED = "cycles_counted"
    DAMAGED_FILE = "damaged_file"
    ENCODING_REPLACED = "encoding_replaced"
    EVENT_REPORTED = "event_reported"
    FILES_JOINED = "files_joined"
    FIRST_RECORD = "first_record"
    HEADERS_GUESSED = "headers_guessed"
    IMPEDANCE_DISAGREES = "impedance_disagrees"
    IMPLAUSIBLE_VALUES = "implausible_values"
    LABELS_SWAPPED = "labels_swapped"
    LABELS_UNKNOWN = "labels_unknown"
    METADATA_IGNORED = "metadata_ignored"
    PARTIAL_FILE = "partial_file"
    PIECES_APART = "pieces_apart"
    PIECES_JOINED = "pieces_joined"
    POWER_DISAGREES = "power_disagrees"
    RECORD_ORDER = "record_order"
    REPORTED_CAPACITY_DISAGREES = "reported_capacity_disagrees"
    REPORTED_ENERGY_DISAGREES = "reported_energy_disagrees"
    ROWS_DROPPED = "rows_dropped"
    ROWS_RAGGED = "rows_ragged"
    SCALE_DOUBT = "scale_doubt"
    SEVERAL_TESTS = "several_tests"
    SHORT_STEPS_JOINED = "short_steps_joined"
    SIGN_CHANGED = "sign_changed"
    SIGN_CHECK_FAILED = "sign_check_failed"
    SIGN_VOTE = "sign_vote"
    SINGLE_ROW_LEAPS = "single_row_leaps"
    START_TIME_ASSUMED = "start_time_assumed"
    STEP_NUMBERS_DOUBT = "step_numbers_doubt"
    STEP_TIME_DISAGREES = "step_time_disagrees"
    STEPS_COUNTED = "steps_counted"
    TEST_PAUSED = "test_paused"
    TIME_GAP = "time_gap"
    TIME_REPAIRED = "time_repaired"
    UNIT_ASSUMED = "unit_assumed"
    UNIT_CONVERTED = "unit_converted"
    UNIT_DOUBT = "unit_doubt"
    UNVERIFIED_LAYOUT = "unverified_layout"
    VOLTAGE_CHOSEN = "voltage_chosen"
