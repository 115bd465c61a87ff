/** Kubernetes Events: the reasons there are, and writing each one once. */
package io.pptpoperator.operator.event;
