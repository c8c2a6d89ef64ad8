from rectification.models.category import ProblemCategory
from rectification.models.item import NARROWER, Audience, Item, ItemState, Serial, Source
from rectification.models.reminder import ReminderSent
from rectification.models.return_visit import ReturnDraw, ReturnVisit, ReturnVisitFinding, ReturnVisitState
from rectification.models.saved_filter import SavedFilter
from rectification.models.self_check import Outcome, SelfCheck, SelfCheckAnswer, SelfCheckFinding
from rectification.models.step import Evidence, Step, StepKindChoice

__all__ = [
    "NARROWER",
    "Audience",
    "Evidence",
    "Item",
    "ItemState",
    "Outcome",
    "ProblemCategory",
    "ReminderSent",
    "ReturnDraw",
    "ReturnVisit",
    "ReturnVisitFinding",
    "ReturnVisitState",
    "SavedFilter",
    "SelfCheck",
    "SelfCheckAnswer",
    "SelfCheckFinding",
    "Serial",
    "Source",
    "Step",
    "StepKindChoice",
]
