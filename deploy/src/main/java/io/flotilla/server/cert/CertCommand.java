package io.flotilla.server.cert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.cli.CommandFailure;
import io.flotilla.cli.HostPort;
import io.flotilla.cli.OutputOptions;
import io.flotilla.cli.Terminal;
import io.flotilla.cli.Usage;
import io.flotilla.router.tls.CertificateNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flotilla cert}: the certificates of a first secure cluster. */
public final class CertCommand {
  private static final String CA = "ca";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

  private CertCommand() {}

  /**
   * What the commands need of the world.
   *
   * @param terminal to write to
   * @param clock the time that certificates begin
   * @param random for keys
   */
  public record World(Terminal terminal, InstantSource clock, SecureRandom random) {}

  /** The command with its subcommands. */
  public static CommandLine create(World world) {
    return new CommandLine(new Group())
        .addSubcommand(new Ca(world))
        .addSubcommand(new Node(world))
        .addSubcommand(new Client(world))
        .addSubcommand(new Renew(world))
        .addSubcommand(new Show(world));
  }

  /** Where files are and how they are made. */
  static final class Options {
    @Option(
        names = "--directory",
        paramLabel = "DIR",
        description = "Directory of certificates and keys. Default: certs.")
    Path directory = Path.of("certs");

    @Option(names = "--force", description = "Replaces files that are there.")
    boolean force;

    CertFiles files() {
      return new CertFiles(directory);
    }
  }

  @Command(
      name = "cert",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND",
      description = {
        "Makes certificates for nodes and clients, and a CA that signs them.",
        "Whoever has ca.key can be any node and any client: keep it away from the nodes."
      },
      footer = {
        "",
        "Examples:",
        "  flotilla cert ca",
        "  flotilla cert node node1 --host 10.0.0.1,db1.example.org",
        "  flotilla cert client alice"
      })
  static final class Group implements Runnable {
    @Spec @Nullable CommandSpec spec;

    @Override
    public void run() {
      throw Usage.wrong(spec, "Missing command");
    }
  }

  /** What making commands have in common. */
  private abstract static class Maker implements Callable<Integer> {
    final World world;

    @Spec @Nullable CommandSpec spec;
    @Mixin Options options = new Options();
    @Mixin OutputOptions output = new OutputOptions();

    Maker(World world) {
      this.world = world;
    }

    final Authority authority() {
      Path certificate = options.files().certificate(CA);
      if (!Files.exists(certificate)) {
        throw new CommandFailure(
            "NO_CA", certificate + " is not there: make a CA first, with 'flotilla cert ca'");
      }
      return new Authority(options.files().read(CA), world.random());
    }

    final Instant now() {
      return world.clock().instant();
    }

    final void checkName(String name) {
      if (!NAME.matcher(name).matches()) {
        throw Usage.wrong(
            spec,
            "NAME '"
                + name
                + "' is not 1 to 64 letters, digits, '.', '_', '-' and '@', a letter or digit"
                + " first");
      }
    }

    final Duration validity(int days) {
      if (days < 1 || days > 36_500) {
        throw Usage.wrong(spec, "--days " + days + " is not from 1 to 36500");
      }
      return Duration.ofDays(days);
    }

    final void keep(String name, Issued issued, boolean replace) {
      CertFiles files = options.files();
      files.write(name, issued, replace);
      if (output.json()) {
        ObjectNode made = describe(issued.certificate());
        made.put("certificate_file", files.certificate(name).toString());
        made.put("key_file", files.key(name).toString());
        world.terminal().out().println(made);
      } else {
        world
            .terminal()
            .out()
            .printf(
                "wrote %s and %s, valid until %s%n",
                files.certificate(name),
                files.key(name),
                issued.certificate().getNotAfter().toInstant());
      }
    }
  }

  @Command(
      name = CA,
      mixinStandardHelpOptions = true,
      description = "Makes a CA: ca.crt, which everybody may have, and ca.key, which signs.",
      footer = {"", "Example:", "  flotilla cert ca --directory certs"})
  static final class Ca extends Maker {
    @Option(
        names = "--name",
        paramLabel = "NAME",
        description = "Name of the CA, for people. Default: Flotilla CA.")
    String name = "Flotilla CA";

    @Option(
        names = "--days",
        paramLabel = "N",
        description = "Days until the CA ends, 1 to 36500. Default: 3650.")
    int days = 3_650;

    Ca(World world) {
      super(world);
    }

    @Override
    public Integer call() {
      keep(CA, Authority.create(name, now(), validity(days), world.random()).own(), options.force);
      return 0;
    }
  }

  @Command(
      name = "node",
      mixinStandardHelpOptions = true,
      description = "Makes the certificate of a node, for both its ports.",
      footer = {"", "Example:", "  flotilla cert node node1 --host node1.example.org,10.0.0.1"})
  static final class Node extends Maker {
    @Parameters(paramLabel = "NAME", description = "Name of the node, and of its files.")
    String name = "";

    @Option(
        names = "--host",
        paramLabel = "HOST",
        required = true,
        split = ",",
        description =
            "Names and addresses that clients and nodes reach it at: the hosts of its advertise"
                + " and peer-advertise.")
    List<String> hosts = List.of();

    @Option(
        names = "--days",
        paramLabel = "N",
        description = "Days until it ends, 1 to 36500. Default: 365.")
    int days = 365;

    Node(World world) {
      super(world);
    }

    @Override
    public Integer call() {
      checkName(name);
      for (String host : hosts) {
        checkHost(host);
      }
      keep(name, authority().node(name, hosts, now(), validity(days)), options.force);
      return 0;
    }

    private void checkHost(String host) {
      try {
        HostPort.parse((host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":1");
      } catch (IllegalArgumentException e) {
        throw Usage.wrong(spec, "--host '" + host + "' is no name or address of a host");
      }
    }
  }

  @Command(
      name = "client",
      mixinStandardHelpOptions = true,
      description = "Makes the certificate of a client: NAME is who it is to the cluster.",
      footer = {"", "Example:", "  flotilla cert client alice"})
  static final class Client extends Maker {
    @Parameters(paramLabel = "NAME", description = "Name of the client, and of its files.")
    String name = "";

    @Option(
        names = "--days",
        paramLabel = "N",
        description = "Days until it ends, 1 to 36500. Default: 365.")
    int days = 365;

    Client(World world) {
      super(world);
    }

    @Override
    public Integer call() {
      checkName(name);
      keep(name, authority().client(name, now(), validity(days)), options.force);
      return 0;
    }
  }

  @Command(
      name = "renew",
      mixinStandardHelpOptions = true,
      description = {
        "Makes certificates anew, with the same names and a new key, in place of the old ones.",
        "Servers and clients that run take them over within seconds."
      },
      footer = {"", "Example:", "  flotilla cert renew node1 node2 node3"})
  static final class Renew extends Maker {
    @Parameters(paramLabel = "NAME", arity = "1..*", description = "Names of the files.")
    List<String> names = List.of();

    @Option(
        names = "--days",
        paramLabel = "N",
        description = "Days until they end, 1 to 36500. Default: 365.")
    int days = 365;

    Renew(World world) {
      super(world);
    }

    @Override
    public Integer call() {
      Authority authority = authority();
      for (String name : names) {
        checkName(name);
        X509Certificate old = CertFiles.certificates(options.files().certificate(name)).get(0);
        if (old.getBasicConstraints() >= 0) {
          throw new CommandFailure(
              "CA", "a CA is not renewed: make another one, and let both be trusted for a while");
        }
        keep(name, authority.renew(old, now(), validity(days)), true);
      }
      return 0;
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Says whom certificates name, who signed them and how long they are valid.",
      footer = {"", "Example:", "  flotilla cert show certs/*.crt"})
  static final class Show implements Callable<Integer> {
    private final World world;

    @Mixin OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "PEM files with certificates.")
    List<Path> files = List.of();

    Show(World world) {
      this.world = world;
    }

    @Override
    public Integer call() {
      for (Path file : files) {
        for (X509Certificate certificate : CertFiles.certificates(file)) {
          if (output.json()) {
            world.terminal().out().println(describe(certificate).put("file", file.toString()));
          } else {
            tell(file, certificate);
          }
        }
      }
      return 0;
    }

    private void tell(Path file, X509Certificate certificate) {
      Duration left =
          Duration.between(world.clock().instant(), certificate.getNotAfter().toInstant());
      String validity = left.isNegative() ? "EXPIRED" : left.toDays() + " days left";
      world
          .terminal()
          .out()
          .printf(
              "%s: %s%n  names   %s%n  signed  by %s%n  valid   until %s, %s%n",
              file,
              kind(certificate),
              String.join(", ", CertificateNames.of(certificate).names()),
              certificate.getIssuerX500Principal(),
              certificate.getNotAfter().toInstant(),
              validity);
    }
  }

  private static String kind(X509Certificate certificate) {
    if (certificate.getBasicConstraints() >= 0) {
      return CA;
    }
    return CertificateNames.of(certificate).isNode() ? "node" : "client";
  }

  private static ObjectNode describe(X509Certificate certificate) {
    ObjectNode object =
        OutputOptions.object()
            .put("kind", kind(certificate))
            .put("issuer", certificate.getIssuerX500Principal().getName())
            .put("not_before", certificate.getNotBefore().toInstant().toString())
            .put("not_after", certificate.getNotAfter().toInstant().toString());
    var names = object.putArray("names");
    CertificateNames.of(certificate).names().forEach(names::add);
    return object;
  }
}
