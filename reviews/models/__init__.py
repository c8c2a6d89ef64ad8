from reviews.models.batch import BatchChange, BatchState, ImportBatch
from reviews.models.cycle import (
    CycleState,
    CycleStep,
    Disclosure,
    MeasureChoice,
    RankMethodChoice,
    ReviewCycle,
)
from reviews.models.documents import DocumentSettings, Letterhead
from reviews.models.heading import HeadingMeaning
from reviews.models.publication import Publication, Standing
from reviews.models.report import ReportAcceptance, ReportKind, ReportVersion
from reviews.models.review import Deduction, DeductionSource, Review, ReviewState, Score, ScoreOrigin
from reviews.models.rubric import Indicator, Rubric, RubricState, Section
from reviews.models.visit import (
    Draw,
    Highlight,
    Problem,
    Visit,
    VisitPhoto,
    VisitSettings,
    VisitState,
)
from reviews.models.year import AnnualPublication, ReviewYear

__all__ = [
    "AnnualPublication",
    "BatchChange",
    "BatchState",
    "CycleState",
    "CycleStep",
    "Deduction",
    "DeductionSource",
    "Disclosure",
    "DocumentSettings",
    "Draw",
    "HeadingMeaning",
    "Highlight",
    "ImportBatch",
    "Indicator",
    "Letterhead",
    "MeasureChoice",
    "Problem",
    "Publication",
    "RankMethodChoice",
    "ReportAcceptance",
    "ReportKind",
    "ReportVersion",
    "Review",
    "ReviewCycle",
    "ReviewState",
    "ReviewYear",
    "Rubric",
    "RubricState",
    "Score",
    "ScoreOrigin",
    "Section",
    "Standing",
    "Visit",
    "VisitPhoto",
    "VisitSettings",
    "VisitState",
]
