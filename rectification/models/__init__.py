from rectification.models.category import ProblemCategory
from rectification.models.item import NARROWER, Audience, Item, ItemState, Source
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
from rectification.models.reminder import ReminderSent
from rectification.models.return_visit import ReturnDraw, ReturnVisit, ReturnVisitFinding, ReturnVisitState
from rectification.models.saved_filter import SavedFilter
from rectification.models.self_check import Outcome, SelfCheck, SelfCheckAnswer, SelfCheckFinding
from rectification.models.step import Evidence, Step, StepKindChoice
from rectification.models.target import ProgrammeSession, Target, TargetState, Task, TaskState

__all__ = [
    "NARROWER",
    "Audience",
    "DueClass",
    "EntryKind",
    "Evidence",
    "Item",
    "ItemState",
    "MeasureChoice",
    "Outcome",
    "ProblemCategory",
    "Programme",
    "ProgrammeEntry",
    "ProgrammeFile",
    "ProgrammeKind",
    "ProgrammeRow",
    "ProgrammeSession",
    "ProgrammeState",
    "ProgrammeTemplate",
    "ReminderSent",
    "ReturnDraw",
    "ReturnVisit",
    "ReturnVisitFinding",
    "ReturnVisitState",
    "SavedFilter",
    "SelfCheck",
    "SelfCheckAnswer",
    "SelfCheckFinding",
    "Source",
    "Step",
    "StepKindChoice",
    "Target",
    "TargetState",
    "Task",
    "TaskState",
    "TemplateRow",
]
