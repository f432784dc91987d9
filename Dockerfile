FROM node:24-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY vite.config.js ./
COPY front front
COPY templates templates
RUN npm run build

FROM python:3.11-slim AS packages
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.txt

FROM python:3.11-slim
RUN useradd --system --no-create-home --shell /usr/sbin/nologin goodword
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY --from=packages /venv /venv
COPY manage.py ./
COPY config config
COPY accounts accounts
COPY feedback feedback
COPY rewards rewards
COPY referrals referrals
COPY templates templates
COPY static static
COPY --from=assets /app/static/build static/build
# Collecting needs settings that parse, nothing that answers; none of these values stays in the image.
RUN DATABASE_URL=postgres://build@build.invalid/build REDIS_URL=redis://build.invalid BASE_URL=https://build.invalid \
    SECRET_KEY=only-for-this-step \
    ENCRYPTION_KEYS=only-for-this-step \
    SUPPRESSION_KEY=only-for-this-step \
    python manage.py collectstatic --no-input -i redoc
USER goodword
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "2", "config.wsgi:application"]
