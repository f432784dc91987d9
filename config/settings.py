"""Settings come from the environment; `.env.example` lists each with its default.

Without DATABASE_URL Goodword runs on its embedded services: addresses and secrets then come from their data folder.
"""

from pathlib import Path
from tempfile import gettempdir

import environ
from csp.constants import NONE, SELF

from config import services

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DATA_DIR = Path(env.str("GOODWORD_DATA", str(BASE_DIR / ".goodword")))
EMBEDDED = env.bool("GOODWORD_EMBEDDED", default="DATABASE_URL" not in env.ENVIRON)
if "DATABASE_URL" not in env.ENVIRON:
    endpoints = services.find(DATA_DIR) or services.NOT_RUNNING
    for name, value in endpoints.environment().items():
        env.ENVIRON.setdefault(name, value)

VERSION = "0.1.0"
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Seal the secrets of others (client secrets, keys of second factors): the first seals, all of them open.
ENCRYPTION_KEYS = env.list("ENCRYPTION_KEYS")
# Hashes the addresses that want no mail. Never changed: with another key every opt-out would be forgotten.
SUPPRESSION_KEY = env.str("SUPPRESSION_KEY")
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000" if EMBEDDED else environ.Env.NOTSET).rstrip("/")
HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if EMBEDDED else [])
CSRF_TRUSTED_ORIGINS = [BASE_URL] if HTTPS else []

# --- Database: two roles. Migrations own the tables, everything else is bound by row-level security.
AS_OWNER = env.bool("GOODWORD_AS_OWNER", default=False)
DATABASES = {"default": env.db_url("MIGRATION_DATABASE_URL" if AS_OWNER else "DATABASE_URL")}
# The embedded servers' own folders, for whoever asks how much room is left there.
DATABASE_DIR = services.home(DATA_DIR) if EMBEDDED else None
DATABASES["default"] |= {
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": env.bool("BEHIND_PGBOUNCER", default=False),
    "OPTIONS": {
        **DATABASES["default"].get("OPTIONS", {}),
        "connect_timeout": 10,
        "options": "-c timezone=UTC -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
        + ("" if AS_OWNER else " -c statement_timeout=30s"),
    },
}

# --- Celery carries "something is due", never the only copy.
REDIS_URL = env.str("REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "django_vite",
    "csp",
    "accounts",
    "feedback",
    "rewards",
    "referrals",
]
MIDDLEWARE = [
    "accounts.api.request_id.RequestIdMiddleware",
    "accounts.api.trailing_slash.TrailingSlashMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "referrals.landing.middleware.LandingMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.signin.middleware.LastSeenMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.members.context.shell",
                "accounts.notices.context.bell",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
        },
    }
]

# --- Sign-in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Whether anybody may make an account and a workspace of their own. Else the operator does, with create_workspace.
SIGN_UP = env.str("SIGN_UP", default="open" if EMBEDDED else "closed") == "open"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/app/"
ACCOUNT_ADAPTER = "accounts.signin.adapters.SignInAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
# Whoever opens the link in the browser they signed up in goes straight on.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
# Whoever is not known here hears nothing: a mail would only offer what does not exist, signing up.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {"login": "accounts.signin.forms.SignInForm"}
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Goodword: "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
MFA_ADAPTER = "accounts.signin.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.signin.forms.CodeForm",
    "reauthenticate": "accounts.signin.forms.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = False
MFA_TOTP_ISSUER = "Goodword"
# A clock half a minute off is a clock, not an attack.
MFA_TOTP_TOLERANCE = 1
SOCIALACCOUNT_ADAPTER = "accounts.signin.adapters.SignOnAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "mandatory"
# Private networks that may be called although somebody outside typed the address, such as a mail server in the house.
PRIVATE_NETWORKS_ALLOWED = env.list("PRIVATE_NETWORKS_ALLOWED", default=[])
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "__Host-sid" if HTTPS else "sid"
CSRF_FAILURE_VIEW = "config.errors.unproven"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = False

# --- What browsers may do
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

# --- Static files: Vite has hashed its own already
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "staticfiles" if EMBEDDED else BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.staticfiles.HashedOnceStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- REST API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.authentication.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.api.parsers.StrictJSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.api.throttling.KeyThrottle"],
    "DEFAULT_SCHEMA_CLASS": "accounts.api.schema.OperationSchema",
    "EXCEPTION_HANDLER": "accounts.api.problems.answer",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Goodword API",
    "VERSION": "1",
    "DESCRIPTION": "Feedback in, asks, referrals and rewards out.",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    # Several nouns have a kind of their own.
    "ENUM_NAME_OVERRIDES": {
        "RewardKind": "rewards.rules.models.RewardKind",
        "ReferralKind": "referrals.pipeline.models.Referral.Kind",
        "LedgerEntryKind": "rewards.ledger.models.LedgerEntry.Kind",
        "RevenueKind": "accounts.customers.models.MonthlyRevenue.Kind",
        "MomentKind": "feedback.moments.actions.REPORTED_KINDS",
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- Mail: without EMAIL_URL it is kept in the built-in mailbox (embedded mode only)
EMAIL_URL = env.str("EMAIL_URL", default="")
# The secret end of /hooks/mail/..., where the provider of EMAIL_URL reports bounces. Without it that address is closed.
MAIL_HOOK_SECRET = env.str("MAIL_HOOK_SECRET", default="")
# The domain of capture addresses, whose mail that provider hands in at /hooks/inbound/...; empty: there are none.
INBOUND_DOMAIN = env.str("INBOUND_DOMAIN", default="").lower()
EMAIL_BACKEND = "accounts.mail.backend.RefuseDirectMail"
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Goodword <goodword@localhost>")
MAILBOX_DIR = DATA_DIR / "mailbox" if EMBEDDED else None
# Where workers note which mail of a batch has left; each machine its own.
OUTBOX_DIR = Path(
    env.str("OUTBOX_DIR", str(DATA_DIR / "outbox" if EMBEDDED else Path(gettempdir()) / "goodword-outbox"))
)
# What one workspace may send in a minute, in all and to one domain; a minute's worth may leave in a burst. 0: no limit.
MAILS_PER_MINUTE = env.int("MAILS_PER_MINUTE", default=6000)
MAILS_PER_MINUTE_AND_DOMAIN = env.int("MAILS_PER_MINUTE_AND_DOMAIN", default=1200)


# --- Slack: where its API is called
SLACK_API_URL = env.str("SLACK_API_URL", default="https://slack.com/api/")

# --- Imports: how much at once, and how long the file and its refused rows are kept
IMPORT_MAX_MB = env.int("IMPORT_MAX_MB", default=200)
IMPORT_MAX_ROWS = env.int("IMPORT_MAX_ROWS", default=2_000_000)
IMPORT_FILES_KEPT_DAYS = env.int("IMPORT_FILES_KEPT_DAYS", default=30)

# --- /metrics: without a token only from this machine, and only where no proxy can stand in front
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django.request": {"level": "ERROR"}, "django.security.DisallowedHost": {"level": "CRITICAL"}},
}

DJANGO_VITE = {
    "default": {"static_url_prefix": "build", "manifest_path": BASE_DIR / "static" / "build" / "manifest.json"}
}
