"""How much a document names before it says 等 and how many there are. Pure."""

CLAUSES_PER_SECTION = 4
UNITS_PER_CLAUSE = 3
REASONS_PER_CLAUSE = 2
INDICATORS_PER_CLAUSE = 5
UNITS_NAMED_IN_SPEECH = 5  # a speech calls more of them by name
INDICATORS_IN_SPEECH = 2
HIGHLIGHTS_IN_SPEECH = 4  # it praises at more length
PLACES_PER_UNIT = 3
HIGHLIGHTS_PER_DOCUMENT = 6
LONGEST_TASK = 120  # characters of a programme's task; of a longer one whole sentences only
