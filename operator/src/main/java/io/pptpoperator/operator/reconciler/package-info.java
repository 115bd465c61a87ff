/**
 * Brings the cluster to the desired state: reconcilers and what wakes them, polling of pods, and every writer of
 * objects, statuses and passwords.
 *
 * <p>What shall be is computed in {@code roster}, {@code render}, {@code resource} and {@code status}, which are
 * pure; the effects are here.
 */
package io.pptpoperator.operator.reconciler;
