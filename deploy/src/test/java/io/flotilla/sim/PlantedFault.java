package io.flotilla.sim;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The project's classes once more, with one source file changed. Production code has no switch for
 * this: the fault exists in the memory of the test alone.
 */
final class PlantedFault extends ClassLoader {
  private static final String OURS = "io.flotilla.";

  private final String seeker;
  private final Map<String, byte[]> changed;

  private PlantedFault(String seeker, Map<String, byte[]> changed) {
    super(PlantedFault.class.getClassLoader());
    this.seeker = seeker;
    this.changed = changed;
  }

  /** Compiles the changed file against the test's class path. */
  static PlantedFault plant(Path project, Canary canary) throws IOException {
    String source = Files.readString(project.resolve(canary.file()));
    int at = source.indexOf(canary.from());
    if (at < 0 || source.indexOf(canary.from(), at + 1) >= 0) {
      throw new AssertionError(
          "the canary is out of date: " + canary.file() + " has not exactly one: " + canary.from());
    }
    String faulty = source.replace(canary.from(), canary.to());
    String name = canary.file().replaceFirst("^.*/java/", "").replaceFirst("\\.java$", "");
    return new PlantedFault(canary.seeker(), compile(name, faulty));
  }

  private static Map<String, byte[]> compile(String name, String source) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> complaints = new DiagnosticCollector<>();
    try (StandardJavaFileManager standard =
        compiler.getStandardFileManager(complaints, null, null)) {
      Outputs outputs = new Outputs(standard);
      JavaFileObject input =
          new SimpleJavaFileObject(
              URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
              return source;
            }
          };
      List<String> options =
          List.of("-classpath", System.getProperty("java.class.path", ""), "-proc:none", "-nowarn");
      boolean compiled =
          compiler.getTask(null, outputs, complaints, options, null, List.of(input)).call();
      if (!compiled) {
        throw new AssertionError("the canary does not compile: " + complaints.getDiagnostics());
      }
      return outputs.classes();
    }
  }

  /** Runs seeds in these classes; see {@link Canary#seeker}. */
  String firstFailure(long first, int count) throws ReflectiveOperationException {
    return (String)
        Class.forName(seeker, true, this)
            .getMethod("firstFailure", long.class, int.class)
            .invoke(null, first, count);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    byte[] bytes = changed.get(name);
    if (bytes == null) {
      try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        bytes = in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  /** Keeps what the compiler writes. */
  private static final class Outputs extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> written = new HashMap<>();

    Outputs(JavaFileManager standard) {
      super(standard);
    }

    Map<String, byte[]> classes() {
      Map<String, byte[]> classes = new HashMap<>();
      written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
      return classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(
          URI.create("mem:///" + className.replace('.', '/') + ".class"), kind) {
        @Override
        public OutputStream openOutputStream() {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          written.put(className, out);
          return out;
        }
      };
    }
  }
}
