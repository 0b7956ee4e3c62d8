# Sourced by ./unpress when there is something to set up. Uses its $root and $build; talks on stderr only,
# because stdout belongs to the command that was asked for.

# Debian package: what it is for. What only training, networks that are no ONNX file and learned metrics need; all else comes by NuGet.
workshop_packages=(
    "g++: compiles the library that leads to libtorch"
    "cmake: builds it"
    "ninja-build: builds it"
    "libtorch-dev: the tensor engine"
    "libgloo-dev: trainings by several processes"
    "libopenblas0-openmp: matrix products, ten times as fast as with the library that libtorch-dev brings"
    "ffmpeg: the HEVC codec (with libx265)"
)

# Programs that are used where they are; the tests want them all.
test_packages=(
    "libheif-examples: HEIC files"
    "libopenjp2-tools: JPEG 2000 files and the jp2 codec"
)

say() { printf 'unpress: %s\n' "$*" >&2; }

# An environment that cannot work is exit code 3, everywhere.
fail() {
    say "$@"
    exit 3
}

set_up() {
    require_sdk
    take_turn
    quiet_dotnet
}

take_turn() {
    mkdir -p "$build" 2>/dev/null && [[ -w $build ]] || fail "cannot write to $build: make it writable, or copy the project to a place that is yours"
    # Two starts at once: the second waits here, then finds everything done.
    exec {lock}>"$build/lock"
    if ! flock --nonblock "$lock"; then
        say "another start is setting things up; waiting for it"
        flock "$lock"
    fi
    : >"$build/log"
}

# Builds what leads to libtorch, in .build/native, where the program looks for it.
set_up_workshop() {
    take_turn
    require_packages "${workshop_packages[@]}"
    local sources
    sources=$(workshop_snapshot)
    make_native
    printf '%s\n' "$sources" >"$build/native/stamp"
    exec {lock}>&-
}

require_sdk() {
    command -v dotnet >/dev/null && grep -q '^10\.' <<<"$(dotnet --list-sdks 2>/dev/null)" && return
    say "the .NET 10 SDK is missing. To get it into ~/.dotnet, where this launcher looks for it:"
    fail "  curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0"
}

# Arguments: packages, as in the list above.
require_packages() {
    if ! command -v dpkg-query >/dev/null; then
        say "not a Debian system: taking it that these are there, or what they are called here: ${*%%:*}"
        return
    fi
    local entry name installed missing=()
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null || true)
    for entry in "$@"; do
        name=${entry%%:*}
        # Other builds of libtorch bring their own library for matrix products.
        [[ ($name == libtorch-dev || $name == libgloo-dev || $name == libopenblas0-openmp) && -n ${UNPRESS_LIBTORCH:-} ]] && continue
        grep -qxF "installed $name" <<<"$installed" && continue
        missing+=("$name")
        say "missing package $entry"
    done
    ((${#missing[@]})) || return 0

    local line="apt-get install -y --no-install-recommends ${missing[*]}"
    ((EUID == 0)) || fail "run this, then start again:  sudo $line"
    if [[ ${CI:-} != true && -t 0 && -t 2 ]]; then
        local answer
        read -r -p "unpress: install them now with apt? [Y/n] " answer
        [[ ${answer:-y} == [Yy]* ]] || fail "run this, then start again:  $line"
    fi
    say "installing ${missing[*]}"
    logged install_packages "${missing[@]}" || fail "the packages could not be installed; by hand:  $line"
}

# The lists of a fresh machine are empty, those of an old one may name files that are gone: hence always an update.
install_packages() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get -q -o DPkg::Lock::Timeout=300 update
    apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
}

# Runs a step with its output in the log; shows the log's end when the step fails. The step must not inherit the lock:
# a process that it leaves behind would keep it.
logged() {
    local log=$build/log
    printf '\n== %s: %s\n' "$(date -Is)" "$*" >>"$log"
    ("$@") >>"$log" 2>&1 </dev/null {lock}>&- && return
    tail -n 30 "$log" >&2
    say "the whole log: $log"
    return 1
}

quiet_dotnet() {
    # Else the SDK does not start where there is no libicu.
    export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
    export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false MSBUILDTERMINALLOGGER=off
    # dotnet and NuGet keep things at home; a read-only or absent one is not ours to fail on.
    [[ -w ${HOME:-/nonexistent} ]] && return
    mkdir -p "$build/home"
    export HOME=$build/home
}

make_native() {
    # CMake refuses a build folder that was made for another place, so one that moved starts again.
    local folder=$build/native cache=$build/native/CMakeCache.txt
    if [[ -f $cache ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root/native" "$cache"; then
        rm -rf "$folder"
    fi
    say "building the library that leads to libtorch"
    logged configure_native && logged cmake --build "$folder" || fail "the library that leads to libtorch did not build"
}

configure_native() {
    cmake -S "$root/native" -B "$build/native" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="${UNPRESS_LIBTORCH:-}"
}

# Puts the command line into .build/app/KEY and sets $app to KEY, a hash of the sources' contents.
# A folder of its own for each build: a program that is running keeps its files, and going back costs nothing.
make_app() {
    local sources
    sources=$(snapshot)
    app=$(content_key)
    local target=$build/app/$app
    if [[ ! -f $target/Unpress.Cli.dll ]]; then
        say "building the command line"
        rm -rf "$target.new"
        logged publish "$target.new" || fail "the command line did not build"
        rm -rf "$target"
        mv "$target.new" "$target"
        forget_old_apps
    fi
    printf '%s\n%s\n' "$app" "$sources" >"$build/stamp.new"
    mv "$build/stamp.new" "$build/stamp"
    exec {lock}>&-
}

# One compiler for all projects, which takes a third less processor time than a new one for each; it is this build's own and ends with it.
publish() {
    local compiler=unpress-$$ result=0
    dotnet publish "$root/src/Unpress.Cli" -c Release -o "$1" -p:UseAppHost=false -p:Checkout=true -p:RunAnalyzers=false \
        -maxCpuCount:1 -nodeReuse:false -p:UseSharedCompilation=true -p:SharedCompilationId="$compiler" -v minimal || result=$?
    end_compiler "$compiler" || true
    return "$result"
}

end_compiler() {
    local version folder
    version=$(cd "$root" && dotnet --version)
    folder=$(dotnet --list-sdks | sed -n "s|^$version \[\(.*\)\]\$|\1/$version|p")
    dotnet "$folder/Roslyn/bincore/VBCSCompiler.dll" -shutdown -pipename:"$1"
}

content_key() {
    cd "$root"
    find native src Directory.*.props \( -name bin -o -name obj \) -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum \
        | sha256sum | cut -c1-16
}

# The last three builds are kept, for programs that still run.
forget_old_apps() {
    local folder
    ls -1td "$build"/app/*/ | tail -n +4 | while read -r folder; do rm -rf "$folder"; done
}
