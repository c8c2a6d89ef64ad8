"""The product's addresses and an empty page behind the same middleware and login: the floor of every page."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as product


def empty(request: HttpRequest) -> HttpResponse:
    """A page that reads who is signed in and shows nothing."""
    return HttpResponse(request.user.username)


urlpatterns = [path("empty/", empty), *product]
