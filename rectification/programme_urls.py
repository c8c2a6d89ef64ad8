"""The addresses of programmes, below /programmes/."""

from django.urls import path

from rectification.programme_rules import Kind
from rectification.views import programme_targets as targets
from rectification.views import programme_templates as templates
from rectification.views import programmes

TARGET = "<int:pk>/targets/<int:target>/"

urlpatterns = [
    path("", programmes.list_programmes, name="programme-list"),
    path("new/", programmes.choose_template, name="programme-choose"),
    path("new/<slug:template>/", programmes.new, name="programme-new"),
    path("templates/", templates.list_templates, name="template-list"),
    path("templates/copy/<slug:template>/", templates.copy, name="template-copy"),
    path("templates/<int:pk>/", templates.edit, name="template-edit"),
    path("templates/<int:pk>/offer/", templates.offer, name="template-offer"),
    path("files/<int:pk>/", targets.file, name="programme-file"),
    path("<int:pk>/", programmes.detail, name="programme-detail"),
    path("<int:pk>/edit/", programmes.edit, name="programme-edit"),
    path("<int:pk>/targets/", programmes.more_targets, name="programme-targets"),
    path("<int:pk>/extend/", programmes.extend_all, name="programme-extend"),
    path("<int:pk>/finish/", programmes.finish, name="programme-finish"),
    path("<int:pk>/resume/", programmes.resume, name="programme-resume"),
    path("<int:pk>/withdraw/", programmes.withdraw, name="programme-withdraw"),
    path("<int:pk>/table.xlsx", programmes.export, name="programme-export"),
    path("<int:pk>/table/", programmes.print_table, name="programme-print"),
    path(TARGET, targets.detail, name="target-detail"),
    path(f"{TARGET}persons/", targets.target_step, {"kind": Kind.NAME}, name="target-persons"),
    path(f"{TARGET}extend/", targets.target_step, {"kind": Kind.EXTEND}, name="target-extend"),
    path(f"{TARGET}mark/", targets.target_step, {"kind": Kind.MARK}, name="target-mark"),
    path(f"{TARGET}unmark/", targets.target_step, {"kind": Kind.UNMARK}, name="target-unmark"),
    path(f"{TARGET}take-out/", targets.target_step, {"kind": Kind.TAKE_OUT}, name="target-take-out"),
    path(f"{TARGET}put-back/", targets.target_step, {"kind": Kind.PUT_BACK}, name="target-put-back"),
    path(f"{TARGET}confirm/", targets.confirm_rows, name="target-confirm"),
    path("tasks/<int:pk>/report/", targets.task_step, {"kind": Kind.REPORT}, name="task-report"),
    path("tasks/<int:pk>/note/", targets.task_step, {"kind": Kind.NOTE}, name="task-note"),
    path("tasks/<int:pk>/confirm/", targets.task_step, {"kind": Kind.CONFIRM}, name="task-confirm"),
    path("tasks/<int:pk>/send-back/", targets.task_step, {"kind": Kind.SEND_BACK}, name="task-send-back"),
    path("tasks/<int:pk>/reopen/", targets.task_step, {"kind": Kind.REOPEN}, name="task-reopen"),
    path("tasks/<int:pk>/sessions/", targets.new_session, name="session-new"),
    path("sessions/<int:pk>/", targets.hold_session, name="session-hold"),
    path("sessions/<int:pk>/call-off/", targets.call_off, name="session-call-off"),
]
