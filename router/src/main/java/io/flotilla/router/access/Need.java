package io.flotilla.router.access;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.CatalogUpdateRequest;
import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.NodeMode;
import io.flotilla.contract.v1.PlacementRequest;
import io.flotilla.contract.v1.Request;
import io.flotilla.router.Operations;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a request needs.
 *
 * @param role the least; empty: nobody but nodes may
 * @param keys that must be in the scope
 * @param range that must be in the scope; empty: none
 */
record Need(Optional<Role> role, List<ByteString> keys, Optional<KeyRange> range) {
  static final Need OPERATOR = of(Role.OPERATOR);

  private static final Need ADMIN = of(Role.ADMIN);
  private static final Need NODES = new Need(Optional.empty(), List.of(), Optional.empty());

  /** Whoever has any grant may: an operator needs the map of shards as well as a reader. */
  static final Need ANYTHING = of(Role.READER);

  private static Need of(Role role) {
    return new Need(Optional.of(role), List.of(), Optional.empty());
  }

  private static Need of(Role role, KeyRange range) {
    return new Need(Optional.of(role), List.of(), Optional.of(range));
  }

  private static Need ofKeys(Role role, Request request) {
    return new Need(Optional.of(role), Operations.keys(request), Optional.empty());
  }

  static Need of(Request request) {
    return switch (request.getOperationCase()) {
      case GET, MULTI_GET -> ofKeys(Role.READER, request);
      case SCAN -> of(Role.READER, request.getScan().getRange());
      case PUT, DELETE, COMPARE_AND_SET, BATCH, INCREMENT, SETTLE_WRITE ->
          ofKeys(Role.WRITER, request);
      case DELETE_RANGE -> of(Role.WRITER, request.getDeleteRange().getRange());
      case SPLIT_SHARD, SPLIT_KEYS, TRANSFER_LEADER, CHANGE_REPLICAS, NODE_STATUS -> OPERATOR;
      case PLACEMENT -> ofPlacement(request.getPlacement());
      case CATALOG_UPDATE -> ofUpdate(request.getCatalogUpdate());
      case GET_CATALOG, OPERATION_NOT_SET -> ANYTHING;
    };
  }

  private static Need ofPlacement(PlacementRequest request) {
    return switch (request.getKindCase()) {
      case SET_RULES -> ADMIN;
      case SET_NODE_MODE ->
          request.getSetNodeMode().getMode() == NodeMode.NODE_MODE_LOST ? ADMIN : OPERATOR;
      case MOVE_REPLICA,
          SCATTER,
          LIST_OPERATIONS,
          CANCEL_OPERATION,
          EXPLAIN_SHARD,
          GET_RULES,
          KIND_NOT_SET ->
          OPERATOR;
    };
  }

  private static Need ofUpdate(CatalogUpdateRequest request) {
    return request.hasRemoveNode() ? ADMIN : NODES;
  }

  /** Whether a principal has it. */
  boolean isMetBy(Principal principal) {
    if (equals(ANYTHING)) {
      return !principal.grants().isEmpty();
    }
    return role.isPresent()
        && principal.grants().stream().anyMatch(grant -> grant.role().includes(role.get()))
        && range.map(all -> principal.grants().stream().anyMatch(g -> meets(g, all))).orElse(true)
        && keys.stream().allMatch(key -> principal.grants().stream().anyMatch(g -> meets(g, key)));
  }

  private boolean meets(Grant grant, KeyRange all) {
    return grant.role().includes(role.orElseThrow()) && grant.covers(all);
  }

  private boolean meets(Grant grant, ByteString key) {
    return grant.role().includes(role.orElseThrow()) && grant.covers(key);
  }

  /** Why a principal that has it not is refused. */
  String refusal(Principal principal, Request request) {
    String what = request.getOperationCase().name().toLowerCase(Locale.ROOT).replace('_', '-');
    if (role.isEmpty()) {
      return what + " is for nodes alone";
    }
    boolean hasRole =
        principal.grants().stream().anyMatch(grant -> grant.role().includes(role.get()));
    String has = " (" + principal.name() + " has: " + principal.grants() + ")";
    if (!hasRole) {
      return "%s needs the role %s%s".formatted(what, role.get(), has);
    }
    String where =
        range
            .map(all -> "not all keys that it asks for are in one scope")
            .orElseGet(() -> "the key '" + Keys.show(outside(principal)) + "' is in no scope");
    return "%s: %s of the role %s%s".formatted(what, where, role.get(), has);
  }

  private ByteString outside(Principal principal) {
    return keys.stream()
        .filter(key -> principal.grants().stream().noneMatch(grant -> meets(grant, key)))
        .findFirst()
        .orElse(ByteString.EMPTY);
  }
}
