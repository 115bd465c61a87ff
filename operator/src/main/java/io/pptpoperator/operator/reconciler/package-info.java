/**
 * The operator in a cluster, put together: which changes wake whom, and its parts in the order in which they start.
 *
 * <p>The rooms below depend downward only: {@code reporting} writes statuses, {@code polling} asks pods for their sessions,
 * {@code controller} reconciles servers, {@code writing} has objects, annotations and passwords written.
 */
package io.pptpoperator.operator.reconciler;
