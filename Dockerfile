# syntax=docker/dockerfile:1
# The product for a container; compose.yaml runs it with its worker and its database.

FROM python:3.11-slim-bookworm AS build
RUN apt-get update && apt-get install -qy --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/review
# What changes rarely comes first, so that a new version installs no package anew.
COPY Makefile ./
COPY tools tools
COPY requirements requirements
RUN make .venv/.runtime
COPY . .
# The folder of data that making static files leaves behind holds a key that nobody needs.
RUN make setup && rm -rf data && .venv/bin/python -m compileall -q -x '/\.venv/' .

FROM python:3.11-slim-bookworm
# For back-ups; of the same version as the database in compose.yaml.
RUN apt-get update && apt-get install -qy --no-install-recommends postgresql-client-15 && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --home-dir /nonexistent review \
    && install -d -o review -g review -m 700 /var/lib/review /var/backups/review
WORKDIR /srv/review
COPY --from=build /srv/review ./
ENV DATA_DIR=/var/lib/review BIND=0.0.0.0:8000 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
VOLUME ["/var/lib/review", "/var/backups/review"]
USER review
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD [".venv/bin/python", "-m", "tools.is_healthy"]
CMD [".venv/bin/gunicorn", "-c", "python:config.gunicorn"]
