package io.flotilla.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import io.flotilla.client.FlotillaClient;
import io.flotilla.server.local.ClusterWatch;
import io.flotilla.server.local.Pause;
import io.flotilla.server.local.Poll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.utility.DockerImageName;

/**
 * Three nodes and a router in containers of one network. Clients come through the router, because
 * only it can reach the names of the nodes. Every container has a read-only root and no rights.
 */
final class ContainerCluster implements AutoCloseable {
  static final int NODES = 3;
  static final Duration LIMIT = Duration.ofSeconds(90);

  private static final int PORT = 7001;
  private static final long MEMORY = 512L << 20;
  private static final String JOIN =
      IntStream.rangeClosed(1, NODES)
          .mapToObj(i -> name(i) + ":" + PORT)
          .collect(Collectors.joining(","));

  private final DockerClient engine;
  private final Network network = Network.newNetwork();
  private final List<GenericContainer<?>> nodes = new ArrayList<>();
  private final GenericContainer<?> router;
  private final FlotillaClient client;

  /** Starts all and waits until every shard is led. */
  ContainerCluster(Engine engine, String image) throws InterruptedException {
    this.engine = engine.client();
    for (int i = 1; i <= NODES; i++) {
      nodes.add(node(image, name(i)));
    }
    int port = io.flotilla.server.local.Ports.free(1).get(0);
    this.router = router(image, port);
    // All at once, whatever the number of cores: none is ready before all have met.
    Startables.deepStart(Stream.concat(nodes.stream(), Stream.of(router))).join();
    this.client = FlotillaClient.builder().endpoints(List.of(endpoint(port))).build();
    awaitLed();
  }

  private static String name(int number) {
    return "node" + number;
  }

  private String endpoint(int port) {
    return router.getHost() + ":" + port;
  }

  private GenericContainer<?> node(String image, String name) {
    return container(image, "server")
        .withNetworkAliases(name)
        .withEnv("FLOTILLA_LISTEN", "0.0.0.0:" + PORT)
        .withEnv("FLOTILLA_ADVERTISE", name + ":" + PORT)
        .withEnv("FLOTILLA_JOIN", JOIN);
  }

  private GenericContainer<?> router(String image, int port) {
    GenericContainer<?> made = container(image, "router");
    return made.withEnv("FLOTILLA_LISTEN", "0.0.0.0:" + PORT)
        .withEnv("FLOTILLA_ADVERTISE", made.getHost() + ":" + port)
        .withEnv("FLOTILLA_JOIN", JOIN)
        .withCreateContainerCmdModifier(
            create ->
                hostConfig(create.getHostConfig())
                    .withPortBindings(
                        new PortBinding(Ports.Binding.bindPort(port), new ExposedPort(PORT))));
  }

  @SuppressWarnings("resource") // closed with the cluster
  private GenericContainer<?> container(String image, String command) {
    return new GenericContainer<>(DockerImageName.parse(image))
        .withNetwork(network)
        .withCommand(command)
        .withExposedPorts(PORT)
        .waitingFor(Wait.forLogMessage(".* is ready, .*\\n", 1).withStartupTimeout(LIMIT))
        .withCreateContainerCmdModifier(
            create ->
                hostConfig(create.getHostConfig())
                    .withReadonlyRootfs(true)
                    .withCapDrop(Capability.ALL)
                    .withSecurityOpts(List.of("no-new-privileges"))
                    .withMemory(MEMORY));
  }

  private static HostConfig hostConfig(HostConfig config) {
    return Objects.requireNonNull(config);
  }

  /** Comes through the router. */
  FlotillaClient client() {
    return client;
  }

  /** Nodes by number from 0. */
  List<GenericContainer<?>> nodes() {
    return nodes;
  }

  GenericContainer<?> router() {
    return router;
  }

  /** As {@code kill -9}. */
  void kill(int node) {
    engine.killContainerCmd(id(node)).withSignal("KILL").exec();
  }

  /** As an orchestrator does: SIGTERM, and time. */
  long stop(int node) {
    engine.stopContainerCmd(id(node)).withTimeout(30).exec();
    return Objects.requireNonNull(engine.inspectContainerCmd(id(node)).exec().getState())
        .getExitCodeLong();
  }

  void start(int node) {
    engine.startContainerCmd(id(node)).exec();
  }

  void pause(int node) {
    engine.pauseContainerCmd(id(node)).exec();
  }

  void unpause(int node) {
    engine.unpauseContainerCmd(id(node)).exec();
  }

  void disconnect(int node) {
    engine
        .disconnectFromNetworkCmd()
        .withContainerId(id(node))
        .withNetworkId(network.getId())
        .exec();
  }

  void connect(int node) {
    engine
        .connectToNetworkCmd()
        .withContainerId(id(node))
        .withNetworkId(network.getId())
        .withContainerNetwork(new ContainerNetwork().withAliases(List.of(name(node + 1))))
        .exec();
  }

  private String id(int node) {
    return nodes.get(node).getContainerId();
  }

  /** Waits until all nodes answer and every shard is led. */
  void awaitLed() throws InterruptedException {
    var unused = watch().allLed(NODES, LIMIT, () -> {});
  }

  /** Waits until all replicas of every shard stand at the same place. */
  void awaitConverged() throws InterruptedException {
    awaitLed();
    var unused = watch().converged(NODES, LIMIT);
  }

  /** Waits until it holds. */
  void await(String what, BooleanSupplier condition) throws InterruptedException {
    var unused =
        poll()
            .until(
                what,
                LIMIT,
                () -> condition.getAsBoolean() ? Poll.Seen.of(true) : Poll.Seen.notYet("not yet"));
  }

  private ClusterWatch watch() {
    return new ClusterWatch(client.admin(), poll());
  }

  private static Poll poll() {
    return new Poll(System::nanoTime, Pause.REAL);
  }

  /** The number, from 0, of the node that leads the first shard with keys. */
  int leader() {
    long nodeId =
        client.admin().listShards().shards().stream()
            .flatMap(shard -> ClusterWatch.leading(shard).stream())
            .findFirst()
            .orElseThrow()
            .nodeId();
    String address =
        client.admin().listNodes().nodes().stream()
            .filter(node -> node.nodeId() == nodeId)
            .findFirst()
            .orElseThrow()
            .address();
    return Integer.parseInt(address.substring("node".length(), address.indexOf(':'))) - 1;
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
    router.stop();
    nodes.forEach(GenericContainer::stop);
    network.close();
  }
}
