from django.urls import path

from trail import views

app_name = "trail"

urlpatterns = [
    path("audit/", views.list_entries, name="entry-list"),
    path("audit/export.<str:extension>", views.export, name="entry-export"),
]
