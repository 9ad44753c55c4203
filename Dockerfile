# Atrium in a container:
#
#   docker build -t atrium . && docker run -p 8080:8080 -v atrium:/data atrium
#
# The first start makes an access token and prints how to use it; `docker logs` shows it again.

FROM debian:bookworm-slim AS client
ENV DEBIAN_FRONTEND=noninteractive
WORKDIR /src
COPY script/packages script/packages
RUN apt-get -q update \
 && xargs apt-get -q -y --no-install-recommends install < script/packages/node.txt \
 && rm -rf /var/lib/apt/lists/*
COPY web/client web/client
RUN npm --prefix web/client ci --no-audit --no-fund && node web/client/bundles.mjs /client

FROM debian:bookworm-slim AS build
ENV DEBIAN_FRONTEND=noninteractive
WORKDIR /src
COPY script/packages script/packages
RUN apt-get -q update \
 && xargs apt-get -q -y --no-install-recommends install < script/packages/build.txt \
 && rm -rf /var/lib/apt/lists/*
COPY . .
RUN cmake --preset release -DATRIUM_TESTS=OFF -DATRIUM_BENCH=OFF \
 && cmake --build --preset release \
 && cmake --install build/release --prefix /usr/local --strip

FROM debian:bookworm-slim
ENV DEBIAN_FRONTEND=noninteractive
COPY script/packages/runtime.txt /tmp/packages.txt
RUN apt-get -q update \
 && xargs apt-get -q -y --no-install-recommends install < /tmp/packages.txt \
 && rm -rf /var/lib/apt/lists/* /tmp/packages.txt \
 && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin atrium \
 && install -d -o atrium -g atrium -m 0750 /data
COPY --from=build /usr/local/bin/atrium /usr/local/bin/atrium
COPY --from=client /client /usr/local/share/atrium/client
COPY --from=build /usr/local/share/atrium/demo.toml /etc/atrium/atrium.toml
COPY --from=build /usr/local/share/atrium/atrium.toml /etc/atrium/atrium.default.toml
RUN atrium check --config /etc/atrium/atrium.toml

ENV ATRIUM_CONFIG=/etc/atrium/atrium.toml ATRIUM_LISTEN=0.0.0.0:8080 ATRIUM_DATA=/data
USER atrium
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["atrium", "healthcheck"]
ENTRYPOINT ["atrium"]
CMD ["serve"]
