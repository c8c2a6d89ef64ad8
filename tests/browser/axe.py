"""What axe-core finds wrong with a page: its standard rules and its best practices."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCRIPT = Axe().axe_script
RUN = """async () => {
    const { violations } = await axe.run({ resultTypes: ["violations"] });
    return violations.map((rule) => `${rule.id}: ${rule.nodes[0].html.slice(0, 200)}`);
}"""


def violations(page: Page) -> list[str]:
    """One line a rule that the page breaks, with the first part that breaks it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    return list(page.evaluate(RUN))
