"""Settings of every installation, driven by the environment; the defaults suit a trial on one's own machine.

docs/deployment.md lists the variables. Nothing here reads a file of its own but the kept secret key.
"""

import logging
from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env, validate

from config import logs
from config.secret_key import kept_secret_key

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent

# The SQLite file, uploads and the secret key: all that a back-up must hold.
DATA_DIR = env.path("DATA_DIR", BASE_DIR / "data").resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

# An office's own typefaces for its documents, used instead of the free ones in fonts/.
FONT_DIR: Path | None = env.path("FONT_DIR", None)

# --- Who may talk to us ------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or kept_secret_key(DATA_DIR / "secret_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

# Set where a proxy ends TLS in front of us and always sets X-Forwarded-Proto itself.
HTTPS = env.bool("HTTPS", False)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 30 * 24 * 3600) if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
# No script reads them: pages and the phone's data carry the token themselves.
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
# By this prefix browsers let nobody set them but this very host, over TLS: no neighbour in the domain.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = (
    ("__Host-sessionid", "__Host-csrftoken") if HTTPS else ("sessionid", "csrftoken")
)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],  # a document's own measures stand in its page
        "img-src": [SELF, "data:", "blob:"],  # Bootstrap's signs; photos chosen and not yet sent
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [NONE],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# The product is one name in a government domain: it cannot speak for its neighbours (W005) nor
# enter the domain in the browsers' preload list (W021).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# --- What it is made of ------------------------------------------------------------------------

INSTALLED_APPS = [
    "django_tasks",
    "django_tasks_db",  # before reviews, which takes its pages out of the administration
    "django_otp",  # before organizations, for the same reason
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "audit",
    "organizations",
    "rectification",
    "reviews",
    "trail",
    "operations",
    "config.administration.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_tables2",
    "django_filters",
]

# Those above WhiteNoise set the headers of every answer, static files and redirects included.
MIDDLEWARE = [
    "config.request_log.RequestLog",
    "config.middleware.private_pages",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "organizations.sessions.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "audit.middleware.known_deeds",
    "files.requests.bounded_requests",  # knows whose page to answer with, before anything reads the body
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "organizations.middleware.FirstPasswordMiddleware",
    "organizations.sent_files.record_sent_files",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",  # it puts the page of a lock in the place of any answer
    "organizations.once.each_deed_once",  # the last: what it takes back is the whole of the answer
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["organizations.templatetags.once"],
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "organizations.hosts.host_in_header",
            ],
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "components/table.html"

# --- Database ----------------------------------------------------------------------------------

DATABASES = {
    "default": env.dj_db_url(
        "DATABASE_URL",
        f"sqlite:///{DATA_DIR / 'db.sqlite3'}",
        conn_max_age=600,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a transaction that reads before it writes waits for its turn instead of failing.
    # FULL: what was acknowledged is on the disk. No ATOMIC_REQUESTS: every page would take the
    # write lock. 60 seconds: an import of 50,000 rows keeps the others waiting for a quarter of a minute.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 60,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            # Else INSERT OR REPLACE would delete rows without asking the triggers that guard them.
            "PRAGMA recursive_triggers=ON"
        ),
    }
# Where pg_dump and pg_restore lie, unless they are on the PATH: of the server's version or a newer one.
PG_BIN = env.str("PG_BIN", "")
# What /healthz asks for: room on the disk of DATA_DIR, and a fresh back-up in the folder that holds them.
DISK_FREE_MB = env.int("DISK_FREE_MB", 1024)
BACKUP_DIR: Path | None = env.path("BACKUP_DIR", None)
BACKUP_HOURS = env.int("BACKUP_HOURS", 26)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Accounts ----------------------------------------------------------------------------------

AUTH_USER_MODEL = "organizations.User"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
# Log-ins end by themselves (docs/decisions/0039): unused for so long, or this long after they began.
SESSION_ENGINE = "organizations.sessions"
SESSION_IDLE = timedelta(hours=env.int("SESSION_IDLE_HOURS", 12))
SESSION_LIFE = timedelta(days=env.int("SESSION_DAYS", 14))
SESSION_COOKIE_AGE = int(SESSION_LIFE.total_seconds())
# A password that somebody else set is to be changed within this time (docs/decisions/0038).
FIRST_PASSWORD_LIFE = timedelta(days=env.int("FIRST_PASSWORD_DAYS", 14))
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: it refuses before any password is checked
    "django.contrib.auth.backends.ModelBackend",
]

# Guesses at passwords and codes are counted for an account at an address (docs/decisions/0036).
AXES_HANDLER = "organizations.guesses.CountedGuesses"
AXES_FAILURE_LIMIT = env.int("LOGIN_ATTEMPTS", 5, validate=validate.Range(min=1))
AXES_COOLOFF_TIME = timedelta(minutes=env.int("LOGIN_COOL_OFF_MINUTES", 15, validate=validate.Range(min=1)))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "organizations.guesses.account_key"
AXES_CLIENT_IP_CALLABLE = "audit.addresses.client_address"
AXES_LOCKOUT_CALLABLE = "organizations.views.login.locked_out"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# Proxies in front of us, each of which adds to X-Forwarded-For who asked it; what stands before is a claim.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0, validate=validate.Range(min=0))

# What cannot be taken back asks for the password once more, unless it was entered a moment ago (decision 37).
FRESH_PASSWORD_MINUTES = env.int("FRESH_PASSWORD_MINUTES", 30, validate=validate.Range(min=1))
OTP_TOTP_ISSUER = "党建工作季度评查"

# --- Language and time -------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- Files -------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False

MEDIA_ROOT = DATA_DIR / "uploads"  # served by views that ask who wants it, never by the web server
# Where nginx has an internal location for MEDIA_ROOT, its address (/protected/): it then sends what views
# let through. Blank: the application sends files itself.
X_ACCEL = env.str("X_ACCEL", "")
if X_ACCEL:
    X_ACCEL = f"/{X_ACCEL.strip('/')}/"
STORAGES = {
    "default": {
        "BACKEND": "files.storage.DurableStorage",
        "OPTIONS": {
            "location": MEDIA_ROOT,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000  # of a form without its files, which have limits of their own
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # an entry grid of 100 units and 25 indicators, twice
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- Mail --------------------------------------------------------------------------------------

# Without EMAIL_URL mails are printed; SITE_URL is what their links begin with (https://review.example).
SITE_URL: str = env.str("SITE_URL", "").rstrip("/")
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", "review@localhost")
_mail = env.dj_email_url("EMAIL_URL", "console:")
EMAIL_BACKEND: str = _mail["EMAIL_BACKEND"]
EMAIL_HOST: str = _mail["EMAIL_HOST"] or "localhost"
EMAIL_PORT: int = _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER: str = _mail["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD: str = _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS: bool = _mail["EMAIL_USE_TLS"]
EMAIL_USE_SSL: bool = _mail["EMAIL_USE_SSL"]
EMAIL_FILE_PATH: str | None = _mail["EMAIL_FILE_PATH"] or None
EMAIL_TIMEOUT: int = _mail.get("EMAIL_TIMEOUT") or 30  # seconds

# --- Work in the background --------------------------------------------------------------------

# Tasks are rows that `manage.py db_worker` takes up; no queue server (docs/decisions/0014).
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- Log ---------------------------------------------------------------------------------------

LOGGING = logs.set_up(env)
# What one line says of a request: decision 49. Whose it is, by the account's key; from where, never.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
# Our own proxy names requests and lets no name of others through (deploy/nginx.conf).
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = TRUSTED_PROXIES > 0
