# What the launchers here share. A launcher sets "tool", its name, and "deploy", the directory above
# this one, and then reads this file; afterwards "java" is a Java that will do, "major" its major
# version, "jar" is built, and "native_options" say where native libraries are if they are unpacked.

# Installed, as in the image, or in a source tree.
jar=$deploy/flotilla.jar
[ -f "$jar" ] || jar=$deploy/target/flotilla.jar

fail() {
  echo "$tool: $1" >&2
  exit 1
}

need_java="Java 17 or newer is needed; install it (Debian: apt-get install openjdk-17-jdk-headless) or set JAVA_HOME"
if [ -n "${JAVA_HOME:-}" ]; then
  java=$JAVA_HOME/bin/java
  [ -x "$java" ] || fail "JAVA_HOME is '$JAVA_HOME', which has no bin/java; $need_java"
else
  java=$(command -v java) || fail "no java on the PATH; $need_java"
fi

# The major version; from the JDK's release file where there is one, which saves starting a JVM.
real_java=$(readlink -f "$java" 2>/dev/null || echo "$java")
release=$(dirname "$(dirname "$real_java")")/release
if [ -r "$release" ]; then
  version=$(sed -n 's/^JAVA_VERSION="\([^"]*\)".*/\1/p' "$release")
else
  version=$("$java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p')
fi
major=$(echo "$version" | sed 's/^1\.//; s/[^0-9].*//')
[ "${major:-0}" -ge 17 ] || fail "$java is version '${version:-unknown}'; $need_java"

if [ ! -f "$jar" ] || [ ! -d "$(dirname "$jar")/lib" ]; then
  [ -f "$deploy/../pom.xml" ] || fail "$jar is missing, and there are no sources to build it from"
  command -v mvn >/dev/null 2>&1 \
    || fail "first use builds Flotilla, but there is no mvn on the PATH; install Maven 3.8.7 or newer"
  echo "$tool: first use, building (a minute or two) …" >&2
  (cd "$deploy/.." && mvn -q -B -DskipTests package -pl deploy -am >&2) \
    || fail "the build failed; 'mvn -DskipTests package' in $(dirname "$deploy") shows why"
fi

# Otherwise each process unpacks them to its temporary directory, which must then be writable and
# not be mounted noexec.
native_options=
machine=$(uname -m)
if [ -f "$deploy/native/org/lmdbjava/native/$machine-linux-gnu.so" ]; then
  native_options="-Dlmdbjava.native.lib=$deploy/native/org/lmdbjava/native/$machine-linux-gnu.so"
  native_options="$native_options -Djffi.boot.library.path=$deploy/native/jni/$machine-Linux"
  native_options="$native_options -Djava.library.path=$deploy/native/META-INF/native"
fi
