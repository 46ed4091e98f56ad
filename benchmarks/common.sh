# Shared by compare, startup and jmh (sourced): a JDK 25, and a build of what is stale.
# WEFT_JAVA_HOME, WEFT_MAVEN and WEFT_NO_BUILD mean what they mean to ./weft.
readonly JAVA_VERSION=25
home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd) || exit 70
readonly home

fail() { # exit code, one line
    printf '%s: %s\n' "$(basename "$0")" "$2" >&2
    exit "$1"
}

is_jdk() {
    [ -x "$1/bin/javac" ] && grep -q "^JAVA_VERSION=\"$JAVA_VERSION[.\"+-]" "$1/release" 2>/dev/null
}

find_jdk() {
    local candidate
    for candidate in "${WEFT_JAVA_HOME:-/nonexistent}" "${JAVA_HOME:-/nonexistent}" \
        "$(dirname "$(dirname "$(readlink -f "$(command -v java || echo /nonexistent)")")")" \
        /usr/lib/jvm/* /opt/java/* /opt/*jdk* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*; do
        if is_jdk "$candidate"; then
            jdk=$candidate
            return
        fi
    done
    fail 69 "no JDK $JAVA_VERSION found; install one, or set WEFT_JAVA_HOME to its folder"
}

# Builds the modules when a source of one is newer than the stamp of the last build.
build() { # stamp, modules
    local stamp="$home/target/weft-build/$1.stamp" module sources=("$home/pom.xml")
    shift
    [ -n "${WEFT_NO_BUILD:-}" ] && return
    for module in "$@"; do
        sources+=("$home/$module/pom.xml" "$home/$module/src/main")
    done
    if [ -f "$stamp" ] && [ -z "$(find "${sources[@]}" -newer "$stamp" -print 2>/dev/null | head -n 1)" ]; then
        return
    fi
    local maven=${WEFT_MAVEN:-mvn} list
    command -v "$maven" >/dev/null || fail 69 "Maven is needed to build the benchmarks and is not on the PATH"
    list=$(printf '%s,' "$@")
    mkdir -p "$home/target/weft-build" && touch "$stamp.begun" || fail 70 "$home/target: cannot be written"
    printf 'Building %s …\n' "$*" >&2
    (cd "$home" && JAVA_HOME=$jdk "$maven" -q -B -Dquick -DskipTests -pl "${list%,}" -am package) >&2 ||
        fail 70 "the build failed"
    mv "$stamp.begun" "$stamp"
}

# Runs a main class of this module.
run() { # main class, arguments
    local main=$1 classes=("$home"/benchmarks/target/benchmarks-[0-9]*.jar)
    shift
    exec "$jdk/bin/java" -XX:+UseSerialGC "-Dweft.home=$home" -Dstdout.encoding=UTF-8 \
        --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
        -cp "${classes[0]}:$home/benchmarks/target/lib/*" "$main" "$@"
}
