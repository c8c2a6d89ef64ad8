"""What the database itself refuses: a log that is edited, and striking off alone (rules 17 and 18)."""

from __future__ import annotations

from audit.guards import Guard, append_only

GUARDS = (
    *append_only("rectification_programmeentry", "rectification_programmefile"),
    # Rule 21: a programme is withdrawn, a target taken out, a session called off; all stay readable.
    Guard("rectification_programme", "DELETE"),
    Guard("rectification_target", "DELETE"),
    Guard("rectification_task", "DELETE"),
    Guard("rectification_programmesession", "DELETE"),
    # Whoever reported for the unit never confirms it.
    Guard(
        "rectification_programmeentry",
        "INSERT",
        "NEW.kind <> 'confirm' OR (NEW.by_id IS NOT NULL AND NOT NEW.for_unit"
        " AND NOT EXISTS (SELECT 1 FROM rectification_programmeentry AS e"
        " WHERE e.task_id = NEW.task_id AND e.for_unit AND e.by_id = NEW.by_id))",
    ),
    *append_only("rectification_step", "rectification_evidence"),
    # Rule 17: an item is withdrawn and stays readable.
    Guard("rectification_item", "DELETE"),
    # Rule 18: evidence from the unit's side, and a second person.
    Guard(
        "rectification_step",
        "INSERT",
        "NEW.kind <> 'strike_off' OR ("
        "EXISTS (SELECT 1 FROM rectification_evidence AS e JOIN rectification_step AS s ON s.id = e.step_id"
        " WHERE s.item_id = NEW.item_id AND s.for_unit)"
        " AND NEW.by_id IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM rectification_step AS s"
        " WHERE s.item_id = NEW.item_id AND s.for_unit AND s.by_id = NEW.by_id))",
    ),
    # What units were asked, and what came of it, is what they answered to. A unit answers once.
    *append_only("rectification_selfcheck", "rectification_selfcheckfinding"),
    Guard("rectification_selfcheckanswer", "DELETE"),
    Guard("rectification_selfcheckanswer", "UPDATE", "OLD.outcome = ''"),
    # A draw that could be edited would prove nothing; the result of a return visit is recorded once.
    *append_only("rectification_returndraw", "rectification_returnvisitfinding"),
    Guard("rectification_returnvisit", "DELETE"),
    Guard("rectification_returnvisit", "UPDATE", "OLD.state = 'planned'"),
)
