# docker build -t unpress .
# docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/photos" unpress enhance photo.jpg
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH=amd64
WORKDIR /source
COPY . .
RUN case $TARGETARCH in amd64) system=linux-x64 ;; arm64) system=linux-arm64 ;; *) exit 1 ;; esac \
    && eng/package --folder "$system" \
    && mv artifacts/unpress-*-"$system" /unpress

# Everything that the program needs is in its folder.
FROM debian:13-slim
COPY --from=build /unpress /opt/unpress
RUN ln -s /opt/unpress/unpress /usr/local/bin/unpress
WORKDIR /photos
ENTRYPOINT ["unpress"]
