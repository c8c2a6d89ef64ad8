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
    "organizations:login": ANONYMOUS,
    "organizations:text-size": ANONYMOUS,
    "organizations:logout": SIGNED_IN,
    "organizations:password-change": SIGNED_IN,
    "organizations:host-choose": SIGNED_IN,
    "organizations:help": SIGNED_IN,
    "organizations:unit-list": SIGNED_IN,
    "organizations:unit-export": SIGNED_IN,
    "organizations:unit-detail": SIGNED_IN,
    "organizations:unit-new": HOST_STAFF,
    "organizations:unit-edit": HOST_STAFF,
    "organizations:unit-close": HOST_STAFF,
    "organizations:unit-reopen": HOST_STAFF,
    "organizations:unit-import": HOST_STAFF,
    "organizations:unit-import-preview": HOST_STAFF,
    "organizations:unit-template": HOST_STAFF,
    "rectification:item-detail": SIGNED_IN,
    "rectification:check-list": SIGNED_IN,
    "rectification:check-new": HOST_STAFF,
    "rectification:check-detail": SIGNED_IN,  # staff, and units that are asked
    "rectification:check-answer": SIGNED_IN,  # whoever answers for a unit that is asked
    "rectification:check-export": HOST_STAFF,
    "rectification:return-visit-list": INSPECTOR,
    "rectification:return-visit-draw": HOST_STAFF,
    "rectification:return-draw-detail": SIGNED_IN,  # whoever works for the host
    "rectification:return-visit-new": HOST_STAFF,
    "rectification:return-visit-detail": INSPECTOR,
    "rectification:return-visit-record": INSPECTOR,
    "rectification:return-visit-cancel": HOST_STAFF,
    "rectification:return-visit-photo": INSPECTOR,
    "rectification:handover": HOST_STAFF,
    "rectification:handover-choose": HOST_STAFF,
    "reviews:dashboard": ANONYMOUS,  # leads to the login, or in an empty installation to the first steps
    "reviews:start": ANONYMOUS,  # 404 without signing in, once there is an account
    "reviews:settings": HOST_STAFF,
    "reviews:cycle-list": SIGNED_IN,
    "reviews:cycle-new": HOST_STAFF,
    "reviews:cycle-detail": SIGNED_IN,
    "reviews:cycle-edit": HOST_STAFF,
    "reviews:cycle-delete": HOST_STAFF,
    "reviews:cycle-open": HOST_STAFF,
    "reviews:cycle-roster": HOST_STAFF,
    "reviews:cycle-reply": HOST_STAFF,
    "reviews:cycle-verify": HOST_STAFF,
    "reviews:cycle-back": HOST_STAFF,
    "reviews:cycle-publish": HOST_STAFF,
    "reviews:entry": HOST_STAFF,
    "reviews:entry-save": HOST_STAFF,
    "reviews:completeness": HOST_STAFF,
    "reviews:completeness-export": HOST_STAFF,
    "reviews:import": HOST_STAFF,
    "reviews:import-template": HOST_STAFF,
    "reviews:import-detail": HOST_STAFF,
    "reviews:import-commit": HOST_STAFF,
    "reviews:import-progress": HOST_STAFF,
    "reviews:import-cancel": HOST_STAFF,
    "reviews:import-again": HOST_STAFF,
    "reviews:import-headings": HOST_STAFF,
    "reviews:import-heading-forget": HOST_STAFF,
    "reviews:import-undo": HOST_STAFF,
    "reviews:standings": SIGNED_IN,
    "reviews:standings-export": SIGNED_IN,
    "reviews:review-detail": SIGNED_IN,
    "reviews:review-leave-out": HOST_STAFF,
    "reviews:review-put-back": HOST_STAFF,
    "reviews:deductions": HOST_STAFF,
    "reviews:circular": SIGNED_IN,
    "reviews:circular-file": SIGNED_IN,
    "reviews:visit-list": INSPECTOR,
    "reviews:visit-new": INSPECTOR,
    "reviews:visit-categories": HOST_STAFF,
    "reviews:visit-draw": HOST_STAFF,
    "reviews:visit-draw-detail": SIGNED_IN,  # whoever works for the host
    "reviews:visit-photo": INSPECTOR,
    "reviews:visit-detail": INSPECTOR,
    "reviews:visit-record": INSPECTOR,
    "reviews:visit-cancel": INSPECTOR,
    "reviews:visit-count": HOST_STAFF,
    "reviews:visit-set-aside": HOST_STAFF,
    "reviews:phone": ANONYMOUS,  # words and scripts only; opens where no signal can ask who one is
    "reviews:phone-worker": ANONYMOUS,
    "reviews:phone-manifest": ANONYMOUS,
    "reviews:phone-data": INSPECTOR,
    "reviews:phone-visit": INSPECTOR,
    "reviews:phone-photo": INSPECTOR,
    "reviews:visit-photos-add": INSPECTOR,
    "reviews:rubric-list": SIGNED_IN,
    "reviews:rubric-import": HOST_STAFF,
    "reviews:rubric-import-preview": HOST_STAFF,
    "reviews:rubric-detail": SIGNED_IN,
    "reviews:rubric-edit": HOST_STAFF,
    "reviews:rubric-copy": HOST_STAFF,
    "reviews:rubric-activate": HOST_STAFF,
}
