"""`{% once %}`: the key of a form that acts, beside `{% csrf_token %}`. Templates need not load it."""

from __future__ import annotations

import uuid

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from organizations.once import FIELD

register = template.Library()


@register.simple_tag
def once() -> SafeString:
    """A fresh key for each form of each page."""
    # Without autocomplete Firefox puts the key of the page before into a page that is loaded anew.
    return format_html('<input type="hidden" name="{}" value="{}" autocomplete="off">', FIELD, uuid.uuid4())
