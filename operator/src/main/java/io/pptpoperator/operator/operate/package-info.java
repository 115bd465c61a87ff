/**
 * The {@code operate} command: the operator as a program in a cluster, with its options, probes and metrics over
 * HTTP.
 */
package io.pptpoperator.operator.operate;
