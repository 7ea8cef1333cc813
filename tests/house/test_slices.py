"""A screen reads a slice's field as an attribute of a Var; one that every Var has of its own would answer instead."""

import dataclasses
import inspect

from reflex.vars import ObjectVar

from fieldapp.device import (
    guide_slices,
    log_slices,
    period_slices,
    reading_slices,
    report_slices,
    room_slices,
    shapes,
    slices,
    target_slices,
    work_slices,
)


def test_no_field_of_a_slice_has_a_name_that_vars_use_themselves():
    modules = (
        shapes, slices, room_slices, report_slices, guide_slices, work_slices, log_slices, target_slices,
        period_slices, reading_slices,
    )  # fmt: skip
    classes = {c for module in modules for _, c in inspect.getmembers(module, inspect.isclass)}
    rows = [c for c in classes if dataclasses.is_dataclass(c)]
    fields = {f"{c.__name__}.{field.name}" for c in rows for field in dataclasses.fields(c)}
    assert [name for name in sorted(fields) if hasattr(ObjectVar, name.split(".")[1])] == []
