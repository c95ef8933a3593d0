/**
 * The manifests in {@code deploy/kubernetes}, held against what a Kubernetes would hold them
 * against and more: the published types, with no field that is not there; and all that one document
 * says of another. {@link io.flotilla.kubernetes.KubernetesTest} also breaks copies to show that
 * each kind of mistake is found.
 */
@NullMarked
package io.flotilla.kubernetes;

import org.jspecify.annotations.NullMarked;
