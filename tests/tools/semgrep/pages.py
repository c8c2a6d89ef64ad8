# ruff: noqa
# ruleid: no-unescaped-text
text = mark_safe(name)
# ruleid: no-unescaped-text
text = Markup(name)
# ruleid: no-unescaped-text
text = SafeString(name)
# ok: no-unescaped-text
text = SafeString("")
# ok: no-unescaped-text
text = format_html("<b>{}</b>", name)
