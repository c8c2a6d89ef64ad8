"""Who may ask for which address: every named URL must be listed, or tests/test_access.py fails.

What a signed-in person may see or do there is each page's own test; this is the first door only.
"""

ANONYMOUS = "anyone, without signing in"
SIGNED_IN = "anyone signed in; what they see depends on who they are"
INSPECTOR = "inspectors and staff of the host"
HOST_STAFF = "staff of the host"
LEADER = "leaders and staff of the host"
ADMINISTRATOR = "administrators"

ACCESS = {
    "healthz": ANONYMOUS,
    "set_language": ANONYMOUS,
}
