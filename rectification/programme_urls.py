"""The addresses of programmes, below /programmes/."""

from django.urls import path

from rectification.programme_rules import Kind
from rectification.views import programme_targets as targets
from rectification.views import programme_templates as templates
from rectification.views import programmes

TARGET = "<key:pk>/targets/<key:target>/"

urlpatterns = [
    path("", programmes.list_programmes, name="programme-list"),
    path("new/", programmes.choose_template, name="programme-choose"),
    path("new/<slug:template>/", programmes.new, name="programme-new"),
    path("templates/", templates.list_templates, name="template-list"),
    path("templates/copy/<slug:template>/", templates.copy, name="template-copy"),
    path("templates/<key:pk>/", templates.edit, name="template-edit"),
    path("templates/<key:pk>/offer/", templates.offer, name="template-offer"),
    path("files/<key:pk>/", targets.file, name="programme-file"),
    path("files/<key:pk>/original/", targets.file_original, name="programme-file-original"),
    path("<key:pk>/", programmes.detail, name="programme-detail"),
    path("<key:pk>/edit/", programmes.edit, name="programme-edit"),
    path("<key:pk>/targets/", programmes.more_targets, name="programme-targets"),
    path("<key:pk>/extend/", programmes.extend_all, name="programme-extend"),
    path("<key:pk>/finish/", programmes.finish, name="programme-finish"),
    path("<key:pk>/resume/", programmes.resume, name="programme-resume"),
    path("<key:pk>/withdraw/", programmes.withdraw, name="programme-withdraw"),
    path("<key:pk>/table.xlsx", programmes.export, name="programme-export"),
    path("<key:pk>/table/", programmes.print_table, name="programme-print"),
    path(TARGET, targets.detail, name="target-detail"),
    path(f"{TARGET}persons/", targets.target_step, {"kind": Kind.NAME}, name="target-persons"),
    path(f"{TARGET}extend/", targets.target_step, {"kind": Kind.EXTEND}, name="target-extend"),
    path(f"{TARGET}mark/", targets.target_step, {"kind": Kind.MARK}, name="target-mark"),
    path(f"{TARGET}unmark/", targets.target_step, {"kind": Kind.UNMARK}, name="target-unmark"),
    path(f"{TARGET}take-out/", targets.target_step, {"kind": Kind.TAKE_OUT}, name="target-take-out"),
    path(f"{TARGET}put-back/", targets.target_step, {"kind": Kind.PUT_BACK}, name="target-put-back"),
    path(f"{TARGET}confirm/", targets.confirm_rows, name="target-confirm"),
    path("tasks/<key:pk>/report/", targets.task_step, {"kind": Kind.REPORT}, name="task-report"),
    path("tasks/<key:pk>/note/", targets.task_step, {"kind": Kind.NOTE}, name="task-note"),
    path("tasks/<key:pk>/confirm/", targets.task_step, {"kind": Kind.CONFIRM}, name="task-confirm"),
    path("tasks/<key:pk>/send-back/", targets.task_step, {"kind": Kind.SEND_BACK}, name="task-send-back"),
    path("tasks/<key:pk>/reopen/", targets.task_step, {"kind": Kind.REOPEN}, name="task-reopen"),
    path("tasks/<key:pk>/sessions/", targets.new_session, name="session-new"),
    path("sessions/<key:pk>/", targets.hold_session, name="session-hold"),
    path("sessions/<key:pk>/call-off/", targets.call_off, name="session-call-off"),
]
