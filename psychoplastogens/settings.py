"""Settings. Every name read from the environment is described in docs/deployment.md."""

from pathlib import Path
from urllib.parse import urlsplit

import environ

from psychoplastogens.database_settings import build_database_settings, build_handout_cache
from psychoplastogens.network_limits import build_network_limits
from psychoplastogens.secret_key import load_or_create_secret_key

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env("UNDERSTORY_DATA", default=str(BASE_DIR / ".data")))

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="") or load_or_create_secret_key(DATA_DIR)
ALLOWED_HOSTS = [
    host.strip() for host in env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
]
HTTPS = env.bool("HTTPS", default=False)

SITE_NAME = env("SITE_NAME", default="Understory")
SITE_ORIGIN = env("SITE_ORIGIN", default="http://127.0.0.1:8000").rstrip("/")
SITE_FUNDING = env("SITE_FUNDING", default="")  # who pays for the site, in a sentence
CLINIC_SIGN_UP = env("CLINIC_SIGN_UP", default="approve")  # or "open", or "off"
CRISIS_COUNTRY = env("CRISIS_COUNTRY", default="US")

INSTALLED_APPS = [
    "psychoplastogens.delivery",
    "psychoplastogens.editorial",
    "psychoplastogens.evidence",
    "psychoplastogens.content",
    "psychoplastogens.walkthrough",
    "psychoplastogens.search",
    "psychoplastogens.short_links",
    "psychoplastogens.handouts",
    "psychoplastogens.embeds",
    "psychoplastogens.infobutton",
    "psychoplastogens.clinics",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    # Last, because it comes after what it builds on: it replaces their admin of accounts, and
    # grants permissions when django.contrib.auth has made them.
    "psychoplastogens.accounts",
]

# Sessions, CSRF and accounts are lazy: a public page that never touches them sets no cookie
# and varies by none. tests/test_every_page.py watches.
MIDDLEWARE = [
    "psychoplastogens.delivery.metrics.measure_requests",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "psychoplastogens.delivery.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "psychoplastogens.delivery.middleware.answer_head_as_get",
    "psychoplastogens.delivery.middleware.compress_responses",
    "psychoplastogens.delivery.middleware.reject_malformed_requests",
    "psychoplastogens.delivery.middleware.use_language_of_address",
    "psychoplastogens.delivery.middleware.ConditionalGet",
    "psychoplastogens.delivery.middleware.CleanUrls",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "psychoplastogens.accounts.middleware.require_second_factor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "psychoplastogens.urls"
WSGI_APPLICATION = "psychoplastogens.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "psychoplastogens.delivery.template_loader.KeepingLoader",
                    [
                        "psychoplastogens.delivery.template_loader.LayoutLoader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                ),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "psychoplastogens.delivery.context_processors.site_context",
                "psychoplastogens.handouts.context_processors.handout_context",
            ],
        },
    },
]

DATABASES = {
    "default": build_database_settings(
        env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")
    )
}
# Whole responses, in the memory of each process and on the disk of each machine.
PAGE_STORE_MAX_BYTES = env.int("PAGE_STORE_MAX_BYTES", default=48_000_000)
PAGE_STORE_DISK_BYTES = 200_000_000
# Pages are rendered before somebody asks for them, after a start and after each publication.
PAGE_STORE_WARM_UP = env.bool("PAGE_STORE_WARM_UP", default=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "handouts": build_handout_cache(DATABASES["default"], DATA_DIR / "handouts"),
}

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # refuses who has failed too often
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "psychoplastogens.accounts.passwords.Argon2Hasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "psychoplastogens.accounts.passwords.PasswordChangeAudit"},
]
PASSWORD_RESET_TIMEOUT = 3600  # seconds
# Single sign-on of staff with an OpenID Connect provider: accounts/single_sign_on.py.
OIDC_ISSUER = env("OIDC_ISSUER", default="")
OIDC_CLIENT_ID = env("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env("OIDC_CLIENT_SECRET", default="")
OIDC_NAME = env("OIDC_NAME", default="single sign-on")  # after "Log in with"
OIDC_SECOND_FACTOR = env.bool("OIDC_SECOND_FACTOR", default=False)  # on: the provider asks for it
OTP_TOTP_ISSUER = SITE_NAME  # the name over the code in an authenticator app
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1  # hour
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HANDLER = "psychoplastogens.accounts.lockout.LockoutHandler"
AXES_LOCKOUT_CALLABLE = "psychoplastogens.accounts.views.locked_out"
AXES_USERNAME_CALLABLE = "psychoplastogens.accounts.login.get_axes_username"
AXES_CLIENT_IP_CALLABLE = "psychoplastogens.delivery.client_ip.get_client_ip"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "new_code", "csrfmiddlewaretoken"]
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_ACCESS_FAILURE_LOG_PER_USER_LIMIT = 1_000_000  # it would drop the newest, not the oldest
AXES_ENABLE_ADMIN = False  # one list holds it all: accounts/audit.py
AXES_VERBOSE = False

# No mail server: mail goes nowhere, and pages that would send some say so.
globals().update(env.email("EMAIL_URL", default="dummymail://"))
DEFAULT_FROM_EMAIL = env(
    "MAIL_FROM", default=f"{SITE_NAME} <noreply@{urlsplit(SITE_ORIGIN).hostname}>"
)
EMAIL_TIMEOUT = 10  # seconds

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", "English")]
# Of pages that are translated one by one, each with an approval of its own, below /es/.
TRANSLATION_LANGUAGES = [("es", "Spanish")]
LOCALE_PATHS = [BASE_DIR / "psychoplastogens" / "locale"]
USE_I18N = True
TIME_ZONE = env("TIME_ZONE", default="UTC")
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]


def WHITENOISE_ADD_HEADERS_FUNCTION(headers, path, url):
    """Our frames on other sites may be sandboxed: to a browser, their own files are another's."""
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"


STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "psychoplastogens.delivery.storage.HashedStaticFilesStorage"},
}
FIXTURES = BASE_DIR / "fixtures"

SECURE_CSP = {
    "default-src": ["'self'"],
    "base-uri": ["'none'"],
    "object-src": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
PERMISSIONS_POLICY = "camera=(), microphone=(), geolocation=(), browsing-topics=(), payment=()"
# Other sites learn nothing. Not "no-referrer": with it browsers send "Origin: null" from our own
# forms, and Django then refuses every one of them, the sign-in of staff first.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
# Our own checks say these with the way out; the last one is for the owner of the domain to decide.
SILENCED_SYSTEM_CHECKS = [
    *(f"security.W{number}" for number in ("004", "008", "012", "016", "018", "020", "021")),
    *env.list("SILENCED_SYSTEM_CHECKS", default=[]),
]
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
METRICS_TOKEN = env("METRICS_TOKEN", default="")  # besides it, only this machine reads /metrics
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if HTTPS:  # Browsers then refuse one that was set without it. `__Host-` would need the path "/".
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Secure-sessionid", "__Secure-csrftoken"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin/"
SESSION_COOKIE_AGE = 8 * 3600
RECORD_SYSTEM_KEYS = env("RECORD_SYSTEM_KEYS", default="")  # a file: infobutton/client_keys.py
RECORD_SYSTEM_LIMITS = build_network_limits(env.dict("RECORD_SYSTEM_LIMITS", default={}))
# No form of this site is as large as this; a page of 5,000 words is 40 KB.
DATA_UPLOAD_MAX_MEMORY_SIZE = 6_000_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "psychoplastogens.delivery.log_formatting.OneLineFormatter"}},
    "filters": {
        "repeated": {"()": "psychoplastogens.delivery.repeated_errors.RepeatedErrorsFilter"}
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["repeated"],
            "formatter": "line",
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Whoever asks for another host gets a 400; their name for us is not worth a traceback.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # The audit list has every failure to sign in.
        "axes": {"level": "ERROR"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
