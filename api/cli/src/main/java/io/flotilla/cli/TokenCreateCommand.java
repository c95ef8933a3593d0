package io.flotilla.cli;

import io.flotilla.client.AccessToken;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes a token that only this cluster takes: the secret goes to a file, its hash is printed.",
      "Nothing changes in the cluster until the printed line stands in the access file."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla token create shop.token --expires 2027-01-31",
      "  flotilla get greeting --token-file shop.token"
    })
final class TokenCreateCommand extends ClusterCommand {
  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "Where the token goes; readable by its owner alone.")
  Path file = Path.of("");

  @Option(
      names = "--expires",
      paramLabel = "DAY",
      description = "Day from which on it does not count, such as 2027-01-31. Default: never.")
  @Nullable String expires;

  @Option(
      names = "--cluster-id",
      paramLabel = "ID",
      description = "The cluster it is for, as in 'status'. Default: the cluster is asked.")
  @Nullable String clusterId;

  private final SecureRandom random = new SecureRandom();

  TokenCreateCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    if (expires != null) {
      try {
        LocalDate.parse(expires);
      } catch (DateTimeException e) {
        throw usage("--expires '" + expires + "' is no day such as 2027-01-31");
      }
    }
  }

  @Override
  int run(Cluster cluster) throws IOException {
    AccessToken token;
    try {
      String id = clusterId != null ? clusterId : cluster.admin().listNodes().clusterId();
      token = AccessToken.create(id, random);
    } catch (IllegalArgumentException e) {
      throw usage("--cluster-id: " + e.getMessage());
    }
    write(token);
    String until = expires == null ? "" : ", expires: " + expires;
    if (output.json()) {
      print(
          OutputOptions.object()
              .put("file", file.toString())
              .put("sha256", token.sha256())
              .put("expires", expires));
    } else {
      print("wrote " + file + "; for 'tokens' in the access file:");
      print("- {sha256: " + token.sha256() + until + "}");
    }
    return 0;
  }

  private void write(AccessToken token) throws IOException {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] mode =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try {
      Files.createFile(file, mode);
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailure("EXISTS", file + " is there already; choose another file", e);
    }
    Files.writeString(file, token.text() + "\n");
  }
}
