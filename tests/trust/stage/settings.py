"""The product's settings for trials: only what is slow, or needs a collected static folder, differs."""

from config.settings import *  # noqa: F403
from config.settings import STORAGES

# Every round signs in anew; a real password hash takes a quarter of a second.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
