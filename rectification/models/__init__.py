from rectification.models.category import ProblemCategory
from rectification.models.item import Audience, Item, ItemState, Serial, Source
from rectification.models.programme import (
    DueClass,
    MeasureChoice,
    Programme,
    ProgrammeKind,
    ProgrammeRow,
    ProgrammeState,
    ProgrammeTemplate,
    TemplateRow,
)
from rectification.models.programme_entry import EntryKind, ProgrammeEntry, ProgrammeFile
from rectification.models.step import Evidence, Step, StepKindChoice
from rectification.models.target import ProgrammeSession, Target, TargetState, Task, TaskState

__all__ = [
    "Audience",
    "DueClass",
    "EntryKind",
    "Evidence",
    "Item",
    "ItemState",
    "MeasureChoice",
    "ProblemCategory",
    "Programme",
    "ProgrammeEntry",
    "ProgrammeFile",
    "ProgrammeKind",
    "ProgrammeRow",
    "ProgrammeSession",
    "ProgrammeState",
    "ProgrammeTemplate",
    "Serial",
    "Source",
    "Step",
    "StepKindChoice",
    "Target",
    "TargetState",
    "Task",
    "TaskState",
    "TemplateRow",
]
