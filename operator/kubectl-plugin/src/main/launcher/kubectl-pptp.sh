#!/bin/sh
# kubectl pptp: a program for Java 21 or newer, with this launcher in front of its jar.

version_of() { # the feature version of the java at $1, such as 25
    "$1" -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p'
}

find_java() {
    for java in "${JAVA_HOME:-/nowhere}/bin/java" "$(command -v java)" /usr/lib/jvm/*/bin/java \
        /Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java; do
        if [ -x "$java" ] && [ "$(version_of "$java")" -ge 21 ] 2>/dev/null; then
            echo "$java"
            return
        fi
    done
    echo "kubectl-pptp needs Java 21 or newer, and found none: neither in JAVA_HOME, nor on PATH, nor in /usr/lib/jvm" >&2
    exit 3
}

# Which java it is, is remembered: asking each for its version takes longer than the program itself.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kubectl-pptp
java=$(dirname "$(readlink -f "$0")")/java/bin/java
if [ -x "$java" ]; then
    : # the archive that this file came in brought it
elif java=$(cat "$cache/java" 2>/dev/null) && [ -x "$java" ] && [ -z "$JAVA_HOME" ]; then
    : # found before
else
    java=$(find_java) || exit 3
    mkdir -p "$cache" 2>/dev/null && echo "$java" >"$cache/java" 2>/dev/null
fi

# At the end of the first command that asks a cluster, the JVM writes the loaded classes to an archive, from which later
# starts are several times as fast. The others load too few.
archive=
case $1 in
    sessions | kick | logs | add-user | password | profile | doctor)
        [ -w "$cache" ] && archive="-XX:+AutoCreateSharedArchive" ;;
    __complete) [ -r "$cache/classes.jsa" ] && archive=-Xshare:auto ;;
esac
# shellcheck disable=SC2086 # one word or none
exec "$java" $archive -XX:SharedArchiveFile="$cache/classes.jsa" -Xlog:disable -Xlog:all=off -XX:TieredStopAtLevel=1 \
    -XX:+UseSerialGC -Djdk.console=java.base -jar "$0" "$@"
exit 3
