from rectification.models.category import ProblemCategory
from rectification.models.item import NARROWER, Audience, Item, ItemState, Serial, Source
from rectification.models.saved_filter import SavedFilter
from rectification.models.step import Evidence, Step, StepKindChoice

__all__ = [
    "NARROWER",
    "Audience",
    "Evidence",
    "Item",
    "ItemState",
    "ProblemCategory",
    "SavedFilter",
    "Serial",
    "Source",
    "Step",
    "StepKindChoice",
]
