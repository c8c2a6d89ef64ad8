"""The product's settings, made safe for tests: nothing of this machine's installation is read or touched."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_OF_AN_INSTALLATION = (
    *("DEBUG", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "HTTPS", "HSTS_SECONDS", "FONT_DIR", "X_ACCEL"),
    *("EMAIL_URL", "DEFAULT_FROM_EMAIL", "SITE_URL"),
    *("LOGIN_ATTEMPTS", "LOGIN_COOL_OFF_MINUTES", "TRUSTED_PROXIES", "FRESH_PASSWORD_MINUTES"),
    *("LOG_FORMAT", "DISK_FREE_MB", "BACKUP_DIR", "BACKUP_HOURS"),
)
for _name in _OF_AN_INSTALLATION:
    os.environ.pop(_name, None)

_data_dir = tempfile.mkdtemp(prefix="review-tests-")
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
os.environ["DATA_DIR"] = _data_dir
os.environ["SECRET_KEY"] = "only for tests"
os.environ["LOG_LEVEL"] = "ERROR"

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, STORAGES  # noqa: E402

# A real password hash takes a quarter of a second, for every account a test makes.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Static files are found where they lie; nothing is collected.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = Path(_data_dir) / "static"
STATIC_ROOT.mkdir()

# Every thread of a live server shares what is in a file, under the same locking as in production;
# an in-memory database would be one connection that all threads share.
DATABASES["default"]["TEST"] = (
    {"NAME": str(Path(_data_dir) / "test.sqlite3")}
    if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
    else {}
)
# A connection kept by a finished thread would keep the test database from being dropped.
DATABASES["default"]["CONN_MAX_AGE"] = 0
